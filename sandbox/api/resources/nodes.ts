/** Node (pkg/registry/core/node, printNode). */

import type { Resource } from '../resource.ts';
import type { Node } from '../types.ts';
import { NONE } from './cells.ts';
import { aged, named, printed, text, wide } from './columns.ts';
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

  ...printed<Node>([
    named,
    text('Status', 'The status of the node', statusOf),
    text('Roles', 'The roles of the node', (node) => rolesOf(node).join(',') || NONE),
    aged,
    text('Version', 'Kubelet Version reported by the node.', ({ status }) => status?.nodeInfo?.kubeletVersion ?? ''),
    wide(
      'Internal-IP',
      "List of addresses reachable to the node. Queried from cloud provider, if available. More info: https://kubernetes.io/docs/reference/node/node-status/#addresses Note: This field is declared as mergeable, but the merge key is not sufficiently unique, which can cause data corruption when it is merged. Callers should instead use a full-replacement patch. See https://pr.k8s.io/79391 for an example. Consumers should assume that addresses can change during the lifetime of a Node. However, there are some exceptions where this may not be possible, such as Pods that inherit a Node's address in its own status or consumers of the downward API (status.hostIP).",
      (node) => addressOf(node, 'InternalIP'),
    ),
    wide(
      'External-IP',
      "List of addresses reachable to the node. Queried from cloud provider, if available. More info: https://kubernetes.io/docs/reference/node/node-status/#addresses Note: This field is declared as mergeable, but the merge key is not sufficiently unique, which can cause data corruption when it is merged. Callers should instead use a full-replacement patch. See https://pr.k8s.io/79391 for an example. Consumers should assume that addresses can change during the lifetime of a Node. However, there are some exceptions where this may not be possible, such as Pods that inherit a Node's address in its own status or consumers of the downward API (status.hostIP).",
      (node) => addressOf(node, 'ExternalIP'),
    ),
    wide(
      'OS-Image',
      'OS Image reported by the node from /etc/os-release (e.g. Debian GNU/Linux 7 (wheezy)).',
      ({ status }) => status?.nodeInfo?.osImage || UNKNOWN,
    ),
    wide(
      'Kernel-Version',
      "Kernel Version reported by the node from 'uname -r' (e.g. 3.16.0-0.bpo.4-amd64).",
      kernelOf,
    ),
    wide(
      'Container-Runtime',
      'ContainerRuntime Version reported by the node through runtime remote API (e.g. containerd://1.4.2).',
      ({ status }) => status?.nodeInfo?.containerRuntimeVersion || UNKNOWN,
    ),
  ]),
  selectableFields: { 'spec.unschedulable': (node) => String(node.spec?.unschedulable ?? false) },
};

function kernelOf({ status }: Node): string {
  const { kernelVersion, architecture } = status?.nodeInfo ?? {};
  return kernelVersion && architecture ? `${kernelVersion} (${architecture})` : kernelVersion || UNKNOWN;
}

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
