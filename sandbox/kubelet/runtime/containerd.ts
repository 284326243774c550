/** The node's container runtime: sandboxes, containers and their images, as the Container Runtime Interface offers them (cri-api, api.proto). */

import type { Pod } from '../../api/types.ts';
import type { ImageCatalogue } from '../../images/catalogue.ts';
import type { Image } from '../../images/image.ts';
import { type ImageReference, parseReference } from '../../images/reference.ts';
import { Errno } from '../../machines/errno.ts';
import { PidNamespace } from '../../machines/kernel/kernel.ts';
import type { KernelMachine } from '../../machines/kernel/machine.ts';
import { containerRoot, type ContainerMount as KernelMount } from '../../machines/kernel/namespaces.ts';
import type { KernelProcess } from '../../machines/kernel/process.ts';
import type { Machine } from '../../machines/machine.ts';
import type { UnitEnd } from '../../machines/systemd/unit.ts';
import type { Random } from '../../sim/random.ts';
import { Coroutine, type Task } from '../../sim/task.ts';
import { find, link, makeDirectory, readFile, removeTree, writeFile } from '../host-files.ts';
import type { ImageStore } from '../images/store.ts';
import type { ContainerMount } from '../mounts.ts';
import { Container, type ContainerConfig } from './container.ts';
import { RuntimeError } from './errors.ts';
import { type ExecResult, execSync } from './exec.ts';
import { ContainerLog } from './log.ts';
import { unpacked, unpackedSize } from './rootfs.ts';
import type { Sandbox } from './sandbox.ts';
import type { ContainerStatusRecord } from './types.ts';

export { Container, type ContainerConfig } from './container.ts';
export { RuntimeError };

const CRI = '/var/lib/containerd/io.containerd.grpc.v1.cri';
const POD_LOGS = '/var/log/pods';
const CONTAINER_LOGS = '/var/log/containers';
export const PAUSE_IMAGE = 'registry.k8s.io/pause:3.10.1';
/** How much of its last words a status holds (MaxContainerTerminationMessageLength). */
const MESSAGE_LENGTH = 4096;

export interface RuntimeOptions {
  readonly machine: KernelMachine;
  readonly random: Random;
  readonly catalogue: ImageCatalogue;
  readonly store: ImageStore;
  readonly clusterDNS: string;
  /** A container of this pod began or ended. */
  readonly changed: (uid: string) => void;
}

const runtimes = new WeakMap<Machine, Runtime>();

/** What answers on the machine's /run/containerd/containerd.sock; undefined where no runtime is installed, or none runs. */
export function runtimeOf(machine: Machine): Runtime | undefined {
  const runtime = runtimes.get(machine);
  return runtime?.silence === undefined ? runtime : undefined;
}

export const SOCKET = '/run/containerd/containerd.sock';

/** What dialling the socket of a machine's runtime comes to: nobody made it, or nobody listens behind it any more. */
export const dialFailure = (machine: Machine): string =>
  `dial unix ${SOCKET}: connect: ${runtimes.get(machine)?.silence ?? 'no such file or directory'}`;

/** A CRI call's failure, in gRPC's words. */
export const unavailable = (machine: Machine): string =>
  `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: ${dialFailure(machine)}"`;

interface SandboxRecord extends Sandbox {
  ready: boolean;
  pause: KernelProcess | undefined;
  readonly pids: PidNamespace | undefined;
  readonly containers: Map<string, Container[]>;
}

export class Runtime {
  readonly machine: KernelMachine;
  readonly images: ImageStore;
  readonly random: Random;
  readonly #options: RuntimeOptions;
  readonly #sandboxes = new Map<string, SandboxRecord[]>();
  readonly #containers = new Map<string, Container>();
  #snapshots = 40;
  #silence: string | undefined;
  /** Told when it begins to answer, or falls silent; its containers go on meanwhile, each under its shim. */
  servingChanged: () => void = () => {};

  constructor(options: RuntimeOptions) {
    this.machine = options.machine;
    this.images = options.store;
    this.random = options.random;
    this.#options = options;
    this.images.add(options.catalogue.resolve(parseReference(PAUSE_IMAGE)));
    this.pull = function* (reference) {
      return options.catalogue.resolve(reference);
    };
    runtimes.set(options.machine, this);
  }

