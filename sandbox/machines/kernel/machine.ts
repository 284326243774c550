/** A machine: what survives a reboot (disk, address), and the kernel that runs while it is up. */

import type { Cause } from '../../sim/cause.ts';
import type { Clock, Timer } from '../../sim/clock.ts';
import type { Random } from '../../sim/random.ts';
import { Disk } from '../filesystem/disk.ts';
import { ext4, tmpfs, xfs } from '../filesystem/formats.ts';
import type { FileSystem } from '../filesystem/inode.ts';
import { type Format, MemoryFileSystem } from '../filesystem/memory.ts';
import { type EmptyTree, emptyTree, SyntheticFileSystem } from '../filesystem/synthetic.ts';
import { plant } from '../filesystem/tree.ts';
import type { Machine, ProgramTable, Terminal, WindowSize } from '../machine.ts';
import type { Network } from '../network/network.ts';
import { nfsDriver } from '../nfs/mount.ts';
import { NfsServer } from '../nfs/server.ts';
import { PackageDatabase } from '../packages/database.ts';
import { ServiceManager } from '../systemd/manager.ts';
import { type Hardware, Kernel } from './kernel.ts';
import { login } from './login.ts';
import { MountNamespace } from './mounts.ts';
import { PathView } from './paths.ts';
import { KernelProcess } from './process.ts';
import { procFileSystem } from './procfs.ts';
import { terminalFileSystem } from './terminals.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

/** How long a reboot takes, until sshd answers again. */
const BOOT_TIME = 18_000;

export interface HardwareOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly hostname: string;
  readonly address: string;
  readonly programs: ProgramTable;
  /** Bytes of the root filesystem: all, and what the operating system takes. */
  readonly disk?: { readonly total: number; readonly used: number };
  readonly memory?: number;
  readonly cpus?: number;
}

export class KernelMachine implements Machine {
  readonly hostname: string;
  readonly address: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly programs: ProgramTable;
  readonly hardware: Hardware;
  readonly disk: Disk;
  readonly rootFileSystem: MemoryFileSystem;
  /** Called as the machine comes up and before it goes down: units start and stop here. */
  readonly onBoot: (() => void)[] = [];
  readonly onPowerOff: (() => void)[] = [];
  readonly nfs: NfsServer;
  readonly units: ServiceManager;
  readonly packages: PackageDatabase;
  kernel!: Kernel;
  init!: KernelProcess;
  #up = false;
  /** When it last came up or went down, and why. */
  turned: { readonly at: number; readonly because: Cause | undefined } = { at: 0, because: undefined };
  #device = 30;
  #terminals: FileSystem | undefined;
  #shared = new Map<string, FileSystem>();
  #logins = new Set<() => void>();
  /** It is coming up. */
  #booting: Timer | undefined;

  constructor(options: HardwareOptions) {
    this.hostname = options.hostname;
    this.address = options.address;
    this.clock = options.clock;
    this.random = options.random;
    this.network = options.network;
    this.programs = options.programs;
    const rootDevice = `/dev/mapper/${options.hostname}--vg-root`;
    this.hardware = { memory: options.memory ?? 3.73 * GIB, cpus: options.cpus ?? 2, rootDevice };
    const { total, used } = options.disk ?? { total: 13.39 * GIB, used: 3.45 * GIB };
    this.disk = new Disk(blocks(total), blocks(used), 62_113);
    this.rootFileSystem = new MemoryFileSystem({ format: xfs, clock: this.clock, dev: 254, disk: this.disk });
    this.nfs = new NfsServer(this);
    this.units = new ServiceManager(this);
    this.packages = new PackageDatabase(this);
  }

  get up(): boolean {
    return this.#up;
  }

  get processes(): ReadonlyMap<number, KernelProcess> {
    return this.kernel.processes;
  }

