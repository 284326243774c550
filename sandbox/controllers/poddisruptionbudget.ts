/** The disruption controller: how many pods of a budget may be evicted now (pkg/controller/disruption). */

import { parseTime, timestamp } from '../api/time.ts';
import type { Pod, PodDisruptionBudget } from '../api/types.ts';
import { setCondition } from './conditions.ts';
import type { ControllerContext } from './context.ts';
import { keyOf, splitKey } from './context.ts';
import { scaled } from './int-or-percent.ts';
import { matcher } from './label-selector.ts';
import { controllerOf } from './ownership.ts';
import { hasEnded, isReady, isTerminating } from './pods.ts';
import { WorkQueue } from './work-queue.ts';

/** An evicted pod that is not gone after two minutes counts as healthy again. */
const DELETION_TIMEOUT = 120_000;

type Status = NonNullable<PodDisruptionBudget['status']>;

export function startDisruptionController({ client, clock, random, recorder }: ControllerContext): void {
  const budgets = client.informer('poddisruptionbudgets');
  const pods = client.informer('pods');

  const reconcile = (key: string) => {
    const budget = budgets.get(...splitKey(key));
    if (!budget) return;
    const { namespace = '' } = budget.metadata;
    const matches = matcher(budget.spec?.selector);
    const selected = [...pods.list(namespace)].filter((pod) => matches(pod.metadata.labels) && !hasEnded(pod));
    if (selected.length === 0) recorder.event(budget, 'Normal', 'NoPods', 'No matching pods found');
    const disrupted = stillDisrupted(budget, selected, clock.now);
    if (Object.keys(disrupted).length > 0) queue.addAfter(key, DELETION_TIMEOUT);
    client.updateStatus('poddisruptionbudgets', {
      ...budget,
      status: statusOf(budget, selected, disrupted, expectedCount(selected), clock.now),
    });
  };

  /** getExpectedPodCount: what the pods' controllers want together; a bare pod counts as itself. */
  const expectedCount = (selected: readonly Pod[]): number => {
    const scales = new Map<string, number>();
    for (const pod of selected) {
      const owner = controllerOf(pod);
      const { namespace = '' } = pod.metadata;
      if (owner?.kind === 'ReplicaSet')
        scales.set(owner.uid, client.get('replicasets', namespace, owner.name)?.spec?.replicas ?? 1);
      else if (owner?.kind === 'StatefulSet')
        scales.set(owner.uid, client.get('statefulsets', namespace, owner.name)?.spec?.replicas ?? 1);
      else scales.set(pod.metadata.uid, 1);
    }
    return [...scales.values()].reduce((sum, scale) => sum + scale, 0);
  };

  const queue = new WorkQueue({ clock, random, reconcile, latency: [1, 5] });
  const wake = (pod: Pod) => {
    for (const budget of budgets.list(pod.metadata.namespace ?? '')) {
      if (matcher(budget.spec?.selector)(pod.metadata.labels)) queue.add(keyOf(budget));
    }
  };
  budgets.handle({ added: (it) => queue.add(keyOf(it)), updated: (_, it) => queue.add(keyOf(it)) });
  pods.handle({ added: wake, updated: (_, pod) => wake(pod), deleted: wake });
}

type Disrupted = NonNullable<Status['disruptedPods']>;

function stillDisrupted({ status }: PodDisruptionBudget, pods: readonly Pod[], now: number): Disrupted {
  const waiting = new Set(pods.filter((pod) => !isTerminating(pod)).map(({ metadata }) => metadata.name));
  return Object.fromEntries(
    Object.entries(status?.disruptedPods ?? {}).filter(
      ([name, time]) => waiting.has(name) && parseTime(time) + DELETION_TIMEOUT > now,
    ),
  );
}

function statusOf(
  { metadata, spec, status }: PodDisruptionBudget,
  pods: readonly Pod[],
  disrupted: Disrupted,
  scale: number,
  now: number,
): Status {
  const { minAvailable, maxUnavailable } = spec ?? {};
  const expectedPods = maxUnavailable !== undefined || typeof minAvailable === 'string' ? scale : pods.length;
  const desiredHealthy =
    maxUnavailable !== undefined
      ? Math.max(0, expectedPods - scaled(maxUnavailable, expectedPods, 'up'))
      : scaled(minAvailable ?? 1, expectedPods, 'up');
  const isHealthy = (pod: Pod) => isReady(pod) && !isTerminating(pod) && disrupted[pod.metadata.name] === undefined;
  const currentHealthy = pods.filter(isHealthy).length;
  const disruptionsAllowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
  const allowed = disruptionsAllowed > 0;
  return {
    ...(Object.keys(disrupted).length > 0 && { disruptedPods: disrupted }),
    ...(metadata.generation !== undefined && { observedGeneration: metadata.generation }),
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    conditions: setCondition(status?.conditions ?? [], {
      type: 'DisruptionAllowed',
      status: allowed ? 'True' : 'False',
      ...(metadata.generation !== undefined && { observedGeneration: metadata.generation }),
      lastTransitionTime: timestamp(now),
      reason: allowed ? 'SufficientPods' : 'InsufficientPods',
      message: '',
    }),
  };
}
