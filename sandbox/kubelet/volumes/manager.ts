/** Brings the volumes of a node's pods to be mounted, retries what fails, and takes them away (pkg/kubelet/volumemanager). */

import type { Pod, Volume } from '../../api/types.ts';
import { isErrno } from '../../machines/errno.ts';
import type { KernelProcess } from '../../machines/kernel/process.ts';
import type { Clock, Timer } from '../../sim/clock.ts';
import { reportFault } from '../../sim/faults.ts';
import { Coroutine, type Resume, sleep, type Task } from '../../sim/task.ts';
import type { PodEvents } from '../events.ts';
import { removeTree } from '../host-files.ts';

import { MountError, type MountRequest, NotAttached, type VolumeSources } from './plugin.ts';
import { pluginOf } from './plugins.ts';
import { type ClaimSource, ProcessingError, type ResolvedVolume, resolveVolume } from './volume.ts';

export const PODS = '/var/lib/kubelet/pods';

/** How long a pod's sync waits for its volumes (podAttachAndMountTimeout). */
const MOUNT_TIMEOUT = 123_000;
/** desiredStateOfWorldPopulatorLoopSleepPeriod and podAttachAndMountRetryInterval (pkg/kubelet/volumemanager/volume_manager.go). */
const POPULATE = 100;
const FIRST_LOOK = 300;
/** Between retries of one operation (pkg/util/goroutinemap/exponentialbackoff). */
const FIRST_RETRY = 500;
const LONGEST_RETRY = 122_000;
/** Files from ConfigMaps and Secrets follow their objects at the pod's next sync. */
const REFRESH_DELAY = 45_000;
/** The reconciler's next look (reconcilerLoopSleepPeriod). */
const REMOUNT = 100;
/** How often a volume that is not attached is looked at again. */
const ATTACH_RETRY = 500;

interface MountedVolume {
  readonly volume: ResolvedVolume;
  /** Where it is on the node. */
  readonly path: string;
}

interface PodVolumes {
  pod: Pod;
  readonly mounted: Map<string, MountedVolume>;
  /** Begun and not known to have failed: a mount may be there though nobody heard of its end ("uncertain", actual_state_of_world.go). */
  readonly uncertain: Map<string, ResolvedVolume>;
  readonly operations: Map<string, Operation>;
  refresh: Timer | undefined;
  waiting: Resume[];
  /** The pod is leaving the node: nothing is begun for it any more. */
  leaving: boolean;
}

interface Operation {
  task: Coroutine<void> | undefined;
  retry: Timer | undefined;
  delay: number;
  /** It waits for the attach/detach controller. */
  unattached: boolean;
}

export interface VolumeManagerOptions {
  readonly clock: Clock;
  readonly process: () => KernelProcess;
  readonly events: PodEvents;
  readonly claims: ClaimSource;
  readonly sources: VolumeSources;
}

/** Raised in a pod's sync; the message is that of the event. */
export class UnmountedVolumes extends Error {}

export class VolumeManager {
  readonly #options: VolumeManagerOptions;
  readonly #pods = new Map<string, PodVolumes>();

  constructor(options: VolumeManagerOptions) {
    this.#options = options;
  }

  /** Where a volume of the pod is on the node, once it is mounted. */
  path(uid: string, volume: string): MountedVolume | undefined {
    return this.#pods.get(uid)?.mounted.get(volume);
  }

  /** Waits until all that the pod's containers mount is there. Throws UnmountedVolumes. */
  *mountAll(pod: Pod): Task<void> {
    const wanted = usedVolumes(pod);
    if (wanted.length === 0) return;
    this.#podChanged(pod);
    const state = this.#stateOf(pod);
    const { clock } = this.#options;
    yield* this.#populate(state, wanted);
    const end = clock.now + MOUNT_TIMEOUT;
    while (this.#missing(state).length > 0) {
      if (clock.now >= end) throw this.#unmounted(state, [], 'context deadline exceeded');
      yield (resume) => {
        const timer = clock.at(end, () => resume(), { background: true });
        state.waiting.push(resume);
        return () => timer.cancel();
      };
    }
  }

