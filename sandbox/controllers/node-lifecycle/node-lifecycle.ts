/** The node lifecycle controller: hears whether kubelets still report, and taints nodes that do not (pkg/controller/nodelifecycle). */

import type { Informer } from '../../api/client.ts';
import { refusalOf } from '../../api/errors.ts';
import { timestamp } from '../../api/time.ts';
import type { Lease, Node, Pod } from '../../api/types.ts';
import { contained } from '../../sim/faults.ts';
import { findCondition, setCondition } from '../conditions.ts';
import type { ControllerContext } from '../context.ts';
import { WorkQueue } from '../work-queue.ts';
import { readiness, tainted, unknown } from './conditions.ts';

/** --node-monitor-period and --node-monitor-grace-period. */
const MONITOR_PERIOD = 5000;
const GRACE_PERIOD = 50_000;
const LEASE_NAMESPACE = 'kube-node-lease';

export const NODE_INDEX = 'node';
export const nodeOfPod = ({ spec }: Pod): readonly string[] => (spec?.nodeName ? [spec.nodeName] : []);

export function startNodeLifecycle(context: ControllerContext): void {
  new NodeLifecycle(context).start();
}

/** When the kubelet was last heard of: a renewed lease or a new status. */
interface Heartbeat {
  readonly renewTime: string | undefined;
  readonly status: Node['status'];
  readonly at: number;
}

class NodeLifecycle {
  readonly #context: ControllerContext;
  readonly #nodes: Informer<Node>;
  readonly #leases: Informer<Lease>;
  readonly #podsOn: (node: string) => Iterable<Pod>;
  readonly #heartbeats = new Map<string, Heartbeat>();
  /** Nodes of which not every pod could be marked (nodesToRetry). */
  readonly #unmarked = new Set<string>();
  readonly #queue: WorkQueue;

  constructor(context: ControllerContext) {
    const { client, clock, random } = context;
    this.#context = context;
    this.#nodes = client.informer('nodes');
    this.#leases = client.informer('leases');
    this.#podsOn = client.informer('pods').index(NODE_INDEX, nodeOfPod);
    this.#queue = new WorkQueue({ clock, random, reconcile: (name) => this.#taint(name) });
  }

  start(): void {
    const { clock, recorder } = this.#context;
    const known = new Set([...this.#nodes.list()].map(({ metadata }) => metadata.name));
    this.#nodes.handle({
      added: (node) => {
        const { name } = node.metadata;
        this.#queue.add(name);
        if (known.has(name)) return;
        recorder.event(node, 'Normal', 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`);
      },
      updated: (before, node) => {
        if (before.status?.conditions !== node.status?.conditions || before.spec !== node.spec) {
          this.#queue.add(node.metadata.name);
        }
        if (readiness(before) === 'True' && readiness(node) === 'False') this.#becomesNotReady(node);
      },
      deleted: (node) => {
        const { name } = node.metadata;
        this.#heartbeats.delete(name);
        recorder.event(node, 'Normal', 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`);
      },
    });
    clock.every(MONITOR_PERIOD, () => {
      for (const node of this.#nodes.list()) contained(`node ${node.metadata.name}`, () => this.#monitor(node));
      const retried = [...this.#unmarked];
      this.#unmarked.clear();
      for (const name of retried) {
        const node = this.#nodes.get('', name);
        if (node && readiness(node) !== 'True') contained(`node ${name}`, () => this.#markPodsNotReady(name));
      }
    });
  }

  /** tryUpdateNodeHealth. */
  #monitor(node: Node): void {
    const { clock } = this.#context;
    const { name } = node.metadata;
    const renewTime = this.#leases.get(LEASE_NAMESPACE, name)?.spec?.renewTime;
    const last = this.#heartbeats.get(name);
    if (!last || last.renewTime !== renewTime) {
      this.#heartbeats.set(name, { renewTime, status: node.status, at: clock.now });
    } else if (last.status !== node.status) {
      // Our own verdict is no sign of life.
      const at = readiness(node) === 'Unknown' ? last.at : clock.now;
      this.#heartbeats.set(name, { renewTime, status: node.status, at });
      // Upstream asks for more than the grace period, and looks every 5 s and a little: wait.Until counts from a look's end.
    } else if (clock.now >= last.at + GRACE_PERIOD && readiness(node) !== 'Unknown') {
      this.#fallSilent(node);
    }
  }

  #fallSilent(node: Node): void {
    const { client, clock } = this.#context;
    // What is refused is tried again at the next look.
    if (refusalOf(() => client.updateStatus('nodes', unknown(node, clock.now)))) return;
    this.#becomesNotReady(node);
  }

  #becomesNotReady(node: Node): void {
    const { name } = node.metadata;
    this.#context.recorder.event(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
    this.#markPodsNotReady(name);
  }

  /** Its pods can no longer be counted on (MarkPodsNotReady). */
  #markPodsNotReady(name: string): void {
    const { client, clock, recorder } = this.#context;
    const lastTransitionTime = timestamp(clock.now);
    for (const pod of [...this.#podsOn(name)]) {
      const { conditions = [] } = pod.status ?? {};
      const ready = findCondition(conditions, 'Ready');
      if (ready?.status !== 'True') continue;
      const next = setCondition(conditions, { ...ready, status: 'False', lastTransitionTime });
      const marked = { ...pod, status: { ...pod.status, conditions: next } };
      if (refusalOf(() => client.updateStatus('pods', marked))) this.#unmarked.add(name);
      recorder.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
    }
  }

  #taint(name: string): void {
    const node = this.#nodes.get('', name);
    if (!node) return;
    const next = tainted(node, this.#context.clock.now);
    if (next !== node) this.#context.client.update('nodes', next);
  }
}
