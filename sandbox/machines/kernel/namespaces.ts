/**
 * Containers: processes with their own root, mounts, host name and pids. What a runtime such as runc asks of the kernel.
 *
 *     const container = createContainer(machine, { root: containerRoot(machine, image, 'ID'), hostname, mounts });
 *     const init = yield* startInit(container, { argv: ['nginx', '-g', 'daemon off;'], env, files });
 *     init.whenDone((status) => …);
 *     const shell = yield* execIn(container, { argv: ['bash'], env, files, tty });
 */

import { runSync, type Task } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import { Disk } from '../filesystem/disk.ts';
import { tmpfs } from '../filesystem/formats.ts';
import type { Author, FileSystem, Inode } from '../filesystem/inode.ts';
import { type MemoryDirectory, MemoryFileSystem } from '../filesystem/memory.ts';
import { OverlayFileSystem } from '../filesystem/overlay.ts';
import { type EmptyTree, emptyTree, SyntheticFileSystem } from '../filesystem/synthetic.ts';
import { makePath, plant } from '../filesystem/tree.ts';
import type { OpenFile } from '../process.ts';
import type { TerminalDevice } from '../tty/terminal.ts';
import { findExecutable } from './execute.ts';
import { PidNamespace, type UtsNamespace } from './kernel.ts';
import type { Tasks } from './limits.ts';
import type { KernelMachine } from './machine.ts';
import { bind } from './mounting.ts';
import { type Location, MountNamespace } from './mounts.ts';
import { PathView } from './paths.ts';
import { commandName, KernelProcess } from './process.ts';
import { procFileSystem } from './procfs.ts';

export interface ContainerMount {
  /** A path on the machine, bind-mounted; or a filesystem of its own. */
  readonly source: string | { readonly fs: FileSystem; readonly source: string };
  readonly target: string;
  readonly readOnly?: boolean;
  /** Mounts that appear below the source later appear in the container too (HostToContainer). */
  readonly slave?: boolean;
}

export interface ContainerSpec {
  readonly root: FileSystem;
  readonly hostname: string;
  /** In this order, after the runtime's own (/proc, /dev, /sys …). */
  readonly mounts: readonly ContainerMount[];
  /** Share another container's, or the machine's, pids (shareProcessNamespace, hostPID). */
  readonly pids?: PidNamespace;
  /** How much /dev/shm holds. */
  readonly shm?: number;
  /** Whose it is. */
  readonly pod?: Author['pod'];
  readonly name?: string;
}

/** A mount of a container that could not be made: ENOTDIR where a directory meets a file, ENOENT without its source. */
export class ContainerMountError extends Error {
  readonly errno: Errno;
  readonly source: string;
  readonly target: string;
  constructor({ source, target }: ContainerMount, errno: Errno) {
    super(errno.message);
    this.errno = errno;
    this.source = typeof source === 'string' ? source : source.source;
    this.target = target;
  }
}

export interface Container {
  readonly machine: KernelMachine;
  readonly namespace: MountNamespace;
  readonly pids: PidNamespace;
  readonly uts: UtsNamespace;
  /** Its control group. */
  readonly tasks: Tasks;
  /** The first process; undefined before it starts. */
  init: KernelProcess | undefined;
}

export interface ContainerProcessSpec {
  /** The first is searched in the container's PATH unless it has a slash. Throws ENOENT, EACCES. */
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** 0, 1 and 2; the process owns them. With a `tty` they are the terminal unless given. */
  readonly files?: ReadonlyMap<number, OpenFile>;
  readonly tty?: TerminalDevice;
  /** Sleeps that keep the world busy (kubectl exec): containers' own do not. */
  readonly foreground?: boolean;
}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** An overlay over an image's tree, in containerd's snapshotter directory. */
export function containerRoot(machine: KernelMachine, image: MemoryDirectory, snapshot: number): FileSystem {
  const base = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots';
  return new OverlayFileSystem({
    clock: machine.clock,
    dev: machine.nextDevice(),
    disk: machine.disk,
    lower: image,
    options: [
      `lowerdir=${base}/${snapshot - 1}/fs`,
      `upperdir=${base}/${snapshot}/fs`,
      `workdir=${base}/${snapshot}/work`,
    ],
  });
}

