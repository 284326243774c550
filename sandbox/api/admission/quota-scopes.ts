/** Which objects a quota with scopes is about (pkg/quota/v1/evaluator/core/pods.go, podMatchesScopeFunc). */

import type { KubeObject } from '../object.ts';
import { qosClass } from '../resources/pod-qos.ts';
import type { Pod, ResourceQuota } from '../types.ts';

interface Selector {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** Scopes are of pods: a quota that has any counts nothing else. */
export function isInScope(
  { spec }: ResourceQuota,
  resource: { readonly group: string; readonly name: string },
  object: KubeObject,
): boolean {
  const scopes = (spec?.scopes ?? []).map((scopeName): Selector => ({ scopeName, operator: 'Exists' }));
  const selectors = [...scopes, ...((spec?.scopeSelector?.matchExpressions ?? []) as readonly Selector[])];
  if (selectors.length === 0) return true;
  return resource.name === 'pods' && resource.group === '' && selectors.every((each) => matches(object as Pod, each));
}

function matches(pod: Pod, { scopeName, operator, values = [] }: Selector): boolean {
  switch (scopeName) {
    case 'Terminating':
      return isTerminating(pod);
    case 'NotTerminating':
      return !isTerminating(pod);
    case 'BestEffort':
      return qosClass(pod) === 'BestEffort';
    case 'NotBestEffort':
      return qosClass(pod) !== 'BestEffort';
    case 'PriorityClass':
      return matchesClass(pod.spec?.priorityClassName || undefined, operator, values);
    case 'CrossNamespacePodAffinity':
      return reachesOtherNamespaces(pod);
    default:
      return false;
  }
}

const isTerminating = ({ spec }: Pod): boolean => (spec?.activeDeadlineSeconds ?? -1) >= 0;

/** As a label selector on the class's name. */
function matchesClass(name: string | undefined, operator: string, values: readonly string[]): boolean {
  switch (operator) {
    case 'Exists':
      return name !== undefined;
    case 'DoesNotExist':
      return name === undefined;
    case 'In':
      return name !== undefined && values.includes(name);
    default:
      return name === undefined || !values.includes(name);
  }
}

interface Term {
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: object;
}

function reachesOtherNamespaces({ spec }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = spec?.affinity ?? {};
  return [podAffinity, podAntiAffinity].some((affinity) => {
    const required = (affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) as readonly Term[];
    const preferred = (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      (each) => each.podAffinityTerm as Term,
    );
    return [...required, ...preferred].some((term) => term.namespaces?.length || term.namespaceSelector !== undefined);
  });
}
