/** Validation of disruption budgets, autoscalers, quotas and limits. */

import { compareQuantities } from '../../quantity.ts';
import type { HorizontalPodAutoscaler, LimitRange, PodDisruptionBudget, ResourceQuota } from '../../types.ts';
import { duplicate, type FieldErrors, forbidden, invalid, notSupported, Problems, required } from './errors.ts';
import { immutable } from './immutable.ts';
import { isPathSegment, isQualifiedName } from './names.ts';
import { atMostAll, intOrPercent, resourceQuantity } from './numbers.ts';
import { labelSelector } from './selectors.ts';

const EVICTION_POLICIES = ['AlwaysAllow', 'IfHealthyBudget'];

/** ValidatePodDisruptionBudgetSpec. */
export function validateDisruptionBudget({ spec = {} }: PodDisruptionBudget): FieldErrors {
  const problems = new Problems();
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined)
    problems.add(
      invalid('spec', { minAvailable, maxUnavailable, selector }, 'minAvailable and maxUnavailable cannot be both set'),
    );
  intOrPercent(problems, minAvailable, 'spec.minAvailable');
  atMostAll(problems, minAvailable, 'spec.minAvailable');
  intOrPercent(problems, maxUnavailable, 'spec.maxUnavailable');
  atMostAll(problems, maxUnavailable, 'spec.maxUnavailable');
  if (policy && !EVICTION_POLICIES.includes(policy))
    problems.add(notSupported('spec.unhealthyPodEvictionPolicy', policy, EVICTION_POLICIES));
  if (selector) labelSelector(problems, selector, 'spec.selector');
  return problems.list;
}

const METRIC_SOURCES = {
  Resource: 'resource',
  ContainerResource: 'containerResource',
  Pods: 'pods',
  Object: 'object',
  External: 'external',
} as const;

/** ValidateHorizontalPodAutoscaler. */
export function validateAutoscaler({ spec }: HorizontalPodAutoscaler): FieldErrors {
  const problems = new Problems();
  if (spec?.minReplicas !== undefined && spec.minReplicas < 1)
    problems.add(invalid('spec.minReplicas', spec.minReplicas, 'must be greater than or equal to 1'));
  const max = spec?.maxReplicas ?? 0;
  if (max < 1) problems.add(invalid('spec.maxReplicas', max, 'must be greater than 0'));
  if (spec?.minReplicas !== undefined && max < spec.minReplicas)
    problems.add(invalid('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`'));
  for (const field of ['kind', 'name'] as const) {
    const value = spec?.scaleTargetRef?.[field];
    const path = `spec.scaleTargetRef.${field}`;
    if (!value) problems.add(required(path));
    else for (const text of isPathSegment(value)) problems.add(invalid(path, value, text));
  }
  for (const [i, metric] of (spec?.metrics ?? []).entries()) {
    const source = METRIC_SOURCES[metric.type as keyof typeof METRIC_SOURCES];
    const path = `spec.metrics[${i}]`;
    if (!metric.type) problems.add(required(`${path}.type`, 'must specify a metric source type'));
    else if (!source) problems.add(notSupported(`${path}.type`, metric.type, Object.keys(METRIC_SOURCES).sort()));
    else if (!metric[source])
      problems.add(required(`${path}.${source}`, 'must populate information for the given metric source'));
  }
  return problems.list;
}

const QUOTA_RESOURCES = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
]);

/** ValidateResourceQuotaSpec. */
export function validateQuota({ spec = {} }: ResourceQuota): FieldErrors {
  const problems = new Problems();
  for (const [name, amount] of Object.entries(spec.hard ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const path = `spec.hard[${name}]`;
    for (const text of isQualifiedName(name)) problems.add(invalid(path, name, text));
    if (!name.includes('/') && !QUOTA_RESOURCES.has(name) && !/hugepages-/.test(name))
      problems.add(invalid(path, name, 'must be a standard resource for quota'));
    resourceQuantity(problems, name, amount, path);
  }
  return problems.list;
}

export function validateQuotaUpdate(quota: ResourceQuota, before: ResourceQuota): FieldErrors {
  const problems = new Problems();
  problems.addAll(validateQuota(quota));
  immutable(problems, quota.spec?.scopes, before.spec?.scopes, 'spec.scopes');
  return problems.list;
}

type Limits = NonNullable<LimitRange['spec']>['limits'];

/** ValidateLimitRange: min ≤ defaultRequest ≤ default ≤ max. */
export function validateLimitRange({ spec }: LimitRange): FieldErrors {
  const problems = new Problems();
  const types = new Set<string>();
  const limits: Limits = spec?.limits ?? [];
  for (const [i, item] of limits.entries()) {
    const path = `spec.limits[${i}]`;
    if (types.has(item.type)) problems.add(duplicate(`${path}.type`, item.type));
    types.add(item.type);
    if (item.type === 'Pod')
      for (const field of ['default', 'defaultRequest'] as const)
        if (Object.keys(item[field] ?? {}).length > 0)
          problems.add(forbidden(`${path}.${field}`, "may not be specified when `type` is 'Pod'"));
    if (item.type === 'PersistentVolumeClaim' && item.min?.storage === undefined && item.max?.storage === undefined)
      problems.add(
        required(`${path}.limits`, 'either minimum or maximum storage value is required, but neither was provided'),
      );
    bounds(problems, item, path);
  }
  return problems.list;
}

const ORDERED = [
  ['min', 'max', 'min value %a is greater than max value %b', 'min'],
  ['min', 'defaultRequest', 'min value %a is greater than default request value %b', 'defaultRequest'],
  ['defaultRequest', 'max', 'default request value %a is greater than max value %b', 'defaultRequest'],
  ['defaultRequest', 'default', 'default request value %a is greater than default limit value %b', 'defaultRequest'],
  ['min', 'default', 'min value %a is greater than default value %b', 'default'],
  ['default', 'max', 'default value %a is greater than max value %b', 'default'],
] as const;

function bounds(problems: Problems, item: Limits[number], path: string): void {
  const names = new Set(
    ['min', 'max', 'default', 'defaultRequest'].flatMap((of) => Object.keys(item[of as 'min'] ?? {})),
  );
  for (const name of [...names].sort())
    for (const [low, high, text, field] of ORDERED) {
      const [a, b] = [item[low]?.[name], item[high]?.[name]];
      if (a === undefined || b === undefined || compareQuantities(a, b) <= 0) continue;
      const value = field === low ? a : b;
      problems.add(
        invalid(`${path}.${field}[${name}]`, String(value), text.replace('%a', String(a)).replace('%b', String(b))),
      );
    }
}
