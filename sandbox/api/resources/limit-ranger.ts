/** Admission plugin LimitRanger: a namespace's defaults and bounds for containers, pods and claims (plugin/pkg/admission/limitranger). */

import { forbidden } from '../errors.ts';
import { addQuantities, compareQuantities, formatQuantity, toNumber } from '../quantity.ts';
import type { StrategyContext } from '../resource.ts';
import type { Container, LimitRange, PersistentVolumeClaim, Pod, PodSpec } from '../types.ts';
import { fill } from './shared.ts';

type Amounts = Readonly<Record<string, string | number>>;
type Limit = NonNullable<LimitRange['spec']>['limits'][number];
type Usage = { readonly requests: Amounts; readonly limits: Amounts };

const ANNOTATION = 'kubernetes.io/limit-ranger';

function limitsOf(namespace: string | undefined, context: StrategyContext): readonly Limit[] {
  const ranges = context.list('limitranges', namespace ?? '') as readonly LimitRange[];
  return ranges.length === 0 ? [] : ranges.flatMap((range) => range.spec?.limits ?? []);
}

/** A new pod with its namespace's defaults, or refused for breaking its bounds. */
export function limitPod(pod: Pod, context: StrategyContext): Pod {
  const limits = limitsOf(pod.metadata.namespace, context);
  if (limits.length === 0 || !pod.spec) return pod;
  const filled = limits.filter(({ type }) => type === 'Container').reduce(withDefaults, pod);
  const spec = filled.spec ?? pod.spec;
  const problems = limits.flatMap((limit) => podProblems(limit, spec));
  refuse('pods', pod.metadata.name, problems);
  return filled;
}

export function limitClaim(claim: PersistentVolumeClaim, context: StrategyContext): void {
  const requests = claim.spec?.resources?.requests ?? {};
  const limits = limitsOf(claim.metadata.namespace, context).filter(({ type }) => type === 'PersistentVolumeClaim');
  const problems = limits.flatMap(({ type, min, max }) => [
    ...each(min, (name, bound) => below(type, name, bound, { requests, limits: {} })),
    ...each(max, (name, bound) => requestAbove(type, name, bound, requests)),
  ]);
  refuse('persistentvolumeclaims', claim.metadata.name, problems);
}

function refuse(resource: string, name: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  const why = problems.length === 1 ? problems[0]! : `[${problems.join(', ')}]`;
  throw forbidden({ group: '', name: resource }, name, why);
}

/** Containers that say nothing get the defaults, and the pod is told so. */
function withDefaults(pod: Pod, limit: Limit): Pod {
  const told: string[] = [];
  const complete = (container: Container, kind: string): Container => {
    const resources = container.resources ?? {};
    const requests = fill(resources.requests ?? {}, limit.defaultRequest ?? {});
    const limits = fill(resources.limits ?? {}, limit.default ?? {});
    told.push(...added('request', kind, container.name, resources.requests, requests));
    told.push(...added('limit', kind, container.name, resources.limits, limits));
    return { ...container, resources: { ...resources, requests, limits } };
  };
  const spec: PodSpec = {
    ...pod.spec!,
    containers: pod.spec!.containers.map((one) => complete(one, 'container')),
    ...(pod.spec!.initContainers && {
      initContainers: pod.spec!.initContainers.map((one) => complete(one, 'init container')),
    }),
  };
  if (told.length === 0) return pod;
  const annotations = { ...pod.metadata.annotations, [ANNOTATION]: `LimitRanger plugin set: ${told.join('; ')}` };
  return { ...pod, metadata: { ...pod.metadata, annotations }, spec };
}

function added(what: string, kind: string, name: string, before: Amounts | undefined, after: Amounts): string[] {
  const names = Object.keys(after).filter((key) => before?.[key] === undefined);
  return names.length > 0 ? [`${names.sort().join(', ')} ${what} for ${kind} ${name}`] : [];
}

function podProblems(limit: Limit, spec: PodSpec): readonly string[] {
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  if (limit.type === 'Container')
    return containers.flatMap(({ resources = {} }) =>
      usageProblems(limit, { requests: resources.requests ?? {}, limits: resources.limits ?? {} }),
    );
  if (limit.type !== 'Pod') return [];
  return usageProblems(limit, { requests: sum(spec, 'requests'), limits: sum(spec, 'limits') });
}

function usageProblems({ type, min, max, maxLimitRequestRatio }: Limit, usage: Usage): readonly string[] {
  return [
    ...each(min, (name, bound) => below(type, name, bound, usage)),
    ...each(max, (name, bound) => above(type, name, bound, usage)),
    ...each(maxLimitRequestRatio, (name, bound) => ratio(type, name, bound, usage)),
  ];
}

function each(
  bounds: Amounts | undefined,
  problem: (name: string, bound: string | number) => string | undefined,
): readonly string[] {
  return Object.entries(bounds ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, bound]) => problem(name, bound))
    .filter((text) => text !== undefined);
}

function below(type: string, name: string, bound: string | number, { requests, limits }: Usage): string | undefined {
  const head = `minimum ${name} usage per ${type} is ${bound}`;
  const [request, limit] = [requests[name], limits[name]];
  if (request === undefined) return `${head}.  No request is specified`;
  if (compareQuantities(request, bound) < 0) return `${head}, but request is ${request}`;
  return limit !== undefined && compareQuantities(limit, bound) < 0 ? `${head}, but limit is ${limit}` : undefined;
}

function above(type: string, name: string, bound: string | number, { requests, limits }: Usage): string | undefined {
  const head = `maximum ${name} usage per ${type} is ${bound}`;
  const limit = limits[name];
  if (limit === undefined) return `${head}.  No limit is specified`;
  if (compareQuantities(limit, bound) > 0) return `${head}, but limit is ${limit}`;
  return requests[name] === undefined ? undefined : requestAbove(type, name, bound, requests);
}

function requestAbove(type: string, name: string, bound: string | number, requests: Amounts): string | undefined {
  const head = `maximum ${name} usage per ${type} is ${bound}`;
  const request = requests[name];
  if (request === undefined) return `${head}.  No request is specified`;
  return compareQuantities(request, bound) > 0 ? `${head}, but request is ${request}` : undefined;
}

function ratio(type: string, name: string, bound: string | number, { requests, limits }: Usage): string | undefined {
  const head = `${name} max limit to request ratio per ${type} is ${bound}`;
  const [request, limit] = [requests[name], limits[name]];
  if (request === undefined || toNumber(request) === 0) return `${head}, but no request is specified or request is 0`;
  if (limit === undefined || toNumber(limit) === 0) return `${head}, but no limit is specified or limit is 0`;
  const observed = toNumber(limit) / toNumber(request);
  return observed > toNumber(bound) ? `${head}, but provided ratio is ${observed.toFixed(6)}` : undefined;
}

/** What all containers ask for together, as far as each of them says. */
function sum(spec: PodSpec, of: 'requests' | 'limits'): Amounts {
  const out: Record<string, string | number> = {};
  for (const { resources } of spec.containers ?? [])
    for (const [name, amount] of Object.entries(resources?.[of] ?? {})) {
      const before = out[name];
      out[name] = before === undefined ? amount : formatQuantity(addQuantities(before, amount));
    }
  return out;
}
