/** What controllers ask of pods: readiness, availability, activity, and templates made into pods (pkg/api/v1/pod/util.go, pkg/controller/controller_utils.go). */

import type { Client, Draft } from '../api/client.ts';
import type { KubeObject, OwnerReference } from '../api/object.ts';
import { StatusError } from '../api/object.ts';
import type { EventRecorder } from '../api/recorder.ts';
import { parseTime } from '../api/time.ts';
import type { Pod, PodTemplateSpec } from '../api/types.ts';
import { findCondition } from './conditions.ts';

export const isTerminating = (object: Pick<KubeObject, 'metadata'>): boolean =>
  object.metadata.deletionTimestamp !== undefined;

export const hasEnded = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** IsPodActive. */
export const isActive = (pod: Pod): boolean => !hasEnded(pod) && !isTerminating(pod);

export const isReady = (pod: Pod): boolean => findCondition(pod.status?.conditions, 'Ready')?.status === 'True';

/** When it became ready, in milliseconds. */
export function readySince(pod: Pod): number | undefined {
  const ready = findCondition(pod.status?.conditions, 'Ready');
  return ready?.status === 'True' && ready.lastTransitionTime ? parseTime(ready.lastTransitionTime) : undefined;
}

/** IsPodAvailable: ready for at least `minReadySeconds`. */
export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  if (minReadySeconds === 0) return isReady(pod);
  const since = readySince(pod);
  return since !== undefined && since + minReadySeconds * 1000 <= now;
}

/** Milliseconds until a ready pod counts as available; undefined if it does already or is not ready. */
export function untilAvailable(pod: Pod, minReadySeconds: number, now: number): number | undefined {
  const since = readySince(pod);
  if (since === undefined) return undefined;
  const left = since + minReadySeconds * 1000 - now;
  return left > 0 ? left : undefined;
}

/** GetPodFromTemplate. */
export const podFromTemplate = (
  template: PodTemplateSpec,
  owner: OwnerReference,
  generateName: string,
): Draft<Pod> => ({
  metadata: {
    generateName,
    ...(template.metadata?.labels && { labels: template.metadata.labels }),
    ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
    ...(template.metadata?.finalizers && { finalizers: template.metadata.finalizers }),
    ownerReferences: [owner],
  },
  spec: template.spec!,
});

/** RealPodControl: creates and deletes pods for an owner and says so in its events. */
export interface PodControl {
  readonly client: Client;
  readonly recorder: EventRecorder;
}

/** The created pod, or why not. A namespace that goes away is no event. */
export function createPod(
  { client, recorder }: PodControl,
  owner: KubeObject,
  namespace: string,
  pod: Draft<Pod>,
): Pod | StatusError {
  try {
    const created = client.create('pods', namespace, pod);
    recorder.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
    return created;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (!isNamespaceTerminating(error)) {
      recorder.event(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
    }
    return error;
  }
}

export function deletePod({ client, recorder }: PodControl, owner: KubeObject, pod: Pod): void {
  const { namespace = '', name } = pod.metadata;
  if (client.delete('pods', namespace, name, { preconditions: { uid: pod.metadata.uid } })) {
    recorder.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
  }
}

export const isNamespaceTerminating = (error: StatusError): boolean =>
  error.status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false;

export const restarts = (pod: Pod): number =>
  pod.status?.containerStatuses?.reduce((most, { restartCount }) => Math.max(most, restartCount), 0) ?? 0;
