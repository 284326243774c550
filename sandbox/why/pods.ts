/** What a Pod waits for: a node, its volumes, its images; and what keeps those. */

import type { ContainerStatus, Event, Pod, Volume } from '../api/types.ts';
import { findCondition } from '../controllers/conditions.ts';
import { ProcessingError, type ResolvedVolume, resolveVolume } from '../kubelet/volumes/volume.ts';
import { podReady } from '../lesson/pods.ts';
import { absent } from './absent.ts';
import { claimFindings } from './claims.ts';
import { mountFindings, serviceAct, turnedAct } from './exports.ts';
import { type Finding, finding, objectSubject, type Scene, subjectOf } from './scene.ts';

export function podFindings(scene: Scene, pod: Pod): Finding[] {
  const { name } = pod.metadata;
  const node = pod.spec?.nodeName;
  if (pod.metadata.deletionTimestamp) {
    const down = node ? nodeFindings(scene, node) : [];
    return [finding('pod.leaving', { pod: name, node: node ?? '' }, subjectOf(pod), [scene.lastWrite(pod)]), ...down];
  }
  if (podReady(pod) || pod.status?.phase === 'Succeeded') return [];
  if (!node) return unscheduled(scene, pod);
  if (pod.status?.phase === 'Failed') {
    const message = pod.status.message ?? pod.status.reason ?? '';
    return [finding('pod.failed', { pod: name, message }, subjectOf(pod), [scene.lastWrite(pod)])];
  }
  const down = nodeFindings(scene, node);
  if (down.length > 0) return down;
  const volumes = volumeFindings(scene, pod, node);
  if (volumes.length > 0) return volumes;
  const containers = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const stuck = containers.flatMap((one) => containerFinding(pod, one));
  return stuck.length > 0 ? stuck : [finding('pod.starting', { pod: name, node }, subjectOf(pod))];
}

/** Why a node brings up nothing. */
export function nodeFindings(scene: Scene, node: string): Finding[] {
  const machine = scene.machine(node);
  if (!machine) return [];
  const subject = { type: 'machine', host: node } as const;
  if (!machine.up) return [finding('machine.off', { host: node }, subject, [turnedAct(node, machine)])];
  const kubelet = machine.units.find('kubelet');
  if (kubelet && kubelet.active !== 'active')
    return [finding('node.silent', { node }, subject, [serviceAct(scene, node, 'kubelet')])];
  return [];
}

// Before it has a node

function unscheduled(scene: Scene, pod: Pod): Finding[] {
  const condition = findCondition(pod.status?.conditions, 'PodScheduled');
  if (condition?.status !== 'False') return [finding('pod.unscheduled', { pod: pod.metadata.name }, subjectOf(pod))];
  const message = condition.message ?? '';
  const first = finding('pod.unschedulable', { pod: pod.metadata.name, message }, subjectOf(pod), [
    scene.lastWrite(pod),
  ]);
  return [first, ...claimsOf(scene, pod), ...cordoned(scene, message)];
}

/** What its claims wait for; of one that has no volume yet, or is not there. */
function claimsOf(scene: Scene, pod: Pod): Finding[] {
  const namespace = pod.metadata.namespace ?? '';
  return claimNames(pod).flatMap((name): Finding[] => {
    const claim = scene.get('persistentvolumeclaims', namespace, name);
    return claim ? claimFindings(scene, claim) : absent(scene, 'PersistentVolumeClaim', name, namespace);
  });
}

function claimNames({ metadata, spec }: Pod): string[] {
  return (spec?.volumes ?? []).flatMap((volume) => {
    if (volume.ephemeral) return [`${metadata.name}-${volume.name}`];
    return volume.persistentVolumeClaim ? [volume.persistentVolumeClaim.claimName] : [];
  });
}

/** The scheduler's own words say whether that was in the way. */
function cordoned(scene: Scene, message: string): Finding[] {
  if (!message.includes('unschedulable')) return [];
  return scene
    .list('nodes')
    .filter(({ spec }) => spec?.unschedulable)
    .map((node) => {
      const { name } = node.metadata;
      const { history } = scene.api.store;
      const write = history.findLast(
        ({ collection, object, before }) =>
          collection.name === 'nodes' &&
          object.metadata.name === name &&
          (before as typeof node | undefined)?.spec !== (object as typeof node).spec,
      )?.write;
      return finding('node.cordoned', { node: name }, objectSubject('Node', name), [write]);
    });
}

