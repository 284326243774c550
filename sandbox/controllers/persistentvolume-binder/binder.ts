/** The persistent volume controller: binds claims and volumes, and sees to volumes whose claim went (pkg/controller/volume/persistentvolume/pv_controller.go). */

import type { Informer } from '../../api/client.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../api/types.ts';
import type { Task } from '../../sim/task.ts';
import type { ControllerContext } from '../context.ts';
import { keyOf, splitKey } from '../context.ts';
import { TaskQueue } from '../task-queue.ts';
import {
  ANNOTATION,
  annotationOf,
  claimKeyOf,
  classOf,
  hasBindCompleted,
  hasNoClass,
  isBoundTo,
  isPrebound,
  modeOf,
} from './claims.ts';
import { findBestMatchForClaim, whyUnsatisfied } from './matching.ts';
import { Provisioning } from './provisioning.ts';
import { Reclaiming } from './reclaiming.ts';
import { type VolumeIndex, volumeIndex } from './volume-index.ts';
import { VolumeWrites } from './writes.ts';

/** --pvclaimbinder-sync-period. Only this wakes a Pending claim when a volume that fits it appears. */
const RESYNC = 15_000;

export function startPersistentVolumeBinder(context: ControllerContext): void {
  new PersistentVolumeBinder(context).start();
}

class PersistentVolumeBinder {
  readonly #context: ControllerContext;
  readonly #volumes: Informer<PersistentVolume>;
  readonly #volumeIndex: VolumeIndex;
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #classes: Informer<StorageClass>;
  readonly #podsOfClaim: (key: string) => Iterable<Pod>;
  readonly #writes: VolumeWrites;
  readonly #provisioning: Provisioning;
  readonly #reclaiming: Reclaiming;
  readonly #claimQueue: TaskQueue;
  readonly #volumeQueue: TaskQueue;

  constructor(context: ControllerContext) {
    const { client, clock } = context;
    this.#context = context;
    this.#volumes = client.informer('persistentvolumes');
    this.#volumeIndex = volumeIndex(client);
    this.#claims = client.informer('persistentvolumeclaims');
    this.#classes = client.informer('storageclasses');
    this.#podsOfClaim = client.informer('pods').index(CLAIM_INDEX, claimsOfPod);
    this.#writes = new VolumeWrites(context);
    this.#provisioning = new Provisioning(context);
    this.#reclaiming = new Reclaiming(context, this.#writes, this.#podsOfClaim);
    this.#claimQueue = new TaskQueue(clock, (key) => this.#syncClaim(key));
    this.#volumeQueue = new TaskQueue(clock, (key) => this.#syncVolume(key));
  }

