/** free(1), uptime(1), nproc(1), top(1) in batch mode and on a terminal. */

import type { Task } from '../../../sim/task.ts';
import { firstOf } from '../../../sim/task.ts';
import type { Process } from '../../process.ts';
import { type Tool, tool } from '../../programs/tool.ts';
import { machineOf } from '../kernel-access.ts';
import { clockTime } from '../services/dates.ts';
import { human } from '../storage/df.ts';
import { listProcesses } from './listing.ts';

interface Memory {
  readonly total: number;
  readonly free: number;
  readonly available: number;
  readonly cached: number;
}

/** Bytes, from /proc/meminfo as the real ones do. */
function* memory(process: Process): Task<Memory> {
  const text = yield* process.readText('/proc/meminfo');
  const value = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return {
    total: value('MemTotal'),
    free: value('MemFree'),
    available: value('MemAvailable'),
    cached: value('Buffers') + value('Cached'),
  };
}

/** As procps 4.0.2 prints it. */
const FREE_HELP = `
Usage:
 free [options]

Options:
 -b, --bytes         show output in bytes
     --kilo          show output in kilobytes
     --mega          show output in megabytes
     --giga          show output in gigabytes
     --tera          show output in terabytes
     --peta          show output in petabytes
 -k, --kibi          show output in kibibytes
 -m, --mebi          show output in mebibytes
 -g, --gibi          show output in gibibytes
     --tebi          show output in tebibytes
     --pebi          show output in pebibytes
 -h, --human         show human-readable output
     --si            use powers of 1000 not 1024
 -l, --lohi          show detailed low and high memory statistics
 -t, --total         show total for RAM + swap
 -v, --committed     show committed memory and commit limit
 -s N, --seconds N   repeat printing every N seconds
 -c N, --count N     repeat printing N times, then exit
 -w, --wide          wide output

     --help     display this help and exit
 -V, --version  output version information and exit

For more details see free(1).
`;

export const free = tool(
  'free',
  {
    short: 'bkmghst',
    long: { human: 'h', bytes: 'b', kibi: 'k', mebi: 'm', gibi: 'g', total: 't', si: 'si' },
    usage: 'free [options]',
    help: FREE_HELP,
    usageHint: FREE_HELP.trimEnd(),
  },
  function* (self) {
    const { total, free: unused, available, cached } = yield* memory(self.process);
    const unit = self.has('b') ? 1 : self.has('m') ? 1024 ** 2 : self.has('g') ? 1024 ** 3 : 1024;
    const show = (bytes: number) => (self.has('h') ? binary(bytes) : String(Math.floor(bytes / unit)));
    const line = (name: string, values: readonly number[]) =>
      `${name.padEnd(8)}${values.map((value) => show(value).padStart(12)).join('')}\n`;
    const head = ['total', 'used', 'free', 'shared', 'buff/cache', 'available']
      .map((word) => word.padStart(12))
      .join('');
    const row = [total, total - available, unused, 1.1 * 1024 ** 2, cached, available];
    yield* self.print(
      `        ${head}\n${line('Mem:', row)}${line('Swap:', [0, 0, 0])}${self.has('t') ? line('Total:', [total, total - available, unused]) : ''}`,
    );
  },
);

const binary = (bytes: number): string => {
  const text = human(bytes, 1024);
  return bytes < 1024 ? `${bytes}B` : `${text}i`;
};

export const nproc = tool(
  'nproc',
  { short: '', long: { all: 'a', ignore: 'i:' }, usage: 'nproc [OPTION]...' },
  function* (self) {
    const { cpus } = machineOf(self.process).hardware;
    yield* self.print(`${Math.max(1, cpus - Number(self.get('i') ?? 0))}\n`);
  },
);

export const uptime = tool(
  'uptime',
  { short: 'ps', long: { pretty: 'p', since: 's' }, usage: 'uptime [options]' },
  function* (self) {
    const machine = machineOf(self.process);
    const { bootedAt } = machine.kernel;
    if (self.has('s')) yield* self.print(`${new Date(bootedAt).toISOString().slice(0, 19).replace('T', ' ')}\n`);
    else if (self.has('p')) yield* self.print(`up ${pretty(self.process.now() - bootedAt)}\n`);
    else yield* self.print(`${headline(self.process)}\n`);
  },
);

