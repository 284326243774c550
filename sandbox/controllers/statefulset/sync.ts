/** One sync of a StatefulSet: create in order, remove in reverse, replace from the last (pkg/controller/statefulset/stateful_set_control.go updateStatefulSet). */

import { StatusError } from '../../api/object.ts';
import type { Pod, PodTemplateSpec, StatefulSet } from '../../api/types.ts';
import type { ControllerContext } from '../context.ts';
import { scaled } from '../int-or-percent.ts';
import { isAvailable, isTerminating } from '../pods.ts';
import { applyRetention, ClaimError, createClaims, hasStaleClaim } from './claims.ts';
import {
  firstOrdinal,
  hasIdentity,
  isParallel,
  newPod,
  ordinalOf,
  podName,
  REVISION_LABEL,
  replicasOf,
  withIdentity,
} from './ordinals.ts';
import { isRunningAndReady } from './status.ts';

interface Revision {
  readonly name: string;
  readonly template: PodTemplateSpec;
}

export interface SetRevisions {
  readonly current: Revision;
  readonly update: Revision;
}

/** So many holes are filled in one sync at most, that a set of a thousand million replicas is no larger than what there is of it. */
const WINDOW = 500;

/** What a step says of the rest: go on, or wait for the world to change. */
type Step = 'continue' | 'wait';

export class StatefulSetSync {
  readonly #context: ControllerContext;
  readonly #set: StatefulSet;
  readonly #revisions: SetRevisions;
  /** By ordinal, counted from the first; holes are pods yet to be made. */
  readonly #replicas: (Pod | undefined)[];
  /** Pods beyond the replicas, the highest ordinal first. */
  readonly #condemned: readonly Pod[];
  readonly #monotonic: boolean;
  #throttled = false;
  #failure: Error | undefined;
  #replaced = 0;

