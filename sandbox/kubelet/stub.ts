/**
 * The stand-in for a kubelet with which the goldens were recorded: it runs nothing and mounts nothing, but moves the pods of
 * its nodes through the phases and events a kubelet reports. What an image or a command would do is judged by its name.
 */

import type { Client } from '../api/client.ts';
import { timestamp } from '../api/time.ts';
import type { Container, ContainerStatus, Node, Pod } from '../api/types.ts';
import type { Clock, Timer } from '../sim/clock.ts';
import type { Random } from '../sim/random.ts';
import { podEvents } from './event-recorder.ts';
import type { PodEvents } from './events.ts';
import { digestOf } from './images/digest.ts';

export interface StubKubeletOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly client: Client;
  /** Images every node has already. */
  readonly images?: readonly string[];
}

/** Node names to stop and start answering, as when a machine loses its power. */
export interface StubKubelets {
  stop(node: string): void;
  start(node: string): void;
}

/** Virtual milliseconds. */
const TIMING = {
  sync: 5,
  mount: 310,
  pull: 400,
  start: 320,
  job: 1000,
  pullBackOff: 1500,
  stop: 1000,
  remove: 500,
  firstRestart: 10_000,
  longestRestart: 300_000,
  lease: 10_000,
  nodeStatus: 300_000,
} as const;

const POD_IMAGES =
  /^(?:docker\.io\/)?(?:library\/)?(?:nginx|httpd|busybox|redis|mysql|mariadb|postgres|alpine|ubuntu|debian|centos|memcached|wordpress)(?:[:@]|$)/;
const PUBLIC_REGISTRIES = /^(?:k8s\.gcr\.io|registry\.k8s\.io|quay\.io)\//;
const BAD_TAG = /:(?:9\.99|nosuch|doesnotexist|typo|lates$|1\.999)/;
/** Images that exit without a command: shells with nothing to read. */
const BASE_IMAGES = /(?:^|\/)(?:busybox|alpine|ubuntu|debian|centos)(?:[:@]|$)/;

export function startStubKubelets(options: StubKubeletOptions): StubKubelets {
  return new Kubelets(options).begin();
}

class Kubelets implements StubKubelets {
  readonly #options: StubKubeletOptions;
  readonly #random: Random;
  readonly #workers = new Map<string, PodWorker>();
  readonly #stopped = new Set<string>();
  readonly #events = new Map<string, PodEvents>();
  readonly #pulled = new Set<string>();
  readonly #addresses = new Map<string, number>();

  constructor(options: StubKubeletOptions) {
    this.#options = { ...options, client: options.client.as('kubelet') };
    this.#random = options.random.fork('stub-kubelet');
  }

  begin(): StubKubelets {
    const { client, clock } = this.#options;
    client.informer('pods').handle({
      added: (pod) => this.#changed(pod),
      updated: (_, pod) => this.#changed(pod),
      deleted: (pod) => this.#gone(pod),
    });
    clock.every(TIMING.lease, () => this.#renewLeases());
    clock.every(TIMING.nodeStatus, () => this.#reportNodes());
    return this;
  }

  stop(node: string): void {
    this.#stopped.add(node);
  }

  start(node: string): void {
    this.#stopped.delete(node);
    this.#renewLeases();
    this.#reportNodes();
    for (const pod of this.#options.client.list('pods', '')) {
      if (pod.spec?.nodeName === node) this.#changed(pod);
    }
    for (const [uid, worker] of this.#workers) {
      if (worker.node !== node) continue;
      const pod = this.#options.client.get('pods', worker.namespace, worker.name);
      if (pod?.metadata.uid !== uid) this.#drop(uid);
    }
  }

  #changed(pod: Pod): void {
    const node = pod.spec?.nodeName;
    if (!node || this.#stopped.has(node)) return;
    const { uid } = pod.metadata;
    let worker = this.#workers.get(uid);
    if (!worker) {
      worker = new PodWorker(this.#surroundings(node), pod);
      this.#workers.set(uid, worker);
    }
    worker.update(pod);
  }

  #gone(pod: Pod): void {
    if (!this.#stopped.has(pod.spec?.nodeName ?? '')) this.#drop(pod.metadata.uid);
  }

  #drop(uid: string): void {
    this.#workers.get(uid)?.abandon();
    this.#workers.delete(uid);
  }

  #surroundings(node: string): Surroundings {
    const { clock, client } = this.#options;
    return {
      clock,
      client,
      random: this.#random,
      node,
      events: this.#eventsOf(node),
      isStopped: () => this.#stopped.has(node),
      isPulled: (image) => this.#pulled.has(`${node}/${image}`) || (this.#options.images?.includes(image) ?? false),
      notePulled: (image) => this.#pulled.add(`${node}/${image}`),
      hostAddress: () => addressOf(client.get('nodes', '', node)),
      newAddress: () => this.#newAddress(node),
    };
  }

  #eventsOf(node: string): PodEvents {
    const { clock, client } = this.#options;
    const events = this.#events.get(node) ?? podEvents(client, clock, this.#random.fork(node), node);
    this.#events.set(node, events);
    return events;
  }