/** Throws ContainerMountError; nothing stays mounted then. */
export function createContainer(machine: KernelMachine, spec: ContainerSpec): Container {
  const namespace = new MountNamespace({ fs: spec.root, source: 'overlay' }, machine.kernel.mountIds, {
    host: machine.hostname,
    ...(spec.pod && { pod: spec.pod }),
    ...(spec.name !== undefined && { container: spec.name }),
  });
  const pids = spec.pids ?? new PidNamespace(machine.kernel.pids);
  const container: Container = {
    machine,
    namespace,
    pids,
    uts: { hostname: spec.hostname },
    tasks: machine.kernel.tasks.unit(),
    init: undefined,
  };
  const own = runtimeMounts(machine, pids, spec.shm ?? 64 * 1024 * 1024);
  for (const mount of [...own, ...spec.mounts]) {
    try {
      attach(machine, namespace, mount);
    } catch (error) {
      namespace.dismantle();
      throw error instanceof Errno ? new ContainerMountError(mount, error) : error;
    }
  }
  return container;
}

/** The container's pid 1. */
export function* startInit(container: Container, spec: ContainerProcessSpec): Task<KernelProcess> {
  const init = yield* begin(container, spec, container.machine.init);
  container.init ??= init;
  return init;
}

/** Another process in a running container (exec); its end is told by `whenDone`. */
export function execIn(container: Container, spec: ContainerProcessSpec): Task<KernelProcess> {
  return begin(container, spec, container.machine.init);
}

/** After its last process: the mounts go. */
export function destroyContainer(container: Container): void {
  container.init?.terminate('SIGKILL');
  container.namespace.dismantle();
}

function* begin(container: Container, spec: ContainerProcessSpec, parent: KernelProcess): Task<KernelProcess> {
  const view = viewOf(container, spec);
  const path = yield* search(view, spec.argv[0] ?? '', spec.env.get('PATH') ?? DEFAULT_PATH);
  if (spec.cwd !== undefined) yield* view.chdir(spec.cwd);
  const { program, argv } = yield* findExecutable(parent, view, path, spec.argv);
  const process = make(container, { ...spec, argv }, parent, view);
  process.command = commandName(path);
  process.start(program);
  return process;
}

function viewOf(container: Container, spec: ContainerProcessSpec): PathView {
  const credentials = { uid: spec.uid ?? 0, gid: spec.gid ?? 0 };
  return new PathView(container.namespace, credentials, (fs) => fs.reach!());
}

function make(container: Container, spec: ContainerProcessSpec, parent: KernelProcess, view: PathView): KernelProcess {
  const files = new Map(spec.files);
  if (spec.tty) for (const fd of [0, 1, 2]) if (!files.has(fd)) files.set(fd, spec.tty.open());
  let process: KernelProcess;
  try {
    process = born(container, spec, parent, view, files);
  } finally {
    // Its own references are the only ones, or there is no process.
    for (const file of files.values()) file.release();
  }
  if (!process.env.has('HOME')) process.env.set('HOME', view.credentials.uid === 0 ? '/root' : '/');
  if (spec.tty) container.machine.kernel.setSession(spec.tty, process);
  return process;
}

const born = (
  container: Container,
  spec: ContainerProcessSpec,
  parent: KernelProcess,
  view: PathView,
  files: Map<number, OpenFile>,
): KernelProcess =>
  new KernelProcess({
    kernel: container.machine.kernel,
    parent,
    pids: container.pids,
    uts: container.uts,
    tasks: container.tasks,
    argv: spec.argv,
    env: new Map([['PATH', DEFAULT_PATH], ['HOSTNAME', container.uts.hostname], ...spec.env]),
    files,
    view: (waiting) => view.fork(view.credentials, waiting),
    umask: 0o022,
    tty: spec.tty,
    background: !spec.foreground,
    unattended: true,
  });

