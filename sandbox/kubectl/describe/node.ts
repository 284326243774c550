/** Node: what it is, how it stands, and what its pods take of it. */

import { podLimits, podRequests, type Quantities } from '../../api/pod-resources.ts';
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  milliUnits,
  parseQuantity,
  toNumber,
} from '../../api/quantity.ts';
import type { Lease, Node, Pod } from '../../api/types.ts';
import type { Task } from '../../sim/task.ts';
import { isNotFound } from '../cli/errors.ts';
import { byText } from '../text.ts';
import { type Context, listOf, PODS } from './describer.ts';
import { describeEvents, searchEvents } from './events.ts';
import { annotations, labels, taints } from './metadata.ts';
import { quantity, rfc1123, since, sortedEntries } from './values.ts';
import type { Writer } from './writer.ts';

type Amounts = Readonly<Record<string, string>>;

const NO_CONTAINERS = { containers: [] };

export function* node(w: Writer, object: Node, context: Context): Task<void> {
  const { session, now } = context;
  const { metadata, spec = {}, status = {} } = object;
  w.line(0, `Name:\t${metadata.name}`);
  w.line(0, `Roles:\t${roles(object).join(',') || '<none>'}`);
  labels(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.line(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`);
  taints(w, spec.taints);
  w.line(0, `Unschedulable:\t${spec.unschedulable ?? false}`);
  yield* lease(w, metadata.name, context);
  const conditions = status.conditions ?? [];
  if (conditions.length > 0) {
    w.line(0, 'Conditions:');
    w.line(0, '  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage');
    w.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
    for (const c of conditions)
      w.line(
        1,
        `${c.type} \t${c.status} \t${rfc1123(c.lastHeartbeatTime)} \t${rfc1123(c.lastTransitionTime)} \t${c.reason ?? ''} \t${c.message ?? ''}`,
      );
  }
  w.line(0, 'Addresses:');
  for (const { type, address } of status.addresses ?? []) w.line(1, `${type}:\t${address}`);
  for (const [title, list] of [
    ['Capacity', status.capacity],
    ['Allocatable', status.allocatable],
  ] as const) {
    const entries = sortedEntries(list as Amounts | undefined);
    if (entries.length > 0) w.line(0, `${title}:`);
    for (const [name, value] of entries) w.line(1, `${name}:\t${quantity(value)}`);
  }
  systemInfo(w, object);
  if (spec.podCIDR) w.line(0, `PodCIDR:\t${spec.podCIDR}`);
  if (spec.podCIDRs && spec.podCIDRs.length > 0) w.line(0, `PodCIDRs:\t${spec.podCIDRs.join(',')}`);
  if (spec.providerID) w.line(0, `ProviderID:\t${spec.providerID}`);
  yield* pods(w, object, context);
  // Controllers refer to a node by its uid, kubelets by its name.
  const kubelets =
    context.events &&
    (yield* searchEvents(session, { kind: 'Node', namespace: '', name: metadata.name, uid: metadata.name }));
  describeEvents(w, context.events && [...context.events, ...kubelets!], now);
}

function roles({ metadata }: Node): string[] {
  const found = new Set<string>();
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    const role = /^node-role\.kubernetes\.io\/(.+)$/.exec(key)?.[1] ?? (key === 'kubernetes.io/role' ? value : '');
    if (role) found.add(role);
  }
  return [...found].sort(byText);
}

function* lease(w: Writer, name: string, { session }: Context): Task<void> {
  const client = yield* session.client();
  let found: Lease;
  try {
    found = JSON.parse(
      yield* client.text('GET', `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`),
    ) as Lease;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    w.line(0, `Lease:\tFailed to get lease: leases.coordination.k8s.io "${name}" not found`);
    return;
  }
  const { holderIdentity = '<unset>', acquireTime, renewTime } = found.spec ?? {};
  w.line(0, 'Lease:');
  w.line(1, `HolderIdentity:\t${holderIdentity}`);
  w.line(1, `AcquireTime:\t${acquireTime ? rfc1123(acquireTime) : '<unset>'}`);
  w.line(1, `RenewTime:\t${renewTime ? rfc1123(renewTime) : '<unset>'}`);
}

const SYSTEM_INFO = [
  ['Machine ID', 'machineID'],
  ['System UUID', 'systemUUID'],
  ['Boot ID', 'bootID'],
  ['Kernel Version', 'kernelVersion'],
  ['OS Image', 'osImage'],
  ['Operating System', 'operatingSystem'],
  ['Architecture', 'architecture'],
  ['Container Runtime Version', 'containerRuntimeVersion'],
  ['Kubelet Version', 'kubeletVersion'],
  ['Kube-Proxy Version', 'kubeProxyVersion'],
] as const;

function systemInfo(w: Writer, { status }: Node): void {
  w.line(0, 'System Info:');
  for (const [title, field] of SYSTEM_INFO) w.line(1, `${title}:\t${status?.nodeInfo?.[field] ?? ''}`);
}

/**
 * What kubectl adds up of a pod (kubectl/pkg/util/resource/resource.go): containers, init containers, sidecars and overhead as the
 * scheduler does, at least what the kubelet has given; of what the pod asks for as a whole, kubectl 1.35 knows nothing.
 */
function countedSpec({ spec, status }: Pod): NonNullable<Pod['spec']> {
  const { resources: _, ...rest }: NonNullable<Pod['spec']> = spec ?? NO_CONTAINERS;
  const given = new Map(status?.containerStatuses?.map(({ name, allocatedResources }) => [name, allocatedResources]));
  const containers = rest.containers.map((container) => {
    const allocated = given.get(container.name);
    if (!allocated) return container;
    const requests: Record<string, string | number> = { ...container.resources?.requests };
    for (const [name, amount] of Object.entries(allocated))
      if (compareQuantities(amount, requests[name] ?? 0) > 0) requests[name] = amount;
    return { ...container, resources: { ...container.resources, requests } };
  });
  return { ...rest, containers };
}

const SHOWN = ['cpu', 'memory', 'ephemeral-storage'] as const;

function* pods(w: Writer, { metadata, status = {} }: Node, context: Context): Task<void> {
  const fields = `spec.nodeName=${metadata.name},status.phase!=Failed,status.phase!=Succeeded`;
  const list = yield* listOf<Pod>(context, PODS, '', [['fieldSelector', fields]]);
  const allocatable = (status.allocatable ?? status.capacity ?? {}) as Amounts;
  const share = (amount: string, name: string) => `${amount} (${percent(amount, allocatable[name], name)}%)`;
  w.line(0, `Non-terminated Pods:\t(${list.length} in total)`);
  w.line(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge');
  w.line(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---');
  const totals = { requests: {} as Record<string, string>, limits: {} as Record<string, string> };
  for (const pod of list) {
    const counted = countedSpec(pod);
    const requests = formatted(podRequests(counted));
    const limits = formatted(podLimits(counted));
    add(totals.requests, requests);
    add(totals.limits, limits);
    const cells = [
      share(requests.cpu ?? '0', 'cpu'),
      share(limits.cpu ?? '0', 'cpu'),
      share(requests.memory ?? '0', 'memory'),
      share(limits.memory ?? '0', 'memory'),
      since(pod.metadata.creationTimestamp, context.now),
    ];
    w.line(1, `${pod.metadata.namespace}\t${pod.metadata.name}\t\t${cells.join('\t')}`);
  }
  w.line(0, 'Allocated resources:');
  w.line(0, '  (Total limits may be over 100 percent, i.e., overcommitted.)');
  w.line(1, 'Resource\tRequests\tLimits');
  w.line(1, '--------\t--------\t------');
  const hugePages = Object.keys(allocatable)
    .filter((name) => name.startsWith('hugepages-'))
    .sort(byText);
  for (const name of [...SHOWN, ...hugePages])
    w.line(1, `${name}\t${share(totals.requests[name] ?? '0', name)}\t${share(totals.limits[name] ?? '0', name)}`);
  const others = Object.keys(allocatable).filter(
    (name) => name !== 'pods' && !name.startsWith('hugepages-') && !(SHOWN as readonly string[]).includes(name),
  );
  for (const name of others.sort(byText))
    w.line(1, `${name}\t${totals.requests[name] ?? '0'}\t${totals.limits[name] ?? '0'}`);
}

function percent(amount: string, of: string | undefined, name: string): number {
  const number = name === 'cpu' ? milliUnits : toNumber;
  const whole = of === undefined ? 0 : number(of);
  return whole === 0 ? 0 : Math.trunc((number(amount) / whole) * 100);
}

const formatted = (amounts: Quantities): Amounts =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, formatQuantity(amount)]));

function add(to: Record<string, string>, amounts: Amounts): void {
  for (const [name, value] of Object.entries(amounts))
    to[name] = formatQuantity(to[name] === undefined ? parseQuantity(value) : addQuantities(to[name], value));
}
