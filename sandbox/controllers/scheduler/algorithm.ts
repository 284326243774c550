/** One scheduling decision: filter, score, choose; or the exact words for why not (pkg/scheduler/schedule_one.go, framework/types.go FitError). */

import type { Pod, PodSpec } from '../../api/types.ts';
import type { Random } from '../../sim/random.ts';
import type { NodeInfo } from './cache.ts';
import { nodeFilters } from './node-filters.ts';
import type { FilterContext, FilterPlugin, NodeFilter, PluginName } from './plugin.ts';
import { PreFilterRejection } from './plugin.ts';
import { podFilters } from './pod-filters.ts';
import { ineligible, type Preemption, preempt, priorityOf } from './preemption.ts';
import { score } from './scoring.ts';
import { volumeFilters } from './volume-filters.ts';

/** In the order of the default profile. */
const plugins: readonly FilterPlugin[] = [...nodeFilters, ...volumeFilters, ...podFilters];

/** Why a pod fits nowhere, and whose change could help it. */
export interface Unschedulable {
  readonly message: string;
  readonly plugins: ReadonlySet<PluginName>;
  /** Who is to go so that it fits, and where. */
  readonly preemption?: Preemption;
}

export type Decision = { readonly node: string } | Unschedulable;

interface NamedFilter {
  readonly plugin: PluginName;
  readonly filter: NodeFilter;
}

/** Which of the nodes that score the same a pod gets; undefined leaves it to chance. */
export type TieBreak = (pod: Pod, nodes: readonly string[]) => string | undefined;

export function decide(pod: Pod, context: FilterContext, random: Random, tieBreak?: TieBreak): Decision {
  const { cache } = context;
  if (cache.nominated.size === 0) return decideNow(pod, context, random, tieBreak);
  // Whoever is as important and waits for a place is counted as if it had it (RunFilterPluginsWithNominatedPods).
  const waiting = [...cache.nominated.values()].filter(
    (other) =>
      other.pod.metadata.uid !== pod.metadata.uid &&
      priorityOf(other.pod) >= priorityOf(pod) &&
      !cache.get(other.pod.metadata.uid),
  );
  for (const other of waiting) cache.place(other.pod, other.node);
  try {
    return decideNow(pod, context, random, tieBreak);
  } finally {
    for (const other of waiting) cache.remove(other.pod.metadata.uid);
  }
}

function decideNow(pod: Pod, context: FilterContext, random: Random, tieBreak?: TieBreak): Decision {
  const { nodes } = context.cache;
  if (nodes.size === 0) return { message: 'no nodes available to schedule pods', plugins: new Set() };
  const filters: NamedFilter[] = [];
  for (const plugin of plugins) {
    const filter = plugin.prepare(pod, pod.spec as PodSpec, context);
    if (filter instanceof PreFilterRejection) return rejectedByAll(filter, plugin.name, nodes.size);
    if (filter) filters.push({ plugin: plugin.name, filter });
  }
  const diagnosis = new Diagnosis(nodes.size);
  const feasible = findFeasible(nodes.values(), nodes.size, filters, diagnosis, random);
  if (feasible.length === 0) return unschedulable(pod, diagnosis, context);
  if (feasible.length === 1) return { node: feasible[0]!.node.metadata.name };
  const equals = best(feasible, score(pod, feasible));
  return { node: tieBreak?.(pod, equals) ?? equals[random.below(equals.length)]! };
}

/** PostFilter: whether others could go. */
function unschedulable(pod: Pod, diagnosis: Diagnosis, context: FilterContext): Unschedulable {
  const { plugins: failed } = diagnosis;
  const why = ineligible(pod, context);
  if (why) return { message: diagnosis.message(why), plugins: failed };
  const preemption = preempt(pod, diagnosis.resolvable, (info) => isFeasible(pod, info, context), context);
  return preemption
    ? { message: diagnosis.message(), plugins: failed, preemption }
    : { message: diagnosis.message(diagnosis.helpless), plugins: failed };
}

/** With what each filter knows worked out anew: pods have been moved. */
function isFeasible(pod: Pod, info: NodeInfo, context: FilterContext): boolean {
  return plugins.every((plugin) => {
    const filter = plugin.prepare(pod, pod.spec as PodSpec, context);
    return !(filter instanceof PreFilterRejection) && !filter?.(info);
  });
}

const rejectedByAll = ({ message }: PreFilterRejection, plugin: PluginName, count: number): Unschedulable => ({
  message: `0/${count} nodes are available: ${message}. not found`,
  plugins: new Set([plugin]),
});

/** numFeasibleNodesToFind: large clusters are sampled. */
function enough(count: number): number {
  if (count < 100) return count;
  const percent = Math.max(5, Math.floor(50 - count / 125));
  return Math.max(100, Math.floor((count * percent) / 100));
}

function findFeasible(
  nodes: Iterable<NodeInfo>,
  count: number,
  filters: readonly NamedFilter[],
  diagnosis: Diagnosis,
  random: Random,
): NodeInfo[] {
  const wanted = enough(count);
  let candidates: Iterable<NodeInfo> = nodes;
  if (wanted < count) {
    const all = [...nodes];
    const start = random.below(count);
    candidates = [...all.slice(start), ...all.slice(0, start)];
  }
  const feasible: NodeInfo[] = [];
  next: for (const info of candidates) {
    for (const { plugin, filter } of filters) {
      const rejection = filter(info);
      if (!rejection) continue;
      diagnosis.add(plugin, rejection.reasons, rejection.resolvable ? info : undefined);
      continue next;
    }
    feasible.push(info);
    if (feasible.length === wanted) break;
  }
  return feasible;
}

/** selectHost chooses among these by chance. */
function best(nodes: readonly NodeInfo[], scores: Float64Array): string[] {
  const highest = scores.reduce((a, b) => Math.max(a, b));
  return nodes.filter((_, i) => scores[i] === highest).map(({ node }) => node.metadata.name);
}

/** Counts reasons over nodes, and prints them as FitError does. */
class Diagnosis {
  readonly plugins = new Set<PluginName>();
  readonly #nodes: number;
  readonly #reasons = new Map<string, number>();
  /** Nodes that other pods' going could make fit. */
  readonly resolvable: NodeInfo[] = [];
  #unresolvable = 0;

  constructor(nodes: number) {
    this.#nodes = nodes;
  }

  add(plugin: PluginName, reasons: readonly string[], resolvable: NodeInfo | undefined): void {
    this.plugins.add(plugin);
    for (const reason of reasons) this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    if (resolvable) this.resolvable.push(resolvable);
    else this.#unresolvable++;
  }

  /** Without a word of preemption where it will help. */
  message(preemption?: string): string {
    const reasons = `${this.#none}${histogram(this.#reasons)}.`;
    return preemption ? `${reasons} no new claims to deallocate, preemption: ${preemption}` : reasons;
  }

  /** Why nobody's going would help. */
  get helpless(): string {
    const counts = histogram([
      ['Preemption is not helpful for scheduling', this.#unresolvable],
      ['No preemption victims found for incoming pod', this.resolvable.length],
    ]);
    return `${this.#none}${counts}.`;
  }

  get #none(): string {
    return `0/${this.#nodes} nodes are available: `;
  }
}

/** `2 Insufficient cpu, 1 …`, sorted as text. */
const histogram = (reasons: Iterable<readonly [string, number]>): string =>
  [...reasons]
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${count} ${reason}`)
    .sort((a, b) => (a < b ? -1 : 1))
    .join(', ');
