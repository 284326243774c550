/** The scheduler: finds every pod a node, or says why there is none (pkg/scheduler/{scheduler,schedule_one,eventhandlers}.go). */

import type { Client, Informer } from '../../api/client.ts';
import { refusalOf } from '../../api/errors.ts';
import { StatusError } from '../../api/object.ts';
import type { EventRecorder } from '../../api/recorder.ts';
import { timestamp } from '../../api/time.ts';
import type { Node, Pod } from '../../api/types.ts';
import type { Clock } from '../../sim/clock.ts';
import type { Random } from '../../sim/random.ts';
import { findCondition, setCondition } from '../conditions.ts';
import { keyOf, splitKey } from '../context.ts';
import { CLAIM_INDEX, claimsOfPod } from '../persistentvolume-binder/binder.ts';
import { hasEnded, isTerminating } from '../pods.ts';
import type { Unschedulable } from './algorithm.ts';
import { decide, type TieBreak } from './algorithm.ts';
import { SchedulerCache } from './cache.ts';
import type { FilterContext, PluginName } from './plugin.ts';
import type { Preemption } from './preemption.ts';
import { SchedulingQueue } from './queue.ts';
import { VolumeBinder } from './volume-binder.ts';

export const SCHEDULER_NAME = 'default-scheduler';

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly client: Client;
  readonly recorder: EventRecorder;
  readonly tieBreak?: TieBreak | undefined;
}

/** bindTimeoutSeconds, and how often BindPodVolumes looks. */
const BIND_TIMEOUT = 600_000;
const BIND_POLL = 1000;

/** What other pods' going may change. */
const FREED_BY_PODS: readonly PluginName[] = [
  'NodeResourcesFit',
  'NodePorts',
  'VolumeRestrictions',
  'NodeVolumeLimits',
  'PodTopologySpread',
  'InterPodAffinity',
];
const CHANGED_BY_NODES: readonly PluginName[] = [
  'NodeUnschedulable',
  'NodeName',
  'TaintToleration',
  'NodeAffinity',
  'NodeResourcesFit',
  'VolumeBinding',
  'PodTopologySpread',
  'InterPodAffinity',
];

export function startScheduler(options: SchedulerOptions): void {
  new Scheduler(options).start();
}

