/** Which pods and claims a quota counts (validateResourceQuotaScopes, validateScopedResourceSelectorRequirement). */

import type { ResourceQuota } from '../../types.ts';
import { invalid, type Problems, required } from './errors.ts';

type Spec = NonNullable<ResourceQuota['spec']>;
type Selector = NonNullable<Spec['scopeSelector']>;

const PODS = ['count/pods', 'pods'];
const COMPUTE = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];
const CLAIMS = ['count/persistentvolumeclaims', 'persistentvolumeclaims', 'requests.storage'];

/** The resources of a scope (IsResourceQuotaScopeValidForResource). */
const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  BestEffort: PODS,
  CrossNamespacePodAffinity: [...PODS, ...COMPUTE],
  NotBestEffort: [...PODS, ...COMPUTE],
  NotTerminating: [...PODS, ...COMPUTE],
  PriorityClass: [...PODS, ...COMPUTE],
  Terminating: [...PODS, ...COMPUTE],
  VolumeAttributesClass: CLAIMS,
};

const OPPOSITES = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

export function quotaScopes(
  problems: Problems,
  scopes: readonly string[],
  resources: readonly string[],
  path: string,
): void {
  for (const scope of scopes) {
    if (!RESOURCES[scope]) problems.add(invalid(path, scopes, 'unsupported scope'));
    misapplied(problems, scope, resources, scopes, path);
  }
  conflicting(problems, new Set(scopes), scopes, path);
}

const NO_VALUES = new Set([
  'BestEffort',
  'CrossNamespacePodAffinity',
  'NotBestEffort',
  'NotTerminating',
  'Terminating',
]);

export function scopeSelector(problems: Problems, spec: Spec, selector: Selector, path: string): void {
  const resources = Object.keys(spec.hard ?? {});
  const scopes = new Set<string>();
  for (const { scopeName, operator, values = [] } of selector.matchExpressions ?? []) {
    if (!RESOURCES[scopeName]) problems.add(invalid(`${path}.scopeName`, scopeName, 'unsupported scope'));
    misapplied(problems, scopeName, resources, selector, path);
    if (NO_VALUES.has(scopeName) && operator !== 'Exists')
      problems.add(
        invalid(
          `${path}.operator`,
          operator,
          "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
        ),
      );
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0)
        problems.add(
          required(
            `${path}.values`,
            "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
          ),
        );
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0)
        problems.add(
          invalid(
            `${path}.values`,
            values,
            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
          ),
        );
    } else problems.add(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
    scopes.add(scopeName);
  }
  conflicting(problems, scopes, spec.scopes, path);
}

function misapplied(
  problems: Problems,
  scope: string,
  resources: readonly string[],
  told: unknown,
  path: string,
): void {
  const counted = RESOURCES[scope] ?? [];
  for (const resource of resources)
    if (isStandard(resource) && !counted.includes(resource))
      problems.add(invalid(path, told, 'unsupported scope applied to resource'));
}

/** Objects counted by their own names and extended resources are not looked at. */
const isStandard = (resource: string): boolean => !resource.includes('/');

function conflicting(problems: Problems, scopes: ReadonlySet<string>, told: unknown, path: string): void {
  for (const [one, other] of OPPOSITES)
    if (scopes.has(one) && scopes.has(other)) problems.add(invalid(path, told, 'conflicting scopes'));
}
