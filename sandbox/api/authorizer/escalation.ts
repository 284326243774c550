/** Nobody grants what they do not hold, unless they may `escalate` or `bind` (pkg/registry/rbac: escalation_check.go, validation/rule.go, validation/policy_compact.go). */

import { isSuperuser, type User } from '../authenticator/user.ts';
import { equal } from '../equality.ts';
import { forbidden, notFound } from '../errors.ts';
import type { KubeObject } from '../object.ts';
import type { StrategyContext } from '../resource.ts';
import { mayDo, type Rule, rulesFor } from './rbac.ts';

const GROUP = 'rbac.authorization.k8s.io';

interface Role extends KubeObject {
  readonly rules?: readonly Rule[];
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly unknown[] };
}

interface Binding extends KubeObject {
  readonly roleRef: { readonly apiGroup?: string; readonly kind: string; readonly name: string };
}

type Permit<T extends KubeObject> = (object: T, before: T | undefined, user: User, context: StrategyContext) => void;

/** role and clusterrole policybased/storage.go. */
export const permitRole =
  (resource: 'roles' | 'clusterroles'): Permit<Role> =>
  (role, before, user, context) => {
    const { name, namespace = '' } = role.metadata;
    const escalate = { verb: 'escalate', group: GROUP, resource, namespace, name: before?.metadata.name ?? '' };
    if (isSuperuser(user) || mayDo({ context }, user, escalate) || onlyForCollection(role, before)) return;
    const refused = (why: string) => forbidden({ group: GROUP, name: resource }, name, why);
    const missing = escalation(user, namespace, role.rules ?? [], context);
    if (missing) throw refused(missing);
    // What it gathers may be anything.
    if ((gathers(role) || gathers(before)) && escalation(user, namespace, FULL_AUTHORITY, context))
      throw refused('must have cluster-admin privileges to use the aggregationRule');
  };

/** rolebinding and clusterrolebinding policybased/storage.go. */
export const permitBinding =
  (resource: 'rolebindings' | 'clusterrolebindings'): Permit<Binding> =>
  (binding, before, user, context) => {
    if (isSuperuser(user) || onlyForCollection(binding, before)) return;
    const { name, namespace = '' } = binding.metadata;
    const { apiGroup: group = '', kind, name: role } = binding.roleRef;
    const of = ROLES[kind];
    // Another kind is refused by validation.
    if (!of) return;
    if (mayDo({ context }, user, { verb: 'bind', group, resource: of, namespace, name: role })) return;
    const bound = context.lookup(of, of === 'roles' ? namespace : '', role) as Role | undefined;
    if (!bound) throw notFound({ group: GROUP, name: of }, role);
    const missing = escalation(user, namespace, bound.rules ?? [], context);
    if (missing) throw forbidden({ group: GROUP, name: resource }, name, missing);
  };

const ROLES: Readonly<Record<string, string>> = { ClusterRole: 'clusterroles', Role: 'roles' };

const FULL_AUTHORITY: readonly Rule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

const gathers = (role: Role | undefined): boolean => role?.aggregationRule !== undefined;

/** IsOnlyMutatingGCFields: so that the garbage collector can let go of what it may not grant. */
function onlyForCollection(object: KubeObject, before: KubeObject | undefined): boolean {
  if (!before) return false;
  const { ownerReferences, finalizers } = before.metadata;
  return equal({ ...object, metadata: { ...object.metadata, ownerReferences, finalizers } }, before);
}

/** ConfirmNoEscalation: what is wrong with granting the rules, if anything is. */
function escalation(
  user: User,
  namespace: string,
  rules: readonly Rule[],
  context: StrategyContext,
): string | undefined {
  const held = rulesFor({ context }, user, namespace);
  const own: readonly Rule[] = [...held.resources, ...held.paths];
  const missing = rules.flatMap(brokenDown).filter((rule) => !own.some((one) => covers(one, rule)));
  if (missing.length === 0) return undefined;
  const described = [...new Set(compact(missing).map(compactString))].sort();
  return `user ${JSON.stringify(user.name)} (groups=${quoted(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${described.join('\n')}`;
}

/** BreakdownRule: one verb, one resource, one name each. */
function brokenDown({ verbs = [], ...rule }: Rule): readonly Rule[] {
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const named = resourceNames.length > 0 ? resourceNames.map((name) => ({ resourceNames: [name] })) : [{}];
  const broken = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) =>
        named.map((name) => ({ apiGroups: [group], resources: [resource], verbs: [verb], ...name })),
      ),
    ),
  );
  const urls = nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ nonResourceURLs: [url], verbs: [verb] })));
  return [...broken, ...urls];
}

/** ruleCovers (component-helpers auth/rbac/validation/policy_comparator.go), of one that is broken down. */
function covers(owner: Rule, rule: Rule): boolean {
  const all = (has: readonly string[] = [], wanted: readonly string[] = []) =>
    has.includes('*') || wanted.every((one) => has.includes(one));
  const { resourceNames: named = [], nonResourceURLs: paths = [], resources = [] } = owner;
  return (
    all(owner.verbs, rule.verbs) &&
    all(owner.apiGroups, rule.apiGroups) &&
    (rule.resources ?? []).every((one) => all(resources, [one]) || resources.includes(ofAny(one))) &&
    (rule.nonResourceURLs ?? []).every((path) => paths.some((one) => pathCovers(one, path))) &&
    (named.length === 0 || (rule.resourceNames?.every((one) => named.includes(one)) ?? false))
  );
}

/** `pods/log` is granted by `*\/log` too. */
const ofAny = (resource: string): string =>
  resource.includes('/') ? `*${resource.slice(resource.indexOf('/'))}` : '*';

const pathCovers = (owner: string, path: string): boolean =>
  owner === path || (owner.endsWith('*') && path.startsWith(owner.replace(/\*+$/, '')));

/** CompactRules: those of one resource that differ by verb alone are one. */
function compact(rules: readonly Rule[]): readonly Rule[] {
  const simple = new Map<string, Rule>();
  const others: Rule[] = [];
  for (const rule of rules) {
    if (rule.resourceNames || rule.nonResourceURLs) {
      others.push(rule);
      continue;
    }
    const of = JSON.stringify([rule.apiGroups, rule.resources]);
    const known = simple.get(of);
    simple.set(of, known ? { ...known, verbs: [...known.verbs!, ...rule.verbs!] } : rule);
  }
  return [...others, ...simple.values()];
}

const quoted = (words: readonly string[]): string => `[${words.map((word) => JSON.stringify(word)).join(' ')}]`;

/** rbacv1helpers.CompactString. */
function compactString({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: Rule): string {
  const parts = {
    APIGroups: apiGroups,
    Resources: resources,
    NonResourceURLs: nonResourceURLs,
    ResourceNames: resourceNames,
    Verbs: verbs,
  };
  const told = Object.entries(parts).flatMap(([name, words]) => (words?.length ? [`${name}:${quoted(words)}`] : []));
  return `{${told.join(', ')}}`;
}
