/** Who may do what: the administrator everything, everybody else what RBAC grants (plugin/pkg/auth/authorizer/rbac, endpoints/filters/authorization.go). */

import { isSuperuser, type User } from '../authenticator/user.ts';
import { failure, forbidden } from '../errors.ts';
import type { ApiRequest } from '../http.ts';
import type { KubeObject } from '../object.ts';
import type { Registry } from '../registry/registry.ts';
import type { ResourcePath } from '../server/request.ts';
import { flag } from '../server/request.ts';

export interface Attributes {
  readonly verb: string;
  readonly group: string;
  /** With its subresource: `deployments/scale`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Rule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

interface Role extends KubeObject {
  readonly rules?: readonly Rule[];
}

interface Binding extends KubeObject {
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
  readonly roleRef: { readonly kind: string; readonly name: string };
}

/** What system:basic-user grants to everybody (rbac/bootstrappolicy/policy.go). */
const BASIC: readonly Rule[] = [
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
  { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
];

/** Throws Forbidden. */
export function authorize(registry: Registry, user: User, request: ApiRequest, path: ResourcePath): void {
  const attributes = {
    verb: verbOf(request, path),
    group: path.group,
    resource: path.subresource ? `${path.resource}/${path.subresource}` : path.resource,
    namespace: path.namespace,
    name: path.name,
  };
  if (mayDo(registry, user, attributes)) return;
  const where = path.namespace ? `in the namespace "${path.namespace}"` : 'at the cluster scope';
  throw forbidden(
    { group: path.group, name: path.resource },
    path.name,
    `User "${user.name}" cannot ${attributes.verb} resource "${attributes.resource}" in API group "${path.group}" ${where}`,
  );
}

/** What anybody may read, and those who are logged in besides (system:public-info-viewer, system:discovery). */
const PUBLIC_PATHS = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
const DISCOVERY_PATHS = [
  '/api',
  '/api/*',
  '/apis',
  '/apis/*',
  '/healthz',
  '/livez',
  '/openapi',
  '/openapi/*',
  '/readyz',
  '/version',
  '/version/',
];
const ISSUER_PATHS = ['/.well-known', '/.well-known/*'];

export interface PathRule {
  readonly verbs: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

const reading = (paths: readonly string[]): PathRule => ({ verbs: ['get'], nonResourceURLs: paths });

/** Throws Forbidden. */
export function authorizePath(registry: Registry, user: User, { method, path }: ApiRequest): void {
  const verb = method.toLowerCase();
  if (mayRead(registry, user, verb, path)) return;
  throw failure(403, 'Forbidden', `forbidden: User "${user.name}" cannot ${verb} path "${path}"`, {});
}

export function mayRead(registry: Pick<Registry, 'context'>, user: User, verb: string, path: string): boolean {
  const covers = (pattern: string) =>
    pattern === '*' || pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1)));
  return (
    isSuperuser(user) ||
    rulesFor(registry, user, '').paths.some(
      ({ verbs, nonResourceURLs }) => (verbs.includes(verb) || verbs.includes('*')) && nonResourceURLs.some(covers),
    )
  );
}

/** RequestInfo's verb. */
function verbOf(request: ApiRequest, { name }: ResourcePath): string {
  switch (request.method) {
    case 'GET':
      if (flag(request, 'watch')) return 'watch';
      return name ? 'get' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    default:
      return name ? 'delete' : 'deletecollection';
  }
}

export function mayDo(registry: Pick<Registry, 'context'>, user: User, attributes: Attributes): boolean {
  return (
    isSuperuser(user) ||
    rulesFor(registry, user, attributes.namespace).resources.some((rule) => allows(rule, attributes))
  );
}

/** RulesFor: what the roles bound to a user grant in a namespace. */
export function rulesFor(
  { context }: Pick<Registry, 'context'>,
  user: User,
  namespace: string,
): { readonly resources: readonly Rule[]; readonly paths: readonly PathRule[] } {
  const roleOf = ({ roleRef }: Binding, namespace: string): readonly Rule[] => {
    const role =
      roleRef.kind === 'ClusterRole'
        ? context.lookup('clusterroles', '', roleRef.name)
        : context.lookup('roles', namespace, roleRef.name);
    return (role as Role | undefined)?.rules ?? [];
  };
  const granted = (resource: string, namespace: string): readonly Rule[] =>
    (context.list(resource, namespace) as Binding[])
      .filter((binding) => binding.subjects?.some((subject) => isMeant(subject, user)))
      .flatMap((binding) => roleOf(binding, namespace));
  const rules = [...granted('clusterrolebindings', ''), ...(namespace ? granted('rolebindings', namespace) : [])];
  const paths = rules.flatMap(({ verbs = [], nonResourceURLs = [] }) =>
    nonResourceURLs.length > 0 ? [{ verbs, nonResourceURLs }] : [],
  );
  return {
    resources: [...BASIC, ...rules.filter(({ resources = [] }) => resources.length > 0)],
    paths: [...paths, reading(DISCOVERY_PATHS), reading(PUBLIC_PATHS), reading(ISSUER_PATHS)],
  };
}

function isMeant({ kind, name, namespace }: NonNullable<Binding['subjects']>[number], user: User): boolean {
  if (kind === 'User') return user.name === name;
  if (kind === 'Group') return user.groups.includes(name);
  return user.name === `system:serviceaccount:${namespace ?? ''}:${name}`;
}

function allows({ verbs, apiGroups, resources, resourceNames = [] }: Rule, asked: Attributes): boolean {
  const has = (list: readonly string[] | undefined, value: string) => list?.some((one) => one === '*' || one === value);
  return Boolean(
    has(verbs, asked.verb) &&
      has(apiGroups, asked.group) &&
      has(resources, asked.resource) &&
      (resourceNames.length === 0 || resourceNames.includes(asked.name)),
  );
}
