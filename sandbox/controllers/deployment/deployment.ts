/** The Deployment controller: which replica sets there are, and how large each is now (pkg/controller/deployment/deployment_controller.go). */

import type { Informer } from '../../api/client.ts';
import type { Deployment, Pod, ReplicaSet } from '../../api/types.ts';
import type { ControllerContext } from '../context.ts';
import { keyOf, splitKey } from '../context.ts';
import { isEmptySelector, matcher } from '../label-selector.ts';
import { CONTROLLER_INDEX, claim, controllerKeys, controllerOf } from '../ownership.ts';
import { hasEnded, isTerminating } from '../pods.ts';
import { WorkQueue } from '../work-queue.ts';
import { desiredReplicasOf } from './annotations.ts';
import { actualReplicas, desiredBy, isActiveSet } from './arithmetic.ts';
import { ReplicaSets } from './replica-sets.ts';
import { reconcileNew, reconcileOld, scaleProportionally } from './scaling.ts';
import type { DeploymentStatus } from './status.ts';
import {
  deploymentStatus,
  isComplete,
  progressing,
  progressOf,
  rolloutStatus,
  untilDeadline,
  withCondition,
} from './status.ts';

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' } as const;

/** Slower than the replica sets it reads: what it scaled last should show before it counts again. */
const LATENCY = [9, 16] as const;

export function startDeploymentController(context: ControllerContext): void {
  new DeploymentController(context).start();
}

class DeploymentController {
  readonly #context: ControllerContext;
  readonly #deployments: Informer<Deployment>;
  readonly #sets: Informer<ReplicaSet>;
  readonly #setsOf: (uid: string) => Iterable<ReplicaSet>;
  readonly #podsOf: (uid: string) => Iterable<Pod>;
  readonly #queue: WorkQueue;

  constructor(context: ControllerContext) {
    const { client, clock, random } = context;
    this.#context = context;
    this.#deployments = client.informer('deployments');
    this.#sets = client.informer('replicasets');
    this.#setsOf = this.#sets.index(CONTROLLER_INDEX, controllerKeys);
    this.#podsOf = client.informer('pods').index(CONTROLLER_INDEX, controllerKeys);
    this.#queue = new WorkQueue({ clock, random, reconcile: (key) => this.#sync(key), latency: LATENCY });
  }

