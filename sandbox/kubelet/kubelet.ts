/** One node's kubelet: watches the pods bound to it and keeps a worker for each, tells the API server of its node, and serves exec and logs (pkg/kubelet/kubelet.go). */

import type { Client } from '../api/client.ts';
import { equal } from '../api/equality.ts';
import { toNumber } from '../api/quantity.ts';
import { timestamp } from '../api/time.ts';
import type { Node, Pod } from '../api/types.ts';
import type { ImageCatalogue } from '../images/catalogue.ts';
import type { KernelMachine } from '../machines/kernel/machine.ts';
import type { KernelProcess } from '../machines/kernel/process.ts';
import type { Cause } from '../sim/cause.ts';
import type { Clock, Timer } from '../sim/clock.ts';
import { contained } from '../sim/faults.ts';
import type { Random } from '../sim/random.ts';
import { PodAddresses } from './addresses.ts';
import { requestOf } from './admission.ts';
import { Backoff } from './backoff.ts';
import { type EnvironmentSources, objectSources } from './environment.ts';
import type { PodEvents } from './events.ts';
import { podEvents } from './events.ts';
import { runProbe } from './hooks.ts';
import { find } from './host-files.ts';
import { ImageManager } from './images/manager.ts';
import { ImageStore } from './images/store.ts';
import { klogLine } from './klog.ts';
import type { KubeletContext, Resources } from './kubelet-context.ts';
import { excessOf, isLimited, type StorageUsage, usageOf } from './local-storage.ts';
import { type NodeOptions, nodeStatus, registerNode, renewLease } from './node-status.ts';
import { PodDispatcher } from './pod-dispatcher.ts';
import { PodWorker } from './pod-worker.ts';
import { Prober } from './probes.ts';
import { RefusedWrites } from './refused-writes.ts';
import { Runtime, unavailable } from './runtime/containerd.ts';
import { unpackedSize } from './runtime/rootfs.ts';
import { RuntimeHealth } from './runtime-health.ts';
import { KubeletEndpoints } from './server.ts';
import type { PodStatus } from './status.ts';
import { serviceAccountToken } from './tokens.ts';
import { VolumeManager } from './volumes/manager.ts';

export interface KubeletOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Writes as `kubelet`. */
  readonly client: Client;
  readonly machine: KernelMachine;
  readonly node: NodeOptions;
  /** The cluster's name server, for /etc/resolv.conf. */
  readonly clusterDNS: string;
  /** What can be pulled. */
  readonly catalogue: ImageCatalogue;
  /** Shared by the kubelets of one cluster; one of its own unless given. */
  readonly dispatcher?: PodDispatcher;
}

/** nodeStatusReportFrequency, and a quarter of the lease's 40 s. */
const STATUS_PERIOD = 300_000;
const LEASE_PERIOD = 10_000;
/** The eviction manager's look at its pods (evictionMonitoringPeriod); how much their volumes hold is counted once a minute (volumeStatsAggPeriod). */
const EVICTION_PERIOD = 10_000;
const VOLUME_STATS_PERIOD = 60_000;
/** How often the node's status is computed; it is written when it changed (nodeStatusUpdateFrequency), as is what was refused (syncPeriod). */
const HEALTH_PERIOD = 10_000;
/** The pod lifecycle event generator looks at the runtime once a second; with evented PLEG sooner. */
const RELIST = 280;

