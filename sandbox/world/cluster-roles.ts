/**
 * The roles an API server makes for its users: cluster-admin, admin, edit and view, and those they are put together from
 * (plugin/pkg/auth/authorizer/rbac/bootstrappolicy). The roles of the components are not here: nobody judges those.
 */

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export interface ClusterRoleDraft {
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly aggregationRule?: object;
  readonly rules: readonly object[];
}

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const ALL = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

const rules = (verbs: readonly string[], group: string, names: string): Rule => ({
  apiGroups: [group],
  resources: names.split(' '),
  verbs,
});

const EDIT: readonly Rule[] = [
  rules(READ, '', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy'),
  rules(['impersonate'], '', 'serviceaccounts'),
  rules(WRITE, '', 'pods pods/attach pods/exec pods/portforward pods/proxy'),
  rules(['create'], '', 'pods/eviction'),
  rules(
    WRITE,
    '',
    'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy',
  ),
  rules(['create'], '', 'serviceaccounts/token'),
  rules(
    WRITE,
    'apps',
    'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale',
  ),
  rules(WRITE, 'autoscaling', 'horizontalpodautoscalers'),
  rules(WRITE, 'batch', 'cronjobs jobs'),
  rules(
    WRITE,
    'extensions',
    'daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale',
  ),
  rules(WRITE, 'policy', 'poddisruptionbudgets'),
  rules(WRITE, 'networking.k8s.io', 'ingresses networkpolicies'),
  rules(ALL, 'coordination.k8s.io', 'leases'),
];

const VIEW: readonly Rule[] = [
  rules(
    READ,
    '',
    'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
  ),
  rules(
    READ,
    '',
    'bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status',
  ),
  rules(READ, '', 'namespaces'),
  rules(READ, 'discovery.k8s.io', 'endpointslices'),
  rules(
    READ,
    'apps',
    'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status',
  ),
  rules(READ, 'autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'),
  rules(READ, 'batch', 'cronjobs cronjobs/status jobs jobs/status'),
  rules(
    READ,
    'extensions',
    'daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale',
  ),
  rules(READ, 'policy', 'poddisruptionbudgets poddisruptionbudgets/status'),
  rules(READ, 'networking.k8s.io', 'ingresses ingresses/status networkpolicies'),
];

const ADMIN: readonly Rule[] = [
  rules(['create'], 'authorization.k8s.io', 'localsubjectaccessreviews'),
  rules(ALL, 'rbac.authorization.k8s.io', 'rolebindings roles'),
];

const ANYTHING = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];

const aggregatesTo = (role: string): string => `rbac.authorization.k8s.io/aggregate-to-${role}`;

function role(
  name: string,
  own: readonly object[],
  { to, from }: { to?: string; from?: string } = {},
): ClusterRoleDraft {
  return {
    metadata: {
      name,
      labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...(to && { [aggregatesTo(to)]: 'true' }) },
      annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
    },
    ...(from && { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [aggregatesTo(from)]: 'true' } }] } }),
    rules: own,
  };
}

/** The rules of those that are put together come in the order of the names of what they are put together from. */
export const clusterRoles: readonly ClusterRoleDraft[] = [
  role('cluster-admin', ANYTHING),
  role('admin', [...EDIT, ...VIEW, ...ADMIN], { from: 'admin' }),
  role('edit', [...EDIT, ...VIEW], { to: 'admin', from: 'edit' }),
  role('view', VIEW, { to: 'edit', from: 'view' }),
  role('system:aggregate-to-admin', ADMIN, { to: 'admin' }),
  role('system:aggregate-to-edit', EDIT, { to: 'edit' }),
  role('system:aggregate-to-view', VIEW, { to: 'view' }),
];

/** Who may do everything. */
export const clusterAdmins = {
  metadata: {
    name: 'cluster-admin',
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
    annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:masters' }],
};
