/** Admission plugin ResourceQuota: a write that would exceed a quota of its namespace is refused (apiserver pkg/admission/plugin/resourcequota). */

import { forbidden } from '../errors.ts';
import type { KubeObject } from '../object.ts';
import type { Quantity } from '../quantity.ts';
import { addQuantities, compareQuantities, formatQuantity, parseQuantity, subtractQuantities } from '../quantity.ts';
import type { Registry } from '../registry/registry.ts';
import type { Resource } from '../resource.ts';
import type { Pod, ResourceQuota } from '../types.ts';
import type { Usage } from './usage.ts';
import { add, usageOf } from './usage.ts';

const ZERO = parseQuantity(0);

export function admitQuota(
  registry: Registry,
  resource: Resource,
  object: KubeObject,
  before: KubeObject | undefined,
): void {
  if (!resource.namespaced) return;
  const quotas = registry.context.list('resourcequotas', object.metadata.namespace ?? '') as readonly ResourceQuota[];
  if (quotas.length === 0) return;
  const asked = difference(usageOf(resource, object), before ? usageOf(resource, before) : {});
  for (const quota of quotas) {
    if (quota.spec?.scopes?.length || quota.spec?.scopeSelector) continue;
    const hard = (quota.spec?.hard ?? {}) as Readonly<Record<string, string>>;
    if (!before) requireAmounts(resource, object, quota.metadata.name, hard);
    const requested = Object.entries(asked).filter(([name, amount]) => name in hard && amount.nanos > 0n);
    if (requested.length === 0) continue;
    const used = inUse(registry, resource, object);
    const exceeded = requested.filter(
      ([name, amount]) => compareQuantities(addQuantities(used[name] ?? ZERO, amount), hard[name]!) > 0,
    );
    if (exceeded.length > 0) throw exceeds(resource, object, quota.metadata.name, exceeded, used, hard);
  }
}

/** Counted anew: quotas are few, and the recorded status may lag behind. */
function inUse(registry: Registry, resource: Resource, object: KubeObject): Usage {
  const others = registry.context.list(resource.collection ?? resource.name, object.metadata.namespace ?? '');
  return others.map((other) => usageOf(resource, other)).reduce(add, {});
}

function difference(after: Usage, before: Usage): Usage {
  return Object.fromEntries(
    Object.entries(after).map(([name, amount]) => [name, subtractQuantities(amount, before[name] ?? ZERO)]),
  );
}

function exceeds(
  resource: Resource,
  object: KubeObject,
  quota: string,
  exceeded: readonly (readonly [string, Quantity])[],
  used: Usage,
  hard: Readonly<Record<string, string>>,
) {
  const names = exceeded.map(([name]) => name).sort();
  const asked = Object.fromEntries(exceeded);
  const listed = (value: (name: string) => string) => names.map((name) => `${name}=${value(name)}`).join(',');
  return forbidden(
    resource,
    object.metadata.name,
    `exceeded quota: ${quota}, requested: ${listed((name) => formatQuantity(asked[name]!))}, used: ${listed((name) =>
      formatQuantity(used[name] ?? ZERO),
    )}, limited: ${listed((name) => hard[name]!)}`,
  );
}

const COMPUTE = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

/** Under a quota of computing resources every container must say what it needs. */
function requireAmounts(
  resource: Resource,
  object: KubeObject,
  quota: string,
  hard: Readonly<Record<string, string>>,
): void {
  if (resource.name !== 'pods') return;
  const missing: string[] = [];
  for (const name of COMPUTE.filter((each) => each in hard).sort()) {
    const [kind, what] = name.includes('.') ? name.split('.') : ['requests', name];
    const without = ((object as Pod).spec?.containers ?? [])
      .filter(({ resources }) => !(resources?.[kind as 'requests'] as Record<string, unknown> | undefined)?.[what!])
      .map((container) => container.name);
    if (without.length > 0) missing.push(`${name} for: ${without.join(',')}`);
  }
  if (missing.length > 0) {
    throw forbidden(resource, object.metadata.name, `failed quota: ${quota}: must specify ${missing.join('; ')}`);
  }
}
