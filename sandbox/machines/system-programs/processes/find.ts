/** pgrep(1), pkill(1), pidof(8), killall(1), kill(1), fuser(1), lsof(8). */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import { InodeFile } from '../../kernel/files.ts';
import { parseSignal, SIGNAL_NUMBERS } from '../../kernel/signals.ts';
import type { Process, Program, Signal } from '../../process.ts';
import { type Tool, tool } from '../../programs/tool.ts';
import { kernelProcess } from '../kernel-access.ts';
import { formatTable } from '../table.ts';
import { listProcesses, type ProcessInfo } from './listing.ts';

const MATCH_LONG = {
  full: 'f',
  exact: 'x',
  newest: 'n',
  oldest: 'o',
  'list-name': 'l',
  'list-full': 'a',
  euid: 'u:',
  count: 'c',
  signal: 's:',
  inverse: 'v',
  parent: 'P:',
};

function* matching(self: Tool, name: string): Task<ProcessInfo[] | undefined> {
  const [pattern] = self.operands;
  if (pattern === undefined && !self.has('u', 'P')) {
    yield* self.process.error(`${name}: no matching criteria specified\nTry \`${name} --help' for more information.\n`);
    return undefined;
  }
  const expression = new RegExp(self.has('x') ? `^(?:${pattern ?? ''})$` : (pattern ?? ''));
  let found = (yield* listProcesses(self.process)).filter(
    (one) =>
      one.pid !== self.process.pid &&
      expression.test(self.has('f') ? one.args : one.command) &&
      (!self.has('P') || self.get('P')!.split(',').includes(String(one.ppid))) &&
      (!self.has('u') ||
        self
          .get('u')!
          .split(',')
          .some((user) => user === one.user || user === String(one.uid))),
  );
  if (self.has('n')) found = found.slice(-1);
  if (self.has('o')) found = found.slice(0, 1);
  return found;
}

export const pgrep = tool(
  'pgrep',
  { short: 'afxlnocu:vd:P:', long: MATCH_LONG, usage: 'pgrep [options] <pattern>', usageStatus: 2 },
  function* (self) {
    const found = yield* matching(self, 'pgrep');
    if (!found) return 2;
    if (self.has('c')) yield* self.print(`${found.length}\n`);
    else
      for (const one of found)
        yield* self.print(`${one.pid}${self.has('a') ? ` ${one.args}` : self.has('l') ? ` ${one.command}` : ''}\n`);
    return found.length > 0 ? 0 : 1;
  },
);

/** `pkill -9 NAME`: the signal is an option of its own. */
export const pkill: Program = function* (process, argv) {
  const at = argv.findIndex((arg, index) => index > 0 && /^-([A-Z]+\d*|\d+)$/.test(arg) && parseSignal(arg.slice(1)));
  const signal = at > 0 ? (parseSignal(argv[at]!.slice(1)) ?? undefined) : 'SIGTERM';
  const rest = argv.filter((_, index) => index !== at);
  return yield* tool(
    'pkill',
    { short: 'fxnou:es:P:', long: MATCH_LONG, usage: 'pkill [options] <pattern>', usageStatus: 2 },
    function* (self) {
      const found = yield* matching(self, 'pkill');
      if (!found) return 2;
      const given = self.get('s');
      const chosen = given === undefined ? signal : parseSignal(given);
      for (const one of found) if (chosen) yield* send(self, one.pid, chosen, 'pkill');
      return found.length > 0 ? 0 : 1;
    },
  )(process, rest);
};

export const killall: Program = function* (process, argv) {
  const names = argv.slice(1).filter((arg) => !arg.startsWith('-'));
  const option = argv.slice(1).find((arg) => arg.startsWith('-'));
  const signal = (option && parseSignal(option.slice(1))) || 'SIGTERM';
  let status = 0;
  for (const name of names) {
    const found = (yield* listProcesses(process)).filter((one) => one.command === name && one.pid !== process.pid);
    for (const one of found) process.kill(one.pid, signal);
    if (found.length > 0) continue;
    yield* process.error(`${name}: no process found\n`);
    status = 1;
  }
  return status;
};

export const pidof = tool('pidof', { short: 'sx', usage: 'pidof [options] [program [...]]' }, function* (self) {
  const found = (yield* listProcesses(self.process)).filter((one) => self.operands.includes(one.command));
  if (found.length === 0) return 1;
  yield* self.print(
    `${found
      .map((one) => one.pid)
      .reverse()
      .join(' ')}\n`,
  );
  return 0;
});

function* send(self: Tool, pid: number, signal: Signal, name: string): Task<void> {
  try {
    self.process.kill(pid, signal);
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* self.process.error(`${name}: killing pid ${pid} failed: ${error.message}\n`);
  }
}

