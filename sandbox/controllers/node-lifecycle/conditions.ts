/** What a node's conditions mean for its taints (pkg/controller/nodelifecycle/node_lifecycle_controller.go). Pure. */

import { timestamp } from '../../api/time.ts';
import type { Node } from '../../api/types.ts';
import { findCondition } from '../conditions.ts';
import type { Taint } from '../scheduler/taints.ts';

const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

/** Condition, status → NoSchedule taint (nodeConditionToTaintKeyStatusMap). */
const TAINTS: readonly (readonly [condition: string, status: string, key: string])[] = [
  ['Ready', 'False', NOT_READY],
  ['Ready', 'Unknown', UNREACHABLE],
  ['MemoryPressure', 'True', 'node.kubernetes.io/memory-pressure'],
  ['DiskPressure', 'True', 'node.kubernetes.io/disk-pressure'],
  ['NetworkUnavailable', 'True', 'node.kubernetes.io/network-unavailable'],
  ['PIDPressure', 'True', 'node.kubernetes.io/pid-pressure'],
];

const MANAGED = new Set([UNSCHEDULABLE, ...TAINTS.map(([, , key]) => key)]);

export const readiness = (node: Node): string => findCondition(node.status?.conditions, 'Ready')?.status ?? 'Unknown';

/** The node with the taints its conditions ask for; itself if it has them. Taints of others stay. */
export function tainted(node: Node, now: number): Node {
  const taints = node.spec?.taints ?? [];
  const wanted = wantedTaints(node);
  const isWanted = (taint: Taint) => wanted.some(({ key, effect }) => key === taint.key && effect === taint.effect);
  const kept = taints.filter((taint) => !isManaged(taint) || isWanted(taint));
  const missing = wanted.filter(
    ({ key, effect }) => !taints.some((taint) => taint.key === key && taint.effect === effect),
  );
  if (missing.length === 0 && kept.length === taints.length) return node;
  const next = [...kept, ...missing.map((taint) => ({ ...taint, timeAdded: timestamp(now) }))];
  const { taints: _, ...spec } = node.spec ?? {};
  return { ...node, spec: next.length > 0 ? { ...spec, taints: next } : spec };
}

function isManaged({ key, effect }: Taint): boolean {
  if (effect === 'NoExecute') return key === NOT_READY || key === UNREACHABLE;
  return effect === 'NoSchedule' && MANAGED.has(key);
}

function wantedTaints(node: Node): Taint[] {
  const wanted: Taint[] = [];
  const ready = readiness(node);
  if (ready === 'Unknown') wanted.push({ key: UNREACHABLE, effect: 'NoExecute' });
  if (ready === 'False') wanted.push({ key: NOT_READY, effect: 'NoExecute' });
  for (const [condition, status, key] of TAINTS) {
    if (findCondition(node.status?.conditions, condition)?.status === status) {
      wanted.push({ key, effect: 'NoSchedule' });
    }
  }
  if (node.spec?.unschedulable) wanted.push({ key: UNSCHEDULABLE, effect: 'NoSchedule' });
  return wanted;
}

const OBSERVED = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'] as const;
const SILENT = { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' } as const;

/** Nobody has heard from the kubelet: nothing is known any more. */
export function unknown(node: Node, now: number): Node {
  const time = timestamp(now);
  const conditions = (node.status?.conditions ?? []).map((condition) =>
    OBSERVED.some((type) => type === condition.type) && condition.status !== 'Unknown'
      ? { ...condition, ...SILENT, status: 'Unknown' as const, lastTransitionTime: time }
      : condition,
  );
  return { ...node, status: { ...node.status, conditions } };
}
