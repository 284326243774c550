/** Validation of roles and their bindings (pkg/apis/rbac/validation/validation.go). */

import { equal } from '../../equality.ts';
import { type FieldErrors, invalid, notSupported, Problems, required } from './errors.ts';
import { isDNS1123Subdomain, isPathSegment } from './names.ts';
import { type LabelSelector, labelSelector } from './selectors.ts';

const GROUP = 'rbac.authorization.k8s.io';

interface PolicyRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

interface Role {
  readonly rules?: readonly PolicyRule[];
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] };
}

export function validateRole({ rules = [] }: Role): FieldErrors {
  const problems = new Problems();
  for (const [i, rule] of rules.entries()) policyRule(problems, rule, true, `rules[${i}]`);
  return problems.list;
}

export function validateClusterRole({ rules = [], aggregationRule }: Role): FieldErrors {
  const problems = new Problems();
  for (const [i, rule] of rules.entries()) policyRule(problems, rule, false, `rules[${i}]`);
  if (!aggregationRule) return problems.list;
  const path = 'aggregationRule.clusterRoleSelectors';
  const selectors = aggregationRule.clusterRoleSelectors ?? [];
  if (selectors.length === 0)
    problems.add(required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil'));
  for (const [i, selector] of selectors.entries()) labelSelector(problems, selector, `${path}[${i}]`);
  return problems.list;
}

function policyRule(problems: Problems, rule: PolicyRule, namespaced: boolean, path: string): void {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  if (verbs.length === 0) problems.add(required(`${path}.verbs`, 'verbs must contain at least one value'));
  if (nonResourceURLs.length > 0) {
    const complain = (text: string) => problems.add(invalid(`${path}.nonResourceURLs`, nonResourceURLs, text));
    if (namespaced) complain('namespaced rules cannot apply to non-resource URLs');
    if (apiGroups.length + resources.length + resourceNames.length > 0)
      complain('rules cannot apply to both regular resources and non-resource URLs');
    return;
  }
  if (apiGroups.length === 0)
    problems.add(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
  if (resources.length === 0)
    problems.add(required(`${path}.resources`, 'resource rules must supply at least one resource'));
}

interface Binding {
  readonly roleRef: { readonly apiGroup?: string; readonly kind?: string; readonly name?: string };
  readonly subjects?: readonly Subject[];
}

interface Subject {
  readonly kind?: string;
  readonly name?: string;
  readonly apiGroup?: string;
  readonly namespace?: string;
}

export const validateRoleBinding = (binding: Binding): FieldErrors => validateBinding(binding, ['Role', 'ClusterRole']);
export const validateClusterRoleBinding = (binding: Binding): FieldErrors => validateBinding(binding, ['ClusterRole']);

/** What a binding grants is settled when it is made. */
export const settledRole =
  (validate: (binding: Binding) => FieldErrors) =>
  (binding: Binding, before: Binding): FieldErrors => {
    const problems = new Problems();
    problems.addAll(validate(binding));
    const { apiGroup: APIGroup = '', kind: Kind = '', name: Name = '' } = binding.roleRef;
    if (!equal(binding.roleRef, before.roleRef))
      problems.add(invalid('roleRef', { APIGroup, Kind, Name }, 'cannot change roleRef'));
    return problems.list;
  };

function validateBinding({ roleRef, subjects = [] }: Binding, kinds: readonly string[]): FieldErrors {
  const problems = new Problems();
  const { apiGroup = '', kind = '', name = '' } = roleRef ?? {};
  if (apiGroup !== GROUP) problems.add(notSupported('roleRef.apiGroup', apiGroup, [GROUP]));
  if (!kinds.includes(kind)) problems.add(notSupported('roleRef.kind', kind, kinds));
  if (!name) problems.add(required('roleRef.name'));
  else for (const text of isPathSegment(name)) problems.add(invalid('roleRef.name', name, text));
  for (const [i, subject] of subjects.entries())
    validateSubject(problems, subject, kinds.includes('Role'), `subjects[${i}]`);
  return problems.list;
}

const SUBJECTS = ['ServiceAccount', 'User', 'Group'];

function validateSubject(problems: Problems, subject: Subject, namespaced: boolean, path: string): void {
  const { kind = '', name = '', apiGroup = '', namespace } = subject;
  if (!name) problems.add(required(`${path}.name`));
  if (kind === 'ServiceAccount') {
    if (name) for (const text of isDNS1123Subdomain(name)) problems.add(invalid(`${path}.name`, name, text));
    if (apiGroup) problems.add(notSupported(`${path}.apiGroup`, apiGroup, ['']));
    if (!namespaced && !namespace) problems.add(required(`${path}.namespace`));
  } else if (kind === 'User' || kind === 'Group') {
    if (!name) problems.add(invalid(`${path}.name`, name, `${kind.toLowerCase()} name cannot be empty`));
    if (apiGroup !== GROUP) problems.add(notSupported(`${path}.apiGroup`, apiGroup, [GROUP]));
  } else problems.add(notSupported(`${path}.kind`, kind, SUBJECTS));
}