  /**
   * Waits until nothing of the pod is mounted any more, and its directory is gone. A mount under way is not waited for, nor can it be called
   * back: what it has mounted is taken away when it ends (the reconciler's unmountVolumes).
   */
  *unmountAll(uid: string): Task<void> {
    const state = this.#pods.get(uid);
    if (state) {
      this.#stop(state);
      for (const [name, volume] of this.#present(state)) {
        yield* this.#tearDown(uid, volume);
        state.mounted.delete(name);
        state.uncertain.delete(name);
      }
      this.#pods.delete(uid);
    }
    if (state?.operations.size) this.#takeAwayLater(state);
    else removeTree(this.#options.process(), `${PODS}/${uid}`);
  }

  /** What is mounted or may be, but for what is being mounted now. */
  *#present(state: PodVolumes): Iterable<readonly [name: string, volume: ResolvedVolume]> {
    for (const [name, { volume }] of [...state.mounted]) yield [name, volume];
    for (const [name, volume] of [...state.uncertain]) if (!state.operations.has(name)) yield [name, volume];
  }

  #takeAwayLater(state: PodVolumes): void {
    const { clock } = this.#options;
    const { uid } = state.pod.metadata;
    for (const [name, { task }] of state.operations)
      task?.whenDone(() => {
        state.operations.delete(name);
        if (state.operations.size === 0) new Coroutine(clock, this.unmountAll(uid));
      });
    this.#pods.set(uid, state);
  }

  /** A sync of a pod marks its volumes for remount: what they say of the pod itself follows at once (MarkRemountRequired). */
  #podChanged(pod: Pod): void {
    const state = this.#pods.get(pod.metadata.uid);
    if (!state || state.pod === pod) return;
    const { labels, annotations } = state.pod.metadata;
    if (labels === pod.metadata.labels && annotations === pod.metadata.annotations) return;
    if (![...state.mounted.values()].some(({ volume }) => tellsOfPod(volume))) return;
    state.refresh?.cancel();
    state.refresh = this.#options.clock.after(REMOUNT, () => this.#refresh(state), { background: true });
  }

  /** What of the pod's emptyDirs is mounted, with its directory on the node. */
  *emptyDirs(uid: string): Iterable<readonly [volume: string, path: string]> {
    for (const [name, { volume, path }] of this.#pods.get(uid)?.mounted ?? [])
      if (volume.source.emptyDir) yield [name, path];
  }

  /** An object that files come from has changed. */
  changed(kind: 'configMap' | 'secret', namespace: string, name: string): void {
    for (const state of this.#pods.values()) {
      if (state.pod.metadata.namespace !== namespace || state.refresh) continue;
      if (![...state.mounted.values()].some(({ volume }) => reads(volume, kind, name))) continue;
      state.refresh = this.#options.clock.after(REFRESH_DELAY, () => this.#refresh(state), { background: true });
    }
  }

  /** The machine was rebooted: nothing is mounted any more. */
  rebooted(): void {
    for (const [uid, state] of this.#pods) {
      state.mounted.clear();
      state.uncertain.clear();
      if (!state.leaving) continue;
      this.#pods.delete(uid);
      removeTree(this.#options.process(), `${PODS}/${uid}`);
    }
  }

  /** Forgets operations under way, as when the kubelet stops; what takes a mount away that came too late stays with the mount. */
  suspend(): void {
    for (const state of this.#pods.values())
      if (!state.leaving) for (const operation of state.operations.values()) cancel(operation);
  }

  #stateOf(pod: Pod): PodVolumes {
    const { uid } = pod.metadata;
    const known = this.#pods.get(uid);
    if (known) {
      known.pod = pod;
      return known;
    }
    const state: PodVolumes = {
      pod,
      mounted: new Map(),
      uncertain: new Map(),
      operations: new Map(),
      refresh: undefined,
      waiting: [],
      leaving: false,
    };
    this.#pods.set(uid, state);
    return state;
  }

  /** The populator goes over the pod's volumes again and again before anybody asks it for errors: a claim about to be Bound is no failure yet. */
  *#populate(state: PodVolumes, wanted: readonly Volume[]): Task<void> {
    const { clock } = this.#options;
    const asked = clock.now + FIRST_LOOK;
    for (;;) {
      try {
        this.#begin(state, wanted);
        return;
      } catch (error) {
        if (!(error instanceof UnmountedVolumes) || clock.now >= asked) throw error;
      }
      yield* sleep(clock, POPULATE);
    }
  }

  #begin(state: PodVolumes, wanted: readonly Volume[]): void {
    const failures: string[] = [];
    const failed: string[] = [];
    for (const volume of wanted) {
      if (state.mounted.has(volume.name)) continue;
      const operation = state.operations.get(volume.name);
      if (operation?.task || operation?.retry) continue;
      try {
        this.#start(state, resolveVolume(state.pod, volume, this.#options.claims));
      } catch (error) {
        if (!(error instanceof ProcessingError)) throw error;
        failed.push(volume.name);
        failures.push(error.message);
      }
    }
    if (failures.length > 0) throw this.#unmounted(state, failed, failures.join(', '));
  }

  #start(state: PodVolumes, volume: ResolvedVolume): void {
    const operation = state.operations.get(volume.name) ?? {
      task: undefined,
      retry: undefined,
      delay: 0,
      unattached: false,
    };
    state.operations.set(volume.name, operation);
    operation.retry = undefined;
    const task = new Coroutine(this.#options.clock, this.#setUp(state, volume));
    operation.task = task;
    state.uncertain.set(volume.name, volume);
    task.whenDone((outcome) => {
      operation.task = undefined;
      if (outcome.status !== 'killed') state.uncertain.delete(volume.name);
      if (outcome.status === 'done') {
        state.operations.delete(volume.name);
        wake(state);
      } else if (outcome.status === 'failed') this.#failed(state, volume, operation, outcome.error);
    });
  }

  *#setUp(state: PodVolumes, volume: ResolvedVolume): Task<void> {
    const plugin = pluginOf(volume);
    const path = plugin.hostPath?.(volume) ?? this.#directory(state.pod.metadata.uid, volume);
    yield* plugin.setUp(this.#request(state, volume));
    state.mounted.set(volume.name, { volume, path });
  }

  #request(state: PodVolumes, volume: ResolvedVolume): MountRequest {
    const { process, sources } = this.#options;
    const directory = this.#directory(state.pod.metadata.uid, volume);
    return { process: process(), pod: state.pod, volume, directory, sources };
  }

  #directory(uid: string, volume: ResolvedVolume): string {
    return `${PODS}/${uid}/volumes/${pluginOf(volume).name}/${volume.specName}`;
  }

  #failed(state: PodVolumes, volume: ResolvedVolume, operation: Operation, error: unknown): void {
    const { clock, events } = this.#options;
    if (error instanceof NotAttached) {
      if (state.leaving) return;
      operation.unattached = true;
      operation.retry = clock.after(ATTACH_RETRY, () => this.#start(state, volume), { background: true });
      return;
    }
    operation.unattached = false;
    const where = error instanceof MountError ? error.operation : 'MountVolume.SetUp';
    const expected = error instanceof MountError || isErrno(error);
    if (!expected) reportFault(`volume ${volume.name} of pod ${state.pod.metadata.name}`, error);
    const message = !expected
      ? 'context deadline exceeded'
      : error instanceof MountError
        ? error.message
        : error.message.toLowerCase();
    events.pod(state.pod, 'Warning', 'FailedMount', `${where} failed for volume "${volume.specName}" : ${message}`);
    if (state.leaving) return;
    operation.delay = operation.delay === 0 ? FIRST_RETRY : Math.min(operation.delay * 2, LONGEST_RETRY);
    // The reconciler looks every 100 ms whether a back-off is over.
    operation.retry = clock.after(operation.delay + 100, () => this.#start(state, volume), { background: true });
  }

  #missing(state: PodVolumes): string[] {
    return usedVolumes(state.pod)
      .map(({ name }) => name)
      .filter((name) => !state.mounted.has(name))
      .sort();
  }

  #unmounted(state: PodVolumes, failed: readonly string[], reason: string): UnmountedVolumes {
    const missing = this.#missing(state).join(' ');
    const unattached = this.#missing(state).filter((name) => state.operations.get(name)?.unattached);
    return new UnmountedVolumes(
      `Unable to attach or mount volumes: unmounted volumes=[${missing}], unattached volumes=[${unattached.join(' ')}], failed to process volumes=[${failed.join(' ')}]: ${reason}`,
    );
  }

  /** Nothing more is begun; what is under way goes on. */
  #stop(state: PodVolumes): void {
    state.leaving = true;
    state.refresh?.cancel();
    for (const [name, operation] of state.operations) {
      operation.retry?.cancel();
      if (!operation.task) state.operations.delete(name);
    }
  }

  /** Retries for ever: what is busy today may be free tomorrow. */
  *#tearDown(uid: string, volume: ResolvedVolume): Task<void> {
    const { clock } = this.#options;
    const plugin = pluginOf(volume);
    const directory = this.#directory(uid, volume);
    for (let delay = FIRST_RETRY; ; delay = Math.min(delay * 2, LONGEST_RETRY)) {
      const process = this.#options.process();
      try {
        if (!plugin.hostPath) yield* plugin.tearDown(process, directory);
        return;
      } catch (error) {
        if (!(error instanceof MountError || isErrno(error))) reportFault(`volume ${volume.name}`, error);
        yield* sleep(clock, delay, true);
      }
    }
  }

  #refresh(state: PodVolumes): void {
    state.refresh = undefined;
    const { clock } = this.#options;
    for (const { volume } of state.mounted.values()) {
      const refresh = pluginOf(volume).refresh?.(this.#request(state, volume));
      if (!refresh) continue;
      new Coroutine(clock, refresh).whenDone((outcome) => {
        if (outcome.status !== 'failed' || outcome.error instanceof MountError || isErrno(outcome.error)) return;
        reportFault(`volume ${volume.name} of pod ${state.pod.metadata.name}`, outcome.error);
      });
    }
  }
}

function cancel(operation: Operation): void {
  operation.retry?.cancel();
  operation.retry = undefined;
  operation.task?.kill();
  operation.task = undefined;
}

function wake(state: PodVolumes): void {
  const { waiting } = state;
  state.waiting = [];
  for (const resume of waiting) resume();
}

/** Volumes that no container mounts are not mounted either. */
function usedVolumes(pod: Pod): Volume[] {
  const spec = pod.spec!;
  const used = new Set<string>();
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    for (const mount of container.volumeMounts ?? []) used.add(mount.name);
    for (const device of container.volumeDevices ?? []) used.add(device.name);
  }
  return (spec.volumes ?? []).filter((volume) => used.has(volume.name));
}

const tellsOfPod = ({ source }: ResolvedVolume): boolean =>
  source.downwardAPI !== undefined || (source.projected?.sources ?? []).some((part) => part.downwardAPI !== undefined);

/** Whether the volume's files come from that object. */
function reads({ source }: ResolvedVolume, kind: 'configMap' | 'secret', name: string): boolean {
  const own = kind === 'configMap' ? source.configMap?.name : source.secret?.secretName;
  return own === name || (source.projected?.sources ?? []).some((part) => part[kind]?.name === name);
}
