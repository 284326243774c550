/** Containers: what they run, how they stand, what they mount. */

import { milliUnits } from '../../api/quantity.ts';
import type { Container, ContainerStatus, Pod, PodTemplateSpec } from '../../api/types.ts';
import { byText } from '../text.ts';
import { annotations, labels, tolerations } from './metadata.ts';
import { orNone, quantity, rfc1123, sortedEntries } from './values.ts';
import { podVolumes } from './volumes.ts';
import type { Writer } from './writer.ts';

type Probe = NonNullable<Container['livenessProbe']>;
type State = NonNullable<ContainerStatus['state']>;
type Resources = NonNullable<Container['resources']>;

export interface ContainerOptions {
  readonly statuses?: readonly ContainerStatus[];
  /** Resolves fieldRefs. */
  readonly pod?: Pod;
  readonly space?: string;
}

export function containers(
  w: Writer,
  title: string,
  list: readonly Container[] | undefined,
  options: ContainerOptions = {},
): void {
  const { statuses = [], space = '' } = options;
  w.line(0, `${space}${title}:${list && list.length > 0 ? '' : ' <none>'}`);
  for (const container of list ?? []) {
    const status = statuses.find(({ name }) => name === container.name);
    w.line(1, `${space ? ' ' : ''}${container.name}:`);
    if (status) w.line(2, `Container ID:\t${status.containerID ?? ''}`);
    w.line(2, `Image:\t${container.image ?? ''}`);
    if (status) w.line(2, `Image ID:\t${status.imageID ?? ''}`);
    ports(w, 'Port', container, (port) => port.containerPort);
    ports(w, 'Host Port', container, (port) => port.hostPort ?? 0);
    const seccomp = container.securityContext?.seccompProfile;
    if (seccomp) {
      w.line(2, `SeccompProfile:\t${seccomp.type}`);
      if (seccomp.type === 'Localhost') w.line(3, `LocalhostProfile:\t${seccomp.localhostProfile}`);
    }
    words(w, 'Command', container.command);
    words(w, 'Args', container.args);
    if (status) containerState(w, status);
    resources(w, container.resources, 2);
    probes(w, container);
    environmentFrom(w, container);
    environment(w, container, options.pod);
    mounts(w, container);
  }
}

type Port = NonNullable<Container['ports']>[number];

function ports(w: Writer, title: string, container: Container, number: (port: Port) => number): void {
  const text = (container.ports ?? [])
    .map((port) => `${number(port)}/${port.protocol ?? 'TCP'}${port.name ? ` (${port.name})` : ''}`)
    .join(', ');
  w.line(2, text.includes(',') ? `${title}s:\t${text}` : `${title}:\t${orNone(text)}`);
}

function words(w: Writer, title: string, list: readonly string[] | undefined): void {
  if (!list || list.length === 0) return;
  w.line(2, `${title}:`);
  for (const word of list) for (const line of word.split('\n')) w.line(3, line);
}

function containerState(w: Writer, status: ContainerStatus): void {
  state(w, 'State', status.state);
  if (status.lastState?.terminated) state(w, 'Last State', status.lastState);
  w.line(2, `Ready:\t${status.ready ? 'True' : 'False'}`);
  w.line(2, `Restart Count:\t${status.restartCount}`);
}

function state(w: Writer, title: string, { running, terminated, waiting }: State = {}): void {
  if (running) {
    w.line(2, `${title}:\tRunning`);
    w.line(3, `Started:\t${rfc1123(running.startedAt)}`);
  } else if (terminated && !waiting) {
    w.line(2, `${title}:\tTerminated`);
    if (terminated.reason) w.line(3, `Reason:\t${terminated.reason}`);
    if (terminated.message) w.line(3, `Message:\t${terminated.message}`);
    w.line(3, `Exit Code:\t${terminated.exitCode}`);
    if (terminated.signal) w.line(3, `Signal:\t${terminated.signal}`);
    w.line(3, `Started:\t${rfc1123(terminated.startedAt)}`);
    w.line(3, `Finished:\t${rfc1123(terminated.finishedAt)}`);
  } else {
    w.line(2, `${title}:\tWaiting`);
    if (waiting?.reason) w.line(3, `Reason:\t${waiting.reason}`);
  }
}

export function resources(w: Writer, { limits, requests }: Resources = {}, level: number): void {
  for (const [title, list] of [
    ['Limits', limits],
    ['Requests', requests],
  ] as const) {
    const entries = sortedEntries(list as Record<string, string> | undefined);
    if (entries.length > 0) w.line(level, `${title}:`);
    for (const [name, value] of entries) w.line(level + 1, `${name}:\t${quantity(value)}`);
  }
}

function probes(w: Writer, container: Container): void {
  if (container.livenessProbe) w.line(2, `Liveness:\t${probe(container.livenessProbe)}`);
  if (container.readinessProbe) w.line(2, `Readiness:\t${probe(container.readinessProbe)}`);
  if (container.startupProbe) w.line(2, `Startup:\t${probe(container.startupProbe)}`);
}

function probe(p: Probe): string {
  const attributes = `delay=${p.initialDelaySeconds ?? 0}s timeout=${p.timeoutSeconds ?? 0}s period=${p.periodSeconds ?? 0}s #success=${p.successThreshold ?? 0} #failure=${p.failureThreshold ?? 0}`;
  if (p.exec) return `exec [${(p.exec.command ?? []).join(' ')}] ${attributes}`;
  if (p.httpGet) {
    const { scheme = 'HTTP', host = '', port, path = '' } = p.httpGet;
    return `http-get ${scheme.toLowerCase()}://${host}:${port}${path} ${attributes}`;
  }
  if (p.tcpSocket) return `tcp-socket ${p.tcpSocket.host ?? ''}:${p.tcpSocket.port} ${attributes}`;
  if (p.grpc) return `grpc <pod>:${p.grpc.port} ${p.grpc.service ?? ''} ${attributes}`;
  return `unknown ${attributes}`;
}

