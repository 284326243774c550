/** DefaultPreemption: a pod that fits nowhere takes the place of less important ones (pkg/scheduler/framework/preemption, plugins/defaultpreemption). */

import { selects } from '../../api/resources/validation/selectors.ts';
import type { Pod, PodDisruptionBudget } from '../../api/types.ts';
import { isTerminating } from '../pods.ts';
import type { NodeInfo, Placed } from './cache.ts';
import type { FilterContext } from './plugin.ts';

export interface Preemption {
  readonly node: string;
  readonly victims: readonly Pod[];
}

interface Candidate extends Preemption {
  /** Of disruption budgets. */
  readonly violations: number;
}

export const priorityOf = ({ spec }: Pod): number => spec?.priority ?? 0;

/** PodEligibleToPreemptOthers: why it may not, if it may not. */
export function ineligible(pod: Pod, { cache }: FilterContext): string | undefined {
  if (pod.spec?.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const nominated = cache.nodes.get(pod.status?.nominatedNodeName ?? '');
  for (const { pod: other } of nominated?.pods.values() ?? [])
    if (isTerminating(other) && priorityOf(other) < priorityOf(pod))
      return 'not eligible due to a terminating pod on the nominated node.';
  return undefined;
}

/** Undefined where nobody's going would help. `fits` is asked with pods taken off the node, and put back. */
export function preempt(
  pod: Pod,
  nodes: readonly NodeInfo[],
  fits: (info: NodeInfo) => boolean,
  context: FilterContext,
): Preemption | undefined {
  let best: Candidate | undefined;
  for (const info of nodes) {
    const candidate = victimsOn(pod, info, fits, context);
    if (candidate && (!best || isBetter(candidate, best))) best = candidate;
  }
  return best;
}

/** SelectVictimsOnNode: all less important pods go; as many as may come back, the most important first. */
function victimsOn(
  pod: Pod,
  info: NodeInfo,
  fits: (info: NodeInfo) => boolean,
  context: FilterContext,
): Candidate | undefined {
  const { cache } = context;
  const { name } = info.node.metadata;
  const lower = [...info.pods.values()].filter((other) => priorityOf(other.pod) < priorityOf(pod));
  if (lower.length === 0) return undefined;
  const away = (placed: Placed) => cache.remove(placed.pod.metadata.uid);
  const back = (placed: Placed) => cache.place(placed.pod, name);
  for (const placed of lower) away(placed);
  const victims: Placed[] = [];
  let violations = 0;
  const possible = fits(info);
  if (possible) {
    const { violating, others } = byBudgets(lower.sort(byImportance), context);
    for (const placed of [...violating, ...others]) {
      back(placed);
      if (fits(info)) continue;
      away(placed);
      victims.push(placed);
      if (violating.includes(placed)) violations++;
    }
  }
  for (const placed of possible ? victims : lower) back(placed);
  if (victims.length === 0) return undefined;
  return { node: name, victims: victims.sort(byImportance).map((placed) => placed.pod), violations };
}

const startOf = ({ status, metadata }: Pod): string => status?.startTime ?? metadata.creationTimestamp;

/** MoreImportantPod: by priority, then who has run longer. */
const byImportance = ({ pod: a }: Placed, { pod: b }: Placed): number =>
  priorityOf(b) - priorityOf(a) || (startOf(a) < startOf(b) ? -1 : 1);

/** filterPodsWithPDBViolation: those whose going a budget does not allow. */
function byBudgets(placed: readonly Placed[], { client }: FilterContext) {
  const budgets = client.list('poddisruptionbudgets', '') as readonly PodDisruptionBudget[];
  const left = new Map(budgets.map((budget) => [budget, budget.status?.disruptionsAllowed ?? 0]));
  const violates = ({ pod: { metadata } }: Placed): boolean => {
    let violated = false;
    for (const budget of budgets) {
      const { namespace } = budget.metadata;
      if (namespace !== metadata.namespace || !selects(budget.spec?.selector, metadata.labels)) continue;
      const allowed = left.get(budget)! - 1;
      left.set(budget, allowed);
      if (allowed < 0) violated = true;
    }
    return violated;
  };
  const violating: Placed[] = [];
  const others: Placed[] = [];
  for (const each of placed) (violates(each) ? violating : others).push(each);
  return { violating, others };
}

/** pickOneNodeForPreemption: fewest budgets broken, then the least important victims, then the fewest, then the youngest. */
function isBetter(a: Candidate, b: Candidate): boolean {
  const highest = ({ victims }: Candidate) => priorityOf(victims[0]!);
  // Priorities may be below zero: so that more victims weigh more.
  const sum = ({ victims }: Candidate) => victims.reduce((total, pod) => total + priorityOf(pod) + 2 ** 31, 0);
  const earliest = ({ victims }: Candidate) =>
    victims
      .filter((pod) => priorityOf(pod) === priorityOf(victims[0]!))
      .map(startOf)
      .reduce((first, start) => (start < first ? start : first));
  const differences = [
    a.violations - b.violations,
    highest(a) - highest(b),
    sum(a) - sum(b),
    a.victims.length - b.victims.length,
  ];
  const first = differences.find((difference) => difference !== 0);
  return first === undefined ? earliest(a) > earliest(b) : first < 0;
}