  #newAddress(name: string): string {
    const next = (this.#addresses.get(name) ?? 1) + 1;
    this.#addresses.set(name, next);
    const range = this.#options.client.get('nodes', '', name)?.spec?.podCIDR ?? '10.244.0.0/24';
    const [a, b, c] = range.split('.');
    return `${a}.${b}.${c}.${next}`;
  }

  #renewLeases(): void {
    const { client, clock } = this.#options;
    const renewTime = `${new Date(clock.now).toISOString().slice(0, -1)}000Z`;
    for (const { metadata } of client.list('nodes', '')) {
      if (this.#stopped.has(metadata.name)) continue;
      const lease = client.get('leases', 'kube-node-lease', metadata.name);
      if (lease) client.update('leases', { ...lease, spec: { ...lease.spec, renewTime } });
    }
  }

  /** Conditions as a healthy node reports them; after a silence they turn back. */
  #reportNodes(): void {
    const { client, clock } = this.#options;
    const now = timestamp(clock.now);
    for (const node of client.list('nodes', '')) {
      if (this.#stopped.has(node.metadata.name) || !node.status?.conditions) continue;
      const conditions = node.status.conditions.map((condition) => {
        const healthy = HEALTHY[condition.type];
        if (!healthy) return condition;
        const turned = condition.status !== healthy.status;
        return { ...condition, ...healthy, lastHeartbeatTime: now, ...(turned && { lastTransitionTime: now }) };
      });
      client.updateStatus('nodes', { ...node, status: { ...node.status, conditions } });
    }
  }
}

