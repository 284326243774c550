/** Admission plugin LimitRanger: fills what containers leave out, refuses what is too little or too much (plugin/pkg/admission/limitranger). */

import { forbidden } from '../errors.ts';
import type { KubeObject } from '../object.ts';
import { compareQuantities } from '../quantity.ts';
import type { Registry } from '../registry/registry.ts';
import type { Resource } from '../resource.ts';
import type { Container, LimitRange, PersistentVolumeClaim, Pod } from '../types.ts';

type Amounts = Readonly<Record<string, string>>;

interface Limit {
  readonly type: string;
  readonly min?: Amounts;
  readonly max?: Amounts;
  readonly default?: Amounts;
  readonly defaultRequest?: Amounts;
}

/** The object with defaults; throws if a limit of its namespace is broken. */
export function admitLimits(registry: Registry, resource: Resource, object: KubeObject): KubeObject {
  if (resource.name !== 'pods' && resource.name !== 'persistentvolumeclaims') return object;
  const ranges = registry.context.list('limitranges', object.metadata.namespace ?? '') as readonly LimitRange[];
  if (ranges.length === 0) return object;
  const limits = ranges.flatMap(({ spec }) => (spec?.limits ?? []) as readonly Limit[]);
  const filled = resource.name === 'pods' ? withDefaults(object as Pod, limits) : object;
  const problems = limits.flatMap((limit) => broken(limit, filled));
  if (problems.length === 0) return filled;
  const text = problems.length === 1 ? problems[0]! : `[${problems.join(', ')}]`;
  throw forbidden(resource, object.metadata.name, text);
}

function withDefaults(pod: Pod, limits: readonly Limit[]): Pod {
  const containerLimits = limits.filter(({ type }) => type === 'Container');
  if (!containerLimits.some((limit) => limit.default || limit.defaultRequest)) return pod;
  const fill = (container: Container): Container => {
    const resources = container.resources ?? {};
    let limit: Amounts = (resources.limits ?? {}) as Amounts;
    let request: Amounts = (resources.requests ?? {}) as Amounts;
    for (const each of containerLimits) {
      request = { ...each.defaultRequest, ...request };
      limit = { ...each.default, ...limit };
    }
    return { ...container, resources: { ...resources, limits: limit, requests: request } };
  };
  return { ...pod, spec: { ...pod.spec!, containers: pod.spec!.containers.map(fill) } };
}

function broken(limit: Limit, object: KubeObject): readonly string[] {
  if (limit.type === 'PersistentVolumeClaim' && object.kind === 'PersistentVolumeClaim') {
    const requests = ((object as PersistentVolumeClaim).spec?.resources?.requests ?? {}) as Amounts;
    return outside(limit, requests, requests, 'request');
  }
  if (limit.type !== 'Container' || object.kind !== 'Pod') return [];
  return ((object as Pod).spec?.containers ?? []).flatMap(({ resources }) =>
    outside(limit, (resources?.requests ?? {}) as Amounts, (resources?.limits ?? {}) as Amounts, 'limit'),
  );
}

/** minConstraint and maxConstraint; a claim is measured by its request both ways. */
function outside({ type, min = {}, max = {} }: Limit, requests: Amounts, limits: Amounts, upper: string): string[] {
  const out: string[] = [];
  for (const [name, least] of Object.entries(min)) {
    const request = requests[name];
    const says = `minimum ${name} usage per ${type} is ${least}`;
    if (request === undefined) out.push(`${says}.  No request is specified`);
    else if (compareQuantities(request, least) < 0) out.push(`${says}, but request is ${request}`);
  }
  for (const [name, most] of Object.entries(max)) {
    const given = limits[name];
    const says = `maximum ${name} usage per ${type} is ${most}`;
    if (given === undefined) out.push(`${says}.  No ${upper} is specified`);
    else if (compareQuantities(given, most) > 0) out.push(`${says}, but ${upper} is ${given}`);
  }
  return out;
}
