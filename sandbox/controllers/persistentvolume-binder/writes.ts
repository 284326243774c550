/** The writes of the binder on volumes and claims, each after the moment a request takes (pkg/controller/volume/persistentvolume/pv_controller.go). */

import type { PersistentVolume, PersistentVolumeClaim } from '../../api/types.ts';
import type { Task } from '../../sim/task.ts';
import { sleep } from '../../sim/task.ts';
import type { ControllerContext } from '../context.ts';
import { ANNOTATION, annotationOf, isBoundTo, withAnnotations, withoutAnnotation } from './claims.ts';

type VolumePhase = 'Available' | 'Bound' | 'Released' | 'Failed';

export class VolumeWrites {
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  /** How long a turn of the worker, or a request to the API server, takes. */
  *latency(low = 1, high = 3): Task<void> {
    const { clock, random } = this.#context;
    yield* sleep(clock, random.between(low, high));
  }

  *#request(): Task<void> {
    yield* this.latency(2, 7);
  }

  /** bindVolumeToClaim: the volume is promised to the claim; only a promise made here is marked as the controller's. */
  *claimRef(volume: PersistentVolume, claim: PersistentVolumeClaim): Task<PersistentVolume> {
    const reference = volume.spec?.claimRef;
    if (reference?.uid === claim.metadata.uid && isBoundTo(volume, claim)) return volume;
    yield* this.#request();
    const { namespace = '', name, uid, resourceVersion } = claim.metadata;
    const promised: PersistentVolume = {
      ...volume,
      spec: {
        ...volume.spec!,
        claimRef: { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion },
      },
    };
    const marked = reference ? promised : withAnnotations(promised, { [ANNOTATION.boundByController]: 'yes' });
    return this.#context.client.update('persistentvolumes', marked);
  }

  /** bindClaimToVolume. */
  *volumeName(claim: PersistentVolumeClaim, volume: PersistentVolume): Task<PersistentVolumeClaim> {
    const { name } = volume.metadata;
    const known = claim.spec?.volumeName === name;
    const bound = withAnnotations(claim, {
      ...(!known && { [ANNOTATION.boundByController]: 'yes' }),
      [ANNOTATION.bindCompleted]: 'yes',
    });
    if (known && bound === claim) return claim;
    yield* this.#request();
    return this.#context.client.update('persistentvolumeclaims', {
      ...bound,
      spec: { ...claim.spec, volumeName: name },
    });
  }

  /** updateClaimStatus with a volume: its modes and, the first time, its capacity. */
  *claimBound(claim: PersistentVolumeClaim, volume: PersistentVolume): Task<void> {
    const { accessModes = [], capacity, volumeAttributesClassName } = volume.spec!;
    const newlyBound = claim.status?.phase !== 'Bound';
    if (!newlyBound && claim.status?.accessModes?.length === accessModes.length) return;
    yield* this.#request();
    this.#context.client.updateStatus('persistentvolumeclaims', {
      ...claim,
      status: {
        ...claim.status,
        phase: 'Bound',
        accessModes,
        ...(newlyBound && capacity && { capacity: { ...claim.status?.capacity, storage: capacity.storage! } }),
        ...(volumeAttributesClassName && { currentVolumeAttributesClassName: volumeAttributesClassName }),
      },
    });
  }

  /** updateClaimStatus without a volume: nothing it reports of one stays. */
  claimPhase(claim: PersistentVolumeClaim, phase: 'Pending' | 'Lost'): void {
    const { status } = claim;
    if (status?.phase === phase && !status.accessModes && !status.capacity) return;
    const { accessModes: _modes, capacity: _capacity, ...rest } = status ?? {};
    this.#context.client.updateStatus('persistentvolumeclaims', { ...claim, status: { ...rest, phase } });
  }

  *volumePhase(volume: PersistentVolume, phase: VolumePhase): Task<PersistentVolume> {
    if (volume.status?.phase === phase) return volume;
    yield* this.#request();
    return this.volumePhaseNow(volume, phase);
  }

  volumePhaseNow(volume: PersistentVolume, phase: VolumePhase, message?: string): PersistentVolume {
    const { message: _, ...status } = volume.status ?? {};
    return this.#context.client.updateStatus('persistentvolumes', {
      ...volume,
      status: { ...status, phase, ...(message && { message }) },
    });
  }

  /** unbindVolume: a promise of the controller's goes altogether; of a user's, only the uid. */
  *unbind(volume: PersistentVolume): Task<void> {
    yield* this.#request();
    const { claimRef, ...spec } = volume.spec!;
    const ours = annotationOf(volume, ANNOTATION.boundByController) !== undefined;
    const { uid: _uid, resourceVersion: _version, ...named } = claimRef ?? {};
    const unbound = this.#context.client.update(
      'persistentvolumes',
      ours
        ? withoutAnnotation({ ...volume, spec }, ANNOTATION.boundByController)
        : { ...volume, spec: { ...spec, claimRef: named } },
    );
    yield* this.volumePhase(unbound, 'Available');
  }
}
