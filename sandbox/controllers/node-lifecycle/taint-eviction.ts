/** The taint eviction controller: pods leave nodes whose NoExecute taints they do not, or no longer, tolerate (pkg/controller/tainteviction). */

import { refusalOf } from '../../api/errors.ts';
import { timestamp } from '../../api/time.ts';
import type { Node, Pod } from '../../api/types.ts';
import type { Timer } from '../../sim/clock.ts';
import { setCondition } from '../conditions.ts';
import type { ControllerContext } from '../context.ts';
import { isTerminating } from '../pods.ts';
import type { Taint } from '../scheduler/taints.ts';
import { tolerates } from '../scheduler/taints.ts';
import { NODE_INDEX, nodeOfPod } from './node-lifecycle.ts';

export function startTaintEviction(context: ControllerContext): void {
  const { client } = context;
  const evictions = new Evictions(context);
  const pods = client.informer('pods');
  const podsOn = pods.index(NODE_INDEX, nodeOfPod);
  const nodes = client.informer('nodes');

  nodes.handle({
    added: (node) => {
      for (const pod of podsOn(node.metadata.name)) evictions.consider(pod, noExecute(node));
    },
    updated: (before, node) => {
      if (before.spec?.taints === node.spec?.taints) return;
      for (const pod of [...podsOn(node.metadata.name)]) evictions.consider(pod, noExecute(node));
    },
  });
  const consider = (pod: Pod) => {
    const node = pod.spec?.nodeName ? nodes.get('', pod.spec.nodeName) : undefined;
    const taints = node ? noExecute(node) : [];
    if (taints.length > 0) evictions.consider(pod, taints);
  };
  pods.handle({
    added: consider,
    updated: (before, pod) => {
      if (before.spec?.nodeName !== pod.spec?.nodeName || before.spec?.tolerations !== pod.spec?.tolerations) {
        consider(pod);
      }
    },
    deleted: (pod) => evictions.forget(pod),
  });
}

const noExecute = (node: Node): readonly Taint[] =>
  node.spec?.taints?.filter(({ effect }) => effect === 'NoExecute') ?? [];

interface Scheduled {
  readonly timer: Timer;
  readonly since: number;
}

class Evictions {
  readonly #context: ControllerContext;
  readonly #scheduled = new Map<string, Scheduled>();

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  /** processPodOnNode: now, later, or never. */
  consider(pod: Pod, taints: readonly Taint[]): void {
    const { clock } = this.#context;
    const { uid } = pod.metadata;
    const patience = taints.length > 0 ? patienceOf(pod, taints) : Number.POSITIVE_INFINITY;
    const scheduled = this.#scheduled.get(uid);
    if (patience === Number.POSITIVE_INFINITY) {
      if (scheduled) this.#cancel(pod, scheduled);
      return;
    }
    if (scheduled && scheduled.since + patience >= scheduled.timer.at) return;
    scheduled?.timer.cancel();
    const since = scheduled?.since ?? clock.now;
    const evict = () => this.#evict(pod);
    const timer = clock.at(since + patience, evict, { background: patience > 0 });
    this.#scheduled.set(uid, { timer, since });
  }

  forget({ metadata }: Pod): void {
    this.#scheduled.get(metadata.uid)?.timer.cancel();
    this.#scheduled.delete(metadata.uid);
  }

  #cancel(pod: Pod, { timer }: Scheduled): void {
    timer.cancel();
    this.#scheduled.delete(pod.metadata.uid);
    this.#say(pod, `Cancelling deletion of Pod ${pod.metadata.namespace}/${pod.metadata.name}`);
  }

  #evict({ metadata }: Pod): void {
    const { client, clock } = this.#context;
    const { namespace = '', name, uid } = metadata;
    this.#scheduled.delete(uid);
    const pod = client.get('pods', namespace, name);
    if (pod?.metadata.uid !== uid || isTerminating(pod)) return;
    this.#say(pod, `Marking for deletion Pod ${namespace}/${name}`);
    const conditions = setCondition(pod.status?.conditions ?? [], {
      type: 'DisruptionTarget',
      ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
      status: 'True',
      lastProbeTime: null as unknown as string,
      lastTransitionTime: timestamp(clock.now),
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
    });
    // Upstream tries five times in 50 ms, and then only when the node's taints or the pod's tolerations change.
    refusalOf(() => {
      client.updateStatus('pods', { ...pod, status: { ...pod.status, conditions } });
      client.delete('pods', namespace, name, { preconditions: { uid } });
    });
  }

  /** The event names the pod without its uid, so `describe pod` does not find it. */
  #say({ apiVersion, kind, metadata }: Pod, message: string): void {
    const { namespace, name } = metadata;
    const nameless = { apiVersion, kind, metadata: { ...metadata, namespace, name, uid: '', resourceVersion: '' } };
    this.#context.recorder.event(nameless, 'Normal', 'TaintManagerEviction', message);
  }
}

/** getMinTolerationTime: milliseconds the pod may stay; infinite if it tolerates all taints for good. */
function patienceOf(pod: Pod, taints: readonly Taint[]): number {
  const tolerations = pod.spec?.tolerations ?? [];
  let patience = Number.POSITIVE_INFINITY;
  for (const taint of taints) {
    const matching = tolerations.filter((toleration) => tolerates(toleration, taint));
    if (matching.length === 0) return 0;
    for (const { tolerationSeconds } of matching) {
      if (tolerationSeconds !== undefined) patience = Math.min(patience, Math.max(0, tolerationSeconds) * 1000);
    }
  }
  return patience;
}