  constructor(context: ControllerContext, set: StatefulSet, pods: readonly Pod[], revisions: SetRevisions) {
    this.#context = context;
    this.#set = set;
    this.#revisions = revisions;
    this.#monotonic = !isParallel(set);
    const start = firstOrdinal(set);
    const count = replicasOf(set);
    this.#replicas = Array.from<Pod | undefined>({ length: Math.min(count, pods.length + WINDOW) });
    const condemned: Pod[] = [];
    for (const pod of pods) {
      const index = ordinalOf(set, pod) - start;
      if (index >= this.#replicas.length && index < count) continue;
      if (index >= 0 && index < count) this.#replicas[index] = pod;
      else condemned.push(pod);
    }
    this.#condemned = condemned.sort((a, b) => ordinalOf(set, b) - ordinalOf(set, a));
  }

  /** The pods as they were when the sync began: what the status tells. */
  get pods(): Pod[] {
    return [...this.#replicas.filter((pod) => pod !== undefined), ...this.#condemned];
  }

  /** Pods of the current revision that this sync deleted to replace them. */
  get replaced(): number {
    return this.#replaced;
  }

  /** More is to be created, when the controller may again. */
  get throttled(): boolean {
    return this.#throttled;
  }

  /** Moves the set one step on; what failed, if anything did. */
  run(): Error | undefined {
    if (isTerminating(this.#set)) return undefined;
    try {
      if (this.#fill() === 'wait' || this.#shrink() === 'wait') return this.#failure;
      this.#update();
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof ClaimError)) throw error;
      return error;
    }
    return this.#failure;
  }

  #fill(): Step {
    const start = firstOrdinal(this.#set);
    let size = 1;
    for (let from = 0; from < this.#replicas.length; from += size, size = this.#monotonic ? 1 : size * 2) {
      const batch = Array.from({ length: Math.min(size, this.#replicas.length - from) }, (_, i) => ({
        pod: this.#replicas[from + i],
        ordinal: start + from + i,
      }));
      // Pods of a batch are made side by side: the claims of all come first.
      const ready = batch.filter(({ pod, ordinal }) => pod || this.#prepare(ordinal) === 'continue');
      for (const { pod, ordinal } of ready) if (this.#processReplica(pod, ordinal) === 'wait') return 'wait';
      if (ready.length < batch.length) return 'wait';
    }
    return 'continue';
  }

  #processReplica(pod: Pod | undefined, ordinal: number): Step {
    if (!pod) return this.#create(ordinal);
    const { phase } = pod.status ?? {};
    if (phase === 'Failed' || phase === 'Succeeded') return this.#replaceEnded(pod);
    if (phase === 'Pending' && !isTerminating(pod)) createClaims(this.#context, this.#set, pod.metadata.name, ordinal);
    if (this.#monotonic && (isTerminating(pod) || !isRunningAndReady(pod) || !this.#isAvailable(pod))) return 'wait';
    this.#correct(pod, ordinal);
    return 'continue';
  }

  /** What a new pod needs. */
  #prepare(ordinal: number): Step {
    const name = podName(this.#set, ordinal);
    if (hasStaleClaim(this.#context, this.#set, ordinal, name)) return 'wait';
    return this.#attempt(name, () => createClaims(this.#context, this.#set, name, ordinal));
  }

  #create(ordinal: number): Step {
    if (this.#context.creations.take(1) === 0) {
      this.#throttled = true;
      return 'wait';
    }
    const name = podName(this.#set, ordinal);
    const revision = this.#revisionFor(ordinal);
    const made = this.#attempt(name, () => {
      const draft = newPod(this.#set, revision.template, revision.name, ordinal);
      const pod = this.#context.client.create('pods', this.#set.metadata.namespace ?? '', draft);
      applyRetention(this.#context, this.#set, pod, ordinal);
      this.#say('Create', name);
    });
    return this.#monotonic ? 'wait' : made;
  }

  #attempt(name: string, work: () => void): Step {
    try {
      work();
      return 'continue';
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof ClaimError)) throw error;
      if (!(error instanceof StatusError) || error.status.reason !== 'AlreadyExists') this.#say('Create', name, error);
      this.#failure = error;
      return 'wait';
    }
  }

  /** A pod of the past stays on the old revision while the partition holds it there. */
  #revisionFor(ordinal: number): Revision {
    const { updateStrategy } = this.#set.spec!;
    if (updateStrategy?.type === 'OnDelete') return this.#revisions.update;
    const partition = updateStrategy?.rollingUpdate?.partition ?? 0;
    return ordinal < firstOrdinal(this.#set) + partition ? this.#revisions.current : this.#revisions.update;
  }

  #replaceEnded(pod: Pod): Step {
    if (isTerminating(pod)) return this.#monotonic ? 'wait' : 'continue';
    const { namespace, name } = this.#set.metadata;
    const failed = pod.status?.phase === 'Failed';
    this.#context.recorder.event(
      this.#set,
      failed ? 'Warning' : 'Normal',
      failed ? 'RecreatingFailedPod' : 'RecreatingTerminatedPod',
      `StatefulSet ${namespace}/${name} is recreating ${failed ? 'failed' : 'terminated'} Pod ${pod.metadata.name}`,
    );
    this.#delete(pod);
    return 'wait';
  }

  /** updateStatefulPod: names, labels and claims as they should be. */
  #correct(pod: Pod, ordinal: number): void {
    applyRetention(this.#context, this.#set, pod, ordinal);
    if (!hasIdentity(this.#set, pod)) {
      const { namespace = '', name } = pod.metadata;
      this.#context.client.mutate('pods', namespace, name, (current) => withIdentity(current, ordinal));
    }
  }

  /** processCondemned: one at a time and only while the others are well, unless the set is Parallel. */
  #shrink(): Step {
    const firstUnhealthy = [...this.#replicas, ...[...this.#condemned].reverse()].find(
      (pod) => pod && (!isRunningAndReady(pod) || isTerminating(pod)),
    );
    for (const pod of this.#condemned) applyRetention(this.#context, this.#set, pod, ordinalOf(this.#set, pod));
    for (const pod of this.#condemned) {
      if (isTerminating(pod)) {
        if (this.#monotonic) return 'wait';
        continue;
      }
      if (this.#monotonic && (!isRunningAndReady(pod) || !this.#isAvailable(pod)) && pod !== firstUnhealthy) {
        return 'wait';
      }
      this.#delete(pod);
      if (this.#monotonic) return 'wait';
    }
    return 'continue';
  }

  /** From the highest ordinal down to the partition, as many at a time as may be unavailable. */
  #update(): void {
    const { updateStrategy } = this.#set.spec!;
    if (updateStrategy?.type === 'OnDelete') return;
    const { partition = 0, maxUnavailable } = updateStrategy?.rollingUpdate ?? {};
    const allowed = maxUnavailable === undefined ? 1 : Math.max(1, scaled(maxUnavailable, replicasOf(this.#set), 'up'));
    const healthy = (pod: Pod) => isRunningAndReady(pod) && !isTerminating(pod) && this.#isAvailable(pod);
    let unavailable = 0;
    for (let index = this.#replicas.length - 1; index >= partition; index--) {
      if (unavailable >= allowed) return;
      const pod = this.#replicas[index];
      if (!pod) continue;
      if (pod.metadata.labels?.[REVISION_LABEL] !== this.#revisions.update.name && !isTerminating(pod)) {
        this.#delete(pod);
        if (pod.metadata.labels?.[REVISION_LABEL] === this.#revisions.current.name) this.#replaced++;
        unavailable++;
      } else if (!healthy(pod)) unavailable++;
    }
  }

  #isAvailable(pod: Pod): boolean {
    return isAvailable(pod, this.#set.spec?.minReadySeconds ?? 0, this.#context.clock.now);
  }

  #delete(pod: Pod): void {
    const { namespace = '', name, uid } = pod.metadata;
    try {
      this.#context.client.delete('pods', namespace, name, { preconditions: { uid } });
    } catch (error) {
      if (error instanceof StatusError) this.#say('Delete', name, error);
      throw error;
    }
    this.#say('Delete', name);
  }

  /** recordPodEvent. */
  #say(verb: 'Create' | 'Delete', pod: string, error?: Error): void {
    const action = `${verb} Pod ${pod} in StatefulSet ${this.#set.metadata.name}`;
    const { recorder } = this.#context;
    if (error) recorder.event(this.#set, 'Warning', `Failed${verb}`, `${action} failed error: ${error.message}`);
    else recorder.event(this.#set, 'Normal', `Successful${verb}`, `${action} successful`);
  }
}