  // Whether it answers

  /** Why nobody answers on its socket; undefined while somebody does. */
  get silence(): string | undefined {
    return this.#silence;
  }

  /** `systemctl start containerd`. */
  serve(): void {
    this.#silence = undefined;
    this.servingChanged();
  }

  /** A daemon that ends takes its socket along; one that was killed leaves it behind. */
  fallSilent(end: UnitEnd): void {
    this.#silence = end === 'crashed' ? 'connection refused' : 'no such file or directory';
    this.servingChanged();
  }

  // What there is

  sandboxes(): Sandbox[] {
    return [...this.#sandboxes.values()].flat();
  }

  containers(): Container[] {
    return [...this.#containers.values()];
  }

  container(id: string): Container | undefined {
    return this.#containers.get(id);
  }

  status(id: string): ContainerStatusRecord | undefined {
    return this.#containers.get(id);
  }

  /** The runs of one of a pod's containers, the newest last. */
  runs(uid: string, name: string): readonly Container[] {
    const sandboxes = this.#sandboxes.get(uid);
    if (!sandboxes) return [];
    if (sandboxes.length === 1) return sandboxes[0]!.containers.get(name) ?? [];
    return sandboxes.flatMap((sandbox) => sandbox.containers.get(name) ?? []);
  }

  podAddress(uid: string): string {
    return this.#sandboxes.get(uid)?.at(-1)?.ip ?? '';
  }

  addressOf(id: string): string {
    return this.#containers.get(id)?.sandbox.ip ?? '';
  }

  // Sandboxes

  runPodSandbox(pod: Pod, attempt: number, ip: string): Sandbox {
    const { metadata, spec } = pod;
    const id = this.random.hex(64);
    const namespace = metadata.namespace!;
    const hostNetwork = spec!.hostNetwork ?? false;
    const sandbox: SandboxRecord = {
      id,
      uid: metadata.uid,
      name: metadata.name,
      namespace,
      attempt,
      ip,
      hostname: hostNetwork ? this.machine.hostname : (spec!.hostname ?? metadata.name).slice(0, 63),
      createdAt: this.machine.clock.now,
      labels: metadata.labels ?? {},
      annotations: metadata.annotations ?? {},
      hostNetwork,
      directory: `${CRI}/sandboxes/${id}`,
      logDirectory: `${POD_LOGS}/${namespace}_${metadata.name}_${metadata.uid}`,
      ready: true,
      pause: undefined,
      pids: spec!.shareProcessNamespace ? new PidNamespace(this.machine.kernel.pids) : undefined,
      containers: new Map(),
    };
    if (!hostNetwork) this.machine.network.attach(ip, this.machine);
    sandbox.pause = this.#startPause(sandbox);
    this.#sandboxes.set(metadata.uid, [...(this.#sandboxes.get(metadata.uid) ?? []), sandbox]);
    this.#writeSandboxFiles(sandbox, pod);
    this.#options.changed(metadata.uid);
    return sandbox;
  }

  /** The sandbox is ready as long as this process runs. */
  #startPause(sandbox: SandboxRecord): KernelProcess {
    const { kernel } = this.machine;
    const options = { uid: 65_535, gid: 65_535, files: new Map(), session: null, tasks: kernel.tasks.unit() };
    const pause = this.machine.init.fork(pauseProgram, ['/pause'], options) as KernelProcess;
    const { init, clock, network } = this.machine;
    pause.whenDone(() => {
      new Coroutine(clock, init.wait(pause.pid));
      sandbox.ready = false;
      sandbox.pause = undefined;
      if (!sandbox.hostNetwork) network.detach(sandbox.ip);
      this.#options.changed(sandbox.uid);
    });
    return pause;
  }

  #writeSandboxFiles(sandbox: SandboxRecord, pod: Pod): void {
    const { init } = this.machine;
    const { inode } = makeDirectory(init, sandbox.directory, 0o755);
    makeDirectory(init, sandbox.logDirectory, 0o755);
    writeFile(inode, 'hostname', `${sandbox.hostname}\n`);
    const resolv =
      resolver(pod, sandbox.namespace, this.#options.clusterDNS) ?? readFile(init, '/etc/resolv.conf', 4096);
    writeFile(inode, 'resolv.conf', resolv);
  }

  stopPodSandbox(given: Sandbox): void {
    (given as SandboxRecord).pause?.terminate('SIGKILL');
  }

  /** Everything of a pod: its sandboxes, containers and logs. */
  removePod(uid: string): void {
    for (const sandbox of this.#sandboxes.get(uid) ?? []) {
      this.stopPodSandbox(sandbox);
      for (const runs of sandbox.containers.values()) for (const run of runs) this.#forget(run);
      removeTree(this.machine.init, sandbox.directory);
      removeTree(this.machine.init, sandbox.logDirectory);
    }
    this.#sandboxes.delete(uid);
  }

  // Containers

  createContainer(given: Sandbox, config: ContainerConfig): ContainerStatusRecord {
    const sandbox = given as SandboxRecord;
    const { init } = this.machine;
    const id = this.random.hex(64);
    const directory = `${sandbox.logDirectory}/${config.name}`;
    const path = `${directory}/${config.attempt}.log`;
    const { inode } = makeDirectory(init, directory, 0o755);
    link(makeDirectory(init, CONTAINER_LOGS, 0o755).inode, linkName(sandbox, config.name, id), path);
    const log = new ContainerLog(this.machine.clock, inode, path);
    for (const { source } of config.mounts) this.#ensureSource(id, source);
    const mounts = [
      ...this.#imageVolumes(id, config),
      ...config.mounts.map(kernelMount),
      ...sandboxMounts(sandbox, config),
    ];
    const container = new Container(id, sandbox, config, log, {
      kernel: this.machine.kernel,
      machine: this.machine,
      newRoot: (image) => containerRoot(this.machine, unpacked(image, this.machine.programs), this.#snapshots++),
      mounts,
      ...(config.hostPID ? { pids: this.machine.kernel.pids } : sandbox.pids ? { pids: sandbox.pids } : {}),
      terminationMessage: (one) => this.#lastWords(one),
      exited: () => this.#options.changed(sandbox.uid),
    });
    this.#containers.set(id, container);
    const runs = sandbox.containers.get(config.name) ?? [];
    sandbox.containers.set(config.name, [...runs, container]);
    this.#prune(sandbox, config.name);
    return container;
  }

  /** What a hostPath without a type names, and is not there, becomes a directory (containerd's WithMounts). */
  #ensureSource(id: string, source: string): void {
    const { init } = this.machine;
    if (find(init, source)) return;
    try {
      makeDirectory(init, source, 0o755);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      const why = `failed to mkdir "${source}": mkdir ${source}: ${error.message.toLowerCase()}`;
      throw new RuntimeError('create', `failed to generate container "${id}" spec: failed to generate spec: ${why}`);
    }
  }

  /** Volumes of the image that the pod does not cover get directories of their own. */
  #imageVolumes(id: string, config: ContainerConfig): KernelMount[] {
    const mounts: KernelMount[] = [];
    for (const target of config.image.config.volumes ?? []) {
      if (config.mounts.some((mount) => mount.target === target)) continue;
      const source = `${CRI}/containers/${id}/volumes/${this.random.hex(64)}`;
      const { inode } = makeDirectory(this.machine.init, source, 0o755);
      const entry = config.image.tree()[target];
      if (typeof entry === 'object')
        inode.change({ mode: entry.mode ?? 0o755, uid: entry.uid ?? 0, gid: entry.gid ?? 0 });
      mounts.push({ source, target });
    }
    return mounts;
  }

