/** What an object of any kind waits for. */

import type { KubeObject } from '../api/object.ts';
import type { Event, Node, PersistentVolume, PersistentVolumeClaim, Pod } from '../api/types.ts';
import { findCondition } from '../controllers/conditions.ts';
import { podReady } from '../lesson/pods.ts';
import type { Cause } from '../sim/cause.ts';
import { absent, gone } from './absent.ts';
import { claimFindings, volumeFindings } from './claims.ts';
import { nodeFindings, podFindings } from './pods.ts';
import { type Finding, finding, type Scene, subjectOf } from './scene.ts';

export function objectFindings(scene: Scene, object: KubeObject): Finding[] {
  switch (object.kind) {
    case 'PersistentVolumeClaim':
      return claimFindings(scene, object as PersistentVolumeClaim);
    case 'PersistentVolume':
      return volumeFindings(scene, object as PersistentVolume);
    case 'Pod':
      return podFindings(scene, object as Pod);
    case 'Node':
      return ofNode(scene, object as Node);
    case 'Deployment':
    case 'ReplicaSet':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Job':
      return workload(scene, object as Workload);
  }
  return object.metadata.deletionTimestamp ? terminating(scene, object) : [];
}

/** Of what is not there: as absent() tells it, or whose turn has not come. */
export function missing(scene: Scene, kind: string, name: string, namespace: string): Finding[] {
  const turn = ordinal(scene, kind, name, namespace);
  return turn.length > 0 ? [gone(scene, kind, name, namespace), ...turn] : absent(scene, kind, name, namespace);
}

/** A StatefulSet makes its Pods and their claims one after the other. */
function ordinal(scene: Scene, kind: string, name: string, namespace: string): Finding[] {
  for (const set of scene.list('statefulsets', namespace)) {
    const { name: owner } = set.metadata;
    const number = /^(\d+)$/.exec(name.slice(name.indexOf(`${owner}-`) + owner.length + 1))?.[1];
    const claims = set.spec?.volumeClaimTemplates?.map((one) => `${one.metadata?.name}-${owner}-${number}`) ?? [];
    const own = kind === 'Pod' ? name === `${owner}-${number}` : claims.includes(name);
    if (number === undefined || !own) continue;
    const replicas = set.spec?.replicas ?? 1;
    const subject = subjectOf(set);
    if (Number(number) >= replicas)
      return [finding('workload.fewer', { name: owner, replicas: String(replicas) }, subject, [scene.lastWrite(set)])];
    const before = `${owner}-${Number(number) - 1}`;
    const pod = scene.get('pods', namespace, before);
    if (!pod || podReady(pod)) continue;
    const params = { name: owner, pod: `${owner}-${number}`, before };
    return [finding('workload.ordinal', params, subjectOf(pod), [newest(scene, pod)]), ...podFindings(scene, pod)];
  }
  return [];
}

/** What is newest of an object: its last write, or the last warning about it. */
export function newest(scene: Scene, object: KubeObject): Cause | undefined {
  const last = scene.lastWrite(object);
  const { namespace = 'default', uid } = object.metadata;
  let latest = last;
  for (const event of scene.list('events', namespace)) {
    if (event.involvedObject.uid !== uid || event.type !== 'Warning') continue;
    const write = scene.lastWrite(event);
    if (write && write.at >= (latest?.at ?? 0)) latest = write;
  }
  return latest;
}

function terminating(scene: Scene, object: KubeObject): Finding[] {
  const { kind, metadata } = object;
  const { name } = metadata;
  const subject = subjectOf(object);
  return [
    finding('object.terminating', { kind, name }, subject, [scene.lastWrite(object)]),
    ...(metadata.finalizers ?? []).map((finalizer) => finding('object.held', { kind, name, finalizer }, subject)),
  ];
}

function ofNode(scene: Scene, node: Node): Finding[] {
  const { name } = node.metadata;
  const down = nodeFindings(scene, name);
  if (down.length > 0 || !node.spec?.unschedulable) return down;
  return [finding('node.cordoned', { node: name }, subjectOf(node), [scene.lastWrite(node)])];
}

type Workload = KubeObject & {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly conditions?: readonly { type: string; status: string; message?: string }[] };
};

function workload(scene: Scene, object: Workload): Finding[] {
  if (object.metadata.deletionTimestamp) return terminating(scene, object);
  const { kind } = object;
  const { name } = object.metadata;
  const subject = subjectOf(object);
  if (object.spec?.replicas === 0) {
    const scaled = scaledToZero(scene, object) ?? scene.lastWrite(object);
    return [finding('workload.zero', { kind, name }, subject, [scaled])];
  }
  const pods = podsOf(scene, object);
  const waiting = pods.find((pod) => !podReady(pod));
  if (waiting) {
    const pod = waiting.metadata.name;
    return [
      finding('workload.pod', { kind, name, pod }, subjectOf(waiting), [newest(scene, waiting)]),
      ...podFindings(scene, waiting),
    ];
  }
  const failure = findCondition(object.status?.conditions as never, 'ReplicaFailure') as
    | { message?: string }
    | undefined;
  const refused = pods.length < (object.spec?.replicas ?? 1) ? refusedCreation(scene, object) : undefined;
  const message = failure?.message ?? refused?.message;
  if (message)
    return [finding('workload.refused', { kind, name, message }, subject, [refused && scene.lastWrite(refused)])];
  return pods.length === 0 ? [finding('workload.none', { kind, name }, subject)] : [];
}

/** Its condition goes while creations are throttled; what was told of the last one stays. */
function refusedCreation(scene: Scene, { metadata: { uid, namespace = '' } }: KubeObject): Event | undefined {
  const makers = ownersOfPods(scene, uid, namespace);
  return scene
    .list('events', namespace)
    .findLast(({ involvedObject, reason }) => reason === 'FailedCreate' && makers.has(involvedObject.uid ?? ''));
}

/** The write that took its replicas away. */
function scaledToZero(scene: Scene, { kind, metadata }: Workload): Cause | undefined {
  return scene.api.store.history.findLast(
    ({ object, before }) =>
      object.kind === kind &&
      object.metadata.uid === metadata.uid &&
      (object as Workload).spec?.replicas === 0 &&
      (before as Workload | undefined)?.spec?.replicas !== 0,
  )?.write;
}

/** By owner: a Deployment's are its ReplicaSets'. In the order of their names, as a StatefulSet makes them. */
function podsOf(scene: Scene, { metadata: { uid, namespace = '' } }: KubeObject): readonly Pod[] {
  const owners = ownersOfPods(scene, uid, namespace);
  return scene.list('pods', namespace).filter((pod) => isOwnedBy(pod, owners));
}

/** The thing itself, and the ReplicaSets that are its. */
function ownersOfPods(scene: Scene, uid: string, namespace: string): ReadonlySet<string> {
  const owners = new Set([uid]);
  for (const set of scene.list('replicasets', namespace)) if (isOwnedBy(set, owners)) owners.add(set.metadata.uid);
  return owners;
}

const isOwnedBy = ({ metadata }: KubeObject, owners: ReadonlySet<string>): boolean =>
  metadata.ownerReferences?.some((one) => owners.has(one.uid)) ?? false;
