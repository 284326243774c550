/** Role, ClusterRole and their bindings (pkg/registry/rbac, pkg/apis/rbac/v1/defaults.go). */

import { permitBinding, permitRole } from '../authorizer/escalation.ts';
import type { Resource } from '../resource.ts';
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '../types.ts';
import { aged, created, named, printed, text, wide } from './columns.ts';
import { change, each, fill, put } from './shared.ts';
import {
  settledRole,
  validateClusterRole,
  validateClusterRoleBinding,
  validateRole,
  validateRoleBinding,
} from './validation/rbac.ts';

const GROUP = 'rbac.authorization.k8s.io';
const group = { group: GROUP, version: 'v1', nameRule: 'path-segment' } as const;

export const roles: Resource<Role> = {
  ...group,
  kind: 'Role',
  name: 'roles',
  singular: 'role',
  namespaced: true,
  schema: 'io.k8s.api.rbac.v1.Role',
  permit: permitRole('roles'),
  validate: validateRole,
  validateUpdate: validateRole,
  ...printed<Role>([named, created]),
};

export const clusterRoles: Resource<ClusterRole> = {
  ...group,
  kind: 'ClusterRole',
  name: 'clusterroles',
  singular: 'clusterrole',
  namespaced: false,
  schema: 'io.k8s.api.rbac.v1.ClusterRole',
  permit: permitRole('clusterroles'),
  validate: validateClusterRole,
  validateUpdate: validateClusterRole,
  ...printed<ClusterRole>([named, created]),
};

export const roleBindings: Resource<RoleBinding> = {
  ...group,
  kind: 'RoleBinding',
  name: 'rolebindings',
  singular: 'rolebinding',
  namespaced: true,
  schema: 'io.k8s.api.rbac.v1.RoleBinding',
  permit: permitBinding('rolebindings'),
  validate: validateRoleBinding,
  validateUpdate: settledRole(validateRoleBinding),
  defaults: defaultBinding,
  ...bindingTable<RoleBinding>(
    'roleBinding',
    'RoleRef can reference a Role in the current namespace or a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error. This field is immutable.',
  ),
};

export const clusterRoleBindings: Resource<ClusterRoleBinding> = {
  ...group,
  kind: 'ClusterRoleBinding',
  name: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  namespaced: false,
  schema: 'io.k8s.api.rbac.v1.ClusterRoleBinding',
  permit: permitBinding('clusterrolebindings'),
  validate: validateClusterRoleBinding,
  validateUpdate: settledRole(validateClusterRoleBinding),
  defaults: defaultBinding,
  ...bindingTable<ClusterRoleBinding>(
    'clusterRoleBinding',
    'RoleRef can only reference a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error. This field is immutable.',
  ),
};

type Binding = RoleBinding | ClusterRoleBinding;

/** Users and groups belong to RBAC's own group, service accounts to core. */
function defaultBinding<T extends Binding>(binding: T): T {
  const next = put(binding, 'roleRef', fill(binding.roleRef ?? {}, { apiGroup: GROUP }) as T['roleRef']);
  return change(next, 'subjects', (subjects) =>
    each(subjects, (subject) => (subject.kind === 'ServiceAccount' ? subject : fill(subject, { apiGroup: GROUP }))),
  );
}

/** Names of its subjects of a kind. */
const subjectsOf = ({ subjects = [] }: Binding, kind: string): string =>
  subjects
    .filter((one) => one.kind === kind)
    .map(({ namespace, name }) => (kind === 'ServiceAccount' ? `${namespace}/${name}` : name))
    .join(', ');

function bindingTable<T extends Binding>(what: string, role: string): Pick<Resource<T>, 'columns' | 'row'> {
  return printed<T>([
    named,
    text('Role', role, ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
    aged,
    wide('Users', `Users in the ${what}`, (binding) => subjectsOf(binding, 'User')),
    wide('Groups', `Groups in the ${what}`, (binding) => subjectsOf(binding, 'Group')),
    wide('ServiceAccounts', `ServiceAccounts in the ${what}`, (binding) => subjectsOf(binding, 'ServiceAccount')),
  ]);
}
