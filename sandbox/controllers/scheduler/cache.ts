/** The scheduler's own view: nodes with running sums of what their pods ask for (pkg/scheduler/backend/cache, framework.NodeInfo). */

import type { Node, Pod, PodSpec } from '../../api/types.ts';
import { controllerOf } from '../ownership.ts';
import { hasEnded } from '../pods.ts';
import type { Amounts } from './requests.ts';
import { add, allocatableOf, allowedPods, nonzeroRequests, podRequests, subtract } from './requests.ts';

export interface NodeInfo {
  node: Node;
  allocatable: Amounts;
  allowedPods: number;
  requested: Amounts;
  /** For scoring. */
  nonzeroCpu: number;
  nonzeroMemory: number;
  readonly pods: Map<string, Placed>;
  /** Pods of one controller on this node, by its uid: for spreading. */
  readonly ofController: Map<string, number>;
  /** Host ports taken, as `protocol/port`. */
  readonly ports: Map<string, number>;
}

export interface Placed {
  readonly pod: Pod;
  readonly node: string;
  readonly requests: Amounts;
  readonly nonzero: { readonly cpu: number; readonly memory: number };
}

export class SchedulerCache {
  /** Known nodes by name, in the order they came. */
  readonly nodes = new Map<string, NodeInfo>();
  /** Raised when a node's labels, taints or size change: what was worked out about nodes is stale. */
  generation = 0;
  /** How many placed pods declare required anti-affinity; none spares every look at them. */
  withAntiAffinity = new Set<string>();
  /** Pods that wait for others to leave their node, by uid. */
  readonly nominated = new Map<string, { readonly pod: Pod; readonly node: string }>();
  readonly #placed = new Map<string, Placed>();
  /** Pods on nodes that are not known (yet). */
  readonly #strays = new Map<string, Map<string, Placed>>();

  setNode(node: Node): void {
    const { name } = node.metadata;
    const known = this.nodes.get(name);
    this.generation++;
    if (known) {
      known.node = node;
      known.allocatable = allocatableOf(node);
      known.allowedPods = allowedPods(node);
      return;
    }
    this.nodes.set(name, emptyNode(node));
    const strays = this.#strays.get(name);
    this.#strays.delete(name);
    for (const placed of strays?.values() ?? []) this.#count(placed);
  }

  removeNode(name: string): void {
    const info = this.nodes.get(name);
    if (!info) return;
    this.generation++;
    this.nodes.delete(name);
    if (info.pods.size > 0) this.#strays.set(name, new Map(info.pods));
  }

  /** A pod takes its place, by decision or by report; repeating it changes nothing. */
  place(pod: Pod, node: string): void {
    const { uid } = pod.metadata;
    const before = this.#placed.get(uid);
    if (before?.node === node) return;
    if (before) this.remove(uid);
    const spec = pod.spec as PodSpec;
    const placed = { pod, node, requests: podRequests(spec), nonzero: nonzeroRequests(spec) };
    this.#placed.set(uid, placed);
    if (spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length) {
      this.withAntiAffinity.add(uid);
    }
    this.#count(placed);
  }

  /** The pod as it now is; one that ended frees its place. */
  update(pod: Pod): void {
    if (hasEnded(pod)) this.remove(pod.metadata.uid);
    else if (pod.spec?.nodeName) this.place(pod, pod.spec.nodeName);
  }

  remove(uid: string): boolean {
    const placed = this.#placed.get(uid);
    if (!placed) return false;
    this.#placed.delete(uid);
    this.withAntiAffinity.delete(uid);
    const info = this.nodes.get(placed.node);
    if (!info) {
      this.#strays.get(placed.node)?.delete(uid);
      return true;
    }
    info.pods.delete(uid);
    info.requested = subtract(info.requested, placed.requests);
    info.nonzeroCpu -= placed.nonzero.cpu;
    info.nonzeroMemory -= placed.nonzero.memory;
    count(info.ofController, controllerOf(placed.pod)?.uid, -1);
    for (const port of hostPorts(placed.pod)) count(info.ports, port, -1);
    return true;
  }

  get(uid: string): Placed | undefined {
    return this.#placed.get(uid);
  }

  #count(placed: Placed): void {
    const { pod, node, requests, nonzero } = placed;
    const info = this.nodes.get(node);
    if (!info) {
      const strays = this.#strays.get(node) ?? new Map<string, Placed>();
      this.#strays.set(node, strays.set(pod.metadata.uid, placed));
      return;
    }
    info.pods.set(pod.metadata.uid, placed);
    info.requested = add(info.requested, requests);
    info.nonzeroCpu += nonzero.cpu;
    info.nonzeroMemory += nonzero.memory;
    count(info.ofController, controllerOf(pod)?.uid, 1);
    for (const port of hostPorts(pod)) count(info.ports, port, 1);
  }
}

const emptyNode = (node: Node): NodeInfo => ({
  node,
  allocatable: allocatableOf(node),
  allowedPods: allowedPods(node),
  requested: { cpu: 0, memory: 0, storage: 0 },
  nonzeroCpu: 0,
  nonzeroMemory: 0,
  pods: new Map(),
  ofController: new Map(),
  ports: new Map(),
});

function count(counts: Map<string, number>, key: string | undefined, change: number): void {
  if (key === undefined) return;
  const value = (counts.get(key) ?? 0) + change;
  if (value === 0) counts.delete(key);
  else counts.set(key, value);
}

export function hostPorts({ spec }: Pod): readonly string[] {
  const ports: string[] = [];
  for (const container of spec?.containers ?? []) {
    for (const { hostPort, protocol = 'TCP' } of container.ports ?? []) {
      if (hostPort) ports.push(`${protocol}/${hostPort}`);
    }
  }
  return ports;
}