/** kill(1) of procps, for `env kill` and shells without the builtin. */
export const kill: Program = function* (process, argv) {
  const args = argv.slice(1);
  if (args[0] === '-l' || args[0] === '-L') {
    yield* process.print(
      `${Object.keys(SIGNAL_NUMBERS)
        .map((name) => name.slice(3))
        .join(' ')}\n`,
    );
    return 0;
  }
  let signal: Signal | 0 | undefined = 'SIGTERM';
  if (args[0] === '-s') {
    signal = parseSignal(args[1] ?? '');
    args.splice(0, 2);
  } else if (/^-\w+$/.test(args[0] ?? '') && args.length > 1) signal = parseSignal(args.shift()!.slice(1));
  if (signal === undefined || args.length === 0) {
    yield* process.error('\nUsage:\n kill [options] <pid> [...]\n');
    return 1;
  }
  let status = 0;
  for (const arg of args) {
    try {
      if (signal !== 0) process.kill(Number(arg), signal);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* process.error(`kill: (${arg}): ${error.message}\n`);
      status = 1;
    }
  }
  return status;
};

interface Use {
  readonly pid: number;
  readonly user: string;
  readonly command: string;
  readonly how: 'cwd' | 'rtd' | 'file';
  readonly fd: string;
  readonly path: string;
}

/** Who holds files, by open descriptor or current directory. */
function* uses(process: Process): Task<Use[]> {
  const own = kernelProcess(process);
  const found: Use[] = [];
  for (const info of yield* listProcesses(process)) {
    const one = own.pids.processes.get(info.pid);
    if (!one) continue;
    const base = { pid: info.pid, user: info.user, command: info.command };
    found.push({ ...base, how: 'cwd', fd: 'cwd', path: one.cwd }, { ...base, how: 'rtd', fd: 'rtd', path: '/' });
    for (const [fd, file] of one.files) {
      const write = file instanceof InodeFile && file.writes;
      if (file.path !== undefined)
        found.push({ ...base, how: 'file', fd: `${fd}${write ? 'w' : file.tty ? 'u' : 'r'}`, path: file.path });
    }
  }
  return found;
}

const below = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(`${directory === '/' ? '' : directory}/`);

export const fuser = tool(
  'fuser',
  {
    short: 'mvkiau',
    long: { mount: 'm', verbose: 'v', kill: 'k' },
    usage: 'fuser [-fIMuvw] [-a|-s] [-4|-6] [-c|-m|-n SPACE] NAME...',
  },
  function* (self) {
    let found = false;
    for (const name of self.operands) {
      const path = yield* self.process.realpath(name);
      const held = (yield* uses(self.process)).filter(
        (one) => one.how !== 'rtd' && (self.has('m') ? below(one.path, path) : one.path === path),
      );
      const byPid = new Map(held.map((one) => [one.pid, one]));
      if (byPid.size === 0) continue;
      found = true;
      if (self.has('v')) {
        yield* self.process.error(`${''.padEnd(21)}USER        PID ACCESS COMMAND\n`);
        for (const [index, one] of [...byPid.values()].entries()) {
          const access = one.how === 'cwd' ? '..c..' : one.fd.endsWith('w') ? 'F....' : 'f....';
          yield* self.process.error(
            `${(index === 0 ? `${path}:` : '').padEnd(20)} ${one.user.padEnd(8)} ${String(one.pid).padStart(6)} ${access}  ${one.command}\n`,
          );
        }
      } else {
        yield* self.process.error(`${path}:`.padEnd(20));
        for (const one of byPid.values()) {
          yield* self.print(`${String(one.pid).padStart(6)}`);
          yield* self.process.error(one.how === 'cwd' ? 'c' : '');
        }
        yield* self.process.error('\n');
      }
      if (self.has('k')) for (const pid of byPid.keys()) self.process.kill(pid, 'SIGKILL');
    }
    return found ? 0 : 1;
  },
);

export const lsof = tool('lsof', { short: 'p:nPtu:c:', usage: 'lsof [options] [names]' }, function* (self) {
  const names: string[] = [];
  for (const name of self.operands) names.push(yield* self.process.realpath(name));
  const mounts = self.process.mounts().map((one) => one.target);
  const wanted = (yield* uses(self.process)).filter(
    (one) =>
      (!self.has('p') || self.get('p')!.split(',').includes(String(one.pid))) &&
      (names.length === 0 || names.some((name) => (mounts.includes(name) ? below(one.path, name) : one.path === name))),
  );
  if (wanted.length === 0) return 1;
  if (self.has('t')) {
    yield* self.print([...new Set(wanted.map((one) => `${one.pid}\n`))].join(''));
    return 0;
  }
  const rows: string[][] = [];
  for (const one of wanted) rows.push(yield* row(self, one));
  const head = ['COMMAND', 'PID', 'USER', 'FD', 'TYPE', 'DEVICE', 'SIZE/OFF', 'NODE', 'NAME'];
  const align = ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'left'] as const;
  yield* self.print(formatTable([head, ...rows], { align, least: [9] }));
  return 0;
});

function* row(self: Tool, one: Use): Task<string[]> {
  try {
    const stat = yield* self.process.stat(one.path);
    const type = {
      directory: 'DIR',
      file: 'REG',
      char: 'CHR',
      fifo: 'FIFO',
      socket: 'sock',
      block: 'BLK',
      symlink: 'LINK',
    }[stat.type];
    return [
      one.command.slice(0, 9),
      String(one.pid),
      one.user,
      one.fd,
      type,
      `0,${stat.dev}`,
      String(stat.size),
      String(stat.ino),
      one.path,
    ];
  } catch (error) {
    if (!isErrno(error)) throw error;
    return [one.command.slice(0, 9), String(one.pid), one.user, one.fd, 'unknown', '', '', '', one.path];
  }
}
