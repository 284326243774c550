/** Pod. */

import type { Pod } from '../../api/types.ts';
import type { Task } from '../../sim/task.ts';
import { containers, resources, topologySpread } from './containers.ts';
import { type Context, controlledBy } from './describer.ts';
import { describeEvents } from './events.ts';
import { annotations, labels, tolerations } from './metadata.ts';
import { rfc1123, since } from './values.ts';
import { podVolumes } from './volumes.ts';
import type { Writer } from './writer.ts';

export function* pod(w: Writer, object: Pod, { events, now }: Context): Task<void> {
  const { metadata } = object;
  const spec = object.spec!;
  const status = object.status ?? {};
  w.line(0, `Name:\t${metadata.name}`);
  w.line(0, `Namespace:\t${metadata.namespace}`);
  if (spec.priority !== undefined) w.line(0, `Priority:\t${spec.priority}`);
  if (spec.priorityClassName) w.line(0, `Priority Class Name:\t${spec.priorityClassName}`);
  if (spec.runtimeClassName) w.line(0, `Runtime Class Name:\t${spec.runtimeClassName}`);
  if (spec.serviceAccountName) w.line(0, `Service Account:\t${spec.serviceAccountName}`);
  w.line(0, `Node:\t${spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>'}`);
  if (status.startTime) w.line(0, `Start Time:\t${rfc1123(status.startTime)}`);
  labels(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  if (metadata.deletionTimestamp && status.phase !== 'Failed' && status.phase !== 'Succeeded') {
    w.line(0, `Status:\tTerminating (lasts ${since(metadata.deletionTimestamp, now)})`);
    w.line(0, `Termination Grace Period:\t${metadata.deletionGracePeriodSeconds ?? 0}s`);
  } else w.line(0, `Status:\t${status.phase ?? ''}`);
  if (status.reason) w.line(0, `Reason:\t${status.reason}`);
  if (status.message) w.line(0, `Message:\t${status.message}`);
  const seccomp = spec.securityContext?.seccompProfile;
  if (seccomp) {
    w.line(0, `SeccompProfile:\t${seccomp.type}`);
    if (seccomp.type === 'Localhost') w.line(0, `LocalhostProfile:\t${seccomp.localhostProfile}`);
  }
  w.line(0, `IP:\t${status.podIP ?? ''}`);
  if (status.podIPs && status.podIPs.length > 0) {
    w.line(0, 'IPs:');
    for (const { ip } of status.podIPs) w.line(1, `IP:\t${ip}`);
  } else w.line(0, 'IPs:\t<none>');
  controlledBy(w, object);
  if (status.nominatedNodeName) w.line(0, `NominatedNodeName:\t${status.nominatedNodeName}`);
  if (spec.resources) {
    w.line(0, 'Resources:');
    resources(w, spec.resources, 1);
  }
  if (spec.initContainers && spec.initContainers.length > 0)
    containers(w, 'Init Containers', spec.initContainers, {
      statuses: status.initContainerStatuses ?? [],
      pod: object,
    });
  containers(w, 'Containers', spec.containers, { statuses: status.containerStatuses ?? [], pod: object });
  if (spec.ephemeralContainers && spec.ephemeralContainers.length > 0)
    containers(w, 'Ephemeral Containers', spec.ephemeralContainers, {
      statuses: status.ephemeralContainerStatuses ?? [],
      pod: object,
    });
  const conditions = status.conditions ?? [];
  const gates = spec.readinessGates ?? [];
  typeAndStatus(
    w,
    'Readiness Gates',
    gates.map(({ conditionType }) => [
      conditionType,
      conditions.find((c) => c.type === conditionType)?.status ?? '<none>',
    ]),
  );
  typeAndStatus(
    w,
    'Conditions',
    conditions.map((c) => [c.type, c.status]),
  );
  podVolumes(w, spec.volumes);
  w.line(0, `QoS Class:\t${status.qosClass ?? ''}`);
  labels(w, 'Node-Selectors', spec.nodeSelector);
  tolerations(w, 'Tolerations', spec.tolerations);
  topologySpread(w, spec.topologySpreadConstraints);
  describeEvents(w, events, now);
}

function typeAndStatus(w: Writer, title: string, rows: readonly (readonly string[])[]): void {
  if (rows.length === 0) return;
  w.line(0, `${title}:`);
  w.line(0, '  Type\tStatus');
  for (const [type, status] of rows) w.line(1, `${type} \t${status} `);
}
