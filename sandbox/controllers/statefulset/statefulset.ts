/** The StatefulSet controller: pods with names, in order, each with its own claims (pkg/controller/statefulset/stateful_set.go). */

import type { Informer } from '../../api/client.ts';
import type { ControllerRevision, Pod, StatefulSet } from '../../api/types.ts';
import type { ControllerContext } from '../context.ts';
import { keyOf, splitKey } from '../context.ts';
import { matcher } from '../label-selector.ts';
import { CONTROLLER_INDEX, claim, controllerKeys, controllerOf } from '../ownership.ts';
import { isTerminating, untilAvailable } from '../pods.ts';
import { WorkQueue } from '../work-queue.ts';
import { ordinalOf, REVISION_LABEL, STATEFUL_SET } from './ordinals.ts';
import { currentRevision, templateOf, truncate } from './revisions.ts';
import { statefulSetStatus } from './status.ts';
import { StatefulSetSync } from './sync.ts';

/** Virtual milliseconds of a sync per pod: what happens meanwhile in a large set is seen at once. */
const SYNC_PER_POD = 0.1;

export function startStatefulSetController(context: ControllerContext): void {
  new StatefulSetController(context).start();
}

class StatefulSetController {
  readonly #context: ControllerContext;
  readonly #sets: Informer<StatefulSet>;
  readonly #pods: Informer<Pod>;
  readonly #podsOf: (uid: string) => Iterable<Pod>;
  readonly #revisionsOf: (uid: string) => Iterable<ControllerRevision>;
  readonly #queue: WorkQueue;

  constructor(context: ControllerContext) {
    const { client, clock, random } = context;
    this.#context = context;
    this.#sets = client.informer('statefulsets');
    this.#pods = client.informer('pods');
    this.#podsOf = this.#pods.index(CONTROLLER_INDEX, controllerKeys);
    this.#revisionsOf = client.informer('controllerrevisions').index(CONTROLLER_INDEX, controllerKeys);
    this.#queue = new WorkQueue({
      clock,
      random,
      reconcile: (key) => this.#sync(key),
      latency: [2, 8],
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

  #wake(pod: Pod): void {
    const owner = controllerOf(pod);
    const { namespace = '', labels } = pod.metadata;
    if (owner) {
      if (owner.kind === STATEFUL_SET.kind) this.#queue.add(`${namespace}/${owner.name}`);
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
    const pods = this.#claimPods(set);
    const history = this.#claimHistory(set);
    const { collisionCount = 0, currentRevision: currentName } = set.status ?? {};
    const update = currentRevision(client, set, STATEFUL_SET, history, collisionCount);
    const current = history.find(({ metadata }) => metadata.name === currentName) ?? update;
    const revisions = { current: current.metadata.name, update: update.metadata.name, collisionCount };

    const sync = new StatefulSetSync(this.#context, set, pods, {
      current: { name: revisions.current, template: templateOf(current) },
      update: { name: revisions.update, template: templateOf(update) },
    });
    const failure = sync.run();
    const status = statefulSetStatus(set, sync.pods, revisions, sync.replaced, clock.now);
    client.updateStatus('statefulsets', { ...set, status });

    const live = new Set([revisions.current, revisions.update]);
    for (const pod of pods) live.add(pod.metadata.labels?.[REVISION_LABEL] ?? '');
    truncate(client, history, live, set.spec?.revisionHistoryLimit ?? 10);
    this.#awaitAvailability(key, set, pods);
    if (failure) this.#queue.addRateLimited(key);
    else if (sync.throttled) this.#queue.addAfter(key, this.#context.creations.pause);
  }

  #claimPods(set: StatefulSet): Pod[] {
    const matches = matcher(set.spec!.selector);
    return claim({
      client: this.#context.client,
      resource: 'pods',
      owner: set,
      ownerKind: STATEFUL_SET,
      matches: (pod) => ordinalOf(set, pod) >= 0 && matches(pod.metadata.labels),
      byController: this.#podsOf,
    });
  }

  #claimHistory(set: StatefulSet): ControllerRevision[] {
    const matches = matcher(set.spec!.selector);
    return claim({
      client: this.#context.client,
      resource: 'controllerrevisions',
      owner: set,
      ownerKind: STATEFUL_SET,
      matches: (revision) => matches(revision.metadata.labels),
      byController: this.#revisionsOf,
    });
  }

  #awaitAvailability(key: string, set: StatefulSet, pods: readonly Pod[]): void {
    const { minReadySeconds = 0 } = set.spec!;
    if (minReadySeconds === 0) return;
    for (const pod of pods) {
      const left = isTerminating(pod) ? undefined : untilAvailable(pod, minReadySeconds, this.#context.clock.now);
      if (left !== undefined) this.#queue.addAfter(key, left);
    }
  }
}