export class Kubelet implements KubeletContext {
  readonly name: string;
  readonly address: string;
  readonly podRange: string;
  readonly clusterDNS: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: PodEvents;
  readonly images: ImageManager;
  readonly runtime: Runtime;
  readonly volumes: VolumeManager;
  readonly prober: Prober;
  readonly addresses: PodAddresses;
  readonly crashes = new Backoff(10_000, 300_000);
  readonly allocated: Resources = { cpu: 0, memory: 0, pods: 0 };
  readonly server: KubeletEndpoints;
  readonly #client: Client;
  readonly #machine: KernelMachine;
  readonly #options: KubeletOptions;
  readonly #workers = new Map<string, PodWorker>();
  /** With why they changed last. */
  readonly #changed = new Map<string, Cause | undefined>();
  readonly #refused = new RefusedWrites((...line) => this.#klog(...line));
  #running = false;
  /** Another one after a reboot. */
  #kernel: KernelMachine['kernel'];
  #relist: Timer | undefined;
  #timers: Timer[] = [];
  #node: Node;
  #allocatable: Resources | undefined;
  readonly #health = new RuntimeHealth();
  /** What keeps the node from being ready, as the API server was told. */
  #problem: string | undefined;
  #log: (text: string) => void = () => {};
  #volumeUsage: { at: number | undefined; byPod: Map<string, ReadonlyMap<string, number>> } = {
    at: undefined,
    byPod: new Map(),
  };

  constructor(options: KubeletOptions) {
    const { clock, machine, node } = options;
    this.#options = options;
    this.#client = options.client;
    this.#machine = machine;
    this.#kernel = machine.kernel;
    this.clock = clock;
    this.random = options.random;
    this.name = node.name;
    this.address = node.address;
    this.podRange = node.podCIDR;
    this.clusterDNS = options.clusterDNS;
    this.addresses = new PodAddresses(node.podCIDR);
    const store = new ImageStore();
    const changed = (uid: string) => this.#containerChanged(uid);
    const { random, catalogue, clusterDNS } = options;
    this.runtime = new Runtime({ machine, random, catalogue, store, clusterDNS, changed });
    this.#node = registerNode(options.client, machine, store, node);
    this.events = podEvents(options.client, clock, options.random, node.name);
    this.images = new ImageManager(clock, random, this.events, catalogue, store, (image) =>
      machine.disk.allocate(unpackedSize(image)),
    );
    this.runtime.servingChanged = () => this.#runtimeChanged();
    this.runtime.pull = (reference) => this.images.transfer(reference);
    this.prober = this.#makeProber();
    this.volumes = this.#makeVolumeManager();
    this.server = new KubeletEndpoints(this);
    this.#watch();
  }

  // Life of the kubelet itself

  get running(): boolean {
    return this.#running;
  }

  /** `systemctl start kubelet`; `log` writes to the unit's journal. */
  start(log: (text: string) => void = () => {}): void {
    if (this.running) return;
    this.#running = true;
    this.#log = log;
    if (this.#kernel !== this.#machine.kernel) this.volumes.rebooted();
    this.#kernel = this.#machine.kernel;
    this.#timers = [
      this.clock.every(LEASE_PERIOD, () => this.#renewLease()),
      this.clock.every(STATUS_PERIOD, () => this.#reportNode()),
      this.clock.every(EVICTION_PERIOD, () => this.#enforceStorageLimits()),
      this.clock.every(HEALTH_PERIOD, () => this.#checkHealth()),
      this.clock.every(HEALTH_PERIOD, () => this.#refused.retry()),
    ];
    const before = this.#node.status?.nodeInfo?.bootID;
    this.#refused.clear();
    this.#refused.attempt('registration', '', () => {
      this.#node = registerNode(this.#client, this.#machine, this.runtime.images, this.#options.node);
    });
    this.#reportNode();
    const boot = this.#node.status?.nodeInfo?.bootID;
    if (boot !== before)
      this.events.node(this.#node, 'Warning', 'Rebooted', `Node ${this.name} has been rebooted, boot id: ${boot}`);
    this.#renewLease();
    this.#resync();
  }

  /** `systemctl stop kubelet`, or a machine that goes down: containers are nobody's any more. */
  stop(): void {
    if (!this.running) return;
    this.#running = false;
    for (const timer of this.#timers) timer.cancel();
    this.#relist?.cancel();
    this.#relist = undefined;
    for (const worker of this.#workers.values()) contained(`pod ${worker.uid}`, () => worker.suspend());
    this.volumes.suspend();
  }

  /** Runs the node's programs and looks at its files; its own process is the unit's. */
  process(): KernelProcess {
    return this.#machine.init;
  }

  // What the API server hears

  setStatus(pod: Pod, status: (pod: Pod) => PodStatus | undefined): void {
    if (!this.running) return;
    const { namespace, name, uid } = pod.metadata;
    this.#refused.attempt('status', uid, () => {
      const current = this.#client.get('pods', namespace!, name);
      if (current?.metadata.uid !== uid) return;
      const next = status(current);
      if (!next || equal(current.status, next)) return;
      this.#client.updateStatus('pods', { ...current, status: next } as Pod);
    });
  }

  deletePod(pod: Pod): void {
    const { namespace, name, uid } = pod.metadata;
    this.#refused.attempt('deletion', uid, () => {
      // Another pod may have the name by now.
      if (this.#client.get('pods', namespace!, name)?.metadata.uid !== uid) return;
      this.#client.delete('pods', namespace!, name, { gracePeriodSeconds: 0, preconditions: { uid } });
    });
  }

  forget(worker: PodWorker): void {
    if (this.#workers.get(worker.uid) !== worker) return;
    this.#workers.delete(worker.uid);
  }

  worker(namespace: string, name: string): PodWorker | undefined {
    const pod = this.#client.get('pods', namespace, name);
    return pod ? this.#workers.get(pod.metadata.uid) : undefined;
  }

  workers(): Iterable<PodWorker> {
    return this.#workers.values();
  }

  get labels(): Readonly<Record<string, string>> {
    return this.#client.get('nodes', '', this.name)?.metadata.labels ?? {};
  }

  get allocatable(): Readonly<Resources> {
    if (!this.#allocatable) {
      const { cpu = 0, memory = 0, pods = 0 } = (this.#node.status?.allocatable ?? {}) as Record<string, string>;
      this.#allocatable = { cpu: toNumber(cpu), memory: toNumber(memory), pods: toNumber(pods) };
    }
    return this.#allocatable;
  }

  environment(pod: Pod, podIP: string): EnvironmentSources {
    const { allocatable, name: nodeName, address: hostIP } = this;
    return { ...objectSources(this.#client, pod.metadata.namespace!), allocatable, nodeName, hostIP, podIP };
  }

  // What happens

  #watch(): void {
    const dispatcher = this.#options.dispatcher ?? new PodDispatcher(this.#client);
    dispatcher.register(this.name, { changed: (pod) => this.#podChanged(pod), gone: (pod) => this.#podGone(pod) });
    this.#client.informer('configmaps').handle({
      updated: (_, { metadata }) => this.volumes.changed('configMap', metadata.namespace!, metadata.name),
    });
    this.#client.informer('secrets').handle({
      updated: (_, { metadata }) => this.volumes.changed('secret', metadata.namespace!, metadata.name),
    });
  }

  #podChanged(pod: Pod): void {
    if (!this.running || this.#health.isSilent) return;
    const known = this.#workers.get(pod.metadata.uid);
    if (known) {
      known.update(pod);
      return;
    }
    const worker = new PodWorker(this, pod);
    this.#workers.set(worker.uid, worker);
    if (pod.metadata.deletionTimestamp === undefined) worker.poke();
    else worker.update(pod);
  }

  #podGone(pod: Pod): void {
    if (!this.running || this.#health.isSilent) return;
    this.#workers.get(pod.metadata.uid)?.update(pod, true);
  }

  account(pod: Pod, sign: 1 | -1): void {
    this.allocated.cpu += sign * requestOf(pod, 'cpu');
    this.allocated.memory += sign * requestOf(pod, 'memory');
    this.allocated.pods += sign;
  }

  /** After a start: what is bound to the node, and what is not any more. */
  #resync(): void {
    if (this.#health.isSilent) return;
    const bound = new Set<string>();
    for (const pod of this.#client.list('pods', '')) {
      if (pod.spec?.nodeName !== this.name) continue;
      bound.add(pod.metadata.uid);
      contained(`pod ${pod.metadata.namespace}/${pod.metadata.name}`, () => {
        this.#podChanged(pod);
        this.#workers.get(pod.metadata.uid)?.poke();
      });
    }
    for (const worker of [...this.#workers.values()])
      if (!bound.has(worker.uid)) contained(`pod ${worker.uid}`, () => worker.update(worker.pod, true));
  }

  /** Changes are told to the workers together, at the next look. */
  #containerChanged(uid: string): void {
    if (!this.running || this.#health.isSilent) return;
    this.#changed.set(uid, this.clock.cause);
    this.#relist ??= this.clock.after(RELIST, () => {
      this.#relist = undefined;
      const changed = [...this.#changed];
      this.#changed.clear();
      for (const [one, cause] of changed) {
        this.clock.cause = cause;
        contained(`pod ${one}`, () => this.#workers.get(one)?.poke());
      }
    });
  }

  /** The runtime's socket: without it no pod is synced, though containers run on (syncLoop, "Skipping pod synchronization"). */
  #runtimeChanged(): void {
    if (this.runtime.silence === undefined) {
      this.#health.answers();
      if (!this.running) return;
      this.#checkHealth();
      this.#resync();
      return;
    }
    this.#health.fallsSilent(this.clock.now);
    if (!this.running) return;
    this.#klog(
      'E',
      'kubelet.go:2996',
      `"Container runtime sanity check failed" err=${JSON.stringify(unavailable(this.#machine))}`,
    );
    this.#relist?.cancel();
    this.#relist = undefined;
    for (const worker of this.#workers.values())
      contained(`pod ${worker.uid}`, () => worker.suspend({ probes: false }));
  }

  /** The node's condition follows; a change of it is an event of the node. */
  #checkHealth(): void {
    const problem = this.#health.problem(this.clock.now);
    if (problem === this.#problem) return;
    const turned = (problem === undefined) !== (this.#problem === undefined);
    this.#problem = problem;
    if (problem !== undefined)
      this.#klog('E', 'kubelet.go:2494', `"Skipping pod synchronization" err=${JSON.stringify(problem)}`);
    this.#reportNode();
    if (!turned) return;
    const state = problem === undefined ? 'NodeReady' : 'NodeNotReady';
    this.events.node(this.#node, 'Normal', state, `Node ${this.name} status is now: ${state}`);
  }

  #klog(severity: 'E' | 'I', source: string, text: string): void {
    this.#log(klogLine(severity, source, text, this.clock.now, this.#machine.units.find('kubelet')?.mainPid ?? 0));
  }

  #enforceStorageLimits(): void {
    const counts = this.#volumeUsage.at === undefined || this.clock.now >= this.#volumeUsage.at + VOLUME_STATS_PERIOD;
    if (counts) this.#volumeUsage = { at: this.clock.now, byPod: new Map() };
    for (const worker of this.#workers.values()) {
      if (!worker.isActive || !isLimited(worker.pod)) continue;
      contained(`storage of pod ${worker.uid}`, () => {
        const excess = excessOf(worker.pod, this.#usageOf(worker, counts));
        if (excess) worker.evict(excess);
      });
    }
  }

  #usageOf({ uid, pod }: PodWorker, counts: boolean): StorageUsage {
    const process = this.process();
    if (counts) {
      const sizes = new Map<string, number>();
      for (const [volume, path] of this.volumes.emptyDirs(uid)) {
        const directory = find(process, path)?.inode;
        if (directory) sizes.set(volume, usageOf(directory));
      }
      this.#volumeUsage.byPod.set(uid, sizes);
    }
    return {
      emptyDir: (volume) => this.#volumeUsage.byPod.get(uid)?.get(volume),
      container: (name) => {
        const run = this.runtime.runs(uid, name).at(-1);
        const logs = find(process, run?.log.path ?? '')?.inode.stat().blocks ?? 0;
        const limited = pod.spec!.containers.some((c) => c.name === name && c.resources?.limits?.['ephemeral-storage']);
        const root = limited ? run?.kernel?.namespace.root.inode : undefined;
        return logs * 512 + (root ? usageOf(root) : 0);
      },
    };
  }

  /** A node that was deleted stays so until the kubelet starts again: it registers once (tryRegisterWithAPIServer). */
  #reportNode(): void {
    const now = timestamp(this.clock.now);
    const { runtime } = this;
    const change = (node: Node): Node => ({
      ...node,
      status: nodeStatus(this.#machine, runtime.images, this.#options.node, node, now, this.#problem),
    });
    this.#refused.attempt('node', '', () => {
      this.#node = this.#client.mutate('nodes', '', this.name, change, 'status') ?? this.#node;
    });
  }

  /** Tried again by itself, before the lease is over (component-helpers/apimachinery/lease/controller.go). */
  #renewLease(): void {
    const renew = () => renewLease(this.#client, this.name, this.clock.now, true);
    this.#refused.attempt('lease', '', renew);
  }

  #makeProber(): Prober {
    return new Prober({
      clock: this.clock,
      random: this.random,
      events: this.events,
      run: (pod, container, run, probe) => runProbe(this, pod, container, run, probe),
      changed: (pod, container, run, kind, success) => {
        const worker = this.#workers.get(pod.metadata.uid);
        if (kind !== 'readiness' && !success) worker?.restart(container, run, kind);
        else worker?.poke();
      },
    });
  }

  #makeVolumeManager(): VolumeManager {
    const client = this.#client;
    const { name: nodeName, address: hostIP, runtime, clock, random } = this;
    return new VolumeManager({
      clock,
      process: () => this.process(),
      events: this.events,
      claims: {
        claim: (namespace, name) => client.get('persistentvolumeclaims', namespace, name),
        volume: (name) => client.get('persistentvolumes', '', name),
      },
      sources: {
        configMap: (namespace, name) => client.get('configmaps', namespace, name),
        secret: (namespace, name) => client.get('secrets', namespace, name),
        serviceAccount: (namespace, name) => client.get('serviceaccounts', namespace, name),
        nodeName,
        hostIP,
        podIP: (uid) => runtime.podAddress(uid),
        allocatable: this.allocatable,
        isAttached: ({ spec }) => {
          const driver = client.get('csidrivers', '', spec?.csi?.driver ?? '');
          if (!driver || driver.spec.attachRequired === false) return true;
          const name = `kubernetes.io/csi/${spec!.csi!.driver}^${spec!.csi!.volumeHandle}`;
          return client.get('nodes', '', nodeName)?.status?.volumesAttached?.some((one) => one.name === name) ?? false;
        },
        token: (pod, audience, seconds) =>
          serviceAccountToken({
            pod,
            nodeName,
            audience,
            seconds,
            now: clock.now,
            random,
            account: client.get('serviceaccounts', pod.metadata.namespace!, pod.spec!.serviceAccountName ?? 'default'),
          }),
      },
    });
  }
}

export function startKubelet(options: KubeletOptions): Kubelet {
  const kubelet = new Kubelet(options);
  kubelet.start();
  return kubelet;
}
