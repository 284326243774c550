/** Validation of disruption budgets, quotas and limits. */

import { compareQuantities, toNumber } from '../../quantity.ts';
import type { LimitRange, PodDisruptionBudget, ResourceQuota } from '../../types.ts';
import { resourceName } from './containers.ts';
import { duplicate, type FieldErrors, forbidden, invalid, notSupported, Problems, required } from './errors.ts';
import { isQualifiedName } from './names.ts';
import { atMostAll, intOrPercent, resourceQuantity } from './numbers.ts';
import { quotaScopes, scopeSelector } from './quota-scopes.ts';
import { labelSelector } from './selectors.ts';

const EVICTION_POLICIES = ['AlwaysAllow', 'IfHealthyBudget'];

/** ValidatePodDisruptionBudgetSpec. */
export function validateDisruptionBudget({ spec = {} }: PodDisruptionBudget): FieldErrors {
  const problems = new Problems();
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined)
    problems.add(
      invalid(
        'spec',
        {
          MinAvailable: minAvailable,
          Selector: selector ?? null,
          MaxUnavailable: maxUnavailable,
          UnhealthyPodEvictionPolicy: policy ?? null,
        },
        'minAvailable and maxUnavailable cannot be both set',
      ),
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
    if (!name.includes('/') && !QUOTA_RESOURCES.has(name) && !/hugepages-/.test(name)) {
      // ValidateResourceQuotaResourceName asks ValidateResourceName first, which knows standard names too.
      problems.add(invalid(path, name, 'must be a standard resource type or fully qualified'));
      problems.add(invalid(path, name, 'must be a standard resource for quota'));
    }
    resourceQuantity(problems, name, amount, path);
  }
  if (spec.scopes) quotaScopes(problems, spec.scopes, Object.keys(spec.hard ?? {}), 'spec.scopes');
  if (spec.scopeSelector) scopeSelector(problems, spec, spec.scopeSelector, 'spec.scopeSelector.matchExpressions');
  return problems.list;
}

export function validateQuotaUpdate(quota: ResourceQuota, before: ResourceQuota): FieldErrors {
  const problems = new Problems();
  problems.addAll(validateQuota(quota));
  const asSet = (scopes: readonly string[] = []): string => [...new Set(scopes)].sort().join();
  if (asSet(quota.spec?.scopes) !== asSet(before.spec?.scopes))
    problems.add(invalid('spec.scopes', quota.spec?.scopes, 'field is immutable'));
  return problems.list;
}

type Limits = NonNullable<LimitRange['spec']>['limits'];

const LIMIT_TYPES = ['Container', 'PersistentVolumeClaim', 'Pod'];
const AMOUNTS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;

/** ValidateLimitRange: min ≤ defaultRequest ≤ default ≤ max. */
export function validateLimitRange({ spec }: LimitRange): FieldErrors {
  const problems = new Problems();
  const types = new Set<string>();
  const limits: Limits = spec?.limits ?? [];
  for (const [i, item] of limits.entries()) {
    const path = `spec.limits[${i}]`;
    const texts = isQualifiedName(item.type);
    for (const text of texts) problems.add(invalid(`${path}.type`, item.type, text));
    if (texts.length === 0 && !item.type.includes('/') && !LIMIT_TYPES.includes(item.type))
      problems.add(invalid(`${path}.type`, item.type, 'must be a standard limit type or fully qualified'));
    if (types.has(item.type)) problems.add(duplicate(`${path}.type`, item.type));
    types.add(item.type);
    for (const field of AMOUNTS) {
      const names = Object.keys(item[field] ?? {}).sort();
      if (item.type === 'Pod' && field.startsWith('default')) {
        if (names.length > 0) problems.add(forbidden(`${path}.${field}`, "may not be specified when `type` is 'Pod'"));
        continue;
      }
      for (const name of names) limitedResource(problems, item.type, name, `${path}.${field}[${name}]`);
    }
    if (item.type === 'PersistentVolumeClaim' && item.min?.storage === undefined && item.max?.storage === undefined)
      problems.add(
        required(`${path}.limits`, 'either minimum or maximum storage value is required, but neither was provided'),
      );
    bounds(problems, item, path);
  }
  return problems.list;
}

/** validateLimitRangeResourceName: containers and pods have what containers have. */
function limitedResource(problems: Problems, type: string, name: string, path: string): void {
  if (type === 'Pod' || type === 'Container') resourceName(problems, name, path);
  else for (const text of isQualifiedName(name)) problems.add(invalid(path, name, text));
}

const MIN_DEFAULT = 'min value %a is greater than default value %b';
const DEFAULT_MAX = 'default value %a is greater than max value %b';

/** Which must not be greater than which, the text, whose field and whose value it is told of. */
const ORDERED = [
  ['min', 'max', 'min value %a is greater than max value %b', 'min', 'min'],
  [
    'min',
    'defaultRequest',
    'min value %a is greater than default request value %b',
    'defaultRequest',
    'defaultRequest',
  ],
  [
    'defaultRequest',
    'max',
    'default request value %a is greater than max value %b',
    'defaultRequest',
    'defaultRequest',
  ],
  [
    'defaultRequest',
    'default',
    'default request value %a is greater than default limit value %b',
    'defaultRequest',
    'defaultRequest',
  ],
  ['min', 'default', MIN_DEFAULT, 'default', 'min'],
  ['default', 'max', DEFAULT_MAX, 'default', 'max'],
] as const;

function bounds(problems: Problems, item: Limits[number], path: string): void {
  const names = new Set(AMOUNTS.flatMap((of) => Object.keys(item[of] ?? {})));
  for (const name of [...names].sort()) {
    for (const [low, high, text, field, told] of ORDERED) {
      const [a, b] = [item[low]?.[name], item[high]?.[name]];
      if (a === undefined || b === undefined || compareQuantities(a, b) <= 0) continue;
      const detail = text.replace('%a', String(a)).replace('%b', String(b));
      problems.add(invalid(`${path}.${field}[${name}]`, String(item[told]?.[name]), detail));
    }
    ratio(problems, item, name, `${path}.maxLimitRequestRatio[${name}]`);
  }
}

function ratio(
  problems: Problems,
  { min, max, maxLimitRequestRatio }: Limits[number],
  name: string,
  path: string,
): void {
  const most = maxLimitRequestRatio?.[name];
  if (most === undefined) return;
  if (compareQuantities(most, 1) < 0) problems.add(invalid(path, String(most), `ratio ${most} is less than 1`));
  const [least, greatest] = [min?.[name], max?.[name]];
  if (least === undefined || greatest === undefined) return;
  const limit = toNumber(greatest) / toNumber(least);
  if (toNumber(most) > limit)
    problems.add(invalid(path, String(most), `ratio ${most} is greater than max/min = ${limit.toFixed(6)}`));
}
