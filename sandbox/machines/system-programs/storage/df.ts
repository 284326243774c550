/** df(1) of GNU coreutils 9.1. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { MountEntry, StatFs } from '../../process.ts';
import { type Tool, tool } from '../../programs/tool.ts';
import { formatTable } from '../table.ts';

interface Row {
  readonly mount: MountEntry;
  readonly stat: StatFs;
  readonly file?: string;
}

/** Block sizes by option; the last one given wins. */
interface Units {
  readonly header: string;
  format(bytes: number): string;
}

export const df = tool(
  'df',
  {
    short: 'aB:hHiklPTt:x:v',
    long: {
      all: 'a',
      'block-size': 'B:',
      'human-readable': 'h',
      si: 'H',
      inodes: 'i',
      local: 'l',
      portability: 'P',
      'print-type': 'T',
      type: 't:',
      'exclude-type': 'x:',
      total: 'total',
      output: 'output::',
      sync: 'sync',
      'no-sync': 'no-sync',
    },
    usage: 'df [OPTION]... [FILE]...',
    about: 'Show information about the file system on which each FILE resides,\nor all file systems by default.',
  },
  function* (self) {
    const rows = self.operands.length > 0 ? yield* ofFiles(self) : yield* ofAll(self);
    const shown = rows.filter(({ mount }) => selected(self, mount));
    if (shown.length === 0) {
      if (self.status === 0) yield* self.complain('no file systems processed');
      return;
    }
    yield* self.print(render(self, shown));
  },
);

const NETWORK = new Set(['nfs', 'nfs4']);

function selected(self: Tool, mount: MountEntry): boolean {
  const types = self.options.all('t');
  if (types.length > 0 && !types.includes(mount.type)) return false;
  if (self.options.all('x').includes(mount.type)) return false;
  return !(self.has('l') && NETWORK.has(mount.type));
}

/** Without operands: every filesystem with blocks, once, at its shortest mount point. */
function* ofAll(self: Tool): Task<Row[]> {
  const { process } = self;
  const rows: Row[] = [];
  const devices = new Map<number, number>();
  for (const mount of process.mounts()) {
    if (!selected(self, mount)) continue;
    try {
      const stat = yield* process.statfs(mount.target);
      if (stat.total === 0 && !self.has('a')) continue;
      const { dev } = yield* process.stat(mount.target);
      const known = devices.get(dev);
      if (known !== undefined && !self.has('a')) {
        const other = rows[known]!;
        const better =
          mount.root.length < other.mount.root.length ||
          (mount.root === other.mount.root && mount.target.length < other.mount.target.length);
        if (better && NETWORK.has(mount.type) === NETWORK.has(other.mount.type)) rows[known] = { mount, stat };
        continue;
      }
      devices.set(dev, rows.length);
      rows.push({ mount, stat });
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* self.complain(`${mount.target}: ${error.message}`);
    }
  }
  return rows;
}

function* ofFiles(self: Tool): Task<Row[]> {
  const { process } = self;
  const rows: Row[] = [];
  for (const file of self.operands) {
    try {
      const stat = yield* process.statfs(file);
      const real = yield* process.realpath(file);
      const mount = process
        .mounts()
        .findLast((m) => m.target === '/' || real === m.target || real.startsWith(`${m.target}/`))!;
      const longest = process
        .mounts()
        .filter((m) => m.target === '/' || real === m.target || real.startsWith(`${m.target}/`));
      longest.sort((a, b) => b.target.length - a.target.length);
      rows.push({ mount: longest[0] ?? mount, stat, file });
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* self.complain(`${file}: ${error.message}`);
    }
  }
  return rows;
}