  login(size: WindowSize, onEnd?: () => void): Terminal {
    return login(this, size, this.#logins, onEnd);
  }

  nextDevice(): number {
    return this.#device++;
  }

  /** The one devpts instance. */
  terminalFileSystem(): FileSystem {
    this.#terminals ??= terminalFileSystem(this);
    return this.#terminals;
  }

  /** Filesystems that look alike in all containers, and are never written, exist once. */
  shared<T extends FileSystem>(name: string, make: () => T): T {
    let known = this.#shared.get(name);
    if (!known) {
      known = make();
      this.#shared.set(name, known);
    }
    return known as T;
  }

  /** Starts the kernel and mounts what systemd mounts. */
  boot(): void {
    this.#terminals = undefined;
    this.#shared.clear();
    this.kernel = new Kernel(this, this.hardware, this.clock, this.random.fork('kernel'));
    this.kernel.drivers.set('proc', function* (process) {
      return procFileSystem(process.kernel, process.pids);
    });
    for (const type of ['nfs', 'nfs4']) this.kernel.drivers.set(type, nfsDriver(this));
    const namespace = new MountNamespace(
      { fs: this.rootFileSystem, source: this.hardware.rootDevice },
      this.kernel.mountIds,
      { host: this.hostname },
    );
    this.init = new KernelProcess({
      kernel: this.kernel,
      parent: undefined,
      pids: this.kernel.pids,
      uts: { hostname: this.hostname },
      argv: ['/sbin/init'],
      env: new Map([
        ['HOME', '/root'],
        ['USER', 'root'],
        ['LOGNAME', 'root'],
        ['SHELL', '/bin/bash'],
        ['LANG', 'C.UTF-8'],
        ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      ]),
      files: new Map(),
      view: (waiting) => new PathView(namespace, { uid: 0, gid: 0 }, waiting),
      umask: 0o022,
      tty: undefined,
      background: false,
    });
    this.init.command = 'systemd';
    this.#mountSystem(namespace);
    this.kernel.skipTo(420);
    this.#up = true;
    this.turned = { at: this.clock.now, because: this.clock.cause };
    this.network.attach(this.address, this);
    for (const start of this.onBoot) start();
    for (const again of this.#logins) again();
  }

  /** Everything in memory is gone at once, as by pulling the plug. */
  powerOff(): void {
    if (!this.#up) return;
    for (const stop of this.onPowerOff) stop();
    this.#booting?.cancel();
    this.#booting = undefined;
    this.#up = false;
    this.turned = { at: this.clock.now, because: this.clock.cause };
    for (const process of [...this.kernel.processes.values()]) if (process !== this.init) process.terminate('SIGKILL');
    for (const terminal of this.kernel.terminals.values()) terminal.hangUp();
    this.init.view.namespace.dismantle();
    this.network.changed();
  }

  reboot(): void {
    this.powerOff();
    this.powerOn();
  }

  /** The power button of a machine that is off; it is up when it has booted. */
  powerOn(): void {
    if (this.#up || this.#booting) return;
    this.#booting = this.clock.after(BOOT_TIME, () => {
      this.#booting = undefined;
      if (!this.#up) this.boot();
    });
  }

  /** It is off, or on its way up. */
  get booting(): boolean {
    return this.#booting !== undefined;
  }

  #mountSystem(namespace: MountNamespace): void {
    const { memory } = this.hardware;
    const ram = (total: number, options: string[], mode: number, type = 'tmpfs') =>
      this.#memory(tmpfs(options, type), total, mode);
    const kb = (bytes: number) => `size=${Math.floor(bytes / 1024)}k`;
    const attach = (target: string, fs: FileSystem, source: string, options: string[]) => {
      const names = target.split('/').filter(Boolean);
      let at = namespace.root;
      for (const name of names) {
        const inode =
          at.inode.lookup(name) ?? at.inode.create(name, { type: 'directory', mode: 0o755, uid: 0, gid: 0 });
        at = at.child(name, inode);
      }
      return namespace.attach(at, { fs, source, options });
    };
    const dev = ram(
      Math.floor(memory * 0.49),
      [kb(memory * 0.49), 'nr_inodes=481613', 'mode=755', 'inode64'],
      0o755,
      'devtmpfs',
    );
    plant(dev.root, DEVICES);
    const run = ram(memory / 10, [kb(memory / 10), 'mode=755', 'inode64'], 0o755);
    run.disk.allocate(1.1 * MIB);
    const boot = this.#memory(ext4, 455 * MIB, 0o755);
    boot.disk.allocate(58 * MIB);
    plant(boot.root, { 'vmlinuz-6.1.0-37-amd64': '', 'initrd.img-6.1.0-37-amd64': '', 'grub/': '' });
    attach('/sys', this.#synthetic('sysfs', SYSFS), 'sysfs', ['nosuid', 'nodev', 'noexec', 'relatime']);
    attach('/proc', procFileSystem(this.kernel, this.kernel.pids), 'proc', ['nosuid', 'nodev', 'noexec', 'relatime']);
    attach('/dev', dev, 'udev', ['nosuid', 'relatime']);
    attach('/dev/pts', this.terminalFileSystem(), 'devpts', ['nosuid', 'noexec', 'relatime']);
    attach('/run', run, 'tmpfs', ['nosuid', 'nodev', 'noexec', 'relatime']);
    // The initial ramdisk mounted the root after these.
    namespace.mounts.push(namespace.mounts.shift()!);
    attach('/dev/shm', ram(memory / 2, ['inode64'], 0o1777), 'tmpfs', ['nosuid', 'nodev']);
    attach('/run/lock', ram(5 * MIB, ['size=5120k', 'inode64'], 0o1777), 'tmpfs', [
      'nosuid',
      'nodev',
      'noexec',
      'relatime',
    ]);
    attach('/sys/fs/cgroup', this.#synthetic('cgroup2', {}), 'cgroup2', ['nosuid', 'nodev', 'noexec', 'relatime']);
    attach('/boot', boot, '/dev/sda1', ['relatime']);
    attach('/run/user/0', ram(memory / 10, [kb(memory / 10), 'mode=700', 'inode64'], 0o700), 'tmpfs', [
      'nosuid',
      'nodev',
      'relatime',
    ]);
    for (const [type, make] of Object.entries(TMPFS_TYPES)) {
      this.kernel.drivers.set(type, (_, request) => this.#memoryMount(make, request.options));
    }
  }

  *#memoryMount(type: string, options: readonly string[]) {
    const size = options.find((option) => option.startsWith('size='))?.slice(5);
    const total = size ? parseSize(size, this.hardware.memory) : this.hardware.memory / 2;
    const mode = options.find((option) => option.startsWith('mode='))?.slice(5);
    const shown = [
      ...(size ? [`size=${Math.ceil(total / 1024)}k`] : []),
      ...(mode ? [`mode=${mode.replace(/^0+/, '')}`] : []),
      'inode64',
    ];
    return this.#memory(tmpfs(shown, type), total, mode ? Number.parseInt(mode, 8) : 0o1777);
  }

  #memory(format: Format, total: number, mode: number): MemoryFileSystem {
    return new MemoryFileSystem({
      format,
      clock: this.clock,
      dev: this.nextDevice(),
      disk: new Disk(blocks(total)),
      mode,
    });
  }

  #synthetic(type: string, tree: EmptyTree): FileSystem {
    return new SyntheticFileSystem(
      type,
      this.nextDevice(),
      () => this.clock.now,
      (fs) => emptyTree(fs, tree),
    );
  }
}

const blocks = (bytes: number): number => Math.floor(bytes / 4096) * 4096;

const TMPFS_TYPES = { tmpfs: 'tmpfs', ramfs: 'ramfs' } as const;

function parseSize(text: string, memory: number): number {
  const [, digits, unit] = /^(\d+)([kmg%]?)$/i.exec(text) ?? [];
  const factors: Record<string, number> = { '': 1, k: 1024, m: MIB, g: GIB, '%': memory / 100 };
  return Number(digits ?? 0) * factors[(unit ?? '').toLowerCase()]!;
}

const SYSFS: EmptyTree = {
  block: { sda: {}, 'dm-0': {} },
  bus: {},
  class: { net: { lo: {}, ens192: {} }, block: {} },
  dev: {},
  devices: {},
  firmware: {},
  fs: { cgroup: {}, xfs: {} },
  kernel: {},
  module: {},
  power: {},
};

const DEVICES = {
  null: { device: [1, 3] },
  zero: { device: [1, 5] },
  full: { device: [1, 7] },
  random: { device: [1, 8] },
  urandom: { device: [1, 9] },
  tty: { device: [5, 0], gid: 5 },
  console: { device: [5, 1], mode: 0o600, gid: 5 },
  ptmx: { device: [5, 2], gid: 5 },
  kmsg: { device: [1, 11], mode: 0o644 },
  sda: { device: [8, 0], block: true, mode: 0o660, gid: 6 },
  sda1: { device: [8, 1], block: true, mode: 0o660, gid: 6 },
  sda2: { device: [8, 2], block: true, mode: 0o660, gid: 6 },
  'dm-0': { device: [254, 0], block: true, mode: 0o660, gid: 6 },
  'mapper/control': { device: [10, 236], mode: 0o600 },
  'pts/': '',
  'shm/': '',
  fd: { link: '/proc/self/fd' },
  stdin: { link: '/proc/self/fd/0' },
  stdout: { link: '/proc/self/fd/1' },
  stderr: { link: '/proc/self/fd/2' },
  core: { link: '/proc/kcore' },
} as const;
