/** What a ReplicaSet reports of its pods (pkg/controller/replicaset/replica_set_utils.go calculateStatus). */

import { timestamp } from '../../api/time.ts';
import type { Pod, ReplicaSet } from '../../api/types.ts';
import { appendCondition, findCondition, withoutCondition } from '../conditions.ts';
import { matcher } from '../label-selector.ts';
import { isAvailable, isReady } from '../pods.ts';

export interface ReplicaFailure {
  readonly reason: 'FailedCreate' | 'FailedDelete';
  readonly message: string;
}

type Status = NonNullable<ReplicaSet['status']>;

export function replicaSetStatus(
  set: ReplicaSet,
  active: readonly Pod[],
  terminating: number,
  failure: ReplicaFailure | undefined,
  now: number,
): Status {
  const { minReadySeconds = 0, template } = set.spec!;
  const fullyLabeled = matcher(labelsOf(template?.metadata?.labels));
  const counts = { fullyLabeledReplicas: 0, readyReplicas: 0, availableReplicas: 0 };
  for (const pod of active) {
    if (fullyLabeled(pod.metadata.labels)) counts.fullyLabeledReplicas++;
    if (!isReady(pod)) continue;
    counts.readyReplicas++;
    if (isAvailable(pod, minReadySeconds, now)) counts.availableReplicas++;
  }
  const conditions = withFailure(set.status?.conditions ?? [], failure, now);
  return {
    replicas: active.length,
    ...(counts.fullyLabeledReplicas > 0 && { fullyLabeledReplicas: counts.fullyLabeledReplicas }),
    ...(counts.readyReplicas > 0 && { readyReplicas: counts.readyReplicas }),
    ...(counts.availableReplicas > 0 && { availableReplicas: counts.availableReplicas }),
    terminatingReplicas: terminating,
    observedGeneration: set.metadata.generation,
    ...(conditions.length > 0 && { conditions }),
  };
}

const selectors = new WeakMap<object, { matchLabels: Readonly<Record<string, string>> }>();

/** One selector value per label map, so that it is compiled once. */
function labelsOf(labels: Readonly<Record<string, string>> = {}) {
  const before = selectors.get(labels);
  if (before) return before;
  const selector = { matchLabels: labels };
  selectors.set(labels, selector);
  return selector;
}

type Conditions = NonNullable<Status['conditions']>;

function withFailure(conditions: Conditions, failure: ReplicaFailure | undefined, now: number): Conditions {
  if (!failure) return withoutCondition(conditions, 'ReplicaFailure') as Conditions;
  if (findCondition(conditions, 'ReplicaFailure')) return conditions;
  return appendCondition(conditions, {
    type: 'ReplicaFailure',
    status: 'True',
    lastTransitionTime: timestamp(now),
    reason: failure.reason,
    message: failure.message,
  }) as Conditions;
}