const HEALTHY: Readonly<Record<string, { status: 'True' | 'False'; reason: string; message: string }>> = {
  MemoryPressure: {
    status: 'False',
    reason: 'KubeletHasSufficientMemory',
    message: 'kubelet has sufficient memory available',
  },
  DiskPressure: { status: 'False', reason: 'KubeletHasNoDiskPressure', message: 'kubelet has no disk pressure' },
  PIDPressure: {
    status: 'False',
    reason: 'KubeletHasSufficientPID',
    message: 'kubelet has sufficient PID available',
  },
  Ready: { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
};

const addressOf = (node: Node | undefined): string | undefined =>
  node?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;

interface Surroundings {
  readonly clock: Clock;
  readonly client: Client;
  readonly random: Random;
  readonly node: string;
  readonly events: PodEvents;
  isStopped(): boolean;
  isPulled(image: string): boolean;
  notePulled(image: string): void;
  hostAddress(): string | undefined;
  newAddress(): string;
}

type Behaviour = 'runs' | 'completes' | 'fails';

/** One pod on its node, from ContainerCreating to gone. */
class PodWorker {
  readonly node: string;
  readonly namespace: string;
  readonly name: string;
  readonly #around: Surroundings;
  readonly #containers: ContainerRun[];
  #pod: Pod;
  #timer: Timer | undefined;
  #startTime: string | undefined;
  #address: string | undefined;
  #stopping = false;
  #phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' = 'Pending';
  #readyForContainers = false;

  constructor(around: Surroundings, pod: Pod) {
    this.node = around.node;
    this.namespace = pod.metadata.namespace ?? '';
    this.name = pod.metadata.name;
    this.#around = around;
    this.#pod = pod;
    this.#containers = pod.spec!.containers.map((container) => new ContainerRun(container));
    this.#phase = (pod.status?.phase as 'Pending' | undefined) ?? 'Pending';
    if (this.#phase === 'Pending') this.#later(TIMING.sync, () => this.#begin());
  }

  update(pod: Pod): void {
    this.#pod = pod;
    if (pod.metadata.deletionTimestamp && !this.#stopping) this.#stop();
  }

  abandon(): void {
    this.#timer?.cancel();
  }

  /** A step of the pod's life, unless the node is dead by then. */
  #later(ms: number, step: () => void, background = false): void {
    const run = () => {
      if (!this.#around.isStopped()) step();
    };
    this.#timer = this.#around.clock.after(ms, run, { background });
  }

  #begin(): void {
    this.#startTime = timestamp(this.#around.clock.now);
    this.#report();
    const waits = this.#missing();
    if (waits) this.#awaitVolumes(waits);
    else this.#later(TIMING.mount, () => this.#next(0));
  }

  /** ConfigMaps and Secrets are looked for; all other volumes mount. */
  #missing(): { volume: string; what: string } | undefined {
    const { client } = this.#around;
    for (const { name, configMap, secret } of this.#pod.spec?.volumes ?? []) {
      if (configMap?.name && !configMap.optional && !client.get('configmaps', this.namespace, configMap.name)) {
        return { volume: name, what: `configmap "${configMap.name}" not found` };
      }
      if (secret?.secretName && !secret.optional && !client.get('secrets', this.namespace, secret.secretName)) {
        return { volume: name, what: `secret "${secret.secretName}" not found` };
      }
    }
    return undefined;
  }

  #awaitVolumes({ volume, what }: { volume: string; what: string }): void {
    const message = `MountVolume.SetUp failed for volume "${volume}" : ${what}`;
    this.#around.events.pod(this.#pod, 'Warning', 'FailedMount', message);
    const retry = () => {
      const still = this.#missing();
      if (still) this.#awaitVolumes(still);
      else this.#next(0);
    };
    this.#later(TIMING.pullBackOff, retry, true);
  }

  /** Pulls and starts the containers one after another. */
  #next(index: number): void {
    const run = this.#containers[index];
    this.#address ??= this.#pod.spec?.hostNetwork ? this.#around.hostAddress() : this.#around.newAddress();
    if (!run) {
      this.#later(TIMING.start, () => this.#started());
      return;
    }
    this.#pull(run, () => this.#next(index + 1));
  }

  #pull(run: ContainerRun, then: () => void): void {
    const { events, isPulled, notePulled, random } = this.#around;
    const { image = '', name, imagePullPolicy } = run.container;
    const known = isPulled(image);
    if (imagePullPolicy !== 'Always' && known) {
      const message = `Container image "${image}" already present on machine and can be accessed by the pod`;
      events.container(this.#pod, name, 'Normal', 'Pulled', message);
      this.#create(run);
      then();
      return;
    }
    events.container(this.#pod, name, 'Normal', 'Pulling', `Pulling image "${image}"`);
    const ms = TIMING.pull + random.between(1, 20);
    this.#later(ms, () => {
      const problem = pullError(image);
      if (problem) {
        this.#failPull(run, problem, then);
        return;
      }
      notePulled(image);
      const message = `Successfully pulled image "${image}" in ${ms}ms (${ms}ms including waiting). Image size: ${imageSize(image)} bytes.`;
      events.container(this.#pod, name, 'Normal', 'Pulled', message);
      this.#create(run);
      then();
    });
  }

  #failPull(run: ContainerRun, problem: string, then: () => void): void {
    const { events } = this.#around;
    const { image = '', name } = run.container;
    events.container(this.#pod, name, 'Warning', 'Failed', `Failed to pull image "${image}": ${problem}`);
    events.container(this.#pod, name, 'Warning', 'Failed', 'Error: ErrImagePull');
    run.wait('ErrImagePull', problem);
    this.#report();
    this.#later(TIMING.pullBackOff, () => {
      events.container(this.#pod, name, 'Normal', 'BackOff', `Back-off pulling image "${image}"`);
      events.container(this.#pod, name, 'Warning', 'Failed', 'Error: ImagePullBackOff');
      run.wait('ImagePullBackOff', `Back-off pulling image "${image}": ErrImagePull: ${problem}`);
      this.#report();
      this.#later(run.nextRestart(), () => this.#pull(run, then), true);
    });
  }

  #create(run: ContainerRun): void {
    const { events } = this.#around;
    events.container(this.#pod, run.container.name, 'Normal', 'Created', 'Container created');
    events.container(this.#pod, run.container.name, 'Normal', 'Started', 'Container started');
    run.created(this.#around.random);
  }

  #started(): void {
    const now = timestamp(this.#around.clock.now);
    this.#readyForContainers = true;
    for (const run of this.#containers) run.start(now);
    this.#phase = 'Running';
    this.#report();
    if (this.#containers.some(({ behaviour }) => behaviour !== 'runs')) {
      this.#later(TIMING.job, () => this.#ended());
    }
  }

  /** Those that do not run on have ended; those that may restart will. */
  #ended(): void {
    const now = timestamp(this.#around.clock.now);
    for (const run of this.#containers) if (run.behaviour !== 'runs') run.end(now, run.behaviour === 'fails' ? 1 : 0);
    const restarting = this.#containers.filter((run) => run.ended && this.#mayRestart(run));
    if (restarting.length === 0 && this.#containers.every((run) => run.ended)) {
      this.#phase = this.#containers.some((run) => run.exitCode !== 0) ? 'Failed' : 'Succeeded';
      this.#readyForContainers = false;
    }
    this.#report();
    if (restarting.length > 0) this.#restart(restarting);
  }

  #mayRestart({ exitCode }: ContainerRun): boolean {
    const policy = this.#pod.spec?.restartPolicy ?? 'Always';
    return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
  }

  #restart(runs: readonly ContainerRun[]): void {
    const { events } = this.#around;
    const wait = Math.max(...runs.map((run) => run.nextRestart()));
    for (const run of runs) {
      const message = `Back-off restarting failed container ${run.container.name} in pod ${this.name}_${this.namespace}(${this.#pod.metadata.uid})`;
      events.container(this.#pod, run.container.name, 'Warning', 'BackOff', message);
      run.wait(
        'CrashLoopBackOff',
        `back-off ${wait / 1000}s restarting failed container=${run.container.name} pod=${this.name}_${this.namespace}(${this.#pod.metadata.uid})`,
      );
    }
    this.#report();
    this.#later(
      wait,
      () => {
        for (const run of runs) {
          this.#create(run);
          run.restarts++;
          run.start(timestamp(this.#around.clock.now));
        }
        this.#report();
        this.#later(TIMING.job, () => this.#ended());
      },
      true,
    );
  }

  /** Killing, stopped, gone. */
  #stop(): void {
    this.#stopping = true;
    this.#timer?.cancel();
    const { events } = this.#around;
    const running = this.#containers.filter((run) => run.running);
    for (const { container } of running) {
      events.container(this.#pod, container.name, 'Normal', 'Killing', `Stopping container ${container.name}`);
    }
    const stopped = () => {
      const now = timestamp(this.#around.clock.now);
      for (const run of running) run.end(now, 0);
      if (running.length > 0) this.#report();
      this.#later(TIMING.remove, () => this.#remove());
    };
    if (this.#phase === 'Succeeded' || this.#phase === 'Failed') this.#later(TIMING.sync, () => this.#remove());
    else this.#later(TIMING.stop, stopped);
  }

  #remove(): void {
    const { uid } = this.#pod.metadata;
    this.#around.client.delete('pods', this.namespace, this.name, {
      gracePeriodSeconds: 0,
      preconditions: { uid },
    });
  }

  #report(): void {
    const { client, clock } = this.#around;
    const now = timestamp(clock.now);
    const { uid } = this.#pod.metadata;
    client.mutate(
      'pods',
      this.namespace,
      this.name,
      (pod) => (pod.metadata.uid === uid ? ({ ...pod, status: this.#status(pod, now) } as Pod) : pod),
      'status',
    );
  }

  #status(pod: Pod, now: string): unknown {
    const hostIP = this.#around.hostAddress();
    return {
      ...(pod.metadata.generation !== undefined && pod.status?.observedGeneration !== undefined
        ? { observedGeneration: pod.metadata.generation }
        : {}),
      phase: this.#phase,
      conditions: this.#conditions(pod, now),
      ...(hostIP && { hostIP }),
      ...(this.#address && { podIP: this.#address, podIPs: [{ ip: this.#address }] }),
      startTime: this.#startTime,
      containerStatuses: this.#containers.map((run) => run.status()),
      qosClass: pod.status?.qosClass,
    };
  }

  #conditions(pod: Pod, now: string): unknown[] {
    const completed = this.#phase === 'Succeeded' || this.#phase === 'Failed';
    const unready = this.#containers.filter((run) => !run.ready).map(({ container }) => container.name);
    const why = completed
      ? { reason: this.#phase === 'Failed' ? 'PodFailed' : 'PodCompleted' }
      : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
    const ready = unready.length === 0 && !completed;
    const conditions: [type: string, holds: boolean, extra: object][] = [
      ['PodReadyToStartContainers', this.#readyForContainers, {}],
      ['Initialized', true, completed && this.#phase === 'Succeeded' ? { reason: 'PodCompleted' } : {}],
      ['Ready', ready, ready ? {} : why],
      ['ContainersReady', ready, ready ? {} : why],
      ['PodScheduled', true, {}],
    ];
    const before = new Map<string, { status: string; lastTransitionTime?: string }>(
      pod.status?.conditions?.map((condition) => [condition.type, condition]),
    );
    return conditions.map(([type, holds, extra]) => {
      const status = holds ? 'True' : 'False';
      const was = before.get(type);
      const lastTransitionTime = was?.status === status ? was.lastTransitionTime : now;
      return { type, status, lastProbeTime: null, lastTransitionTime, ...extra };
    });
  }
}

/** One container's state. */
class ContainerRun {
  readonly container: Container;
  readonly behaviour: Behaviour;
  restarts = 0;
  exitCode = 0;
  #state: NonNullable<ContainerStatus['state']> = { waiting: { reason: 'ContainerCreating' } };
  #lastState: NonNullable<ContainerStatus['lastState']> = {};
  #id: string | undefined;
  #startedAt = '';
  #backoff: number = TIMING.firstRestart;

  constructor(container: Container) {
    this.container = container;
    this.behaviour = behaviourOf(container);
  }

  get running(): boolean {
    return this.#state.running !== undefined;
  }

  get ready(): boolean {
    return this.running;
  }

  get ended(): boolean {
    return this.#state.terminated !== undefined;
  }

  nextRestart(): number {
    const wait = this.#backoff;
    this.#backoff = Math.min(wait * 2, TIMING.longestRestart);
    return wait;
  }

  created(random: Random): void {
    this.#id = `containerd://${random.hex(64)}`;
  }

  start(now: string): void {
    this.#startedAt = now;
    this.#state = { running: { startedAt: now } };
  }

  end(now: string, exitCode: number): void {
    this.exitCode = exitCode;
    this.#state = {
      terminated: {
        exitCode,
        reason: exitCode === 0 ? 'Completed' : 'Error',
        startedAt: this.#startedAt,
        finishedAt: now,
        ...(this.#id && { containerID: this.#id }),
      },
    };
  }

  wait(reason: string, message: string): void {
    if (this.#state.terminated) this.#lastState = this.#state;
    this.#state = { waiting: { reason, message } };
  }

  status(): ContainerStatus {
    const { image = '', name } = this.container;
    return {
      name,
      state: this.#state,
      lastState: this.#lastState,
      ready: this.ready,
      restartCount: this.restarts,
      image: this.#id ? withTag(image) : image,
      imageID: this.#id ? `docker.io/library/${nameOf(image)}@${digestOf(image)}` : '',
      ...(this.#id && { containerID: this.#id }),
      started: this.running,
    };
  }
}

/** What a command does is told from its text. */
function behaviourOf({ command = [], args = [], image = '' }: Container): Behaviour {
  const text = [...command, ...args].join(' ');
  if (/\bsleep\b|tail -f|\bwhile\b|infinity/.test(text)) return 'runs';
  if (/exit 1|\bfalse\b/.test(text) && !/\|\| exit 1/.test(text)) return 'fails';
  if (/^(?:\/bin\/)?(?:ba|a)?sh\b/.test(text)) return 'completes';
  if (text === '') return BASE_IMAGES.test(image) ? 'completes' : 'runs';
  return BASE_IMAGES.test(image) ? 'completes' : 'runs';
}

function pullError(image: string): string | undefined {
  const unknown = !POD_IMAGES.test(image) && !PUBLIC_REGISTRIES.test(image);
  if (unknown) {
    return `rpc error: code = Unknown desc = Error response from daemon: pull access denied for ${nameOf(image)}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`;
  }
  if (BAD_TAG.test(image)) {
    return `rpc error: code = Unknown desc = Error response from daemon: manifest for ${image} not found: manifest unknown: manifest unknown`;
  }
  return undefined;
}

/** `nginx` of `nginx:1.19`. */
const nameOf = (image: string): string => image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');

const withTag = (image: string): string => (/:[^/]*$|@/.test(image) ? image : `${image}:latest`);

const imageSize = (image: string): number =>
  133_000_000 + (Number.parseInt(digestOf(image).slice(7, 11), 16) % 100_000);