  *startContainer(id: string): Task<void> {
    const container = this.#containers.get(id)!;
    try {
      yield* container.start();
    } finally {
      this.#options.changed(container.sandbox.uid);
    }
  }

  *stopContainer(id: string, seconds: number): Task<void> {
    yield* this.#containers.get(id)?.stop(seconds) ?? nothing();
  }

  removeContainer(id: string): void {
    const container = this.#containers.get(id);
    if (!container || container.state === 'running') return;
    const sandbox = container.sandbox as SandboxRecord;
    const left = (sandbox.containers.get(container.name) ?? []).filter((one) => one !== container);
    sandbox.containers.set(container.name, left);
    this.#forget(container);
    removeTree(this.machine.init, container.log.path);
  }

  /** PullImage of the CRI; what the kubelet pulls goes the same way. Throws PullError. */
  pull: (reference: ImageReference) => Task<Image>;

  removeImage(image: Image): void {
    this.images.remove(image);
    this.machine.disk.allocate(-unpackedSize(image));
  }

  execSync(id: string, command: readonly string[], timeout: number): Task<ExecResult> {
    return execSync(this, id, command, timeout);
  }

  /** Of a container that ended only the last run is kept beside the present one (MaxPerPodContainerCount). */
  #prune(sandbox: SandboxRecord, name: string): void {
    const runs = sandbox.containers.get(name)!;
    for (const old of runs.slice(0, -2)) this.removeContainer(old.id);
  }

  #forget(container: Container): void {
    this.#containers.delete(container.id);
    removeTree(this.machine.init, `${CONTAINER_LOGS}/${linkName(container.sandbox, container.name, container.id)}`);
    removeTree(this.machine.init, `${CRI}/containers/${container.id}`);
  }

  #lastWords(container: Container): string {
    const { terminationMessagePath, terminationMessagePolicy, mounts } = container.config;
    const source = mounts.find((mount) => mount.target === terminationMessagePath)?.source;
    const written = source === undefined ? '' : readFile(this.machine.init, source, MESSAGE_LENGTH);
    if (written !== '' || terminationMessagePolicy !== 'FallbackToLogsOnError' || container.exitCode === 0)
      return written;
    const lines = readFile(this.machine.init, container.log.path, 1 << 20)
      .trimEnd()
      .split('\n')
      .slice(-80);
    return lines
      .map((line) => `${line.split(' ').slice(3).join(' ')}\n`)
      .join('')
      .slice(-2048);
  }
}