// On its node

/** What mount.nfs says of a server that refuses or does not answer. */
const SERVERS_NO = /access denied by server|No such file or directory|timed out|refused|No route to host/i;

function volumeFindings(scene: Scene, pod: Pod, node: string): Finding[] {
  const { name, namespace = '' } = pod.metadata;
  const source = {
    claim: (where: string, claim: string) => scene.get('persistentvolumeclaims', where, claim),
    volume: (volume: string) => scene.get('persistentvolumes', '', volume),
  };
  for (const volume of pod.spec?.volumes ?? []) {
    const first = finding('pod.volume', { pod: name, volume: volume.name }, subjectOf(pod), [mountEvent(scene, pod)]);
    try {
      const resolved = resolveVolume(pod, volume, source);
      if (resolved.source.nfs && !isMounted(scene, pod, node, resolved)) {
        const { server, path } = resolved.source.nfs;
        const found = mountFindings(scene, node, server, path);
        const message = lastEvent(scene, pod, 'FailedMount')?.message;
        // The server would grant it: what the client says for itself is in the way.
        if (message && found.at(-1)?.says.key === 'nfs.next-try' && !SERVERS_NO.test(message))
          return [first, finding('pod.mount', { message }, subjectOf(pod), [mountEvent(scene, pod)])];
        return [first, ...found];
      }
    } catch (error) {
      if (!(error instanceof ProcessingError)) throw error;
      return [first, ...ofClaim(scene, pod, namespace, volume, error.message)];
    }
  }
  const { message } = lastEvent(scene, pod, 'FailedMount') ?? {};
  const begun = pod.status?.conditions?.some(
    (one) => one.type === 'PodReadyToStartContainers' && one.status === 'True',
  );
  return message && !begun ? [finding('pod.mount', { message }, subjectOf(pod), [mountEvent(scene, pod)])] : [];
}

/** The kubelet cannot even try: its claim is not bound, or is not there. */
function ofClaim(scene: Scene, pod: Pod, namespace: string, volume: Volume, message: string): Finding[] {
  const name = volume.persistentVolumeClaim?.claimName ?? `${pod.metadata.name}-${volume.name}`;
  const claim = scene.get('persistentvolumeclaims', namespace, name);
  const found = claim ? claimFindings(scene, claim) : claimsOf(scene, pod);
  return found.length > 0 ? found : [finding('pod.mount', { message }, subjectOf(pod))];
}

const isMounted = (scene: Scene, { metadata }: Pod, node: string, { specName }: ResolvedVolume): boolean => {
  const target = `/var/lib/kubelet/pods/${metadata.uid}/volumes/kubernetes.io~nfs/${specName}`;
  return (
    scene
      .machine(node)
      ?.init.mounts()
      .some((one) => one.target === target) ?? true
  );
};

function lastEvent(scene: Scene, { metadata: { namespace = '', uid } }: Pod, reason: string): Event | undefined {
  const of = scene.list('events', namespace).filter((one) => one.involvedObject.uid === uid && one.reason === reason);
  return of.toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion)).at(-1);
}

/** The kubelet's own report of the mount that failed. */
function mountEvent(scene: Scene, pod: Pod) {
  const event = lastEvent(scene, pod, 'FailedMount');
  return event && scene.lastWrite(event);
}

function containerFinding(pod: Pod, status: ContainerStatus): Finding[] {
  const { name: container, image, state, lastState, ready } = status;
  const subject = subjectOf(pod);
  const { reason = '', message = '' } = state?.waiting ?? {};
  if (/Image|ErrImage|InvalidImage/.test(reason)) return [finding('pod.image', { image, message }, subject)];
  if (/CreateContainer|RunContainer/.test(reason)) return [finding('pod.config', { container, message }, subject)];
  const ended = lastState?.terminated ?? state?.terminated;
  if (ended && !state?.running)
    return [finding('pod.crashes', { container, code: String(ended.exitCode ?? '') }, subject)];
  return state?.running && !ready ? [finding('pod.probe', { container }, subject)] : [];
}