  start(): void {
    this.#volumes.handle({
      added: (volume) => this.#volumeQueue.add(keyOf(volume)),
      updated: (_, volume) => this.#volumeQueue.add(keyOf(volume)),
      deleted: (volume) => volume.spec?.claimRef && this.#claimQueue.add(claimKeyOf(volume)),
    });
    this.#claims.handle({
      added: (claim) => this.#claimQueue.add(keyOf(claim)),
      updated: (_, claim) => this.#claimQueue.add(keyOf(claim)),
      deleted: (claim) => claim.spec?.volumeName && this.#volumeQueue.add(`/${claim.spec.volumeName}`),
    });
    this.#context.clock.every(RESYNC, () => {
      for (const claim of this.#claims.list()) this.#claimQueue.add(keyOf(claim));
      for (const volume of this.#volumes.list()) this.#volumeQueue.add(keyOf(volume));
    });
  }

  *#syncClaim(key: string): Task<void> {
    const claim = this.#claims.get(...splitKey(key));
    if (!claim) return;
    yield* this.#writes.latency();
    if (hasBindCompleted(claim)) yield* this.#syncBoundClaim(claim);
    else yield* this.#syncUnboundClaim(claim);
  }

  *#syncUnboundClaim(claim: PersistentVolumeClaim): Task<void> {
    const wanted = claim.spec?.volumeName;
    if (wanted) {
      yield* this.#syncPreboundClaim(claim, wanted);
      return;
    }
    const delayBinding = this.#delaysBinding(claim);
    const volume = findBestMatchForClaim(this.#volumeIndex, claim, { delayBinding });
    if (volume) yield* this.#bind(volume, claim);
    else yield* this.#withoutMatch(claim, delayBinding);
  }

  /** No volume fits: a class is filled in, waited for, or asked to provision; without one the claim waits for a resync. */
  *#withoutMatch(claim: PersistentVolumeClaim, delayBinding: boolean): Task<void> {
    if (hasNoClass(claim) && (yield* this.#provisioning.assignDefaultClass(claim))) return;
    if (delayBinding && annotationOf(claim, ANNOTATION.selectedNode) === undefined) {
      this.#sayWaiting(claim);
    } else if (classOf(claim) !== '') {
      yield* this.#provisioning.provision(claim);
      return;
    } else {
      const message = 'no persistent volumes available for this claim and no storage class is set';
      this.#context.recorder.event(claim, 'Normal', 'FailedBinding', message);
    }
    this.#writes.claimPhase(claim, 'Pending');
  }

  /** The user asked for one volume by name. */
  *#syncPreboundClaim(claim: PersistentVolumeClaim, name: string): Task<void> {
    const volume = this.#volumes.get('', name);
    if (!volume) {
      this.#writes.claimPhase(claim, 'Pending');
    } else if (isBoundTo(volume, claim)) {
      yield* this.#bind(volume, claim);
    } else if (volume.spec?.claimRef) {
      const message = `volume "${name}" already bound to a different claim.`;
      this.#context.recorder.event(claim, 'Warning', 'FailedBinding', message);
      this.#writes.claimPhase(claim, 'Pending');
    } else {
      const problem = whyUnsatisfied(volume, claim);
      if (!problem) {
        yield* this.#bind(volume, claim);
        return;
      }
      const message = `Cannot bind to requested volume "${name}": ${problem}`;
      this.#context.recorder.event(claim, 'Warning', 'VolumeMismatch', message);
      this.#writes.claimPhase(claim, 'Pending');
    }
  }

  *#syncBoundClaim(claim: PersistentVolumeClaim): Task<void> {
    const name = claim.spec?.volumeName;
    const volume = name ? this.#volumes.get('', name) : undefined;
    if (!name) {
      this.#lose(claim, 'ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!');
    } else if (!volume) {
      this.#lose(claim, 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
    } else if (!volume.spec?.claimRef || volume.spec.claimRef.uid === claim.metadata.uid) {
      yield* this.#bind(volume, claim);
    } else {
      const message = 'Two claims are bound to the same volume, this one is bound incorrectly';
      this.#lose(claim, 'ClaimMisbound', message);
    }
  }

  #lose(claim: PersistentVolumeClaim, reason: string, message: string): void {
    if (claim.status?.phase === 'Lost') return;
    this.#writes.claimPhase(claim, 'Lost');
    this.#context.recorder.event(claim, 'Warning', reason, message);
  }

  /** Four writes, each of which a crash may be the last; repeating them is harmless. */
  *#bind(volume: PersistentVolume, claim: PersistentVolumeClaim): Task<void> {
    const promised = yield* this.#writes.claimRef(volume, claim);
    yield* this.#writes.volumePhase(promised, 'Bound');
    const pointed = yield* this.#writes.volumeName(claim, promised);
    yield* this.#writes.claimBound(pointed, promised);
  }

  *#syncVolume(key: string): Task<void> {
    const volume = this.#volumes.get(...splitKey(key));
    if (!volume) return;
    yield* this.#writes.latency();
    if (!volume.spec?.claimRef || isPrebound(volume)) {
      yield* this.#writes.volumePhase(volume, 'Available');
      return;
    }
    const claim = this.#claimOf(volume);
    if (!claim) yield* this.#release(volume);
    else if (!claim.spec?.volumeName) this.#completeBinding(volume, claim);
    else if (claim.spec.volumeName === volume.metadata.name) yield* this.#writes.volumePhase(volume, 'Bound');
    else yield* this.#claimChoseAnother(volume);
  }

  /** The very claim the volume is promised to; a namesake is none. */
  #claimOf(volume: PersistentVolume): PersistentVolumeClaim | undefined {
    const claim = this.#claims.get(...splitKey(claimKeyOf(volume)));
    return claim?.metadata.uid === volume.spec?.claimRef?.uid ? claim : undefined;
  }

  *#release(volume: PersistentVolume): Task<void> {
    const phase = volume.status?.phase;
    const released =
      phase === 'Released' || phase === 'Failed' ? volume : yield* this.#writes.volumePhase(volume, 'Released');
    this.#reclaiming.reclaim(released);
  }

  #completeBinding(volume: PersistentVolume, claim: PersistentVolumeClaim): void {
    if (modeOf(volume) !== modeOf(claim)) {
      const message = 'Cannot bind PersistentVolume to requested PersistentVolumeClaim due to incompatible volumeMode';
      this.#context.recorder.event(volume, 'Warning', 'VolumeMismatch', `${message}.`);
      this.#context.recorder.event(claim, 'Warning', 'VolumeMismatch', `${message}.`);
      return;
    }
    this.#claimQueue.add(keyOf(claim));
  }

  *#claimChoseAnother(volume: PersistentVolume): Task<void> {
    const dynamic = annotationOf(volume, ANNOTATION.provisionedBy) !== undefined;
    if (dynamic && volume.spec?.persistentVolumeReclaimPolicy === 'Delete') yield* this.#release(volume);
    else yield* this.#writes.unbind(volume);
  }

  #delaysBinding(claim: PersistentVolumeClaim): boolean {
    const storageClass = this.#classes.get('', classOf(claim));
    return storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
  }

  /** emitEventForUnboundDelayBindingClaim. */
  #sayWaiting(claim: PersistentVolumeClaim): void {
    const pods = [...this.#podsOfClaim(keyOf(claim))].filter((pod) => !pod.spec?.nodeName);
    const { recorder } = this.#context;
    if (pods.length === 0) {
      const message = 'waiting for first consumer to be created before binding';
      recorder.event(claim, 'Normal', 'WaitForFirstConsumer', message);
      return;
    }
    const names = pods.map((pod) => pod.metadata.name).join(',');
    recorder.event(claim, 'Normal', 'WaitForPodScheduled', `waiting for pod ${names} to be scheduled`);
  }
}

export const CLAIM_INDEX = 'claim';

/** Keys of the claims a pod mounts, generic ephemeral volumes' included. */
export function claimsOfPod({ metadata, spec }: Pod): readonly string[] {
  const keys: string[] = [];
  for (const volume of spec?.volumes ?? []) {
    const name = volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral && `${metadata.name}-${volume.name}`);
    if (name) keys.push(`${metadata.namespace ?? ''}/${name}`);
  }
  return keys;
}
