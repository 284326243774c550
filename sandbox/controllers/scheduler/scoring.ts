/** Which of the nodes that will do is best (pkg/scheduler/framework/plugins/{noderesources,podtopologyspread,tainttoleration,nodeaffinity}). */

import type { Pod, PodSpec } from '../../api/types.ts';
import { controllerOf } from '../ownership.ts';
import type { NodeInfo } from './cache.ts';
import { matchesTerm } from './node-selector.ts';
import { nonzeroRequests, podRequests } from './requests.ts';
import { unpreferredTaints } from './taints.ts';

/** Weights of the default profile. */
const WEIGHT = { taintToleration: 3, nodeAffinity: 2, podTopologySpread: 2, fit: 1, balance: 1 } as const;
const BEST = 100;
/** maxSkew of the built-in hostname constraint. */
const DEFAULT_SKEW = 3;

export function score(pod: Pod, nodes: readonly NodeInfo[]): Float64Array {
  const spec = pod.spec as PodSpec;
  const totals = resources(spec, nodes);
  spread(pod, nodes, totals);
  taints(spec, nodes, totals);
  affinity(spec, nodes, totals);
  return totals;
}

/** LeastAllocated and BalancedAllocation. */
function resources(spec: PodSpec, nodes: readonly NodeInfo[]): Float64Array {
  const nonzero = nonzeroRequests(spec);
  const wanted = podRequests(spec);
  const totals = new Float64Array(nodes.length);
  nodes.forEach(({ allocatable, nonzeroCpu, nonzeroMemory, requested }, i) => {
    const cpu = free(allocatable.cpu, nonzeroCpu + nonzero.cpu);
    const memory = free(allocatable.memory, nonzeroMemory + nonzero.memory);
    const cpuShare = share(requested.cpu + wanted.cpu, allocatable.cpu);
    const memoryShare = share(requested.memory + wanted.memory, allocatable.memory);
    const imbalance = Math.abs(cpuShare - memoryShare) / 2;
    totals[i] = Math.floor((cpu + memory) / 2) * WEIGHT.fit + Math.floor((1 - imbalance) * BEST) * WEIGHT.balance;
  });
  return totals;
}

const free = (capacity: number, used: number): number =>
  capacity === 0 || used > capacity ? 0 : Math.floor(((capacity - used) * BEST) / capacity);

const share = (used: number, capacity: number): number => (capacity === 0 ? 1 : Math.min(1, used / capacity));

/** The built-in constraint on host names, for pods of a controller: fewer siblings, more points. */
function spread(pod: Pod, nodes: readonly NodeInfo[], totals: Float64Array): void {
  const uid = controllerOf(pod)?.uid;
  if (uid === undefined || pod.spec?.topologySpreadConstraints?.length) return;
  const weight = Math.log(nodes.length + 2);
  let most = 0;
  let least = Number.POSITIVE_INFINITY;
  const raw = nodes.map(({ ofController }) => {
    const value = Math.round((ofController.get(uid) ?? 0) * weight + (DEFAULT_SKEW - 1));
    most = Math.max(most, value);
    least = Math.min(least, value);
    return value;
  });
  raw.forEach((value, i) => {
    totals[i]! += most === 0 ? BEST : Math.floor((BEST * (most + least - value)) / most) * WEIGHT.podTopologySpread;
  });
}

function taints({ tolerations = [] }: PodSpec, nodes: readonly NodeInfo[], totals: Float64Array): void {
  if (!nodes.some(({ node }) => node.spec?.taints)) return;
  const counts = nodes.map(({ node }) => unpreferredTaints(node, tolerations));
  const most = Math.max(...counts);
  if (most === 0) return;
  counts.forEach((count, i) => {
    totals[i]! += (BEST - Math.floor((count * BEST) / most)) * WEIGHT.taintToleration;
  });
}

function affinity({ affinity: wishes }: PodSpec, nodes: readonly NodeInfo[], totals: Float64Array): void {
  const preferred = wishes?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
  if (!preferred?.length) return;
  const sums = nodes.map(({ node }) =>
    preferred.reduce((sum, { weight, preference }) => sum + (matchesTerm(preference, node) ? weight : 0), 0),
  );
  const most = Math.max(...sums);
  if (most === 0) return;
  sums.forEach((sum, i) => {
    totals[i]! += Math.floor((sum * BEST) / most) * WEIGHT.nodeAffinity;
  });
}
