/** mysql(1), the command-line client: interactive on a terminal, with tabs between columns otherwise. */

import { isErrno } from '../../../machines/errno.ts';
import type { KernelMachine } from '../../../machines/kernel/machine.ts';
import type { Process } from '../../../machines/process.ts';
import { LineReader } from '../../../machines/programs/io.ts';
import { ownAddress } from '../../../machines/system-programs/kernel-access.ts';
import { resolveHost } from '../../../machines/system-programs/network/resolve.ts';
import type { Task } from '../../../sim/task.ts';
import { RELEASES } from '../../releases.ts';
import type { Failure, Result } from './engine.ts';
import type { Value } from './sql.ts';
import { type Greeting, type Reply, Wire } from './wire.ts';

const PORT = 3306;
const WARNING = '[Warning] Using a password on the command line interface can be insecure.';

interface Settings {
  host: string;
  port: number;
  user: string;
  /** `undefined`: none; `null`: to be asked for. */
  password: string | null | undefined;
  database: string | undefined;
  execute: string | undefined;
  skipNames: boolean;
}

/** What `mysql --version` says in mysql:8, and `mariadb --version` in mariadb:11. */
function versionLine({ env }: Process): string {
  const maria = env.get('MARIADB_VERSION');
  if (maria !== undefined)
    return `mariadb from ${maria}-MariaDB, client 15.2 for debian-linux-gnu (x86_64) using  EditLine wrapper\n`;
  return `mysql  Ver ${env.get('MYSQL_VERSION') ?? RELEASES.mysql} for Linux on x86_64 (MySQL Community Server - GPL)\n`;
}

export function* mysqlClient(process: Process, argv: readonly string[]): Task<number> {
  const name = argv[0]?.split('/').pop() ?? 'mysql';
  if (argv.slice(1).some((word) => word === '--version' || word === '-V')) {
    yield* process.print(versionLine(process));
    return 0;
  }
  const settings = settingsOf(argv.slice(1));
  if (typeof settings === 'string') {
    yield* process.error(`${name}: [ERROR] unknown option '${settings}'.\n`);
    return 2;
  }
  if (typeof settings.password === 'string') yield* process.error(`${name}: ${WARNING}\n`);
  else if (settings.password === null) settings.password = yield* askPassword(process);
  const wire = yield* connect(process, settings);
  if (typeof wire === 'string') {
    yield* process.error(`${wire}\n`);
    return 1;
  }
  const greeting = yield* wire.receive<Greeting>();
  if (!greeting) {
    yield* process.error(
      "ERROR 2013 (HY000): Lost connection to MySQL server at 'reading initial communication packet'\n",
    );
    return 1;
  }
  const { user, database } = settings;
  wire.send({ user, password: settings.password ?? '', ...(database !== undefined && { database }) });
  const reply = yield* wire.receive<Reply>();
  if (!reply || 'error' in reply) {
    if (reply) yield* process.error(`${failure(reply.error)}\n`);
    return 1;
  }
  const monitor = new Monitor(process, wire, settings);
  if (settings.execute !== undefined) return yield* monitor.batch(settings.execute);
  if (process.stdin.tty) return yield* monitor.interact(greeting);
  return yield* monitor.batch(yield* rest(new LineReader(process, process.stdin)));
}

/** An option that is none of ours is returned. */
function settingsOf(args: readonly string[]): Settings | string {
  const settings: Settings = {
    host: 'localhost',
    port: PORT,
    user: 'root',
    password: undefined,
    database: undefined,
    execute: undefined,
    skipNames: false,
  };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const [, long, own] = /^--([\w-]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const [, letter, joined] = /^-(\w)(.*)$/s.exec(arg) ?? [];
    const value = () => own ?? (joined || args[++i] || '');
    const option = long ?? letter;
    if (option === undefined) settings.database = arg;
    else if (option === 'p' || option === 'password') settings.password = own ?? (joined || null);
    else if (option === 'h' || option === 'host') settings.host = value();
    else if (option === 'u' || option === 'user') settings.user = value();
    else if (option === 'P' || option === 'port') settings.port = Number(value());
    else if (option === 'D' || option === 'database') settings.database = value();
    else if (option === 'e' || option === 'execute') settings.execute = value();
    else if (option === 'N' || option === 'skip-column-names') settings.skipNames = true;
    else if (!['B', 's', 't', 'batch', 'silent', 'table', 'protocol'].includes(option)) return arg;
  }
  return settings;
}

