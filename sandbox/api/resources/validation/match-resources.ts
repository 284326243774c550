/** What policies and webhooks are about, and under which conditions (pkg/apis/admissionregistration/validation). */

import { policyDeclarations } from '../../admission/policy/declarations.ts';
import type { MatchResources, Named, Rule } from '../../admission/policy/types.ts';
import type { Declarations } from '../../cel/declarations.ts';
import { duplicate, invalid, notSupported, type Problems, required, tooMany } from './errors.ts';
import { isPathSegment, isQualifiedName } from './names.ts';
import { labelSelector } from './selectors.ts';

const MATCH_POLICIES = ['Equivalent', 'Exact'];
const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const SCOPES = ['*', 'Cluster', 'Namespaced'];
const MAX_CONDITIONS = 64;

export function matchResources(problems: Problems, match: MatchResources, path: string): void {
  matchPolicy(problems, match.matchPolicy, path);
  for (const field of ['namespaceSelector', 'objectSelector'] as const) {
    const selector = match[field];
    if (selector) labelSelector(problems, selector, `${path}.${field}`);
    else problems.add(required(`${path}.${field}`));
  }
  for (const field of ['resourceRules', 'excludeResourceRules'] as const)
    for (const [i, rule] of (match[field] ?? []).entries()) namedRule(problems, rule, `${path}.${field}[${i}]`);
}

function matchPolicy(problems: Problems, policy: string | undefined, path: string): void {
  if (policy === undefined) problems.add(required(`${path}.matchPolicy`));
  else if (!MATCH_POLICIES.includes(policy)) problems.add(notSupported(`${path}.matchPolicy`, policy, MATCH_POLICIES));
}

function namedRule(problems: Problems, named: Rule, path: string): void {
  const names = new Set<string>();
  for (const [i, name] of (named.resourceNames ?? []).entries()) {
    const at = `${path}.resourceNames[${i}]`;
    for (const text of isPathSegment(name)) problems.add(invalid(at, name, text));
    if (names.has(name)) problems.add(duplicate(at, name));
    names.add(name);
  }
  rule(problems, named, path);
}

/** validateRuleWithOperations. */
export function rule(problems: Problems, given: Rule, path: string): void {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [], scope } = given;
  wildcards(problems, operations, `${path}.operations`, 'operations');
  for (const [i, operation] of operations.entries())
    if (!OPERATIONS.includes(operation)) problems.add(notSupported(`${path}.operations[${i}]`, operation, OPERATIONS));
  wildcards(problems, apiGroups, `${path}.apiGroups`, 'API groups');
  wildcards(problems, apiVersions, `${path}.apiVersions`, 'API versions');
  for (const [i, version] of apiVersions.entries())
    if (version === '') problems.add(required(`${path}.apiVersions[${i}]`));
  resourcePatterns(problems, resources, `${path}.resources`);
  if (scope !== undefined && !SCOPES.includes(scope)) problems.add(notSupported(`${path}.scope`, scope, SCOPES));
}

function wildcards(problems: Problems, items: readonly string[], path: string, what: string): void {
  if (items.length === 0) problems.add(required(path));
  if (items.length > 1 && items.includes('*'))
    problems.add(invalid(path, items, `if '*' is present, must not specify other ${what}`));
}

/** validateResources. */
function resourcePatterns(problems: Problems, resources: readonly string[], path: string): void {
  if (resources.length === 0) problems.add(required(path));
  const withAllBelow = new Set<string>();
  const belowAll = new Set<string>();
  let all = false;
  for (const [i, pattern] of resources.entries()) {
    const at = `${path}[${i}]`;
    if (pattern === '') {
      problems.add(required(at));
      continue;
    }
    if (pattern === '*/*') all = true;
    const [resource = '', below, ...more] = pattern.split('/');
    if (below === undefined || more.length > 0) continue;
    if (withAllBelow.has(resource))
      problems.add(invalid(at, pattern, `if '${resource}/*' is present, must not specify ${pattern}`));
    if (belowAll.has(below))
      problems.add(invalid(at, pattern, `if '*/${below}' is present, must not specify ${pattern}`));
    if (below === '*') withAllBelow.add(resource);
    if (resource === '*') belowAll.add(below);
  }
  if (resources.length > 1 && all)
    problems.add(invalid(path, resources, "if '*/*' is present, must not specify other resources"));
  if (resources.includes('*') && resources.some((pattern) => pattern !== '*' && !pattern.includes('/')))
    problems.add(invalid(path, resources, "if '*' is present, must not specify other resources without subresources"));
}

/** validateMatchConditions: on one line each, as they are taken without the space around them. */
export function matchConditions(
  problems: Problems,
  conditions: readonly Named[],
  path: string,
  { params }: { readonly params: boolean },
): void {
  if (conditions.length > MAX_CONDITIONS) problems.add(tooMany(path, conditions.length, MAX_CONDITIONS));
  const names = new Set<string>();
  let declarations: Declarations | undefined;
  for (const [i, { name, expression }] of conditions.entries()) {
    const at = `${path}[${i}]`;
    const trimmed = (expression ?? '').trim();
    declarations ??= policyDeclarations({ params, authorizer: true });
    if (trimmed === '') problems.add(required(`${at}.expression`));
    else compiles(problems, declarations, { expression: trimmed, types: ['bool'], path: `${at}.expression` });
    if (!name) problems.add(required(`${at}.name`));
    else for (const text of isQualifiedName(name)) problems.add(invalid(`${at}.name`, name, text));
    if (name && names.has(name)) problems.add(duplicate(`${at}.name`, name));
    names.add(name);
  }
}

export interface Expression {
  readonly expression: string;
  /** Those it may come to; anything unless given. */
  readonly types?: readonly string[];
  readonly path: string;
}

/** validateCELCondition: whether it compiles, and to what. Answers the type's name. */
export function compiles(
  problems: Problems,
  declarations: Declarations,
  { expression, types, path }: Expression,
): string | undefined {
  const checked = declarations.check(expression);
  if ('problem' in checked) {
    problems.add(invalid(path, expression, `compilation failed: ${checked.problem}`));
    return undefined;
  }
  if (types && !types.includes(checked.type)) {
    const wanted = types.length === 1 ? types[0] : `one of [${types.join(' ')}]`;
    problems.add(invalid(path, expression, `must evaluate to ${wanted} but got ${checked.type}`));
  }
  return checked.name;
}