const linkName = (sandbox: Sandbox, container: string, id: string): string =>
  `${sandbox.name}_${sandbox.namespace}_${container}-${id}.log`;

function* nothing(): Task<void> {}

/** The pause process waits for signals, for ever (build/pause/linux/pause.c). */
function* pauseProgram(): Task<number> {
  yield () => undefined;
  return 0;
}

const kernelMount = ({ source, target, readOnly, propagation }: ContainerMount): KernelMount => ({
  source,
  target,
  readOnly,
  slave: propagation !== 'private',
});

/** What the CRI plugin adds to every container of the sandbox. */
function sandboxMounts(sandbox: SandboxRecord, config: ContainerConfig): KernelMount[] {
  const covered = new Set(config.mounts.map((mount) => mount.target));
  return ['hostname', 'resolv.conf']
    .filter((name) => !covered.has(`/etc/${name}`))
    .map((name) => ({ source: `${sandbox.directory}/${name}`, target: `/etc/${name}` }));
}

/** The pod's /etc/resolv.conf; undefined: the node's own. */
function resolver(pod: Pod, namespace: string, clusterDNS: string): string | undefined {
  const { dnsPolicy = 'ClusterFirst', hostNetwork, dnsConfig } = pod.spec!;
  const clustered = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork);
  if (!clustered && dnsPolicy !== 'None') return undefined;
  const searches = clustered ? [`${namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local'] : [];
  const servers = [...(clustered ? [clusterDNS] : []), ...(dnsConfig?.nameservers ?? [])];
  const options = [
    ...(clustered ? ['ndots:5'] : []),
    ...(dnsConfig?.options ?? []).map((o) => (o.value ? `${o.name}:${o.value}` : o.name)),
  ];
  const allSearches = [...searches, ...(dnsConfig?.searches ?? [])];
  return [
    ...(allSearches.length > 0 ? [`search ${allSearches.join(' ')}`] : []),
    ...servers.map((server) => `nameserver ${server}`),
    ...(options.length > 0 ? [`options ${options.join(' ')}`] : []),
    '',
  ].join('\n');
}