class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #pods: Informer<Pod>;
  readonly #podsOfClaim: (key: string) => Iterable<Pod>;
  readonly #cache = new SchedulerCache();
  readonly #context: FilterContext;
  readonly #queue: SchedulingQueue;
  readonly #volumes: VolumeBinder;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#pods = options.client.informer('pods');
    this.#podsOfClaim = this.#pods.index(CLAIM_INDEX, claimsOfPod);
    this.#context = { client: options.client, cache: this.#cache };
    this.#queue = new SchedulingQueue(options.clock, (key) => this.#schedule(key));
    this.#volumes = new VolumeBinder(this.#context);
  }

  start(): void {
    const { client } = this.#options;
    client.informer('nodes').handle({
      added: (node) => this.#nodeChanged(undefined, node),
      updated: (before, node) => this.#nodeChanged(before, node),
      deleted: (node) => this.#cache.removeNode(node.metadata.name),
    });
    this.#pods.handle({
      added: (pod) => this.#podChanged(pod),
      updated: (before, pod) => this.#podChanged(pod, before),
      deleted: (pod) => this.#podGone(pod),
    });
    client.informer('persistentvolumeclaims').handle({
      added: (claim) => this.#claimChanged(keyOf(claim)),
      updated: (_, claim) => this.#claimChanged(keyOf(claim)),
    });
    client.informer('persistentvolumes').handle({
      added: () => this.#queue.wake(['VolumeBinding']),
      updated: () => this.#queue.wake(['VolumeBinding']),
    });
    client.informer('storageclasses').handle({ added: () => this.#queue.wake(['VolumeBinding']) });
    const wakeBinding = () => this.#queue.wake(['VolumeBinding']);
    client.informer('csistoragecapacities').handle({ added: wakeBinding, updated: wakeBinding });
    client.informer('csidrivers').handle({ added: wakeBinding, updated: wakeBinding });
    const wakeLimits = () => this.#queue.wake(['NodeVolumeLimits', 'VolumeBinding']);
    client.informer('csinodes').handle({ added: wakeLimits, updated: wakeLimits });
  }

  #nodeChanged(before: Node | undefined, node: Node): void {
    if (before && !concernsScheduling(before, node)) return;
    this.#cache.setNode(node);
    if (before) this.#queue.wake(CHANGED_BY_NODES);
    else this.#queue.wakeAll();
  }

  #podChanged(pod: Pod, before?: Pod): void {
    const key = keyOf(pod);
    const { nominated } = this.#cache;
    if (pod.spec?.nodeName) {
      nominated.delete(pod.metadata.uid);
      this.#queue.forget(key);
      if (hasEnded(pod)) {
        if (this.#cache.remove(pod.metadata.uid)) this.#queue.wake(FREED_BY_PODS);
      } else {
        this.#cache.update(pod);
        if (!before?.spec?.nodeName) this.#queue.wake(['InterPodAffinity']);
      }
      return;
    }
    if (!before) this.#queue.add(key);
    else if (before.metadata.generation !== pod.metadata.generation || before.metadata.labels !== pod.metadata.labels) {
      this.#queue.wakePod(key);
    }
  }

  #podGone(pod: Pod): void {
    this.#queue.forget(keyOf(pod));
    this.#cache.nominated.delete(pod.metadata.uid);
    this.#volumes.forget(pod);
    if (this.#cache.remove(pod.metadata.uid)) this.#queue.wake(FREED_BY_PODS);
  }

  #claimChanged(key: string): void {
    for (const pod of this.#podsOfClaim(key)) {
      if (!pod.spec?.nodeName && !this.#volumes.isWaiting(pod)) this.#queue.wakePod(keyOf(pod));
    }
  }

  #schedule(key: string): void {
    const pod = this.#pods.get(...splitKey(key));
    if (!pod || pod.spec?.nodeName || isTerminating(pod) || hasEnded(pod)) {
      this.#queue.forget(key);
      return;
    }
    if ((pod.spec?.schedulerName ?? SCHEDULER_NAME) !== SCHEDULER_NAME || pod.spec?.schedulingGates?.length) return;
    const decision = decide(pod, this.#context, this.#options.random, this.#options.tieBreak);
    if ('message' in decision) this.#reject(pod, decision);
    else if (!this.#volumes.prepare(pod, decision.node)) this.#bind(pod, decision.node);
    else this.#awaitVolumes(pod, decision.node);
  }

  /** PreBind: the pod keeps its place while its volumes are bound or made; looked at every second, for ten minutes. */
  #awaitVolumes(pod: Pod, node: string): void {
    const { client, clock } = this.#options;
    const { namespace = '', name, uid } = pod.metadata;
    this.#cache.place(pod, node);
    const nominate = (current: Pod): Pod => ({ ...current, status: { ...current.status, nominatedNodeName: node } });
    client.mutate('pods', namespace, name, nominate, 'status');
    const deadline = clock.now + BIND_TIMEOUT;
    const look = () => {
      const current = this.#pods.get(namespace, name);
      if (current?.metadata.uid !== uid || current.spec?.nodeName) return;
      const bound = this.#volumes.areBound(current);
      if (bound === false && clock.now < deadline) {
        clock.after(BIND_POLL, look, { background: true });
        return;
      }
      this.#volumes.forget(current);
      if (bound === true) {
        this.#bind(current, node);
        return;
      }
      this.#cache.remove(uid);
      const failure = bound ? bound.failure : 'context deadline exceeded';
      const message = `running PreBind plugin "VolumeBinding": binding volumes: ${failure}`;
      this.#reject(current, { message, plugins: new Set(['VolumeBinding']) });
    };
    clock.after(BIND_POLL, look);
  }

  #bind(pod: Pod, node: string): void {
    const { namespace = '', name } = pod.metadata;
    this.#cache.place(pod, node);
    try {
      this.#options.client.bind(namespace, name, node);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#cache.remove(pod.metadata.uid);
      this.#queue.fail(keyOf(pod), new Set());
      return;
    }
    this.#queue.forget(keyOf(pod));
    const message = `Successfully assigned ${namespace}/${name} to ${node}`;
    this.#options.recorder.event(pod, 'Normal', 'Scheduled', message, 'Binding');
  }

  /** prepareCandidate: whoever is in the way is told why it goes, and goes. */
  #preempt(pod: Pod, { node, victims }: Preemption): void {
    const { client, clock, recorder } = this.#options;
    for (const victim of victims) {
      if (isTerminating(victim)) continue;
      const { namespace = '', name } = victim.metadata;
      const condition = {
        type: 'DisruptionTarget',
        status: 'True',
        lastProbeTime: null,
        lastTransitionTime: timestamp(clock.now),
        reason: 'PreemptionByScheduler',
        message: `${SCHEDULER_NAME}: preempting to accommodate a higher priority pod`,
      };
      const told = (current: Pod): Pod =>
        ({
          ...current,
          status: { ...current.status, conditions: setCondition(current.status?.conditions ?? [], condition as never) },
        }) as Pod;
      client.mutate('pods', namespace, name, told, 'status');
      client.delete('pods', namespace, name);
      recorder.event(
        victim,
        'Normal',
        'Preempted',
        `Preempted by pod ${pod.metadata.uid} on node ${node}`,
        'Preempting',
      );
    }
    this.#cache.nominated.set(pod.metadata.uid, { pod, node });
  }

  /** handleSchedulingFailure: the event, then the condition. */
  #reject(pod: Pod, { message, plugins, preemption: intended }: Unschedulable): void {
    const { client, clock, recorder } = this.#options;
    this.#queue.fail(keyOf(pod), plugins);
    const preemption = intended && !refusalOf(() => this.#preempt(pod, intended)) ? intended : undefined;
    recorder.event(pod, 'Warning', 'FailedScheduling', message, 'Scheduling');
    const { namespace = '', name, generation } = pod.metadata;
    const before = findCondition(pod.status?.conditions, 'PodScheduled');
    if (before?.status === 'False' && before.message === message && !preemption) return;
    const condition = {
      type: 'PodScheduled',
      ...(generation !== undefined && { observedGeneration: generation }),
      status: 'False',
      lastProbeTime: null,
      lastTransitionTime: timestamp(clock.now),
      reason: 'Unschedulable',
      message,
    };
    const told = (current: Pod): Pod =>
      ({
        ...current,
        status: {
          ...current.status,
          conditions: setCondition(current.status?.conditions ?? [], condition as never),
          ...(preemption && { nominatedNodeName: preemption.node }),
        },
      }) as Pod;
    // "Error updating pod": said again at the next attempt.
    refusalOf(() => client.mutate('pods', namespace, name, told, 'status'));
  }
}

/** Heartbeats do not: labels, taints, cordons and sizes do (nodeSchedulingPropertiesChange). */
const concernsScheduling = (before: Node, node: Node): boolean =>
  before.spec !== node.spec ||
  before.metadata.labels !== node.metadata.labels ||
  before.status?.allocatable !== node.status?.allocatable;
