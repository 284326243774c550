/** LimitRanger: a namespace's defaults and bounds for containers, pods and claims (plugin/pkg/admission/limitranger). */

import { podLimits, podRequests, type Quantities } from '../pod-resources.ts';
import { compareQuantities, formatQuantity, toNumber } from '../quantity.ts';
import { fill } from '../resources/shared.ts';
import type { Container, LimitRange, PersistentVolumeClaim, Pod, PodSpec } from '../types.ts';
import type { Attributes, Plugin } from './plugin.ts';
import { refused } from './plugin.ts';

type Amounts = Readonly<Record<string, string | number>>;
type Limit = NonNullable<LimitRange['spec']>['limits'][number];
type Usage = { readonly requests: Amounts; readonly limits: Amounts };

const ANNOTATION = 'kubernetes.io/limit-ranger';

export const limitRanger: Plugin = {
  name: 'LimitRanger',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', 'pods/resize', 'persistentvolumeclaims'],
  admit: (object, attributes, { list }) => {
    if (attributes.resource.name !== 'pods' || !acts(attributes) || attributes.subresource) return object;
    const ranges = list('limitranges', attributes.namespace) as readonly LimitRange[];
    return ranges.reduce(withDefaults, object as Pod);
  },
  validate: (attributes, { list }) => {
    if (!acts(attributes)) return;
    for (const { spec } of list('limitranges', attributes.namespace) as readonly LimitRange[]) {
      const problems = (spec?.limits ?? []).flatMap((limit) => broken(limit, attributes));
      if (problems.length === 0) continue;
      throw refused(attributes, problems.length === 1 ? problems[0]! : `[${problems.join(', ')}]`);
    }
  },
};

/** Not on what is going, nor on pods that are there, whose containers do not change. */
const acts = ({ operation, resource, subresource, object }: Attributes): boolean =>
  operation === 'CREATE' ||
  (object?.metadata.deletionTimestamp === undefined && (resource.name !== 'pods' || subresource === 'resize'));

/** Containers that say nothing get a range's defaults, and the pod is told so (mergePodResourceRequirements). */
function withDefaults(pod: Pod, { spec: range }: LimitRange): Pod {
  const items = (range?.limits ?? []).filter(({ type }) => type === 'Container');
  if (items.length === 0 || !pod.spec) return pod;
  const defaults = {
    requests: Object.assign({}, ...items.map(({ defaultRequest }) => defaultRequest)) as Amounts,
    limits: Object.assign({}, ...items.map((item) => item.default)) as Amounts,
  };
  const told: string[] = [];
  const complete = (container: Container, kind: string): Container => {
    const resources = container.resources ?? {};
    const requests = fill(resources.requests ?? {}, defaults.requests as never);
    const limits = fill(resources.limits ?? {}, defaults.limits as never);
    told.push(...added('request', kind, container.name, resources.requests, requests));
    told.push(...added('limit', kind, container.name, resources.limits, limits));
    return { ...container, resources: { ...resources, requests, limits } };
  };
  const spec: PodSpec = {
    ...pod.spec,
    containers: (pod.spec.containers ?? []).map((one) => complete(one, 'container')),
    ...(pod.spec.initContainers && {
      initContainers: pod.spec.initContainers.map((one) => complete(one, 'init container')),
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

function broken(limit: Limit, { resource, object }: Attributes): readonly string[] {
  if (resource.name !== 'pods') {
    const requests = (object as PersistentVolumeClaim).spec?.resources?.requests ?? {};
    return limit.type === 'PersistentVolumeClaim' ? claimProblems(limit, requests) : [];
  }
  const { spec } = object as Pod;
  if (!spec) return [];
  if (limit.type === 'Container')
    return [...(spec.containers ?? []), ...(spec.initContainers ?? [])].flatMap(({ resources = {} }) =>
      usageProblems(limit, { requests: resources.requests ?? {}, limits: resources.limits ?? {} }),
    );
  if (limit.type !== 'Pod') return [];
  const options = { withoutOverhead: true };
  return usageProblems(limit, {
    requests: formatted(podRequests(spec, options)),
    limits: formatted(podLimits(spec, options)),
  });
}

const formatted = (amounts: Quantities): Amounts =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, formatQuantity(amount)]));

/** A claim is measured by its request both ways. */
const claimProblems = ({ type, min, max }: Limit, requests: Amounts): readonly string[] => [
  ...each(min, (name, bound) => below(type, name, bound, { requests, limits: {} })),
  ...each(max, (name, bound) => requestAbove(type, name, bound, requests)),
];
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