function environmentFrom(w: Writer, container: Container): void {
  if (!container.envFrom || container.envFrom.length === 0) return;
  w.line(2, 'Environment Variables from:');
  for (const { configMapRef, secretRef, prefix } of container.envFrom) {
    const from = configMapRef ?? secretRef;
    const kind = configMapRef ? 'ConfigMap' : secretRef ? 'Secret' : '';
    w.line(
      3,
      `${from?.name ?? ''}\t${kind}${prefix ? ` with prefix '${prefix}'` : ''}\tOptional: ${from?.optional === true}`,
    );
  }
}

function environment(w: Writer, container: Container, pod: Pod | undefined): void {
  const list = container.env ?? [];
  w.line(2, `Environment:${list.length > 0 ? '' : '\t<none>'}`);
  for (const { name, value = '', valueFrom } of list) {
    if (!valueFrom) w.line(3, `${name}:\t${value.replaceAll('\n', `\n${'  '.repeat(3)}\t`)}`);
    else if (valueFrom.fieldRef) {
      const { apiVersion = 'v1', fieldPath } = valueFrom.fieldRef;
      w.line(3, `${name}:\t${pod ? podField(pod, fieldPath) : ''} (${apiVersion}:${fieldPath})`);
    } else if (valueFrom.resourceFieldRef) {
      const { resource, divisor } = valueFrom.resourceFieldRef;
      w.line(3, `${name}:\t${resourceField(container, resource, divisor)} (${resource})`);
    } else if (valueFrom.secretKeyRef) {
      const { key, name: secret = '', optional } = valueFrom.secretKeyRef;
      w.line(3, `${name}:\t<set to the key '${key}' in secret '${secret}'>\tOptional: ${optional === true}`);
    } else if (valueFrom.configMapKeyRef) {
      const { key, name: map = '', optional } = valueFrom.configMapKeyRef;
      w.line(3, `${name}:\t<set to the key '${key}' of config map '${map}'>\tOptional: ${optional === true}`);
    }
  }
}

/** fieldpath.ExtractFieldPathAsString over the downward API's fields. */
function podField(pod: Pod, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed) return pod.metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2]!] ?? '';
  let value: unknown = pod;
  for (const part of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[part];
  return typeof value === 'string' ? value : '';
}

/** In units of the divisor, rounded up (kubectl pkg/util/resource ExtractContainerResourceValue). */
function resourceField(container: Container, resource: string, divisor?: unknown): string {
  const [list = '', ...name] = resource.split('.');
  const found = container.resources?.[list as 'limits' | 'requests']?.[name.join('.')];
  if (found !== undefined) {
    const unit = milliUnits((divisor as string | undefined) || '1') || 1000;
    return String(Math.ceil(milliUnits(found as string) / unit));
  }
  return /^limits\.(cpu|memory)$/.test(resource) ? 'node allocatable' : '0';
}

function mounts(w: Writer, container: Container): void {
  const list = [...(container.volumeMounts ?? [])].sort((a, b) => byText(a.mountPath, b.mountPath));
  const none = list.length > 0 ? '' : '\t<none>';
  w.line(2, `Mounts:${none}`);
  for (const { mountPath, name, readOnly, subPath } of list)
    w.line(3, `${mountPath} from ${name} (${readOnly ? 'ro' : 'rw'}${subPath ? `,path="${subPath}"` : ''})`);
  const devices = [...(container.volumeDevices ?? [])].sort((a, b) => byText(a.devicePath, b.devicePath));
  if (devices.length === 0) return;
  w.line(2, `Devices:${none}`);
  for (const { devicePath, name } of devices) w.line(3, `${devicePath} from ${name}`);
}

export function podTemplate(w: Writer, template: PodTemplateSpec | undefined): void {
  w.line(0, 'Pod Template:');
  if (!template?.spec) {
    w.write(1, '<unset>');
    return;
  }
  const { metadata, spec } = template;
  labels(w, '  Labels', metadata?.labels);
  if (Object.keys(metadata?.annotations ?? {}).length > 0) annotations(w, '  Annotations', metadata?.annotations);
  if (spec.serviceAccountName) w.line(1, `Service Account:\t${spec.serviceAccountName}`);
  if (spec.initContainers && spec.initContainers.length > 0)
    containers(w, 'Init Containers', spec.initContainers, { space: '  ' });
  containers(w, 'Containers', spec.containers, { space: '  ' });
  podVolumes(w, spec.volumes, '  ');
  topologySpread(w, spec.topologySpreadConstraints, '  ');
  if (spec.priorityClassName) w.line(1, `Priority Class Name:\t${spec.priorityClassName}`);
  labels(w, '  Node-Selectors', spec.nodeSelector);
  tolerations(w, '  Tolerations', spec.tolerations);
}

type Spread = NonNullable<NonNullable<Pod['spec']>['topologySpreadConstraints']>;

export function topologySpread(w: Writer, list: Spread | undefined, space = ''): void {
  const sorted = [...(list ?? [])].sort((a, b) => byText(a.topologyKey, b.topologyKey));
  sorted.forEach(({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }, i) => {
    const selector = labelSelector
      ? ` for selector ${Object.entries(labelSelector.matchLabels ?? {})
          .map(([k, v]) => `${k}=${v}`)
          .join(',')}`
      : '';
    const title = i === 0 ? `${space}Topology Spread Constraints:` : space;
    w.line(0, `${title}\t${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded${selector}`);
  });
}