function* askPassword(process: Process): Task<string> {
  const { tty } = process;
  yield* process.error('Enter password: ');
  const { modes } = tty ?? {};
  if (tty && modes) tty.modes = { ...modes, echo: false };
  const line = (yield* new LineReader(process, process.stdin).next()) ?? '';
  if (tty && modes) tty.modes = modes;
  yield* process.error('\n');
  return line;
}

/** The words of why there is no connection. */
function* connect(process: Process, { host, port }: Settings): Task<Wire | string> {
  const { network } = process.machine as KernelMachine;
  const own = ownAddress(process);
  const address = host === 'localhost' ? own : yield* resolveHost(process, host);
  if (address === undefined) return `ERROR 2005 (HY000): Unknown MySQL server host '${host}' (-2)`;
  try {
    return new Wire(yield* network.connect(own, address, port));
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (host === 'localhost')
      return "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)";
    const number = error.code === 'ECONNREFUSED' ? 111 : error.code === 'EHOSTUNREACH' ? 113 : 110;
    return `ERROR 2003 (HY000): Can't connect to MySQL server on '${host}:${port}' (${number})`;
  }
}

const failure = ({ code, state, message }: Failure): string => `ERROR ${code} (${state}): ${message}`;

function* rest(lines: LineReader): Task<string> {
  const all: string[] = [];
  for (let line = yield* lines.next(); line !== undefined; line = yield* lines.next()) all.push(line);
  return all.join('\n');
}

class Monitor {
  readonly #process: Process;
  readonly #wire: Wire;
  readonly #settings: Settings;

  constructor(process: Process, wire: Wire, settings: Settings) {
    this.#process = process;
    this.#wire = wire;
    this.#settings = settings;
  }

  /** Ends at the first error. */
  *batch(text: string): Task<number> {
    const table = this.#process.stdout.tty !== undefined;
    for (const { sql, line } of statements(text)) {
      const reply = yield* this.#ask(sql);
      if (!reply) return 1;
      if ('error' in reply) {
        yield* this.#process.error(`${failure(reply.error).replace(':', ` at line ${line}:`)}\n`);
        return 1;
      }
      if ('rows' in reply.result && (reply.result.rows.length > 0 || !table))
        yield* this.#process.print((table ? framed : tabbed)(reply.result, this.#settings.skipNames));
    }
    return 0;
  }

