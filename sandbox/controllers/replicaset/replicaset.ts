/** The ReplicaSet controller: as many pods as asked for (pkg/controller/replicaset/replica_set.go). */

import type { Informer } from '../../api/client.ts';
import { StatusError } from '../../api/object.ts';
import type { Pod, ReplicaSet } from '../../api/types.ts';
import type { ControllerContext } from '../context.ts';
import { keyOf, splitKey } from '../context.ts';
import { matcher } from '../label-selector.ts';
import {
  CONTROLLER_INDEX,
  claim,
  controllerKeys,
  controllerOf,
  controllerReference,
  isControlledBy,
} from '../ownership.ts';
import {
  createPod,
  deletePod,
  hasEnded,
  isNamespaceTerminating,
  isReady,
  isTerminating,
  podFromTemplate,
  untilAvailable,
} from '../pods.ts';
import { WorkQueue } from '../work-queue.ts';
import { podsToDelete } from './deletion-order.ts';
import type { ReplicaFailure } from './status.ts';
import { replicaSetStatus } from './status.ts';

const REPLICA_SET = { apiVersion: 'apps/v1', kind: 'ReplicaSet' } as const;

/** replicaset.BurstReplicas: the most pods created or deleted in one sync. */
const BURST = 500;
/** Virtual milliseconds of a sync per pod of the set: large sets take longer, and their pods' events coalesce meanwhile. */
const SYNC_PER_POD = 0.1;

export function startReplicaSetController(context: ControllerContext): void {
  new ReplicaSetController(context).start();
}

class ReplicaSetController {
  readonly #context: ControllerContext;
  readonly #sets: Informer<ReplicaSet>;
  readonly #pods: Informer<Pod>;
  readonly #podsOf: (uid: string) => Iterable<Pod>;
  readonly #setsOf: (uid: string) => Iterable<ReplicaSet>;
  readonly #queue: WorkQueue;

  constructor(context: ControllerContext) {
    const { client, clock, random } = context;
    this.#context = context;
    this.#sets = client.informer('replicasets');
    this.#pods = client.informer('pods');
    this.#podsOf = this.#pods.index(CONTROLLER_INDEX, controllerKeys);
    this.#setsOf = this.#sets.index(CONTROLLER_INDEX, controllerKeys);
    this.#queue = new WorkQueue({
      clock,
      random,
      reconcile: (key) => this.#sync(key),
      latency: [2, 6],
      weigh: (key) => Math.floor((this.#sets.get(...splitKey(key))?.status?.replicas ?? 0) * SYNC_PER_POD),
    });
  }

