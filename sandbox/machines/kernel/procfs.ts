/** proc(5), for one pid namespace. */

import type { Inode } from '../filesystem/inode.ts';
import {
  type Blueprint,
  SyntheticDirectory,
  SyntheticFile,
  SyntheticFileSystem,
  SyntheticLink,
} from '../filesystem/synthetic.ts';
import { caller } from './current.ts';
import type { Kernel, PidNamespace } from './kernel.ts';
import { HARD_OPEN_FILES, THREADS_MAX } from './limits.ts';
import { KernelProcess } from './process.ts';

export const KERNEL_RELEASE = '6.1.0-37-amd64';
export const KERNEL_VERSION = '#1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22)';

interface Context {
  readonly kernel: Kernel;
  readonly pids: PidNamespace;
}

type Make = (fs: SyntheticFileSystem, context: Context) => Inode;

const file =
  (text: (context: Context) => string, store?: (context: Context, text: string) => void): Make =>
  (fs, context) =>
    new SyntheticFile(fs, () => text(context), store && ((words) => store(context, words)));

const directory =
  (blueprint: Blueprint<Context>): Make =>
  (fs, context) =>
    new SyntheticDirectory(fs, blueprint, context);

const link =
  (target: (context: Context) => string): Make =>
  (fs, context) =>
    new SyntheticLink(fs, () => target(context));

const ROOT: Blueprint<Context> = {
  cmdline: file(({ kernel }) => `BOOT_IMAGE=/vmlinuz-${KERNEL_RELEASE} root=${kernel.hardware.rootDevice} ro quiet\n`),
  cpuinfo: file(({ kernel }) => cpuinfo(kernel.hardware.cpus)),
  filesystems: file(({ kernel }) => [...kernel.drivers.keys()].map((type) => `nodev\t${type}\n`).join('')),
  fs: directory({ nfsd: directory({}), nfs: directory({}) }),
  loadavg: file(({ kernel, pids }) => `0.08 0.06 0.02 1/${kernel.processes.size} ${pids.lastPid}\n`),
  meminfo: file(({ kernel }) => meminfo(kernel)),
  mounts: link(() => 'self/mounts'),
  scsi: directory({}),
  self: link(({ pids }) => `${here(pids)?.pid ?? ''}`),
  sys: directory({
    kernel: directory({
      hostname: file(
        ({ kernel, pids }) => `${here(pids)?.hostname ?? kernel.machine.hostname}\n`,
        ({ pids }, text) => {
          const process = here(pids);
          if (process) process.uts.hostname = text.trim();
        },
      ),
      osrelease: file(() => `${KERNEL_RELEASE}\n`),
      ostype: file(() => 'Linux\n'),
      version: file(() => `${KERNEL_VERSION}\n`),
      pid_max: file(() => '4194304\n'),
      'threads-max': file(() => `${THREADS_MAX}\n`),
    }),
    vm: directory({
      drop_caches: file(
        () => '0\n',
        () => {},
      ),
      swappiness: file(() => '60\n'),
    }),
    net: directory({ ipv4: directory({ ip_forward: file(() => '1\n') }) }),
  }),
  uptime: file(({ kernel }) => {
    const seconds = (kernel.clock.now - kernel.bootedAt) / 1_000;
    return `${seconds.toFixed(2)} ${(seconds * kernel.hardware.cpus * 0.97).toFixed(2)}\n`;
  }),
  version: file(
    () =>
      `Linux version ${KERNEL_RELEASE} (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) ${KERNEL_VERSION}\n`,
  ),
};

export function procFileSystem(kernel: Kernel, pids: PidNamespace): SyntheticFileSystem {
  const now = () => kernel.clock.now;
  return new SyntheticFileSystem('proc', 21, now, (fs) => {
    const known = new WeakMap<KernelProcess, Inode>();
    const lookup = (name: string) => {
      const process = /^\d+$/.test(name) ? pids.processes.get(Number(name)) : undefined;
      if (!process) return undefined;
      const made = known.get(process) ?? processDirectory(fs, process);
      known.set(process, made);
      return made;
    };
    const names = () => [...pids.processes.keys()].map(String);
    return new SyntheticDirectory(fs, ROOT, { kernel, pids }, { names, lookup });
  });
}

/** The running process, if it is of this namespace. */
function here(pids: PidNamespace): KernelProcess | undefined {
  const process = caller();
  return process instanceof KernelProcess && process.pids === pids ? process : undefined;
}

const text =
  (read: (process: KernelProcess) => string) =>
  (fs: SyntheticFileSystem, process: KernelProcess): Inode =>
    new SyntheticFile(fs, () => read(process));

const PROCESS: Blueprint<KernelProcess> = {
  cmdline: text((process) => process.argv.map((argument) => `${argument}\0`).join('')),
  comm: text((process) => `${process.command}\n`),
  cwd: (fs, process) => new SyntheticLink(fs, () => process.cwd),
  environ: text((process) => [...process.env].map(([name, value]) => `${name}=${value}\0`).join('')),
  exe: (fs, process) => new SyntheticLink(fs, () => process.argv[0] ?? ''),
  fd: (fs, process) => {
    const lookup = (name: string): Inode | undefined => {
      const open = process.files.get(Number(name));
      return open && new SyntheticLink(fs, () => open.path ?? 'anon_inode:[file]');
    };
    return new SyntheticDirectory(fs, {}, undefined, { names: () => [...process.files.keys()].map(String), lookup });
  },
  limits: text((process) => limits(process)),
  mountinfo: text((process) => mountinfo(process)),
  mounts: text((process) =>
    process
      .mounts()
      .map((m) => `${m.source} ${escaped(m.target)} ${m.type} ${m.options} 0 0\n`)
      .join(''),
  ),
  root: (fs) => new SyntheticLink(fs, () => '/'),
  stat: text((process) => statLine(process)),
  status: text((process) => status(process)),
};

