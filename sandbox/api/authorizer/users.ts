/** Who asks: whoever holds kubeadm's admin.conf, whom it impersonates, and the components of the cluster (plugin/pkg/auth/authenticator, kubeadm's certificates). */

import type { ApiRequest } from '../http.ts';

export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
}

export const SUPERUSERS = 'system:masters';
const AUTHENTICATED = 'system:authenticated';

/** The only user that is no component: the administrator of kubeadm's admin.conf. */
const ADMINISTRATOR: User = {
  name: 'kubernetes-admin',
  uid: 'admin',
  groups: [SUPERUSERS, AUTHENTICATED],
};

/** Undefined is one who may do everything. */
export function impersonated({ headers }: Pick<ApiRequest, 'headers'>): User | undefined {
  const name = headers['impersonate-user'];
  if (name === undefined) return undefined;
  const given = headers['impersonate-group']?.split(', ') ?? [];
  return given.includes(SUPERUSERS) ? undefined : { name, groups: [...given, AUTHENTICATED] };
}

/** What a write's userInfo says. */
export function requester(request: Pick<ApiRequest, 'headers'>): User {
  const user = impersonated(request);
  if (user) return user;
  const name = request.headers['impersonate-user'];
  return name === undefined ? ADMINISTRATOR : { name, groups: [SUPERUSERS, AUTHENTICATED] };
}

/** The groups that a user's name alone gives it (serviceaccount.MakeGroupNames). */
const COMPONENT_GROUPS: Readonly<Record<string, readonly string[]>> = {
  'kube-apiserver': [SUPERUSERS],
  kubelet: ['system:nodes'],
};

const COMPONENT_NAMES: Readonly<Record<string, string>> = {
  'kube-apiserver': 'system:apiserver',
  kubelet: 'system:node',
};

const components = new Map<string, User>();

/** A component by its field manager; controllers and kubelets share one user each, as they share a client. */
export function component(manager: string): User {
  let user = components.get(manager);
  if (!user) {
    const name = COMPONENT_NAMES[manager] ?? `system:${manager}`;
    user = { name, groups: [...(COMPONENT_GROUPS[manager] ?? []), AUTHENTICATED] };
    components.set(manager, user);
  }
  return user;
}

export const serviceAccountUser = (namespace: string, name: string): User => ({
  name: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, AUTHENTICATED],
});