  start(): void {
    const queue = this.#queue;
    this.#deployments.handle({ added: (it) => queue.add(keyOf(it)), updated: (_, it) => queue.add(keyOf(it)) });
    this.#sets.handle({
      added: (set) => this.#wake(set),
      updated: (before, set) => {
        if (controllerOf(before)?.uid !== controllerOf(set)?.uid) this.#wake(before);
        this.#wake(set);
      },
      deleted: (set) => this.#wake(set),
    });
    this.#context.client.informer('pods').handle({ deleted: (pod) => this.#podDeleted(pod) });
  }

  #wake(set: ReplicaSet): void {
    const owner = controllerOf(set);
    const { namespace = '', labels } = set.metadata;
    if (owner) {
      if (owner.kind === DEPLOYMENT.kind) this.#queue.add(`${namespace}/${owner.name}`);
      return;
    }
    for (const deployment of this.#deployments.list(namespace)) {
      if (matcher(deployment.spec?.selector)(labels)) this.#queue.add(keyOf(deployment));
    }
  }

  /** A Recreate waits for its last old pod. */
  #podDeleted(pod: Pod): void {
    const owner = controllerOf(pod);
    if (owner?.kind !== 'ReplicaSet') return;
    const set = this.#sets.get(pod.metadata.namespace ?? '', owner.name);
    const parent = set && controllerOf(set);
    const deployment = parent && this.#deployments.get(pod.metadata.namespace ?? '', parent.name);
    if (deployment?.spec?.strategy?.type === 'Recreate') this.#queue.add(keyOf(deployment));
  }

  #sync(key: string): void {
    const deployment = this.#deployments.get(...splitKey(key));
    if (!deployment || this.#selectsEverything(deployment)) return;
    const sets = new ReplicaSets(this.#context, deployment, this.#setsFor(deployment));

    if (isTerminating(deployment)) this.#writeStatus(key, deployment, this.#plainStatus(sets));
    else if (this.#notePause(deployment)) return;
    else if (deployment.spec!.paused || this.#isScaling(deployment, sets)) this.#resize(key, sets);
    else if (deployment.spec!.strategy?.type === 'Recreate') this.#recreate(key, sets);
    else this.#rollOut(key, sets);
  }

  #setsFor(deployment: Deployment): ReplicaSet[] {
    const matches = matcher(deployment.spec!.selector);
    return claim({
      client: this.#context.client,
      resource: 'replicasets',
      owner: deployment,
      ownerKind: DEPLOYMENT,
      matches: (set) => matches(set.metadata.labels),
      byController: this.#setsOf,
    });
  }

  #selectsEverything(deployment: Deployment): boolean {
    if (!isEmptySelector(deployment.spec?.selector)) return false;
    const message = 'This deployment is selecting all pods. A non-empty selector is required.';
    this.#context.recorder.event(deployment, 'Warning', 'SelectingAll', message);
    return true;
  }

  /** checkPausedConditions: says in the Progressing condition that it paused or resumed; the next sync goes on from there. */
  #notePause(deployment: Deployment): boolean {
    const { paused = false, progressDeadlineSeconds } = deployment.spec!;
    const current = progressOf(deployment.status);
    // A lack of progress that was told stays told.
    if (progressDeadlineSeconds === undefined || current?.reason === 'ProgressDeadlineExceeded') return false;
    const wasPaused = current?.reason === 'DeploymentPaused';
    if (paused === wasPaused) return false;
    const { now } = this.#context.clock;
    const next = paused
      ? progressing('Unknown', 'DeploymentPaused', 'Deployment is paused', now)
      : progressing('Unknown', 'DeploymentResumed', 'Deployment is resumed', now);
    this.#context.client.updateStatus('deployments', {
      ...deployment,
      status: withCondition(deployment.status ?? {}, next),
    });
    return true;
  }

  /** isScalingEvent: a set that remembers another size than the deployment wants now. */
  #isScaling(deployment: Deployment, sets: ReplicaSets): boolean {
    sets.find();
    return sets.all.filter(isActiveSet).some((set) => {
      const remembered = desiredReplicasOf(set);
      return remembered !== undefined && remembered !== desiredBy(deployment);
    });
  }

  /** sync: a paused or resized deployment changes sizes, never revisions. */
  #resize(key: string, sets: ReplicaSets): void {
    sets.find();
    scaleProportionally(sets);
    if (sets.deployment.spec!.paused) sets.cleanUp();
    this.#writeStatus(key, sets.deployment, this.#plainStatus(sets));
  }

  /** rolloutRolling: one step up or one step down a sync. */
  #rollOut(key: string, sets: ReplicaSets): void {
    sets.findOrCreate();
    if (!reconcileNew(sets) && !reconcileOld(sets)) this.#cleanUpWhenComplete(sets);
    this.#writeStatus(key, sets.deployment, this.#progressStatus(sets));
  }

  /** rolloutRecreate: down to nothing, then up. */
  #recreate(key: string, sets: ReplicaSets): void {
    sets.find();
    const active = sets.old.filter(isActiveSet);
    for (const set of active) sets.scale(set, 0);
    if (active.length === 0 && !this.#oldPodsRun(sets)) {
      sets.findOrCreate();
      if (sets.new) sets.scale(sets.new, desiredBy(sets.deployment));
      this.#cleanUpWhenComplete(sets);
    }
    this.#writeStatus(key, sets.deployment, this.#progressStatus(sets));
  }

  #oldPodsRun({ old }: ReplicaSets): boolean {
    if (actualReplicas(old) > 0) return true;
    return old.some((set) => [...this.#podsOf(set.metadata.uid)].some((pod) => !hasEnded(pod)));
  }

  #cleanUpWhenComplete(sets: ReplicaSets): void {
    if (isComplete(sets.deployment, sets.deployment.status ?? {})) sets.cleanUp();
  }

  #plainStatus({ deployment, all, new: newSet }: ReplicaSets): DeploymentStatus {
    return deploymentStatus(deployment, all, newSet, this.#context.clock.now);
  }

  #progressStatus({ deployment, all, new: newSet }: ReplicaSets): DeploymentStatus {
    return rolloutStatus(deployment, all, newSet, this.#context.clock.now);
  }

  #writeStatus(key: string, deployment: Deployment, status: DeploymentStatus): void {
    this.#context.client.updateStatus('deployments', { ...deployment, status });
    const left = untilDeadline(deployment, status, this.#context.clock.now);
    if (left !== undefined) this.#queue.addAfter(key, Math.max(left, 0) + 1000);
  }
}