/** ` 21:15:00 up 3 min,  1 user,  load average: 0.08, 0.06, 0.02` */
function headline(process: Process): string {
  const machine = machineOf(process);
  const users = machine.kernel.terminals.size;
  const up = process.now() - machine.kernel.bootedAt;
  return ` ${clockTime(process.now())} up ${span(up)},  ${users} user${users === 1 ? '' : 's'},  load average: 0.08, 0.06, 0.02`;
}

function span(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const days = Math.floor(minutes / 1_440);
  const hours = Math.floor(minutes / 60) % 24;
  const part =
    hours > 0 ? `${String(hours).padStart(2)}:${String(minutes % 60).padStart(2, '0')}` : `${minutes % 60} min`;
  return days > 0 ? `${days} day${days > 1 ? 's' : ''}, ${part}` : part;
}

function pretty(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const words = (count: number, name: string) => (count > 0 ? [`${count} ${name}${count > 1 ? 's' : ''}`] : []);
  const list = [
    ...words(Math.floor(minutes / 1_440), 'day'),
    ...words(Math.floor(minutes / 60) % 24, 'hour'),
    ...words(minutes % 60, 'minute'),
  ];
  return list.join(', ') || '0 minutes';
}

export const top = tool(
  'top',
  { short: 'bn:d:p:u:', long: { batch: 'b', iterations: 'n:', delay: 'd:' }, usage: 'top [options]' },
  function* (self) {
    const { process } = self;
    const tty = process.stdout.tty;
    if (self.has('b') || !tty) {
      const rounds = Number(self.get('n') ?? (self.has('b') ? Number.POSITIVE_INFINITY : 1));
      for (let i = 0; i < rounds; i++) {
        if (i > 0) yield* process.sleep(Number(self.get('d') ?? 3) * 1_000);
        yield* self.print(`${yield* frame(self, Number.POSITIVE_INFINITY)}\n`);
      }
      return;
    }
    const before = { ...tty.modes };
    Object.assign(tty.modes, { canonical: false, echo: false });
    try {
      for (;;) {
        yield* self.print(`\x1b[H\x1b[2J${yield* frame(self, tty.rows - 8)}`);
        const { index } = yield* firstOf((resume) => {
          const timer = machineOf(process).clock.after(3_000, resume, { background: true });
          return () => timer.cancel();
        }, process.stdin.readable!);
        if (index === 0) continue;
        const keys = new TextDecoder().decode(yield* process.stdin.read());
        if (/[q\x03]/.test(keys)) return;
      }
    } finally {
      tty.modes = before;
    }
  },
);

function* frame(self: Tool, limit: number): Task<string> {
  const { process } = self;
  const list = yield* listProcesses(process);
  const { total, free: unused, available, cached } = yield* memory(process);
  const mib = (bytes: number) => (bytes / 1024 ** 2).toFixed(1).padStart(8);
  const count = (letter: string) => list.filter((one) => one.state.startsWith(letter)).length;
  const head = [
    `top -${headline(process)}`,
    `Tasks: ${String(list.length).padStart(3)} total, ${String(count('R')).padStart(3)} running, ${String(count('S') + count('D')).padStart(3)} sleeping, ${String(count('T')).padStart(3)} stopped, ${String(count('Z')).padStart(3)} zombie`,
    '%Cpu(s):  0.7 us,  0.3 sy,  0.0 ni, 98.9 id,  0.0 wa,  0.0 hi,  0.1 si,  0.0 st ',
    `MiB Mem : ${mib(total)} total, ${mib(unused)} free, ${mib(total - available)} used, ${mib(cached)} buff/cache`,
    `MiB Swap: ${mib(0)} total, ${mib(0)} free, ${mib(0)} used. ${mib(available)} avail Mem `,
    '',
    '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND',
  ];
  const rows = [...list]
    .sort((a, b) => b.cpu - a.cpu || a.pid - b.pid)
    .slice(0, limit)
    .map((one) => {
      const time = `${Math.floor(one.cpu / 60_000)}:${((one.cpu / 1_000) % 60).toFixed(2).padStart(5, '0')}`;
      const memoryShare = ((one.rss * 1024 * 100) / total).toFixed(1);
      return `${String(one.pid).padStart(7)} ${one.user.padEnd(8)}  20   0 ${String(one.vsz).padStart(7)} ${String(one.rss).padStart(6)} ${String(Math.floor(one.rss / 2)).padStart(6)} ${one.state[0]} ${'0.0'.padStart(5)} ${memoryShare.padStart(5)} ${time.padStart(9)} ${one.command}`;
    });
  return `${[...head, ...rows].join('\n')}\n`;
}
