/** ps(1) of procps-ng 4: the UNIX, BSD and -o ways to ask. */

import { own } from '../../../sim/own.ts';
import type { Process, Program } from '../../process.ts';
import { kernelProcess } from '../kernel-access.ts';
import { listProcesses, type ProcessInfo } from './listing.ts';

interface Column {
  readonly header: string;
  readonly align: 'left' | 'right';
  readonly width: number;
  value(one: ProcessInfo, now: number): string;
}

const two = (n: number): string => String(n).padStart(2, '0');
const clock = (ms: number): string => {
  const seconds = Math.floor(ms / 1_000);
  return `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
};
const minutes = (ms: number): string => `${Math.floor(ms / 60_000)}:${two(Math.floor(ms / 1_000) % 60)}`;
const started = (ms: number, now: number): string => {
  const d = new Date(ms);
  if (now - ms < 86_400_000) return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
  return d.toUTCString().slice(5, 11).split(' ').reverse().join('');
};
const elapsed = (ms: number): string => {
  const s = Math.floor(ms / 1_000);
  const days = Math.floor(s / 86_400);
  const rest = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  const hours = Math.floor(s / 3_600) % 24;
  if (days > 0) return `${days}-${two(hours)}:${rest}`;
  return hours > 0 ? `${two(hours)}:${rest}` : rest;
};
const usage = (one: ProcessInfo, now: number): number => (one.cpu * 100) / Math.max(1_000, now - one.startedAt);

const right = (header: string, width: number, value: Column['value']): Column => ({
  header,
  align: 'right',
  width,
  value,
});
const left = (header: string, width: number, value: Column['value']): Column => ({
  header,
  align: 'left',
  width,
  value,
});

const COLUMNS: Readonly<Record<string, Column>> = {
  pid: right('PID', 7, (one) => String(one.pid)),
  ppid: right('PPID', 7, (one) => String(one.ppid)),
  pgid: right('PGID', 7, (one) => String(one.pgid)),
  sid: right('SID', 7, (one) => String(one.sid)),
  uid: right('UID', 5, (one) => String(one.uid)),
  user: left('USER', 8, (one) => one.user),
  tty: left('TT', 8, (one) => one.tty),
  stat: left('STAT', 4, (one) => one.state),
  state: left('S', 1, (one) => one.state[0]!),
  time: right('TIME', 8, (one) => clock(one.cpu)),
  etime: right('ELAPSED', 11, (one, now) => elapsed(now - one.startedAt)),
  etimes: right('ELAPSED', 7, (one, now) => String(Math.floor((now - one.startedAt) / 1_000))),
  start: right('STARTED', 8, (one) => clock(one.startedAt % 86_400_000)),
  comm: left('COMMAND', 15, (one) => one.command),
  args: left('COMMAND', 27, (one) => one.args),
  pcpu: right('%CPU', 4, (one, now) => usage(one, now).toFixed(1)),
  pmem: right('%MEM', 4, () => '0.1'),
  vsz: right('VSZ', 6, (one) => String(one.vsz)),
  rss: right('RSS', 5, (one) => String(one.rss)),
  nice: right('NI', 3, (one) => String(one.niceness)),
};

const ALIASES: Readonly<Record<string, string>> = {
  cmd: 'args',
  command: 'args',
  ucmd: 'comm',
  tname: 'tty',
  tt: 'tty',
  '%cpu': 'pcpu',
  '%mem': 'pmem',
  s: 'state',
  cputime: 'time',
  euser: 'user',
  uname: 'user',
  ruser: 'user',
  pgrp: 'pgid',
  sess: 'sid',
  ni: 'nice',
  euid: 'uid',
  vsize: 'vsz',
  rssize: 'rss',
  stime: 'start',
  lstart: 'start',
};

const SIMPLE: Column[] = [
  COLUMNS.pid!,
  left('TTY', 8, (one) => one.tty),
  COLUMNS.time!,
  left('CMD', 0, (one) => one.command),
];
const FULL: Column[] = [
  left('UID', 8, (one) => one.user),
  COLUMNS.pid!,
  COLUMNS.ppid!,
  right('C', 2, (one, now) => String(Math.min(99, Math.floor(usage(one, now))))),
  left('STIME', 5, (one, now) => started(one.startedAt, now)),
  left('TTY', 8, (one) => one.tty),
  COLUMNS.time!,
  left('CMD', 0, (one) => one.args),
];
const BSD: Column[] = [
  COLUMNS.pid!,
  left('TTY', 8, (one) => one.tty),
  COLUMNS.stat!,
  right('TIME', 6, (one) => minutes(one.cpu)),
  left('COMMAND', 0, (one) => one.args),
];
const USER: Column[] = [
  COLUMNS.user!,
  right('PID', 7, (one) => String(one.pid)),
  COLUMNS.pcpu!,
  COLUMNS.pmem!,
  COLUMNS.vsz!,
  COLUMNS.rss!,
  left('TTY', 8, (one) => one.tty),
  COLUMNS.stat!,
  left('START', 5, (one, now) => started(one.startedAt, now)),
  right('TIME', 6, (one) => minutes(one.cpu)),
  left('COMMAND', 0, (one) => one.args),
];

interface Request {
  columns: Column[];
  headers: boolean;
  all: boolean;
  pids: number[] | undefined;
  names: string[] | undefined;
  users: string[] | undefined;
  /** BSD: every process with a terminal. */
  terminals: boolean;
  sort: string | undefined;
  forest: boolean;
}

export const ps: Program = function* (process, argv) {
  const request = read(argv.slice(1));
  if (typeof request === 'string') {
    yield* process.error(
      `error: ${request}\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n`,
    );
    return 1;
  }
  const own = kernelProcess(process);
  const chosen = (yield* listProcesses(process)).filter((one) => {
    if (request.pids) return request.pids.includes(one.pid);
    if (request.names) return request.names.includes(one.command);
    if (request.users) return request.users.includes(one.user) || request.users.includes(String(one.uid));
    if (request.all) return true;
    if (request.terminals) return one.tty !== '?';
    return one.tty === (own.controlling?.name ?? '?') && one.uid === process.uid;
  });
  if (request.sort) sortBy(chosen, request.sort, process.now());
  yield* process.print(render(chosen, request, process));
  return chosen.length > 0 ? 0 : 1;
};

function render(chosen: readonly ProcessInfo[], { columns, headers }: Request, process: Process): string {
  const now = process.now();
  const tty = process.stdout.tty;
  const rows = chosen.map((one) => columns.map((column) => column.value(one, now)));
  const widths = columns.map((column, index) =>
    Math.max(
      column.width,
      column.header.length,
      ...(column.align === 'right' ? rows.map((row) => row[index]!.length) : []),
    ),
  );
  const line = (cells: readonly string[]) => {
    const text = cells
      .map((cell, index) => {
        const last = index === cells.length - 1;
        if (columns[index]!.align === 'right') return cell.padStart(widths[index]!);
        return last ? cell : cell.slice(0, Math.max(widths[index]!, 8)).padEnd(widths[index]!);
      })
      .join(' ');
    return `${(tty ? text.slice(0, tty.columns) : text).trimEnd()}\n`;
  };
  const shown = headers && columns.some((column) => column.header !== '');
  return (shown ? line(columns.map((column) => column.header)) : '') + rows.map(line).join('');
}

function read(args: readonly string[]): Request | string {
  const request: Request = {
    columns: SIMPLE,
    headers: true,
    all: false,
    pids: undefined,
    names: undefined,
    users: undefined,
    terminals: false,
    sort: undefined,
    forest: false,
  };
  const custom: Column[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg.startsWith('--')) {
      const [name, value = args[i + 1] ?? ''] = arg.slice(2).split('=');
      if (name === 'no-headers' || name === 'no-heading') request.headers = false;
      else if (name === 'sort') request.sort = value;
      else if (name === 'pid') request.pids = numbers(value);
      else if (name === 'forest') request.forest = true;
      else if (name === 'ppid' || name === 'user') request.users = value.split(',');
      else return 'unknown gnu long option';
      if (!arg.includes('=') && ['sort', 'pid'].includes(name!)) i++;
    } else if (arg.startsWith('-') && arg.length > 1) {
      for (let j = 1; j < arg.length; j++) {
        const letter = arg[j]!;
        const take = () => (j + 1 < arg.length ? arg.slice(j + 1) : (args[++i] ?? ''));
        if (letter === 'e' || letter === 'A') request.all = true;
        else if (letter === 'f' || letter === 'F') request.columns = FULL;
        else if (letter === 'l') request.columns = FULL;
        else if (letter === 'o' || letter === 'O') {
          const problem = addColumns(custom, take());
          if (problem) return problem;
          break;
        } else if (letter === 'p' || letter === 'q') {
          request.pids = [...(request.pids ?? []), ...numbers(take())];
          break;
        } else if (letter === 'C') {
          request.names = take().split(',');
          break;
        } else if (letter === 'u' || letter === 'U') {
          request.users = take().split(',');
          break;
        } else if (letter === 'a' || letter === 'd' || letter === 't') request.terminals = true;
        else if (letter === 'x') request.all = true;
        else if (!'wHyLT'.includes(letter)) return 'unsupported SysV option';
      }
    } else if (/^\d/.test(arg)) request.pids = [...(request.pids ?? []), ...numbers(arg)];
    else {
      for (const letter of arg) {
        if (letter === 'a') request.terminals = true;
        else if (letter === 'x') request.all = true;
        else if (letter === 'u') request.columns = USER;
        else if (letter === 'f') request.forest = true;
        else if (letter === 'o') {
          const problem = addColumns(custom, args[++i] ?? '');
          if (problem) return problem;
        } else if (!'welj'.includes(letter)) return 'unsupported option (BSD syntax)';
      }
      if (request.columns === SIMPLE) request.columns = BSD;
    }
  }
  if (custom.length > 0) request.columns = custom;
  return request;
}

const numbers = (text: string): number[] => text.split(/[ ,]+/).filter(Boolean).map(Number);

/** `pid,args`, `user:20`, `pid=`. */
function addColumns(columns: Column[], list: string): string | undefined {
  for (const item of list.split(/[ ,]+/).filter(Boolean)) {
    const [, name, width, header] = /^([^:=]+)(?::(\d+))?(?:=(.*))?$/.exec(item) ?? [];
    const column = COLUMNS[ALIASES[name ?? ''] ?? name ?? ''];
    if (!column) return `unknown user-defined format specifier "${name ?? item}"`;
    const shown = header ?? (name === 'cmd' ? 'CMD' : column.header);
    columns.push({
      ...column,
      header: shown,
      width: width ? Number(width) : Math.max(header === '' ? 0 : column.width, shown.length),
    });
  }
  return undefined;
}

function sortBy(list: ProcessInfo[], keys: string, now: number): void {
  for (const key of keys.split(',').reverse()) {
    const down = key.startsWith('-');
    const column = own(COLUMNS, own(ALIASES, key.replace(/^[-+]/, '')) ?? key.replace(/^[-+]/, ''));
    if (!column) continue;
    list.sort((a, b) => {
      const [x, y] = [column.value(a, now), column.value(b, now)];
      const order = column.align === 'right' ? Number.parseFloat(x) - Number.parseFloat(y) : x < y ? -1 : x > y ? 1 : 0;
      return down ? -order : order;
    });
  }
}
