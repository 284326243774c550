/** What a StatefulSet reports of its pods (stateful_set_control.go updateStatus, completeRollingUpdate). Pure. */

import type { Pod, StatefulSet } from '../../api/types.ts';
import { isAvailable, isReady, isTerminating } from '../pods.ts';
import { REVISION_LABEL } from './ordinals.ts';

export interface Revisions {
  readonly current: string;
  readonly update: string;
  readonly collisionCount: number;
}

type Status = NonNullable<StatefulSet['status']>;

export const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isReady(pod);

export function statefulSetStatus(
  set: StatefulSet,
  pods: Iterable<Pod>,
  { current, update, collisionCount }: Revisions,
  replaced: number,
  now: number,
): Status {
  const counts = { replicas: 0, ready: 0, available: 0, current: 0, updated: 0 };
  for (const pod of pods) {
    counts.replicas++;
    if (isRunningAndReady(pod)) {
      counts.ready++;
      if (isAvailable(pod, set.spec?.minReadySeconds ?? 0, now)) counts.available++;
    }
    if (isTerminating(pod)) continue;
    const revision = pod.metadata.labels?.[REVISION_LABEL];
    if (revision === current) counts.current++;
    if (revision === update) counts.updated++;
  }
  const complete =
    set.spec?.updateStrategy?.type !== 'OnDelete' &&
    counts.updated === counts.replicas &&
    counts.ready === counts.replicas &&
    counts.updated === (set.spec?.replicas ?? 1);
  const currentReplicas = complete ? counts.updated : counts.current - replaced;
  return {
    ...(set.metadata.generation !== undefined && { observedGeneration: set.metadata.generation }),
    replicas: counts.replicas,
    ...(counts.ready > 0 && { readyReplicas: counts.ready }),
    ...(currentReplicas > 0 && { currentReplicas }),
    ...(counts.updated > 0 && { updatedReplicas: counts.updated }),
    currentRevision: complete ? update : current,
    updateRevision: update,
    collisionCount,
    availableReplicas: counts.available,
    ...(set.status?.conditions && { conditions: set.status.conditions }),
  };
}
