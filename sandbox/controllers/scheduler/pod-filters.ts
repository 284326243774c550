/** Filters that look at the other pods: spreading constraints and (anti-)affinity (pkg/scheduler/framework/plugins/{podtopologyspread,interpodaffinity}). */

import type { Namespace, Pod, PodSpec } from '../../api/types.ts';
import { matcher } from '../label-selector.ts';
import { isTerminating } from '../pods.ts';
import type { NodeInfo, SchedulerCache } from './cache.ts';
import { fitsNode } from './node-selector.ts';
import type { FilterContext, FilterPlugin } from './plugin.ts';
import { resolvable, unresolvable } from './plugin.ts';

const SPREAD = resolvable("node(s) didn't match pod topology spread constraints");
const SPREAD_LABEL = unresolvable("node(s) didn't match pod topology spread constraints (missing required label)");
const AFFINITY = unresolvable("node(s) didn't match pod affinity rules");
const ANTI_AFFINITY = resolvable("node(s) didn't match pod anti-affinity rules");
const EXISTING_ANTI_AFFINITY = resolvable("node(s) didn't satisfy existing pods anti-affinity rules");

type SpreadConstraint = NonNullable<PodSpec['topologySpreadConstraints']>[number];

const podTopologySpread: FilterPlugin = {
  name: 'PodTopologySpread',
  prepare: (pod, spec, { cache }) => {
    const hard = spec.topologySpreadConstraints?.filter((each) => each.whenUnsatisfiable === 'DoNotSchedule') ?? [];
    if (hard.length === 0) return undefined;
    const prepared = hard.map((constraint) => ({ constraint, ...domains(pod, spec, constraint, cache) }));
    return ({ node }) => {
      for (const { constraint, counts, least, self } of prepared) {
        const domain = node.metadata.labels?.[constraint.topologyKey];
        if (domain === undefined) return SPREAD_LABEL;
        if ((counts.get(domain) ?? 0) + self - least > constraint.maxSkew) return SPREAD;
      }
      return undefined;
    };
  },
};

/** How many matching pods each domain holds, and the least of them. */
function domains(pod: Pod, spec: PodSpec, constraint: SpreadConstraint, cache: SchedulerCache) {
  const matches = matcher(constraint.labelSelector);
  const counts = new Map<string, number>();
  for (const { node, pods } of cache.nodes.values()) {
    const domain = node.metadata.labels?.[constraint.topologyKey];
    if (domain === undefined) continue;
    if ((constraint.nodeAffinityPolicy ?? 'Honor') === 'Honor' && !fitsNode(spec, node)) continue;
    let count = counts.get(domain) ?? 0;
    for (const { pod: other } of pods.values()) {
      if (
        other.metadata.namespace === pod.metadata.namespace &&
        !isTerminating(other) &&
        matches(other.metadata.labels)
      ) {
        count++;
      }
    }
    counts.set(domain, count);
  }
  const enough = counts.size >= (constraint.minDomains ?? 1);
  const least = enough && counts.size > 0 ? Math.min(...counts.values()) : 0;
  return { counts, least, self: matches(pod.metadata.labels) ? 1 : 0 };
}

interface Term {
  readonly labelSelector?: Parameters<typeof matcher>[0];
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: Parameters<typeof matcher>[0];
  readonly topologyKey: string;
}

const required = (
  affinity: { readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly Term[] } | undefined,
): readonly Term[] => affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

const interPodAffinity: FilterPlugin = {
  name: 'InterPodAffinity',
  prepare: (pod, spec, context) => {
    const wanted = required(spec.affinity?.podAffinity);
    const unwanted = required(spec.affinity?.podAntiAffinity);
    const { cache } = context;
    if (wanted.length === 0 && unwanted.length === 0 && cache.withAntiAffinity.size === 0) return undefined;
    const near = wanted.map((term) => ({ term, domains: domainsWith(pod, term, context) }));
    const far = unwanted.map((term) => ({ term, domains: domainsWith(pod, term, context) }));
    const forbidden = domainsForbidden(pod, context);
    const selfSufficient = isFirstOfItsGroup(pod, wanted, near, context);

    return ({ node }) => {
      const labels = node.metadata.labels ?? {};
      const inDomain = (key: string, found: ReadonlySet<string>) => labels[key] !== undefined && found.has(labels[key]);
      const closeEnough = near.every(({ term, domains: found }) => inDomain(term.topologyKey, found));
      const hasKeys = wanted.every(({ topologyKey }) => labels[topologyKey] !== undefined);
      if (!closeEnough && !(selfSufficient && hasKeys)) return AFFINITY;
      if (far.some(({ term, domains: found }) => inDomain(term.topologyKey, found))) return ANTI_AFFINITY;
      return forbidden.some(({ key, value }) => labels[key] === value) ? EXISTING_ANTI_AFFINITY : undefined;
    };
  },
};

/** The values of the term's topology key where a pod it means runs. */
function domainsWith(pod: Pod, term: Term, context: FilterContext): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { node, pods } of context.cache.nodes.values()) {
    const domain = node.metadata.labels?.[term.topologyKey];
    if (domain === undefined || found.has(domain)) continue;
    for (const { pod: other } of pods.values()) {
      if (!means(term, pod, other, context)) continue;
      found.add(domain);
      break;
    }
  }
  return found;
}

/** Whether `owner`'s term means `other`. */
function means(term: Term, owner: Pod, other: Pod, { client }: FilterContext): boolean {
  if (!matcher(term.labelSelector)(other.metadata.labels)) return false;
  const { namespace = '' } = other.metadata;
  if (term.namespaces?.includes(namespace)) return true;
  if (term.namespaceSelector) {
    const object: Namespace | undefined = client.get('namespaces', '', namespace);
    return matcher(term.namespaceSelector)(object?.metadata.labels);
  }
  return !term.namespaces?.length && namespace === owner.metadata.namespace;
}

/** Where pods already placed forbid this one by their own anti-affinity. */
function domainsForbidden(pod: Pod, context: FilterContext): { key: string; value: string }[] {
  const found: { key: string; value: string }[] = [];
  for (const uid of context.cache.withAntiAffinity) {
    const placed = context.cache.get(uid);
    const labels: NodeInfo['node']['metadata']['labels'] =
      placed && context.cache.nodes.get(placed.node)?.node.metadata.labels;
    if (!placed || !labels) continue;
    for (const term of required(placed.pod.spec?.affinity?.podAntiAffinity)) {
      const value = labels[term.topologyKey];
      if (value !== undefined && means(term, placed.pod, pod, context)) found.push({ key: term.topologyKey, value });
    }
  }
  return found;
}

/** The first pod of a group that wants to be near its own kind may go anywhere. */
function isFirstOfItsGroup(
  pod: Pod,
  wanted: readonly Term[],
  near: readonly { readonly domains: ReadonlySet<string> }[],
  context: FilterContext,
): boolean {
  return near.every(({ domains: found }) => found.size === 0) && wanted.every((term) => means(term, pod, pod, context));
}

export const podFilters: readonly FilterPlugin[] = [podTopologySpread, interPodAffinity];
