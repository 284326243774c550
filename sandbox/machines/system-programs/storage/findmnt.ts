/** findmnt(8), lsblk(8), mountpoint(1), sync(1) of util-linux and coreutils. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { MountEntry, Process } from '../../process.ts';
import { type Tool, tool } from '../../programs/tool.ts';
import { machineOf } from '../kernel-access.ts';
import { formatTable } from '../table.ts';
import { human } from './df.ts';

const FINDMNT_LONG = {
  output: 'o:',
  types: 't:',
  noheadings: 'n',
  list: 'l',
  source: 'S:',
  target: 'T:',
  mountpoint: 'M:',
  df: 'D',
  raw: 'r',
  'first-only': 'f',
  real: 'real',
};

interface Node {
  readonly mount: MountEntry;
  readonly children: Node[];
}

export const findmnt = tool(
  'findmnt',
  { short: 'o:t:nlS:T:M:DruafO:', long: FINDMNT_LONG, usage: 'findmnt [options] [<device> | <mountpoint>]' },
  function* (self) {
    const { process } = self;
    const all = process.mounts();
    let chosen = [...all];
    const [first, second] = self.operands;
    if (first !== undefined) chosen = chosen.filter((one) => one.target === first || one.source === first);
    if (second !== undefined) chosen = chosen.filter((one) => one.target === second);
    if (self.has('M')) chosen = chosen.filter((one) => one.target === self.get('M'));
    if (self.has('S')) chosen = chosen.filter((one) => one.source === self.get('S'));
    if (self.has('T')) chosen = [yield* containing(process, self.get('T')!)];
    if (self.has('t')) chosen = chosen.filter((one) => self.get('t')!.split(',').includes(one.type));
    if (chosen.length === 0) return 1;
    const flat = self.has('l') || self.has('r') || chosen.length < all.length;
    const rows = flat ? chosen.map((mount) => ({ mount, indent: '' })) : indented(tree(all), '', true);
    const names = (
      self.get('o') ?? (self.has('D') ? 'SOURCE,FSTYPE,SIZE,USED,AVAIL,USE%,TARGET' : 'TARGET,SOURCE,FSTYPE,OPTIONS')
    )
      .toUpperCase()
      .split(',');
    const table: string[][] = self.has('n') ? [] : [names];
    for (const { mount, indent } of rows) {
      const cells: string[] = [];
      for (const name of names) cells.push(yield* cell(process, name, mount, indent));
      table.push(cells);
    }
    const align = names.map(
      (name) => (['SIZE', 'USED', 'AVAIL', 'USE%'].includes(name) ? 'right' : 'left') as 'left' | 'right',
    );
    yield* self.print(
      self.has('r') ? table.map((row) => `${row.join(' ')}\n`).join('') : formatTable(table, { align }),
    );
    return 0;
  },
);

function* containing(process: Process, path: string): Task<MountEntry> {
  const real = yield* process.realpath(path);
  const candidates = process
    .mounts()
    .filter((one) => one.target === '/' || real === one.target || real.startsWith(`${one.target}/`));
  return candidates.sort((a, b) => b.target.length - a.target.length)[0]!;
}

function* cell(process: Process, name: string, mount: MountEntry, indent: string): Task<string> {
  if (name === 'TARGET') return indent + mount.target;
  if (name === 'SOURCE')
    return mount.root === '/' || mount.type === 'overlay' ? mount.source : `${mount.source}[${mount.root}]`;
  if (name === 'FSTYPE') return mount.type;
  if (name === 'OPTIONS') return mount.options;
  if (name === 'FSROOT') return mount.root;
  if (name === 'ID') return String(mount.id);
  const stat = yield* process.statfs(mount.target);
  const used = stat.total - stat.free;
  if (name === 'SIZE') return shown(stat.total);
  if (name === 'USED') return shown(used);
  if (name === 'AVAIL') return shown(stat.available);
  if (name === 'USE%') return stat.total === 0 ? '-' : `${Math.round((used * 100) / stat.total)}%`;
  return '';
}

const shown = (bytes: number): string => human(bytes, 1024).replace(/\.0(\w)$/, '$1');

function tree(mounts: readonly MountEntry[]): Node {
  const nodes = mounts.map((mount): Node => ({ mount, children: [] }));
  const root = nodes.find((node) => node.mount.target === '/')!;
  for (const node of nodes) {
    if (node === root) continue;
    const parents = nodes.filter(
      (other) => other !== node && node.mount.target.startsWith(other === root ? '/' : `${other.mount.target}/`),
    );
    parents.sort((a, b) => b.mount.target.length - a.mount.target.length);
    (parents[0] ?? root).children.push(node);
  }
  return root;
}

function indented(node: Node, prefix: string, top: boolean): { mount: MountEntry; indent: string }[] {
  const rows = top ? [{ mount: node.mount, indent: '' }] : [];
  node.children.forEach((child, index) => {
    const last = index === node.children.length - 1;
    rows.push({ mount: child.mount, indent: `${prefix}${last ? '└─' : '├─'}` });
    rows.push(...indented(child, `${prefix}${last ? '  ' : '│ '}`, false));
  });
  return rows;
}

export const lsblk = tool(
  'lsblk',
  {
    short: 'afo:npbd',
    long: { all: 'a', fs: 'f', output: 'o:', noheadings: 'n', bytes: 'b' },
    usage: 'lsblk [options] [<device> ...]',
    usageStatus: 1,
  },
  function* (self) {
    const machine = machineOf(self.process);
    const root = machine.hardware.rootDevice.split('/').pop()!;
    const size = machine.disk.total;
    const targets = (source: string) =>
      [
        ...new Set(
          self.process
            .mounts()
            .filter((one) => one.source === source && one.root === '/')
            .map((one) => one.target),
        ),
      ][0] ?? '';
    const at = (bytes: number) => (self.has('b') ? String(bytes) : shown(bytes));
    const boot = 487 * 1024 ** 2;
    const rows = [
      ['NAME', 'MAJ:MIN', 'RM', 'SIZE', 'RO', 'TYPE', 'MOUNTPOINTS'],
      ['sda', '  8:0', '0', at(size + boot + 1024 ** 2 * 13), '0', 'disk', ''],
      ['├─sda1', '  8:1', '0', at(boot), '0', 'part', targets('/dev/sda1')],
      ['└─sda2', '  8:2', '0', at(size + 4 * 1024 ** 2), '0', 'part', ''],
      [`  └─${root}`, '254:0', '0', at(size), '0', 'lvm', targets(machine.hardware.rootDevice)],
    ];
    const shownRows = self.has('n') ? rows.slice(1) : rows;
    yield* self.print(
      formatTable(shownRows, { align: ['left', 'left', 'right', 'right', 'right', 'left', 'left'], gap: ' ' }),
    );
  },
);

export const mountpoint = tool(
  'mountpoint',
  { short: 'qdx', long: { quiet: 'q', 'fs-devno': 'd' }, usage: 'mountpoint [-qd] /path/to/directory' },
  function* (self) {
    const { process } = self;
    const [path] = self.operands;
    if (path === undefined) {
      yield* process.error("mountpoint: bad usage\nTry 'mountpoint --help' for more information.\n");
      return 1;
    }
    try {
      const real = yield* process.realpath(path);
      const found = process.mounts().some((one) => one.target === real);
      if (!self.has('q')) yield* self.print(`${path} is ${found ? '' : 'not '}a mountpoint\n`);
      return found ? 0 : 32;
    } catch (error) {
      if (!isErrno(error)) throw error;
      if (!self.has('q')) yield* process.error(`mountpoint: ${path}: ${error.message}\n`);
      return 1;
    }
  },
);

export const sync = tool('sync', { short: 'df', usage: 'sync [OPTION] [FILE]...' }, function* (self) {
  for (const file of self.operands) yield* reach(self, file);
});

function* reach(self: Tool, file: string): Task<void> {
  try {
    yield* self.process.stat(file);
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* self.complain(`error opening '${file}': ${error.message}`);
  }
}
