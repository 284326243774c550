/** lslocks(8) of util-linux 2.38.1: what /proc/locks holds. */

import { isErrno } from '../../errno.ts';
import { lockedFiles } from '../../kernel/locks.ts';
import { tool } from '../../programs/tool.ts';
import { kernelProcess, machineOf } from '../kernel-access.ts';
import { type Align, formatTable } from '../table.ts';
import { human } from './df.ts';

const COLUMNS: Readonly<Record<string, { readonly align: Align; readonly least: number }>> = {
  COMMAND: { align: 'left', least: 15 },
  PID: { align: 'right', least: 5 },
  TYPE: { align: 'right', least: 5 },
  SIZE: { align: 'right', least: 4 },
  INODE: { align: 'right', least: 5 },
  'MAJ:MIN': { align: 'left', least: 6 },
  MODE: { align: 'left', least: 5 },
  M: { align: 'right', least: 1 },
  START: { align: 'right', least: 5 },
  END: { align: 'right', least: 3 },
  PATH: { align: 'left', least: 4 },
  BLOCKER: { align: 'right', least: 7 },
};

const USUAL = ['COMMAND', 'PID', 'TYPE', 'SIZE', 'MODE', 'M', 'START', 'END', 'PATH'];

export const lslocks = tool(
  'lslocks',
  {
    short: 'biJno:p:ru',
    long: {
      bytes: 'b',
      json: 'J',
      noinaccessible: 'i',
      noheadings: 'n',
      output: 'o:',
      'output-all': 'all',
      pid: 'p:',
      raw: 'r',
      notruncate: 'u',
    },
    usage: 'lslocks [options]',
    about: 'List local system locks.',
    version: 'lslocks from util-linux 2.38.1',
  },
  function* (self) {
    const { process } = self;
    const pid = self.get('p');
    if (pid !== undefined && !/^\d+$/.test(pid)) {
      yield* self.complain(`invalid PID argument: '${pid}'`);
      return 1;
    }
    const names = self.has('all')
      ? Object.keys(COLUMNS)
      : (self
          .get('o')
          ?.toUpperCase()
          .replace(/^\+/, `${USUAL.join(',')},`)
          .split(',') ?? USUAL);
    const unknown = names.find((name) => !Object.hasOwn(COLUMNS, name));
    if (unknown !== undefined) {
      yield* self.complain(`unknown column: ${self.get('o')}`);
      return 1;
    }
    const rows: Record<string, string>[] = [];
    const { processes } = machineOf(process);
    const self_ = kernelProcess(process);
    for (const { file, mode, pid: holder, blocked } of lockedFiles(self_.kernel)) {
      if (pid !== undefined && holder !== Number(pid)) continue;
      const owner = processes.get(holder);
      const open = owner && [...owner.files.values()].includes(file);
      let size = '';
      try {
        const bytes = file.location.inode.stat().size;
        if (open)
          size = self.has('b') ? `${bytes}` : bytes === 0 ? '0B' : bytes < 1_024 ? `${bytes}B` : human(bytes, 1_024);
      } catch (error) {
        if (!isErrno(error)) throw error;
      }
      const { dev, ino } = file.location.inode.stat();
      const blocker =
        blocked &&
        lockedFiles(self_.kernel).find((one) => !one.blocked && one.file.location.inode === file.location.inode);
      const root = file.location.mount.at?.path(self_.view.root) ?? '/';
      rows.push({
        COMMAND: owner?.command ?? '(unknown)',
        PID: `${holder}`,
        TYPE: 'FLOCK',
        SIZE: size,
        INODE: `${ino}`,
        'MAJ:MIN': `0:${dev}`,
        MODE: `${mode === 'shared' ? 'READ' : 'WRITE'}${blocked ? '*' : ''}`,
        M: '0',
        START: '0',
        END: '0',
        PATH: open ? file.path : `${root === '/' ? '' : root}/...`,
        BLOCKER: blocker ? `${blocker.pid}` : '',
      });
    }
    if (self.has('J')) {
      const values = rows.map((row) =>
        Object.fromEntries(names.map((name) => [name.toLowerCase(), jsonValue(name, row[name]!)])),
      );
      yield* self.print(`${json(values)}\n`);
      return 0;
    }
    if (rows.length === 0) return 0;
    const table = [...(self.has('n') ? [] : [names]), ...rows.map((row) => names.map((name) => row[name]!))];
    yield* self.print(
      self.has('r')
        ? table.map((row) => `${row.join(' ')}\n`).join('')
        : formatTable(table, {
            align: names.map((name) => COLUMNS[name]!.align),
            least: names.map((name) => COLUMNS[name]!.least),
          }),
    );
    return 0;
  },
);

function jsonValue(name: string, value: string): unknown {
  if (name === 'M') return value === '1';
  if (value === '') return null;
  return ['PID', 'START', 'END', 'INODE', 'BLOCKER'].includes(name) ? Number(value) : value;
}

/** As libsmartcols indents it, by three. */
const json = (locks: readonly unknown[]): string =>
  JSON.stringify({ locks }, null, 3).replace(/\{\n {9}/g, '{\n         ');
