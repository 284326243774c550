/** Node (pkg/registry/core/node, printNode). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { Node } from '../types.ts';
import { NONE } from './cells.ts';
import { columns } from './columns.ts';
import { change, fill, keepStatus, put } from './shared.ts';
import { status } from './subresources.ts';
import { validateNode, validateNodeUpdate } from './validation/cluster.ts';

const ROLE_PREFIX = 'node-role.kubernetes.io/';
const ROLE_LABEL = 'kubernetes.io/role';
const UNKNOWN = '<unknown>';

export const nodes: Resource<Node> = {
  group: '',
  version: 'v1',
  kind: 'Node',
  name: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  namespaced: false,
  schema: 'io.k8s.api.core.v1.Node',
  subresources: {
    proxy: { kind: 'NodeProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update'] },
    status: status('Node'),
  },

  /** SetDefaults_NodeStatus: what is not said to be kept back is allocatable. */
  defaults: (node) => {
    const next = change(put(node, 'spec', node.spec ?? {}), 'status', (status) =>
      status.capacity && !status.allocatable ? put(status, 'allocatable', status.capacity) : status,
    );
    return change(next, 'spec', (spec) =>
      spec.podCIDR && !spec.podCIDRs ? fill(spec, { podCIDRs: [spec.podCIDR] }) : spec,
    );
  },
  prepareForUpdate: keepStatus,
  validate: validateNode,
  validateUpdate: validateNodeUpdate,
  warnings: ({ spec }) => [
    ...(spec?.configSource ? ['spec.configSource: the feature is removed'] : []),
    ...(spec?.externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []),
  ],

  columns: columns.nodes,
  row: (node, { now }) => {
    const info = node.status?.nodeInfo;
    const kernel = info?.kernelVersion && info.architecture ? `${info.kernelVersion} (${info.architecture})` : '';
    return [
      node.metadata.name,
      statusOf(node),
      rolesOf(node).join(',') || NONE,
      age(node.metadata.creationTimestamp, now),
      info?.kubeletVersion ?? '',
      addressOf(node, 'InternalIP'),
      addressOf(node, 'ExternalIP'),
      info?.osImage || UNKNOWN,
      kernel || info?.kernelVersion || UNKNOWN,
      info?.containerRuntimeVersion || UNKNOWN,
    ];
  },
  selectableFields: { 'spec.unschedulable': (node) => String(node.spec?.unschedulable ?? false) },
};

function statusOf({ spec, status }: Node): string {
  const ready = status?.conditions?.find((one) => one.type === 'Ready');
  const health = !ready ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec?.unschedulable ? `${health},SchedulingDisabled` : health;
}

/** findNodeRoles: of both spellings, sorted. */
function rolesOf({ metadata }: Node): readonly string[] {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    if (key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length) roles.add(key.slice(ROLE_PREFIX.length));
    else if (key === ROLE_LABEL && value) roles.add(value);
  }
  return [...roles].sort();
}

const addressOf = ({ status }: Node, type: string): string =>
  status?.addresses?.find((one) => one.type === type)?.address ?? NONE;