function render(self: Tool, rows: readonly Row[]): string {
  const units = unitsOf(self);
  const inodes = self.has('i');
  const type = self.has('T');
  const head = inodes
    ? ['Inodes', 'IUsed', 'IFree', 'IUse%']
    : [units.header, 'Used', units.header === 'Size' ? 'Avail' : 'Available', self.has('P') ? 'Capacity' : 'Use%'];
  const body = rows.map(({ mount, stat }) => [
    mount.source,
    ...(type ? [mount.type] : []),
    ...numbers(stat, units, inodes),
    mount.target,
  ]);
  if (self.has('total')) body.push(['total', ...(type ? ['-'] : []), ...numbers(sum(rows), units, inodes), '-']);
  const right = Array<'right'>(4).fill('right');
  return formatTable([['Filesystem', ...(type ? ['Type'] : []), ...head, 'Mounted on'], ...body], {
    align: ['left', ...(type ? ['left' as const] : []), ...right, 'left'],
    least: [14, ...(type ? [4] : []), 5, 5, 5, 4],
  });
}

function numbers(stat: StatFs, units: Units, inodes: boolean): string[] {
  if (inodes) {
    const used = stat.files - stat.filesFree;
    const count = (n: number) => (units.header === 'Size' ? units.format(n) : String(n));
    return stat.files === 0
      ? ['0', '0', '0', '-']
      : [count(stat.files), count(used), count(stat.filesFree), percent(used, stat.filesFree)];
  }
  const used = stat.total - stat.free;
  return [
    units.format(stat.total),
    units.format(used),
    units.format(stat.available),
    stat.total === 0 ? '-' : percent(used, stat.available),
  ];
}

function sum(rows: readonly Row[]): StatFs {
  const add = (key: 'total' | 'free' | 'available' | 'files' | 'filesFree') =>
    rows.reduce((total, { stat }) => total + stat[key], 0);
  return {
    type: '-',
    total: add('total'),
    free: add('free'),
    available: add('available'),
    files: add('files'),
    filesFree: add('filesFree'),
  };
}

const percent = (used: number, free: number): string =>
  used + free === 0 ? '-' : `${Math.ceil((used * 100) / (used + free))}%`;

function unitsOf(self: Tool): Units {
  let units: Units = { header: '1K-blocks', format: (bytes) => String(Math.ceil(bytes / 1024)) };
  if (self.has('P')) units = { header: '1024-blocks', format: units.format };
  for (const [name, value] of self.options.list) {
    if (name === 'h') units = { header: 'Size', format: (bytes) => human(bytes, 1024) };
    if (name === 'H') units = { header: 'Size', format: (bytes) => human(bytes, 1000) };
    if (name === 'k') units = { header: '1K-blocks', format: (bytes) => String(Math.ceil(bytes / 1024)) };
    if (name === 'B') units = blocksOf(value);
  }
  return units;
}

const FACTORS: Readonly<Record<string, number>> = { K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

function blocksOf(size: string): Units {
  const [, digits, letter] = /^(\d*)([KMGT]?)$/i.exec(size) ?? [];
  const unit = (letter ?? '').toUpperCase();
  const block = Number(digits || 1) * (FACTORS[unit] ?? 1);
  const suffix = digits ? '' : unit;
  return {
    header: `${size}-blocks`.replace(/^([KMGT])/, '1$1'),
    format: (bytes) => `${Math.ceil(bytes / block)}${suffix}`,
  };
}

/** Rounded up, one decimal below ten (gnulib human.c). */
export function human(bytes: number, base: number): string {
  const units = base === 1024 ? ['', 'K', 'M', 'G', 'T', 'P'] : ['', 'k', 'M', 'G', 'T', 'P'];
  let value = bytes;
  let power = 0;
  while (value >= base && power < units.length - 1) {
    value /= base;
    power++;
  }
  if (power === 0) return String(bytes);
  const tenths = Math.ceil(value * 10) / 10;
  if (tenths < 10) return `${tenths.toFixed(1)}${units[power]}`;
  const whole = Math.ceil(value);
  return whole >= base && power < units.length - 1 ? `1.0${units[power + 1]}` : `${whole}${units[power]}`;
}
