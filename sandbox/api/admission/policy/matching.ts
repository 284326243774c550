/** What a policy or a webhook is about (apiserver pkg/admission/plugin/policy/matching, pkg/admission/plugin/webhook/predicates). */

import type { KubeObject } from '../../object.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import { isEmptySelector, type LabelSelector, selects } from '../../resources/validation/selectors.ts';
import type { Attributes } from '../plugin.ts';
import type { MatchResources, Rule } from './types.ts';
import { equivalents, requested } from './versions.ts';

const EXEMPT = 'admissionregistration.k8s.io';

/** IsExemptAdmissionConfigurationResource: nobody can lock himself out. */
export const isExempt = ({ resource }: Attributes): boolean => resource.group === EXEMPT;

const isNamespace = ({ resource }: Attributes): boolean => resource.group === '' && resource.name === 'namespaces';

/** A namespace's own requests are in it. */
export const namespaceOf = (attributes: Attributes): string =>
  isNamespace(attributes) ? attributes.name : attributes.namespace;

/** The version of the request's kind that is meant; undefined if the request is not. */
export function matched(
  criteria: MatchResources,
  attributes: Attributes,
  context: StrategyContext,
): Resource | undefined {
  if (!isInNamespace(criteria.namespaceSelector, attributes, context)) return undefined;
  if (!isOfObject(criteria.objectSelector, attributes)) return undefined;
  const { excludeResourceRules = [], resourceRules = [], matchPolicy } = criteria;
  if (excludeResourceRules.length > 0 && byRules(excludeResourceRules, matchPolicy, attributes, context))
    return undefined;
  if (resourceRules.length === 0) return requested(attributes, context);
  return byRules(resourceRules, matchPolicy, attributes, context);
}

function isInNamespace(
  selector: LabelSelector | undefined,
  attributes: Attributes,
  { lookup }: StrategyContext,
): boolean {
  if (!selector || isEmptySelector(selector)) return true;
  const { object, operation } = attributes;
  const name = namespaceOf(attributes);
  // What is in no namespace is never left out.
  if (!name) return true;
  const own = isNamespace(attributes) && (operation === 'CREATE' || operation === 'UPDATE');
  const namespace = own ? object : lookup('namespaces', '', name);
  return selects(selector, namespace?.metadata.labels);
}

function isOfObject(selector: LabelSelector | undefined, { object, oldObject }: Attributes): boolean {
  if (!selector || isEmptySelector(selector)) return true;
  const has = (one: KubeObject | undefined) => one?.metadata !== undefined && selects(selector, one.metadata.labels);
  return has(object) || has(oldObject);
}

function byRules(
  rules: readonly Rule[],
  matchPolicy: string | undefined,
  attributes: Attributes,
  context: StrategyContext,
): Resource | undefined {
  const asked = requested(attributes, context);
  const meets = (resource: Resource) => rules.some((rule) => isMet(rule, resource, attributes));
  if (meets(asked)) return asked;
  return matchPolicy === 'Equivalent' ? equivalents(asked, context).find(meets) : undefined;
}

const hasAny = (items: readonly string[] | undefined, wanted: string): boolean =>
  items?.some((item) => item === '*' || item === wanted) ?? false;

function isMet(rule: Rule, { group, version, name }: Resource, attributes: Attributes): boolean {
  const { resourceNames = [] } = rule;
  return (
    isOfScope(rule.scope, attributes) &&
    hasAny(rule.operations, attributes.operation) &&
    hasAny(rule.apiGroups, group) &&
    hasAny(rule.apiVersions, version) &&
    (rule.resources ?? []).some((pattern) => {
      const [resource, subresource = ''] = pattern.split('/');
      return (resource === '*' || resource === name) && (subresource === '*' || subresource === attributes.subresource);
    }) &&
    (resourceNames.length === 0 || resourceNames.includes(attributes.name))
  );
}

function isOfScope(scope: string | undefined, attributes: Attributes): boolean {
  if (scope === undefined || scope === '*') return true;
  return (scope === 'Namespaced') === (attributes.namespace !== '' && !isNamespace(attributes));
}
