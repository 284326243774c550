/** The recycler: a pod that scrubs a volume, watched until it ends (pkg/volume/util/recyclerclient/recycler_client.go). */

import { StatusError } from '../../api/object.ts';
import { wholeUnits } from '../../api/quantity.ts';
import type { Event, PersistentVolume, Pod } from '../../api/types.ts';
import type { Resume, Task } from '../../sim/task.ts';
import type { ControllerContext } from '../context.ts';

/** --pv-recycler-*: the pod template of pkg/volume/plugins.go NewPersistentVolumeRecyclerPodTemplate. */
const IMAGE = 'registry.k8s.io/build-image/debian-base:bookworm-v1.0.6';
const SCRUB = 'test -e /scrub && find /scrub -mindepth 1 -delete && test -z "$(ls -A /scrub)" || exit 1';
/** The controller manager's default namespace for them. */
const NAMESPACE = 'default';
/** --pv-recycler-minimum-timeout-nfs and -hostpath, and what each GiB beyond the first adds. */
const TIMEOUTS = { nfs: { minimum: 300, perGi: 30 }, hostPath: { minimum: 60, perGi: 30 } } as const;

type Recyclable = keyof typeof TIMEOUTS;

const sourceOf = ({ spec }: PersistentVolume): Recyclable | undefined =>
  spec?.nfs ? 'nfs' : spec?.hostPath ? 'hostPath' : undefined;

export const isRecyclable = (volume: PersistentVolume): boolean => sourceOf(volume) !== undefined;

export class Recycler {
  readonly #context: ControllerContext;
  readonly #watched = new Map<string, { volume: PersistentVolume; ended: Resume }>();
  #handling = false;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  /** RecycleVolumeByWatchingPodUntilCompletion: undefined when the volume is clean, else what went wrong. */
  *recycle(volume: PersistentVolume): Task<string | undefined> {
    const { client } = this.#context;
    this.#handleOnce();
    const name = `recycler-for-${volume.metadata.name}`;
    try {
      client.create('pods', NAMESPACE, recyclerPod(name, volume));
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (error.status.reason !== 'AlreadyExists') return `unexpected error creating recycler pod:  ${error.message}`;
      client.delete('pods', NAMESPACE, name);
      return 'old recycler pod found, will retry later';
    }
    const problem = yield* this.#untilEnded(name, volume);
    client.delete('pods', NAMESPACE, name);
    return problem;
  }

  *#untilEnded(name: string, volume: PersistentVolume): Task<string | undefined> {
    return (yield (resume) => {
      this.#watched.set(name, { volume, ended: resume });
      return () => this.#watched.delete(name);
    }) as string | undefined;
  }

  /** Watches pods and events for all recyclings, from the first one on. */
  #handleOnce(): void {
    if (this.#handling) return;
    this.#handling = true;
    const { client } = this.#context;
    client.informer('pods').handle({
      updated: (_, pod) => this.#podChanged(pod),
      deleted: ({ metadata }) =>
        metadata.namespace === NAMESPACE && this.#end(metadata.name, 'recycler pod was deleted'),
    });
    client.informer('events').handle({
      added: (event) => this.#mirror(event),
      updated: (_, event) => this.#mirror(event),
    });
  }

  #podChanged({ metadata, status }: Pod): void {
    if (metadata.namespace !== NAMESPACE) return;
    if (status?.phase === 'Succeeded') this.#end(metadata.name, undefined);
    if (status?.phase === 'Failed') {
      this.#end(metadata.name, status.message || 'pod failed, pod.Status.Message unknown');
    }
  }

  #end(name: string, problem: string | undefined): void {
    const watched = this.#watched.get(name);
    this.#watched.delete(name);
    watched?.ended(problem);
  }

  /** What happens to the pod is told of the volume too. */
  #mirror({ involvedObject, message, type }: Event): void {
    if (involvedObject.kind !== 'Pod' || involvedObject.namespace !== NAMESPACE) return;
    const watched = this.#watched.get(involvedObject.name ?? '');
    if (!watched) return;
    const kind = type === 'Warning' ? 'Warning' : 'Normal';
    this.#context.recorder.event(watched.volume, kind, 'RecyclerPod', `Recycler pod: ${message}`);
  }
}

function recyclerPod(name: string, volume: PersistentVolume) {
  const source = sourceOf(volume)!;
  const { nfs, hostPath } = volume.spec!;
  return {
    metadata: { name, namespace: NAMESPACE },
    spec: {
      activeDeadlineSeconds: timeout(volume, TIMEOUTS[source]),
      restartPolicy: 'Never' as const,
      volumes: [
        source === 'nfs'
          ? { name: 'vol', nfs: { server: nfs!.server, path: nfs!.path } }
          : { name: 'vol', hostPath: { path: hostPath!.path } },
      ],
      containers: [
        {
          name: 'pv-recycler',
          image: IMAGE,
          command: ['/bin/sh'],
          args: ['-c', SCRUB],
          volumeMounts: [{ name: 'vol', mountPath: '/scrub' }],
        },
      ],
    },
  };
}

/** CalculateTimeoutForVolume. */
function timeout(volume: PersistentVolume, { minimum, perGi }: { minimum: number; perGi: number }): number {
  const gibibytes = Math.floor(wholeUnits(volume.spec?.capacity?.storage ?? 0) / 2 ** 30);
  return Math.max(minimum, gibibytes * perGi);
}