  start(): void {
    const queue = this.#queue;
    this.#sets.handle({ added: (set) => queue.add(keyOf(set)), updated: (_, set) => queue.add(keyOf(set)) });
    this.#pods.handle({
      added: (pod) => this.#wake(pod),
      updated: (before, pod) => {
        if (controllerOf(before)?.uid !== controllerOf(pod)?.uid) this.#wake(before);
        this.#wake(pod);
      },
      deleted: (pod) => this.#wake(pod),
    });
  }

  /** The set that owns the pod, or those that could adopt it. */
  #wake(pod: Pod): void {
    const owner = controllerOf(pod);
    const { namespace = '', labels } = pod.metadata;
    if (owner) {
      if (owner.kind === REPLICA_SET.kind) this.#queue.add(`${namespace}/${owner.name}`);
      return;
    }
    for (const set of this.#sets.list(namespace)) {
      if (matcher(set.spec?.selector)(labels)) this.#queue.add(keyOf(set));
    }
  }

  #sync(key: string): void {
    const { client, clock } = this.#context;
    const set = this.#sets.get(...splitKey(key));
    if (!set) return;
    const matches = matcher(set.spec!.selector);
    const pods = claim({
      client,
      resource: 'pods',
      owner: set,
      ownerKind: REPLICA_SET,
      matches: (pod) => !hasEnded(pod) && matches(pod.metadata.labels),
      byController: (uid) => withoutEnded(this.#podsOf(uid)),
    });
    const active = pods.filter((pod) => !isTerminating(pod));
    const failure = isTerminating(set) ? undefined : this.#manage(set, active);
    const status = replicaSetStatus(set, active, pods.length - active.length, failure, clock.now);
    client.updateStatus('replicasets', { ...set, status });
    this.#awaitAvailability(key, set, active);
    if (failure) this.#queue.addRateLimited(key);
  }

  /** manageReplicas: creates or deletes the difference. */
  #manage(set: ReplicaSet, active: readonly Pod[]): ReplicaFailure | undefined {
    const difference = active.length - (set.spec!.replicas ?? 1);
    if (difference < 0) {
      const count = this.#context.creations.take(Math.min(-difference, BURST));
      if (count < Math.min(-difference, BURST)) this.#queue.addAfter(keyOf(set), this.#context.creations.pause);
      return count > 0 ? this.#create(set, count) : undefined;
    }
    if (difference > 0) return this.#delete(set, active, Math.min(difference, BURST));
    return undefined;
  }

  #create(set: ReplicaSet, count: number): ReplicaFailure | undefined {
    const owner = controllerReference(set, REPLICA_SET);
    const draft = podFromTemplate(
      set.spec!.template as NonNullable<typeof set.spec>['template'] & object,
      owner,
      `${set.metadata.name}-`,
    );
    const failure = slowStart(count, () => createPod(this.#context, set, set.metadata.namespace ?? '', draft));
    if (!failure || isNamespaceTerminating(failure)) return undefined;
    return { reason: 'FailedCreate', message: failure.message };
  }

  #delete(set: ReplicaSet, active: readonly Pod[], count: number): ReplicaFailure | undefined {
    try {
      for (const pod of podsToDelete(active, this.#related(set), count, this.#context.clock.now)) {
        deletePod(this.#context, set, pod);
      }
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return { reason: 'FailedDelete', message: error.message };
    }
    return undefined;
  }

  /** getIndirectlyRelatedPods: active pods of all sets of the same controller. */
  *#related(set: ReplicaSet): Iterable<Pod> {
    const owner = controllerOf(set);
    const sets = owner ? this.#setsOf(owner.uid) : [set];
    for (const { metadata } of sets) {
      for (const pod of withoutEnded(this.#podsOf(metadata.uid))) if (!isTerminating(pod)) yield pod;
    }
  }

  /** A ready pod becomes available with time alone. */
  #awaitAvailability(key: string, set: ReplicaSet, active: readonly Pod[]): void {
    const { minReadySeconds = 0 } = set.spec!;
    if (minReadySeconds === 0) return;
    let soonest = Number.POSITIVE_INFINITY;
    for (const pod of active) {
      if (!isControlledBy(pod, set) || !isReady(pod)) continue;
      soonest = Math.min(soonest, untilAvailable(pod, minReadySeconds, this.#context.clock.now) ?? soonest);
    }
    if (soonest < Number.POSITIVE_INFINITY) this.#queue.addAfter(key, soonest);
  }
}

function* withoutEnded(pods: Iterable<Pod>): Iterable<Pod> {
  for (const pod of pods) if (!hasEnded(pod)) yield pod;
}

/** slowStartBatch: 1, 2, 4 … at a time, so that a template nobody may create fails once, not a thousand times. */
function slowStart(count: number, create: () => unknown): StatusError | undefined {
  let done = 0;
  for (let batch = 1; done < count; batch *= 2) {
    const size = Math.min(batch, count - done);
    let failure: StatusError | undefined;
    for (let i = 0; i < size; i++) {
      const result = create();
      if (result instanceof StatusError) failure ??= result;
    }
    if (failure) return failure;
    done += size;
  }
  return undefined;
}