function processDirectory(fs: SyntheticFileSystem, process: KernelProcess): Inode {
  const made = new SyntheticDirectory(fs, PROCESS, process);
  made.owner = { uid: process.uid, gid: process.gid };
  return made;
}

/** Spaces and the like are octal in mount tables. */
const escaped = (path: string): string =>
  path.replace(/[ \t\n\\]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`);

const mountinfo = (process: KernelProcess): string =>
  process
    .mounts()
    .map(
      (m) =>
        `${m.id} 1 0:${m.id} ${m.root} ${escaped(m.target)} ${m.options} shared:${m.id} - ${m.type} ${m.source} ${m.options}\n`,
    )
    .join('');

export const STATE_LETTERS = { running: 'R', sleeping: 'S', uninterruptible: 'D', stopped: 'T', zombie: 'Z' } as const;
const STATE_WORDS = { R: 'running', S: 'sleeping', D: 'disk sleep', T: 'stopped', Z: 'zombie' } as const;

function statLine(process: KernelProcess): string {
  const ticks = Math.floor(process.cpuTime / 10_000);
  const start = Math.floor((process.startedAt - process.kernel.bootedAt) / 10);
  const letter = STATE_LETTERS[process.state];
  return `${process.pid} (${process.command}) ${letter} ${process.ppid} ${process.group} ${process.session} 0 -1 4194304 0 0 0 0 ${ticks} 0 0 0 20 0 1 0 ${start} 0 0\n`;
}

/** proc_pid_limits of fs/proc/base.c: soft and hard, in columns. */
function limits({ limits: { openFiles, processes, stack } }: KernelProcess): string {
  const rows: [name: string, soft: string | number, hard: string | number, unit: string][] = [
    ['Max cpu time', 'unlimited', 'unlimited', 'seconds'],
    ['Max file size', 'unlimited', 'unlimited', 'bytes'],
    ['Max data size', 'unlimited', 'unlimited', 'bytes'],
    ['Max stack size', stack, 'unlimited', 'bytes'],
    ['Max core file size', 0, 'unlimited', 'bytes'],
    ['Max resident set', 'unlimited', 'unlimited', 'bytes'],
    ['Max processes', processes, processes, 'processes'],
    ['Max open files', openFiles, HARD_OPEN_FILES, 'files'],
    ['Max locked memory', 508_243_968, 508_243_968, 'bytes'],
    ['Max address space', 'unlimited', 'unlimited', 'bytes'],
    ['Max file locks', 'unlimited', 'unlimited', 'locks'],
    ['Max pending signals', processes, processes, 'signals'],
    ['Max msgqueue size', 819_200, 819_200, 'bytes'],
    ['Max nice priority', 0, 0, ''],
    ['Max realtime priority', 0, 0, ''],
    ['Max realtime timeout', 'unlimited', 'unlimited', 'us'],
  ];
  const line = (name: string, soft: string | number, hard: string | number, unit: string) =>
    `${name.padEnd(25)} ${String(soft).padEnd(20)} ${String(hard).padEnd(20)} ${unit.padEnd(10)}\n`;
  return line('Limit', 'Soft Limit', 'Hard Limit', 'Units') + rows.map((row) => line(...row)).join('');
}

function status(process: KernelProcess): string {
  const letter = STATE_LETTERS[process.state];
  const ids = (id: number) => [id, id, id, id].join('\t');
  return [
    `Name:\t${process.command}`,
    `Umask:\t${process.umask.toString(8).padStart(4, '0')}`,
    `State:\t${letter} (${STATE_WORDS[letter]})`,
    `Tgid:\t${process.pid}`,
    `Pid:\t${process.pid}`,
    `PPid:\t${process.ppid}`,
    `Uid:\t${ids(process.uid)}`,
    `Gid:\t${ids(process.gid)}`,
    'Threads:\t1',
    '',
  ].join('\n');
}

const cpuinfo = (count: number): string =>
  Array.from({ length: count }, (_, processor) =>
    [
      `processor\t: ${processor}`,
      'vendor_id\t: GenuineIntel',
      'cpu family\t: 6',
      'model\t\t: 85',
      'model name\t: Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz',
      'cpu MHz\t\t: 2095.078',
      'cache size\t: 22528 KB',
      `cpu cores\t: ${count}`,
      'bogomips\t: 4190.15',
      '',
      '',
    ].join('\n'),
  ).join('');

function meminfo({ hardware, processes }: Kernel): string {
  const total = Math.floor(hardware.memory / 1024);
  const used = 520_000 + processes.size * 2_400;
  const cached = Math.floor(total * 0.28);
  const free = total - used - cached;
  const rows: [string, number][] = [
    ['MemTotal', total],
    ['MemFree', free],
    ['MemAvailable', free + Math.floor(cached * 0.85)],
    ['Buffers', Math.floor(cached * 0.05)],
    ['Cached', Math.floor(cached * 0.95)],
    ['SwapTotal', 0],
    ['SwapFree', 0],
  ];
  return rows.map(([name, kb]) => `${`${name}:`.padEnd(16)}${String(kb).padStart(8)} kB\n`).join('');
}
