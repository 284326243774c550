/** One pod on one node, from admission to its last trace: each sync looks at what there is and does the next steps (pkg/kubelet/pod_workers.go, kuberuntime_manager.go). */

import { timestamp } from '../api/time.ts';
import type { Container, ContainerStatus, Pod } from '../api/types.ts';
import type { Cause } from '../sim/cause.ts';
import type { Timer } from '../sim/clock.ts';
import { contained, reportFault } from '../sim/faults.ts';
import { Coroutine, sleep, type Task } from '../sim/task.ts';
import { admissionFailure } from './admission.ts';
import { killContainer } from './container-killer.ts';
import { ContainerStarter, podName } from './container-starter.ts';
import type { KubeletContext } from './kubelet-context.ts';
import { concernsNode } from './pod-dispatcher.ts';
import type { Sandbox } from './runtime/sandbox.ts';
import type { ContainerStatusRecord } from './runtime/types.ts';
import {
  areInitialized,
  isInitDone,
  isSidecar,
  type PodObservation,
  type PodStatus,
  podStatus,
  type StartFailure,
  shouldRestart,
} from './status.ts';
import { UnmountedVolumes } from './volumes/manager.ts';

/** A sync that failed is tried again after this, and half as much by chance (backOffPeriod, workerBackOffPeriodJitterFactor). */
const RETRY = 10_000;
/** After a failure, what happened meanwhile (a sandbox that became ready) brings a second look. */
const LOOK_AGAIN = 1_200;
/** What a real node takes to set up a sandbox's namespaces and network. */
const SANDBOX_LATENCY = 220;
/** Between the end of the last container and the pod's removal, a real kubelet confirms and cleans up. */
const CLEANUP_LATENCY = 350;
/** How often dead containers of ended pods are looked for (ContainerGCPeriod). */
const CONTAINER_GC = 60_000;
/** What an eviction leaves the containers to end, in seconds (immediateEvictionGracePeriodSeconds). */
const EVICTION_GRACE = 1;

export class PodWorker {
  pod: Pod;
  readonly uid: string;
  readonly startTime: string;
  readonly #node: KubeletContext;
  readonly #starter: ContainerStarter;
  readonly failures = new Map<string, StartFailure>();
  sandbox: Sandbox | undefined;
  /** The last one whose end this worker has seen to. */
  #stopped: Sandbox | undefined;
  #sync: Coroutine<void> | undefined;
  /** A second look is called for, and by what. */
  #again: { readonly because: Cause | undefined } | undefined;
  #retry: Timer | undefined;
  #terminating = false;
  /** The containers will not run again: the pod has ended by itself, was evicted or is being deleted. */
  #terminal = false;
  #finished = false;
  #evicted: StartFailure | undefined;
  /** Nothing of it is left here; only its object may stay, as long as others hold it by finalizers. */
  #gone = false;
  /** The API server has it no more: told at any time, also while its end is being seen to. */
  #objectGone = false;
  #rejected: { readonly reason: string; readonly message: string } | undefined;
  #sandboxes = 0;
  /** It was admitted and its containers may still run: its requests take room, and it is not told as ended (CouldHaveRunningContainers). */
  #counted = false;

