/** Which pods of a set go first when it shrinks (pkg/controller/controller_utils.go ActivePodsWithRanks). */

import { parseTime } from '../../api/time.ts';
import type { Pod } from '../../api/types.ts';
import { isReady, readySince, restarts } from '../pods.ts';

const PHASE_RANK: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

interface Candidate {
  readonly pod: Pod;
  readonly assigned: number;
  readonly phase: number;
  readonly ready: number;
  readonly cost: number;
  readonly crowd: number;
  readonly readySince: number;
  readonly restarts: number;
  readonly created: number;
}

/**
 * The `count` pods to delete. `related` are the pods that share their nodes' fate: those of all sets of the same owner;
 * a pod with more of them on its node goes before one with fewer.
 */
export function podsToDelete(pods: readonly Pod[], related: Iterable<Pod>, count: number, now: number): Pod[] {
  if (count >= pods.length) return [...pods];
  const crowds = new Map<string, number>();
  for (const pod of related) {
    const node = pod.spec?.nodeName;
    if (node) crowds.set(node, (crowds.get(node) ?? 0) + 1);
  }
  return pods
    .map((pod) => candidate(pod, crowds.get(pod.spec?.nodeName ?? '') ?? 0))
    .sort((a, b) => order(a, b, now))
    .slice(0, count)
    .map(({ pod }) => pod);
}

const candidate = (pod: Pod, crowd: number): Candidate => ({
  pod,
  assigned: pod.spec?.nodeName ? 1 : 0,
  phase: PHASE_RANK[pod.status?.phase ?? ''] ?? 0,
  ready: isReady(pod) ? 1 : 0,
  cost: Number.parseInt(pod.metadata.annotations?.[DELETION_COST] ?? '0', 10) || 0,
  crowd,
  readySince: readySince(pod) ?? 0,
  restarts: restarts(pod),
  created: parseTime(pod.metadata.creationTimestamp),
});

/** Unassigned before assigned, Pending before Running, not ready before ready, cheap before dear, crowded, young, often restarted. */
const order = (a: Candidate, b: Candidate, now: number): number =>
  a.assigned - b.assigned ||
  a.phase - b.phase ||
  a.ready - b.ready ||
  a.cost - b.cost ||
  b.crowd - a.crowd ||
  youngestFirst(a, b, a.readySince, b.readySince, now) ||
  b.restarts - a.restarts ||
  youngestFirst(a, b, a.created, b.created, now);

/** Ages count by powers of two only (LogarithmicScaleDown); within one, the uid decides, which is as good as chance. */
function youngestFirst(a: Candidate, b: Candidate, sinceA: number, sinceB: number, now: number): number {
  if (sinceA === sinceB || sinceA === 0 || sinceB === 0) return 0;
  return logAge(sinceA, now) - logAge(sinceB, now) || (a.pod.metadata.uid < b.pod.metadata.uid ? -1 : 1);
}

function logAge(since: number, now: number): number {
  const nanoseconds = (now - since) * 1e6;
  return nanoseconds > 0 ? Math.floor(Math.log2(nanoseconds)) : -1;
}
