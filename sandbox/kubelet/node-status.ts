/** The Node object that a kubelet keeps for its machine, and the lease that says it is alive (pkg/kubelet/kubelet_node_status.go, pkg/kubelet/nodelease). */

import type { Client } from '../api/client.ts';
import { timestamp } from '../api/time.ts';
import type { Node } from '../api/types.ts';
import { digestOf } from '../images/digest.ts';
import type { KernelMachine } from '../machines/kernel/machine.ts';
import type { ImageStore } from './images/store.ts';

export interface NodeOptions {
  readonly name: string;
  readonly address: string;
  readonly roles: readonly string[];
  readonly podCIDR: string;
  readonly taints: NonNullable<NonNullable<Node['spec']>['taints']>;
  readonly capacity: { readonly cpu: number; readonly memory: string; readonly storage: string; readonly pods: number };
  readonly allocatable: { readonly memory: string; readonly storage: string };
  readonly kubeletVersion: string;
}

const LEASES = 'kube-node-lease';
const LEASE_SECONDS = 40;

export function registerNode(client: Client, machine: KernelMachine, images: ImageStore, options: NodeOptions): Node {
  const now = timestamp(machine.clock.now);
  const { name, podCIDR, taints, roles } = options;
  const known = client.get('nodes', '', name);
  if (known) return known;
  const created = client.create('nodes', '', {
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, ''])),
      },
      annotations: {
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
    },
    spec: { podCIDR, podCIDRs: [podCIDR], ...(taints.length > 0 ? { taints } : {}) },
    status: nodeStatus(machine, images, options, undefined, now),
  });
  return (
    client.mutate(
      'nodes',
      '',
      name,
      (node) => ({ ...node, status: nodeStatus(machine, images, options, node, now) }),
      'status',
    ) ?? created
  );
}

/** What the kubelet reports every five minutes, or when it changes; `problem` is why it is not ready. */
export function nodeStatus(
  machine: KernelMachine,
  images: ImageStore,
  { name, address, capacity, allocatable, kubeletVersion }: NodeOptions,
  before: Node | undefined,
  now: string,
  problem?: string,
): NonNullable<Node['status']> {
  if (before?.status?.nodeInfo)
    return {
      ...before.status,
      conditions: conditions(before, now, problem),
      nodeInfo: { ...before.status.nodeInfo, bootID: bootId(name, machine) },
      images: imageList(images),
    };
  const cpu = String(capacity.cpu);
  const pods = String(capacity.pods);
  return {
    capacity: { cpu, 'ephemeral-storage': capacity.storage, 'hugepages-2Mi': '0', memory: capacity.memory, pods },
    allocatable: {
      cpu,
      'ephemeral-storage': allocatable.storage,
      'hugepages-2Mi': '0',
      memory: allocatable.memory,
      pods,
    },
    conditions: conditions(before, now, problem),
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
    nodeInfo: {
      machineID: machineId(name, 'machine'),
      systemUUID: uuid(machineId(name, 'system')),
      bootID: bootId(name, machine),
      kernelVersion: '6.1.0-37-amd64',
      osImage: 'Debian GNU/Linux 12 (bookworm)',
      containerRuntimeVersion: 'containerd://2.1.4',
      kubeletVersion,
      kubeProxyVersion: kubeletVersion,
      operatingSystem: 'linux',
      architecture: 'amd64',
    },
    images: imageList(images),
  };
}

/** The largest first, fifty at most (nodeStatusMaxImages). */
const imageList = (store: ImageStore): NonNullable<Node['status']>['images'] =>
  store
    .list()
    .sort((a, b) => b.size - a.size)
    .slice(0, 50)
    .map((image) => ({ names: [`${image.repository}@${image.digest}`, image.name], sizeBytes: image.size }));

const bootId = (name: string, machine: KernelMachine): string =>
  uuid(machineId(`${name}${machine.kernel.bootedAt}`, 'boot'));

const REASONS = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

type Conditions = NonNullable<NonNullable<Node['status']>['conditions']>;

/** `problem`: why the kubelet takes no pods (setters.go, ReadyCondition). */
function conditions(before: Node | undefined, now: string, problem: string | undefined): Conditions {
  const old = new Map((before?.status?.conditions ?? []).map((c) => [c.type as string, c]));
  const unready = ['Ready', 'False', 'KubeletNotReady', problem ?? ''] as const;
  const told = problem === undefined ? REASONS : [...REASONS.slice(0, -1), unready];
  return told.map(([type, status, reason, message]) => ({
    type,
    status,
    lastHeartbeatTime: now,
    lastTransitionTime: old.get(type)?.status === status ? (old.get(type)!.lastTransitionTime ?? now) : now,
    reason,
    message,
  }));
}

export function renewLease(client: Client, name: string, now: number, acquire: boolean): void {
  const renewTime = `${new Date(now).toISOString().slice(0, 23)}000Z`;
  const lease = client.get('leases', LEASES, name);
  if (lease) {
    client.update('leases', {
      ...lease,
      spec: { ...lease.spec, holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime },
    });
    return;
  }
  if (!acquire || !client.get('namespaces', '', LEASES)) return;
  const owner = client.get('nodes', '', name);
  client.create('leases', LEASES, {
    metadata: {
      name,
      ...(owner ? { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid: owner.metadata.uid }] } : {}),
    },
    spec: { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime },
  });
}

const machineId = (name: string, what: string): string =>
  digestOf(`${name} ${what}`).slice('sha256:'.length, 'sha256:'.length + 32);

const uuid = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
