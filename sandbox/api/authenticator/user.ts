/** Who somebody is (apiserver/pkg/authentication/user). */

export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export const AUTHENTICATED = 'system:authenticated';
const SUPERUSERS = 'system:masters';

/** They may do everything, whatever roles there are. */
export const isSuperuser = ({ groups }: User): boolean => groups.includes(SUPERUSERS);

/** Whoever holds kubeadm's admin.conf: the learner. */
export const ADMINISTRATOR: User = { name: 'kubernetes-admin', uid: 'admin', groups: [SUPERUSERS, AUTHENTICATED] };

/** serviceaccount.MakeGroupNames. */
export const serviceAccountGroups = (namespace: string): readonly string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
];

export const serviceAccountUser = (namespace: string, name: string): User => ({
  name: `system:serviceaccount:${namespace}:${name}`,
  groups: [...serviceAccountGroups(namespace), AUTHENTICATED],
});

/** The groups of kubeadm's certificates. */
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
