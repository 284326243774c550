/** ResourceQuota: a write that would exceed a quota of its namespace is refused (apiserver pkg/admission/plugin/resourcequota). */

import type { Quantity } from '../quantity.ts';
import { addQuantities, compareQuantities, formatQuantity, parseQuantity, subtractQuantities } from '../quantity.ts';
import type { StrategyContext } from '../resource.ts';
import type { Pod, ResourceQuota } from '../types.ts';
import type { Attributes, Plugin } from './plugin.ts';
import { refused } from './plugin.ts';
import { isInScope } from './quota-scopes.ts';
import type { Usage } from './usage.ts';
import { add, usageOf } from './usage.ts';

const ZERO = parseQuantity(0);

export const resourceQuota: Plugin = {
  name: 'ResourceQuota',
  operations: ['CREATE', 'UPDATE'],
  resources: ['*', 'pods/resize'],
  validate: (attributes, context) => {
    if (!attributes.namespace) return;
    const quotas = context.list('resourcequotas', attributes.namespace) as readonly ResourceQuota[];
    if (quotas.length > 0) checkQuotas(quotas, attributes, context);
  },
};

function checkQuotas(quotas: readonly ResourceQuota[], attributes: Attributes, context: StrategyContext): void {
  const { resource, oldObject } = attributes;
  const object = attributes.object!;
  const asked = difference(usageOf(resource, object), oldObject ? usageOf(resource, oldObject) : {});
  for (const quota of quotas) {
    if (!isInScope(quota, resource, object)) continue;
    const hard = (quota.spec?.hard ?? {}) as Readonly<Record<string, string>>;
    if (!oldObject) requireAmounts(attributes, quota.metadata.name, hard);
    const requested = Object.entries(asked).filter(([name, amount]) => name in hard && amount.nanos > 0n);
    if (requested.length === 0) continue;
    const used = inUse(quota, attributes, context);
    const exceeded = requested.filter(
      ([name, amount]) => compareQuantities(addQuantities(used[name] ?? ZERO, amount), hard[name]!) > 0,
    );
    if (exceeded.length > 0) throw exceeds(attributes, quota.metadata.name, exceeded, used, hard);
  }
}

/** Counted anew: quotas are few, and the recorded status may lag behind. */
function inUse(quota: ResourceQuota, { resource, namespace }: Attributes, { list }: StrategyContext): Usage {
  return list(resource.collection ?? resource.name, namespace)
    .filter((other) => isInScope(quota, resource, other))
    .map((other) => usageOf(resource, other))
    .reduce(add, {});
}

function difference(after: Usage, before: Usage): Usage {
  return Object.fromEntries(
    Object.entries(after).map(([name, amount]) => [name, subtractQuantities(amount, before[name] ?? ZERO)]),
  );
}

function exceeds(
  attributes: Attributes,
  quota: string,
  exceeded: readonly (readonly [string, Quantity])[],
  used: Usage,
  hard: Readonly<Record<string, string>>,
) {
  const names = exceeded.map(([name]) => name).sort();
  const asked = Object.fromEntries(exceeded);
  const listed = (value: (name: string) => string) => names.map((name) => `${name}=${value(name)}`).join(',');
  return refused(
    attributes,
    `exceeded quota: ${quota}, requested: ${listed((name) => formatQuantity(asked[name]!))}, used: ${listed((name) =>
      formatQuantity(used[name] ?? ZERO),
    )}, limited: ${listed((name) => hard[name]!)}`,
  );
}

const COMPUTE = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

/** Under a quota of computing resources every container must say what it needs. */
function requireAmounts(attributes: Attributes, quota: string, hard: Readonly<Record<string, string>>): void {
  const { resource, object } = attributes;
  if (resource.name !== 'pods' || resource.group) return;
  const { containers: own = [], initContainers = [] } = (object as Pod).spec ?? {};
  const containers = [...own, ...initContainers];
  const missing: string[] = [];
  for (const name of COMPUTE.filter((each) => each in hard).sort()) {
    const [kind, what] = name.includes('.') ? name.split('.') : ['requests', name];
    const without = containers
      .filter(({ resources }) => !(resources?.[kind as 'requests'] as Record<string, unknown> | undefined)?.[what!])
      .map((container) => container.name)
      .sort();
    if (without.length > 0) missing.push(`${name} for: ${without.join(',')}`);
  }
  if (missing.length > 0) {
    throw refused(attributes, `failed quota: ${quota}: must specify ${missing.join('; ')}`);
  }
}