  constructor(node: KubeletContext, pod: Pod) {
    this.#node = node;
    this.pod = pod;
    this.uid = pod.metadata.uid;
    this.startTime = pod.status?.startTime ?? timestamp(node.clock.now);
    this.#starter = new ContainerStarter(node, this);
    this.#terminal = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  }

  /** The pod as the API server now has it; `gone` if it has it no more. */
  update(pod: Pod, gone = false): void {
    const before = this.pod;
    this.pod = pod;
    if (gone) {
      this.#objectGone = true;
      this.#count(false);
    }
    if (this.#gone) {
      if (gone) this.#forget();
      return;
    }
    if (gone || pod.metadata.deletionTimestamp !== undefined) {
      if (!this.#terminating) this.#terminate(gone);
    } else if (concernsNode(before, pod)) this.poke();
  }

  /** Something happened that a sync should look at. */
  poke(): void {
    if (this.#terminating || this.#finished) return;
    if (this.#sync && !this.#sync.outcome) {
      this.#again = { because: this.#node.clock.cause };
      return;
    }
    this.#cancelRetry();
    this.#again = undefined;
    const sync = new Coroutine(this.#node.clock, this.#syncPod());
    this.#sync = sync;
    sync.whenDone((outcome) => this.#synced(outcome.status === 'failed' ? outcome.error : undefined));
  }

  /** The eviction manager's verdict: the containers are ended at once, the pod has Failed, its object stays (evictPod). */
  evict(message: string): void {
    if (this.#terminating || this.#terminal || this.#finished) return;
    this.#node.events.pod(this.pod, 'Warning', 'Evicted', message);
    this.#evicted = { reason: 'Evicted', message };
    this.#terminal = true;
    this.#sync?.kill();
    this.#sync = undefined;
    this.poke();
  }

  get isActive(): boolean {
    return !this.#terminating && !this.#terminal && !this.#finished;
  }

  /** The kubelet stops: containers go on, nobody looks after them. */
  suspend({ probes = true } = {}): void {
    this.#cancelRetry();
    this.#sync?.kill();
    this.#sync = undefined;
    this.#again = undefined;
    if (probes) for (const run of this.#allRuns()) this.#node.prober.forget(run.id);
    this.#termination?.kill();
    this.#termination = undefined;
    this.#terminating = false;
  }

  runs(container: string): readonly ContainerStatusRecord[] {
    return this.#node.runtime.runs(this.uid, container);
  }

  container(name: string): Container | undefined {
    return this.#allContainers().find((c) => c.name === name);
  }

  get address(): string | undefined {
    return this.pod.spec!.hostNetwork ? this.#node.address : this.sandbox?.ip;
  }

  #synced(error: unknown): void {
    if (this.#terminating || this.#finished) return;
    if (error instanceof UnmountedVolumes) this.#node.events.pod(this.pod, 'Warning', 'FailedMount', error.message);
    else if (error !== undefined && !(error instanceof SyncFailure)) reportFault(`pod ${podName(this.pod)}`, error);
    if (error !== undefined) this.#retryAfter(RETRY + this.#node.random.below(RETRY / 2));
    if (this.failures.size > 0) contained(`status of pod ${podName(this.pod)}`, () => this.writeStatus());
    if (!this.#again) return;
    this.#node.clock.cause = this.#again.because;
    if (error === undefined) this.poke();
    else this.#retryAfter(LOOK_AGAIN);
  }

  #retryAfter(ms: number): void {
    const at = this.#node.clock.now + ms;
    if (this.#retry && this.#retry.at <= at) return;
    this.#cancelRetry();
    this.#retry = this.#node.clock.at(at, () => this.poke(), { background: true });
  }

  #cancelRetry(): void {
    this.#retry?.cancel();
    this.#retry = undefined;
  }

  *#syncPod(): Task<void> {
    if (this.#rejected ?? this.#admit()) return;
    this.#endIfDone();
    if (!this.#evicted) this.writeStatus();
    if (this.#terminal) return yield* this.#leaveNode();
    yield* this.#node.volumes.mountAll(this.pod);
    yield* this.#ensureSandbox();
    this.#watchProbes();
    const backOff = (yield* this.#startInits()) ?? (yield* this.#startContainers());
    if (backOff !== undefined && backOff > 0) this.#retryAfter(backOff);
  }

  /** HandlePodAdditions: what the node cannot take is Failed at once. */
  #admit(): boolean {
    if (this.sandbox || this.#terminal) return false;
    this.#count(false);
    const failure = admissionFailure(this.pod, this.#node);
    if (!failure) {
      this.#count(true);
      return false;
    }
    this.#rejected = failure;
    this.#finished = true;
    this.#node.events.pod(this.pod, 'Warning', failure.reason, failure.message);
    this.#node.setStatus(this.pod, () => ({
      phase: 'Failed',
      reason: failure.reason,
      message: `Pod was rejected: ${failure.message}`,
      startTime: this.startTime,
      qosClass: this.pod.status?.qosClass,
    }));
    return true;
  }

  /**
   * Only pods that are known and whose containers have not all ended take room (pkg/kubelet/kubelet_pods.go, filterOutInactivePods). They give it
   * up before the API server hears of their end: the scheduler sends the next pod on that very word.
   */
  #count(counted: boolean): void {
    if (this.#counted === counted) return;
    this.#counted = counted;
    this.#node.account(this.pod, counted ? 1 : -1);
  }

  /** Succeeded and Failed are final once no container is to run again. */
  #endIfDone(): void {
    if (this.#terminal || !this.sandbox) return;
    const spec = this.pod.spec!;
    const policy = spec.restartPolicy ?? 'Always';
    const regular = (spec.initContainers ?? []).filter((c) => !isSidecar(c));
    const initFailed = policy === 'Never' && regular.some((c) => failed(this.runs(c.name).at(-1)));
    const over = (container: Container): boolean => {
      const run = this.runs(container.name).at(-1);
      return run?.state === 'exited' && !shouldRestart(this.pod, container, this.runs(container.name));
    };
    this.#terminal = initFailed || (policy !== 'Always' && spec.containers.every(over));
    if (this.#terminal && !this.#allRuns().some(({ state }) => state === 'running')) this.#count(false);
  }

  /** The sandbox and volumes of a pod that has ended go; the containers' remains stay for their logs. */
  *#leaveNode(): Task<void> {
    if (this.#finished) return;
    yield* this.#stopContainers(this.#evicted ? EVICTION_GRACE : this.#grace());
    this.#count(false);
    this.#stopSandbox();
    this.writeStatus();
    yield* this.#node.volumes.unmountAll(this.uid);
    this.#finished = true;
  }

  *#ensureSandbox(): Task<void> {
    if (this.sandbox?.ready) return;
    const { events, clock, runtime, random } = this.#node;
    if (this.sandbox) {
      events.pod(this.pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
      this.#stopSandbox();
    }
    yield* sleep(clock, SANDBOX_LATENCY + random.below(120));
    const ip = this.pod.spec!.hostNetwork ? this.#node.address : this.#node.addresses.allocate();
    const sandbox = ip === undefined ? undefined : runtime.runPodSandbox(this.pod, this.#sandboxes++, ip);
    if (!sandbox) {
      const message = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: plugin type="bridge" failed (add): failed to allocate for range 0: no IP addresses available in range set: ${this.#node.podRange}`;
      events.pod(this.pod, 'Warning', 'FailedCreatePodSandBox', message);
      throw new SyncFailure();
    }
    this.sandbox = sandbox;
  }

  /** Starts the next init container; returns a time to wait for, or undefined when the others may run. */
  *#startInits(): Task<number | undefined> {
    const observed = this.#observe();
    if (areInitialized(this.pod, observed) && !this.#lostSidecar()) return undefined;
    for (const container of this.pod.spec!.initContainers ?? []) {
      if (isInitDone(container, observed)) continue;
      const runs = this.runs(container.name);
      if (runs.at(-1)?.state === 'running') return 0;
      if (!areInitialized(this.pod, observed) && !this.#mayRun(container, runs)) return 0;
      const backOff = yield* this.#starter.start(container);
      if (backOff > 0) return backOff;
      if (this.failures.has(container.name)) throw new SyncFailure();
      return 0;
    }
    return undefined;
  }

  /** After a restart of the kubelet its probes begin anew. */
  #watchProbes(): void {
    const { prober } = this.#node;
    for (const container of this.#allContainers()) {
      const run = this.runs(container.name).at(-1);
      if (run?.state === 'running') prober.watch(this.pod, container, run);
    }
  }

  #mayRun(container: Container, runs: readonly ContainerStatusRecord[]): boolean {
    return runs.length === 0 || isSidecar(container) || this.pod.spec!.restartPolicy !== 'Never';
  }

  #lostSidecar(): boolean {
    return (this.pod.spec!.initContainers ?? []).some(
      (c) => isSidecar(c) && this.runs(c.name).at(-1)?.state !== 'running',
    );
  }

  *#startContainers(): Task<number | undefined> {
    let soonest: number | undefined;
    let failure = false;
    for (const container of this.pod.spec!.containers) {
      if (!shouldRestart(this.pod, container, this.runs(container.name))) continue;
      const backOff = yield* this.#starter.start(container);
      if (backOff > 0) soonest = Math.min(soonest ?? backOff, backOff);
      else if (this.failures.has(container.name)) failure = true;
    }
    if (failure) throw new SyncFailure();
    return soonest;
  }

  /** The runtime tells that a container ended or began. */
  containerChanged(run: ContainerStatusRecord): void {
    if (run.state === 'exited') this.#node.prober.forget(run.id);
  }

  /** A liveness or startup probe has failed often enough. */
  restart(container: Container, run: ContainerStatusRecord, probe: string): void {
    const message = `Container ${container.name} failed ${probe} probe, will be restarted`;
    const grace =
      container.livenessProbe?.terminationGracePeriodSeconds ?? this.pod.spec!.terminationGracePeriodSeconds;
    new Coroutine(this.#node.clock, killContainer(this.#node, this, container, run, Number(grace ?? 30), message));
  }

  #termination: Coroutine<void> | undefined;

  #terminate(gone: boolean): void {
    this.#terminating = true;
    this.#cancelRetry();
    this.#sync?.kill();
    const grace = gone ? Math.min(this.#grace(), 1) : this.#grace();
    this.#termination = new Coroutine(this.#node.clock, this.#terminatePod(grace));
    this.#termination.whenDone((outcome) => {
      if (outcome.status === 'failed') {
        reportFault(`termination of pod ${podName(this.pod)}`, outcome.error);
        this.#retry = this.#node.clock.after(RETRY, () => this.#terminate(gone), { background: true });
        return;
      }
      if (outcome.status !== 'done') return;
      if (this.#objectGone) this.#forget();
      else this.#linger();
    });
  }

  /** Its object may outlive it: then the runtime's garbage collection comes for its containers within a minute, and nothing is told any more. */
  #linger(): void {
    this.#gone = true;
    this.#retry = this.#node.clock.after(CONTAINER_GC, () => this.#node.runtime.removePod(this.uid), {
      background: true,
    });
  }

  #forget(): void {
    this.#cancelRetry();
    this.#node.runtime.removePod(this.uid);
    this.#node.forget(this);
  }

  *#terminatePod(grace: number): Task<void> {
    const { clock, volumes, random } = this.#node;
    const ran = this.#allRuns().length > 0;
    yield* this.#stopContainers(grace);
    this.#terminal = true;
    this.#count(false);
    this.#stopSandbox();
    if (!this.#finished && ran) this.writeStatus();
    yield* volumes.unmountAll(this.uid);
    if (ran) yield* sleep(clock, CLEANUP_LATENCY + random.below(200));
    if (!this.#finished && !ran) this.writeStatus();
    this.#node.deletePod(this.pod);
  }

  #grace(): number {
    const { deletionGracePeriodSeconds, deletionTimestamp } = this.pod.metadata;
    const seconds = deletionTimestamp === undefined ? undefined : deletionGracePeriodSeconds;
    return Math.max(1, Number(seconds ?? this.pod.spec!.terminationGracePeriodSeconds ?? 30));
  }

  /** All at once, but sidecars after the others. */
  *#stopContainers(grace: number): Task<void> {
    const { clock } = this.#node;
    const spec = this.pod.spec!;
    const sidecars = (spec.initContainers ?? []).filter(isSidecar).reverse();
    const others = [...spec.containers, ...(spec.initContainers ?? []).filter((c) => !isSidecar(c))];
    const end = clock.now + grace * 1000;
    for (const group of [others, ...sidecars.map((c) => [c])]) {
      const kills: Coroutine<void>[] = [];
      for (const container of group) {
        const run = this.runs(container.name).at(-1);
        if (run?.state !== 'running') continue;
        this.#node.prober.forget(run.id);
        const left = Math.max(1, Math.ceil((end - clock.now) / 1000));
        kills.push(new Coroutine(clock, killContainer(this.#node, this, container, run, left)));
      }
      for (const kill of kills) yield* kill.join();
    }
  }

  #stopSandbox(): void {
    const { sandbox } = this;
    if (!sandbox || this.#stopped === sandbox) return;
    this.#stopped = sandbox;
    this.#node.runtime.stopPodSandbox(sandbox);
    if (!this.pod.spec!.hostNetwork) this.#node.addresses.release(sandbox.ip);
  }

  #allContainers(): Container[] {
    const spec = this.pod.spec!;
    return [...(spec.initContainers ?? []), ...spec.containers];
  }

  #allRuns(): ContainerStatusRecord[] {
    return this.#allContainers().flatMap((c) => [...this.runs(c.name)]);
  }

  /** What the kubelet knows now, as the pod's status; a write only if that is news. */
  writeStatus(): void {
    this.#node.setStatus(this.pod, (pod) => this.#status(pod));
  }

  /** A container's state as its status tells it now. */
  stateOf(container: string): ContainerStatus['state'] {
    const { initContainerStatuses = [], containerStatuses = [] } = this.#status(this.pod);
    return [...initContainerStatuses, ...containerStatuses].find(({ name }) => name === container)?.state;
  }

  #status(pod: Pod): PodStatus {
    return podStatus(pod, this.#observe());
  }

  #observe(): PodObservation {
    const { prober, address, clock } = this.#node;
    return {
      runs: (name) => this.runs(name),
      failure: (name) => this.failures.get(name),
      ready: (run, container) => prober.ready(run, container),
      started: (run, container) => prober.started(run, container),
      sandboxReady: this.sandbox?.ready ?? false,
      ip: this.sandbox?.ip ?? this.pod.status?.podIP,
      hostIP: address,
      startTime: this.startTime,
      terminal: this.#terminal,
      mayRun: this.#counted,
      eviction: this.#evicted,
      now: timestamp(clock.now),
    };
  }
}

const failed = (run: ContainerStatusRecord | undefined): boolean => run?.state === 'exited' && run.exitCode !== 0;

/** A sync that could not do all it should; the events have been sent. */
class SyncFailure extends Error {}
