/** Who sends a request: by token, by certificate, and as whom (apiserver/pkg/endpoints/filters/{authentication,impersonation}.go). */

import { mayDo } from '../authorizer/rbac.ts';
import { failure, forbidden } from '../errors.ts';
import type { ApiRequest } from '../http.ts';
import type { Registry } from '../registry/registry.ts';
import { certificateUser } from './certificate.ts';
import { serviceAccountOf } from './service-account.ts';
import { ADMINISTRATOR, AUTHENTICATED, serviceAccountGroups, type User } from './user.ts';

const ANONYMOUS = 'system:anonymous';
const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):[^:]+$/;

/** The learner, and whoever says nothing of himself, is the administrator. */
export function authenticate(registry: Registry, { headers }: Pick<ApiRequest, 'headers'>): User {
  const user = identified(registry, headers);
  return headers['impersonate-user'] === undefined ? user : impersonated(registry, headers, user);
}

function identified(registry: Registry, headers: ApiRequest['headers']): User {
  const token = /^Bearer +(.*)$/i.exec(headers.authorization ?? '')?.[1];
  const certificate = headers['client-cert'];
  if (token === undefined && certificate === undefined) return ADMINISTRATOR;
  const user =
    token === undefined ? certificateUser(certificate!, registry.clock.now) : serviceAccountOf(registry, token.trim());
  if (!user) throw failure(401, 'Unauthorized', 'Unauthorized');
  return user;
}

function impersonated(registry: Registry, headers: ApiRequest['headers'], user: User): User {
  const name = headers['impersonate-user']!;
  const uid = headers['impersonate-uid'];
  const given = headers['impersonate-group']?.split(/, */) ?? [];
  const account = SERVICE_ACCOUNT.exec(name);
  if (account) mayImpersonate(registry, user, 'serviceaccounts', name.split(':')[3]!, account[1]!);
  else mayImpersonate(registry, user, 'users', name);
  for (const group of given) mayImpersonate(registry, user, 'groups', group);
  const own = account && given.length === 0 ? serviceAccountGroups(account[1]!) : given;
  const everybody = name === ANONYMOUS ? 'system:unauthenticated' : AUTHENTICATED;
  const groups = own.includes(everybody) ? own : [...own, everybody];
  return { name, ...(uid && { uid }), groups };
}

function mayImpersonate(registry: Registry, user: User, resource: string, name: string, namespace = ''): void {
  if (mayDo(registry, user, { verb: 'impersonate', group: '', resource, namespace, name })) return;
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
  const why = `User "${user.name}" cannot impersonate resource "${resource}" in API group "" ${where}`;
  throw forbidden({ group: '', name: resource }, name, why);
}
