/** Role, ClusterRole and their bindings (pkg/registry/rbac, pkg/apis/rbac/v1/defaults.go). */

import { age } from '../age.ts';
import type { Json } from '../object.ts';
import type { Resource, TableContext } from '../resource.ts';
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '../types.ts';
import { columns } from './columns.ts';
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
  validate: validateRole,
  validateUpdate: validateRole,
  columns: columns.roles,
  row: ({ metadata }) => [metadata.name, metadata.creationTimestamp],
};

export const clusterRoles: Resource<ClusterRole> = {
  ...group,
  kind: 'ClusterRole',
  name: 'clusterroles',
  singular: 'clusterrole',
  namespaced: false,
  schema: 'io.k8s.api.rbac.v1.ClusterRole',
  validate: validateClusterRole,
  validateUpdate: validateClusterRole,
  columns: columns.clusterroles,
  row: ({ metadata }) => [metadata.name, metadata.creationTimestamp],
};

export const roleBindings: Resource<RoleBinding> = {
  ...group,
  kind: 'RoleBinding',
  name: 'rolebindings',
  singular: 'rolebinding',
  namespaced: true,
  schema: 'io.k8s.api.rbac.v1.RoleBinding',
  validate: validateRoleBinding,
  validateUpdate: settledRole(validateRoleBinding),
  defaults: defaultBinding,
  columns: columns.rolebindings,
  row: bindingRow,
};

export const clusterRoleBindings: Resource<ClusterRoleBinding> = {
  ...group,
  kind: 'ClusterRoleBinding',
  name: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  namespaced: false,
  schema: 'io.k8s.api.rbac.v1.ClusterRoleBinding',
  validate: validateClusterRoleBinding,
  validateUpdate: settledRole(validateClusterRoleBinding),
  defaults: defaultBinding,
  columns: columns.clusterrolebindings,
  row: bindingRow,
};

type Binding = RoleBinding | ClusterRoleBinding;

/** Users and groups belong to RBAC's own group, service accounts to core. */
function defaultBinding<T extends Binding>(binding: T): T {
  const next = put(binding, 'roleRef', fill(binding.roleRef ?? {}, { apiGroup: GROUP }) as T['roleRef']);
  return change(next, 'subjects', (subjects) =>
    each(subjects, (subject) => (subject.kind === 'ServiceAccount' ? subject : fill(subject, { apiGroup: GROUP }))),
  );
}

function bindingRow({ metadata, roleRef, subjects = [] }: Binding, { now }: TableContext): readonly Json[] {
  const named = (kind: string) => subjects.filter((one) => one.kind === kind);
  return [
    metadata.name,
    `${roleRef.kind}/${roleRef.name}`,
    age(metadata.creationTimestamp, now),
    named('User')
      .map((one) => one.name)
      .join(', '),
    named('Group')
      .map((one) => one.name)
      .join(', '),
    named('ServiceAccount')
      .map((one) => `${one.namespace}/${one.name}`)
      .join(', '),
  ];
}
