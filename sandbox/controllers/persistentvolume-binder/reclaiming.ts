/** What becomes of a volume whose claim is gone: Retain, Delete or Recycle (pv_controller.go reclaimVolume). */

import { StatusError } from '../../api/object.ts';
import type { PersistentVolume, Pod } from '../../api/types.ts';
import { reportFault } from '../../sim/faults.ts';
import type { Task } from '../../sim/task.ts';
import { Coroutine, sleep } from '../../sim/task.ts';
import type { ControllerContext } from '../context.ts';
import { hasEnded } from '../pods.ts';
import { ANNOTATION, annotationOf, claimKeyOf } from './claims.ts';
import { isRecyclable, Recycler } from './recycler.ts';
import type { VolumeWrites } from './writes.ts';

/** goroutinemap/exponentialbackoff: a failed operation is not tried again before 500 ms, doubling up to 2 min 2 s. */
const FIRST_BACKOFF = 500;
const LONGEST_BACKOFF = 122_000;

interface Operation {
  running: boolean;
  backoff: number;
  notBefore: number;
}

/** What went wrong, as the volume's status message and its event say it. */
class ReclaimError extends Error {}

/** The delete plugin of host paths removes directories below /tmp only (pkg/volume/hostpath). */
const DELETABLE_HOST_PATH = /^\/tmp\/.+/;

export class Reclaiming {
  readonly #context: ControllerContext;
  readonly #writes: VolumeWrites;
  readonly #podsOfClaim: (key: string) => Iterable<Pod>;
  readonly #recycler: Recycler;
  readonly #operations = new Map<string, Operation>();

  constructor(context: ControllerContext, writes: VolumeWrites, podsOfClaim: (key: string) => Iterable<Pod>) {
    this.#context = context;
    this.#writes = writes;
    this.#podsOfClaim = podsOfClaim;
    this.#recycler = new Recycler(context);
  }

  /** Starts what the volume's policy asks for, unless it runs already or failed a moment ago. */
  reclaim(volume: PersistentVolume): void {
    const { name, uid } = volume.metadata;
    const policy = volume.spec?.persistentVolumeReclaimPolicy;
    if (policy === 'Delete') this.#run(`delete-${name}[${uid}]`, () => this.#delete(name));
    else if (policy === 'Recycle') this.#run(`recycle-${name}[${uid}]`, () => this.#recycle(name));
  }

  #run(key: string, task: () => Task<void>): void {
    const { clock } = this.#context;
    const operation = this.#operations.get(key) ?? { running: false, backoff: FIRST_BACKOFF, notBefore: 0 };
    if (operation.running || clock.now < operation.notBefore) return;
    this.#operations.set(key, operation);
    operation.running = true;
    new Coroutine(clock, task()).whenDone((outcome) => {
      operation.running = false;
      if (outcome.status !== 'failed') {
        this.#operations.delete(key);
        return;
      }
      if (!(outcome.error instanceof ReclaimError || outcome.error instanceof StatusError))
        reportFault(key, outcome.error);
      operation.notBefore = clock.now + operation.backoff;
      operation.backoff = Math.min(operation.backoff * 2, LONGEST_BACKOFF);
    });
  }

  /** deleteVolumeOperation. An external provisioner deletes its own volumes. */
  *#delete(name: string): Task<void> {
    yield* sleep(this.#context.clock, 2);
    const volume = this.#released(name);
    if (!volume || annotationOf(volume, ANNOTATION.provisionedBy)) return;
    const problem = whyNotDeletable(volume);
    if (problem) this.#fail(volume, 'VolumeFailedDelete', problem);
    this.#context.client.delete('persistentvolumes', '', name);
  }

  /** recycleVolumeOperation. */
  *#recycle(name: string): Task<void> {
    const { recorder } = this.#context;
    const volume = this.#released(name);
    if (!volume) return;
    // A pod without a node is a newcomer that waits for another claim of the same name.
    const users = [...this.#podsOfClaim(claimKeyOf(volume))].filter((pod) => pod.spec?.nodeName && !hasEnded(pod));
    if (users.length > 0) {
      const names = users.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(',');
      recorder.event(volume, 'Normal', 'VolumeFailedRecycle', `Volume is used by pods: ${names}`);
      return;
    }
    if (!isRecyclable(volume)) {
      this.#fail(volume, 'VolumeFailedRecycle', 'No recycler plugin found for the volume!');
    }
    yield* this.#writes.latency(10, 30);
    const problem = yield* this.#recycler.recycle(volume);
    if (problem !== undefined) this.#fail(volume, 'VolumeFailedRecycle', `Recycle failed: ${problem}`);
    recorder.event(volume, 'Normal', 'VolumeRecycled', 'Volume recycled');
    const current = this.#released(name);
    if (current) yield* this.#writes.unbind(current);
  }

  /** isVolumeReleased: still there, and its claim still gone. */
  #released(name: string): PersistentVolume | undefined {
    const { client } = this.#context;
    const volume = client.get('persistentvolumes', '', name);
    const reference = volume?.spec?.claimRef;
    if (!volume || volume.metadata.deletionTimestamp || !reference?.uid) return undefined;
    const claim = client.get('persistentvolumeclaims', reference.namespace ?? '', reference.name ?? '');
    return claim?.metadata.uid === reference.uid ? undefined : volume;
  }

  #fail(volume: PersistentVolume, reason: string, message: string): never {
    const { client, recorder } = this.#context;
    const current = client.get('persistentvolumes', '', volume.metadata.name);
    if (current && (current.status?.phase !== 'Failed' || current.status.message !== message)) {
      this.#writes.volumePhaseNow(current, 'Failed', message);
      recorder.event(current, 'Warning', reason, message);
    }
    throw new ReclaimError(message);
  }
}

function whyNotDeletable({ metadata, spec }: PersistentVolume): string | undefined {
  const path = spec?.hostPath?.path;
  if (path === undefined) {
    return `error getting deleter volume plugin for volume "${metadata.name}": no deletable volume plugin matched`;
  }
  return DELETABLE_HOST_PATH.test(path)
    ? undefined
    : `host_path deleter only supports /tmp/.+ but received provided ${path}`;
}