function* search(view: PathView, name: string, path: string): Task<string> {
  if (name.includes('/')) return name;
  for (const directory of path.split(':')) {
    const candidate = `${directory || '.'}/${name}`;
    try {
      yield* view.access(candidate, 1);
      if ((yield* view.stat(candidate, true)).type === 'file') return candidate;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
  }
  throw new Errno('ENOENT');
}

/** What the runtime mounts into every container, in containerd's order. */
function runtimeMounts(machine: KernelMachine, pids: PidNamespace, shm: number): ContainerMount[] {
  const { clock } = machine;
  const memory = (total: number, options: readonly string[], mode: number) =>
    new MemoryFileSystem({ format: tmpfs(options), clock, dev: machine.nextDevice(), disk: new Disk(total), mode });
  const empty = (type: string, tree: EmptyTree = {}) =>
    machine.shared(
      type,
      () =>
        new SyntheticFileSystem(
          type,
          machine.nextDevice(),
          () => clock.now,
          (fs) => emptyTree(fs, tree),
        ),
    );
  const mask = (target: string) =>
    machine.shared(target, () => memory(machine.hardware.memory / 2, ['inode64'], 0o755));
  const devices = machine.shared('/dev', () => {
    const fs = memory(DEV_SIZE, [], 0o755);
    plant(fs.root, CONTAINER_DEVICES);
    return fs;
  });
  const dev = new OverlayFileSystem({
    clock,
    dev: machine.nextDevice(),
    disk: new Disk(DEV_SIZE),
    lower: devices.root as MemoryDirectory,
    options: [],
    format: DEV_FORMAT,
  });
  return [
    { source: { fs: procFileSystem(machine.kernel, pids), source: 'proc' }, target: '/proc' },
    { source: { fs: dev, source: 'tmpfs' }, target: '/dev' },
    { source: { fs: machine.terminalFileSystem(), source: 'devpts' }, target: '/dev/pts' },
    { source: { fs: empty('mqueue'), source: 'mqueue' }, target: '/dev/mqueue' },
    { source: { fs: empty('sysfs', SYSFS), source: 'sysfs' }, target: '/sys', readOnly: true },
    { source: { fs: empty('cgroup2'), source: 'cgroup' }, target: '/sys/fs/cgroup', readOnly: true },
    { source: { fs: memory(shm, [`size=${shm / 1024}k`, 'inode64'], 0o1777), source: 'shm' }, target: '/dev/shm' },
    { source: { fs: mask('/proc/scsi'), source: 'tmpfs' }, target: '/proc/scsi', readOnly: true },
    { source: { fs: mask('/sys/firmware'), source: 'tmpfs' }, target: '/sys/firmware', readOnly: true },
  ];
}

const DEV_SIZE = 65_536 * 1024;
const DEV_FORMAT = tmpfs(['size=65536k', 'mode=755', 'inode64']);
const SYSFS: EmptyTree = {
  block: {},
  class: {},
  devices: {},
  firmware: {},
  fs: { cgroup: {} },
  kernel: {},
  module: {},
};

const CONTAINER_DEVICES = {
  null: { device: [1, 3] },
  zero: { device: [1, 5] },
  full: { device: [1, 7] },
  random: { device: [1, 8] },
  urandom: { device: [1, 9] },
  tty: { device: [5, 0], gid: 5 },
  fd: { link: '/proc/self/fd' },
  stdin: { link: '/proc/self/fd/0' },
  stdout: { link: '/proc/self/fd/1' },
  stderr: { link: '/proc/self/fd/2' },
  ptmx: { link: 'pts/ptmx' },
  core: { link: '/proc/kcore' },
  'pts/': '',
  'mqueue/': '',
  'shm/': '',
} as const;

function attach(machine: KernelMachine, namespace: MountNamespace, mount: ContainerMount): void {
  const { source, target, readOnly = false } = mount;
  if (typeof source !== 'string') {
    const at = mountPoint(namespace, target, true);
    if (at) namespace.attach(at, { ...source, readOnly });
    return;
  }
  const from = runSync(machine.init.view.walk(source, { trusting: true }));
  const at = mountPoint(namespace, target, from.inode.type === 'directory');
  if (at) bind(namespace, from, at, { readOnly, recursive: true, slave: mount.slave ?? false });
}

/** As runc does, a mount point that the image lacks is made. One inside a synthetic filesystem may be impossible: skipped. */
function mountPoint(namespace: MountNamespace, target: string, directory: boolean): Location | undefined {
  const names = target.split('/').filter(Boolean);
  const view = new PathView(namespace, { uid: 0, gid: 0 }, (fs) => fs.reach!());
  const path = `/${names.join('/')}`;
  const found = existing(view, path);
  if (found) return found;
  const last = names.pop();
  if (last === undefined) return undefined;
  const parent = deepest(view, names);
  if (parent.at.inode.fs instanceof SyntheticFileSystem) return undefined;
  const inode: Inode = makePath(parent.at.inode, names.slice(parent.depth));
  if (directory) inode.create(last, { type: 'directory', mode: 0o755, uid: 0, gid: 0 });
  else inode.create(last, { type: 'file', mode: 0o644, uid: 0, gid: 0 });
  return existing(view, path);
}

function existing(view: PathView, path: string): Location | undefined {
  let at = view.root;
  for (const name of path.split('/')) {
    if (name === '') continue;
    const inode = at.inode.type === 'directory' ? at.inode.lookup(name) : undefined;
    if (!inode) return undefined;
    at = at.child(name, inode);
    if (at.inode.type === 'symlink') return followed(view, path);
  }
  return at;
}

function followed(view: PathView, path: string): Location | undefined {
  try {
    return runSync(view.walk(path, { trusting: true }));
  } catch (error) {
    if (error instanceof Errno && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The longest part of the way that is there. */
function deepest(view: PathView, names: readonly string[]): { at: Location; depth: number } {
  for (let depth = names.length; depth > 0; depth--) {
    const at = existing(view, `/${names.slice(0, depth).join('/')}`);
    if (at) return { at, depth };
  }
  return { at: view.root, depth: 0 };
}