  *interact({ version, id }: Greeting): Task<number> {
    const lines = new LineReader(this.#process, this.#process.stdin);
    yield* this.#process.print(banner(version, id));
    let pending = '';
    for (;;) {
      yield* this.#process.print(pending === '' ? 'mysql> ' : '    -> ');
      const line = yield* lines.next();
      if (line === undefined || (pending === '' && /^\s*(?:exit|quit|\\q)\s*;?\s*$/i.test(line))) {
        yield* this.#process.print(line === undefined ? '\nBye\n' : 'Bye\n');
        return 0;
      }
      if (/\\c\s*$/.test(line)) pending = '';
      else pending = pending === '' ? line.trimStart() : `${pending}\n${line}`;
      const complete = /^\s*use\s+\S+\s*$/i.test(pending) ? `${pending};` : pending;
      if (complete.trim() === '' || !/(?:;|\\[gG])\s*$/.test(complete)) continue;
      pending = '';
      for (const { sql, vertical } of statements(complete)) if (!(yield* this.#show(sql, vertical))) return 1;
    }
  }

  *#show(sql: string, vertical: boolean): Task<boolean> {
    const began = this.#process.now();
    const reply = yield* this.#ask(sql);
    if (!reply) {
      yield* this.#process.error('ERROR 2013 (HY000): Lost connection to MySQL server during query\n');
      return false;
    }
    if ('error' in reply) yield* this.#process.error(`${failure(reply.error)}\n`);
    else {
      const seconds = ((this.#process.now() - began) / 1_000).toFixed(2);
      yield* this.#process.print(told(reply.result, seconds, vertical, this.#settings.skipNames));
    }
    return true;
  }

  *#ask(query: string): Task<Reply | undefined> {
    this.#wire.send({ query });
    return yield* this.#wire.receive<Reply>();
  }
}

/** Apart at semicolons that are in no string; `\G` asks for rows one below the other. */
function* statements(text: string): Generator<{ sql: string; line: number; vertical: boolean }> {
  const pattern = /((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|(?!;|\\[gG])[\s\S])*)(;|\\g|\\G|$)/g;
  for (const match of text.matchAll(pattern)) {
    const [, sql = '', end] = match;
    if (sql.trim() === '') continue;
    const lead = sql.length - sql.trimStart().length;
    const line = text.slice(0, match.index + lead).split('\n').length;
    yield { sql: sql.trim(), line, vertical: end === '\\G' };
  }
}

const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

function told(result: Result, seconds: string, vertical: boolean, skipNames: boolean): string {
  if (!('rows' in result)) {
    if (result.use !== undefined) return 'Database changed\n';
    return `Query OK, ${plural(result.affected, 'row')} affected (${seconds} sec)\n${result.info ? `${result.info}\n` : ''}\n`;
  }
  if (result.rows.length === 0) return `Empty set (${seconds} sec)\n\n`;
  const rows = vertical ? stacked(result) : framed(result, skipNames);
  return `${rows}${plural(result.rows.length, 'row')} in set (${seconds} sec)\n\n`;
}

type Rows = Extract<Result, { rows: unknown }>;
const shown = (value: Value): string => (value === null ? 'NULL' : String(value));

function framed({ columns, numeric, rows }: Rows, skipNames: boolean): string {
  const cells = rows.map((row) => row.map(shown));
  const widths = columns.map((name, i) => Math.max(skipNames ? 0 : name.length, ...cells.map((row) => row[i]!.length)));
  const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`;
  const line = (row: readonly string[], right: readonly boolean[]) =>
    `|${row.map((cell, i) => ` ${right[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)} `).join('|')}|\n`;
  const head = skipNames ? '' : `${line(columns, [])}${rule}`;
  return `${rule}${head}${cells.map((row) => line(row, numeric)).join('')}${rule}`;
}

const tabbed = ({ columns, rows }: Rows, skipNames: boolean): string =>
  [...(skipNames || rows.length === 0 ? [] : [columns]), ...rows.map((row) => row.map(shown))]
    .map((row) => `${row.join('\t')}\n`)
    .join('');

function stacked({ columns, rows }: Rows): string {
  const width = Math.max(...columns.map((name) => name.length));
  return rows
    .map((row, n) => {
      const head = `*************************** ${n + 1}. row ***************************\n`;
      return head + row.map((value, i) => `${columns[i]!.padStart(width)}: ${shown(value)}\n`).join('');
    })
    .join('');
}

const banner = (version: string, id: number): string => `Welcome to the MySQL monitor.  Commands end with ; or \\g.
Your MySQL connection id is ${id}
Server version: ${version} MySQL Community Server - GPL

Copyright (c) 2000, 2025, Oracle and/or its affiliates.

Oracle is a registered trademark of Oracle Corporation and/or its
affiliates. Other names may be trademarks of their respective
owners.

Type 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.

`;
