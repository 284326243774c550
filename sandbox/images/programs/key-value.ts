/** redis-server with its few most used commands over RESP, saved to dump.rdb; redis-cli; memcached. */

import { Errno } from '../../machines/errno.ts';
import type { KernelMachine } from '../../machines/kernel/machine.ts';
import { KernelProcess } from '../../machines/kernel/process.ts';
import type { Connection } from '../../machines/network/network.ts';
import type { Process } from '../../machines/process.ts';
import { ownAddress } from '../../machines/system-programs/kernel-access.ts';
import { accounts } from '../../machines/system-programs/users/accounts.ts';
import type { Task } from '../../sim/task.ts';
import { RELEASES } from '../releases.ts';
import { runInstead } from './nginx.ts';
import { beside, Listening, signals } from './waiting.ts';

const PORT = 6379;
const DUMP = 'dump.rdb';

/** The image's docker-entrypoint.sh: as root it gives what lies in the data directory to the user redis, and becomes that user. */
export function* redisEntrypoint(process: Process, argv: readonly string[]): Task<number> {
  const given = argv.slice(1);
  const command = given[0] === undefined || given[0].startsWith('-') ? ['redis-server', ...given] : given;
  if (command[0] === 'redis-server' && process.uid === 0 && process instanceof KernelProcess) {
    const user = (yield* accounts(process)).find(({ name }) => name === 'redis');
    if (user && !(yield* giveTo(process, '.', user.uid))) return 1;
    if (user) process.view.credentials = { uid: user.uid, gid: user.gid };
  }
  if (process.umask === 0o022) process.umask = 0o077;
  return yield* runInstead(process, command);
}

/** `find . ! -user redis -exec chown redis {} +` */
function* giveTo(process: Process, path: string, uid: number): Task<boolean> {
  let well = true;
  const stat = yield* process.lstat(path);
  if (stat.uid !== uid) {
    try {
      yield* process.chown(path, uid, undefined, { follow: false });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* process.error(`chown: changing ownership of '${path}': ${error.message}\n`);
      well = false;
    }
  }
  if (stat.type !== 'directory') return well;
  for (const name of yield* process.readdir(path)) well = (yield* giveTo(process, `${path}/${name}`, uid)) && well;
  return well;
}

export function* redisServer(process: Process): Task<number> {
  const stop = signals(process, 'SIGTERM', 'SIGINT');
  if (process instanceof KernelProcess) process.argv = [`redis-server *:${PORT}`];
  const log = (mark: string, text: string) => `${process.pid}:M ${redisDate(process.now())} ${mark} ${text}\n`;
  const data = yield* load(process);
  yield* process.print(
    `${process.pid}:C ${redisDate(process.now())} * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo\n${process.pid}:C ${redisDate(process.now())} * Redis version=${redisVersion(process)}, bits=64, commit=00000000, modified=0, pid=${process.pid}, just started\n${log('*', `Running mode=standalone, port=${PORT}.`)}${log('*', 'Server initialized')}${data.size > 0 ? log('*', `DB loaded from disk: 0.000 seconds`) : ''}${log('*', 'Ready to accept connections tcp')}`,
  );
  const listening = new Listening(process, PORT);
  try {
    yield* listening.until(stop, (connection) => beside(process, serve(process, connection, data)));
    yield* process.print(
      log('*', `User requested shutdown...`) + log('*', 'Saving the final RDB snapshot before exiting.'),
    );
    yield* save(process, data);
    yield* process.print(log('*', 'DB saved on disk') + log('#', 'Redis is now ready to exit, bye bye...'));
    return 0;
  } finally {
    listening.close();
  }
}

/** One client: inline or RESP arrays, answered in RESP. */
function* serve(process: Process, connection: Connection, data: Map<string, string>): Task<void> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let text = '';
  for (let chunk = yield* connection.receive.next(); chunk; chunk = yield* connection.receive.next()) {
    text += decoder.decode(chunk, { stream: true });
    for (let parsed = parse(text); parsed; parsed = parse(text)) {
      text = text.slice(parsed.length);
      connection.send.push(encoder.encode(yield* execute(process, parsed.words, data)));
    }
  }
  connection.send.close();
}

function parse(text: string): { words: string[]; length: number } | undefined {
  if (!text.startsWith('*')) {
    const end = text.indexOf('\n');
    return end < 0 ? undefined : { words: text.slice(0, end).trim().split(/\s+/), length: end + 1 };
  }
  let at = text.indexOf('\r\n') + 2;
  if (at < 2) return undefined;
  const words: string[] = [];
  for (let count = Number(text.slice(1, at - 2)); count > 0; count--) {
    const end = text.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const length = Number(text.slice(at + 1, end));
    if (text.length < end + 4 + length) return undefined;
    words.push(text.slice(end + 2, end + 2 + length));
    at = end + 4 + length;
  }
  return { words, length: at };
}

const bulk = (value: string | undefined): string =>
  value === undefined ? '$-1\r\n' : `$${value.length}\r\n${value}\r\n`;

function* execute(process: Process, words: string[], data: Map<string, string>): Task<string> {
  const [name = '', key = '', value = ''] = words;
  switch (name.toUpperCase()) {
    case 'PING':
      return key ? bulk(key) : '+PONG\r\n';
    case 'SET':
      data.set(key, value);
      return '+OK\r\n';
    case 'GET':
      return bulk(data.get(key));
    case 'DEL':
      return `:${words.slice(1).filter((one) => data.delete(one)).length}\r\n`;
    case 'EXISTS':
      return `:${words.slice(1).filter((one) => data.has(one)).length}\r\n`;
    case 'INCR': {
      const next = Number(data.get(key) ?? 0) + 1;
      if (!Number.isInteger(next)) return '-ERR value is not an integer or out of range\r\n';
      data.set(key, String(next));
      return `:${next}\r\n`;
    }
    case 'DBSIZE':
      return `:${data.size}\r\n`;
    case 'KEYS': {
      const keys = [...data.keys()].filter((one) => key === '*' || one === key);
      return `*${keys.length}\r\n${keys.map(bulk).join('')}`;
    }
    case 'FLUSHALL':
      data.clear();
      return '+OK\r\n';
    case 'SAVE':
    case 'BGSAVE':
      yield* save(process, data);
      return name.toUpperCase() === 'SAVE' ? '+OK\r\n' : '+Background saving started\r\n';
    default:
      return `-ERR unknown command '${name}', with args beginning with: ${words
        .slice(1)
        .map((word) => `'${word}' `)
        .join('')}\r\n`;
  }
}

/** The lab's dump holds the pairs as JSON behind the real format's magic number. */
function* save(process: Process, data: ReadonlyMap<string, string>): Task<void> {
  yield* process.writeFile(DUMP, `REDIS0012${JSON.stringify([...data])}`, { mode: 0o600 });
}

function* load(process: Process): Task<Map<string, string>> {
  try {
    const text = yield* process.readText(DUMP);
    return new Map(JSON.parse(text.slice('REDIS0012'.length)) as [string, string][]);
  } catch (error) {
    if (error instanceof Errno || error instanceof SyntaxError) return new Map();
    throw error;
  }
}

function redisDate(ms: number): string {
  const [, date, month, year, time] = new Date(ms).toUTCString().split(' ');
  return `${date} ${month} ${year} ${time}.${String(ms % 1000).padStart(3, '0')}`;
}

/** redis-cli COMMAND…: one command, printed as a pipe gets it. */
export function* redisCli(process: Process, argv: readonly string[]): Task<number> {
  const words = [...argv.slice(1)];
  let host = '127.0.0.1';
  if (words[0] === '-h') host = words.splice(0, 2)[1] ?? host;
  if (words.length === 0) {
    const lines = new TextDecoder()
      .decode(yield* readAll(process))
      .split('\n')
      .filter(Boolean);
    for (const line of lines) yield* ask(process, host, line.split(/\s+/));
    return 0;
  }
  return yield* ask(process, host, words);
}

function* readAll(process: Process): Task<Uint8Array> {
  const parts: number[] = [];
  for (let data = yield* process.stdin.read(); data.length > 0; data = yield* process.stdin.read()) parts.push(...data);
  return Uint8Array.from(parts);
}

function* ask(process: Process, host: string, words: readonly string[]): Task<number> {
  const machine = process.machine as KernelMachine;
  const own = ownAddress(process);
  try {
    const connection = yield* machine.network.connect(own, host.startsWith('127.') ? own : host, PORT);
    const request = `*${words.length}\r\n${words.map((word) => bulk(word)).join('')}`;
    connection.send.push(new TextEncoder().encode(request));
    const answer = new TextDecoder().decode(yield* connection.receive.next());
    connection.send.close();
    yield* process.print(shown(answer));
    return 0;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* process.error(`Could not connect to Redis at ${host}:${PORT}: ${error.message}\n`);
    return 1;
  }
}

function shown(answer: string): string {
  const lines = answer.split('\r\n');
  if (answer.startsWith('$-1')) return '\n';
  if (answer.startsWith('$')) return `${lines[1]}\n`;
  if (answer.startsWith('*'))
    return (
      lines
        .slice(1)
        .filter((line) => !line.startsWith('$') && line !== '')
        .map((line) => `${line}\n`)
        .join('') || '\n'
    );
  return `${lines[0]!.slice(1)}\n`;
}

export function* memcached(process: Process, argv: readonly string[]): Task<number> {
  if (argv[1] === '-V' || argv[1] === '--version') {
    yield* process.print(`memcached ${memcachedVersion(process)}\n`);
    return 0;
  }
  const stop = signals(process, 'SIGTERM', 'SIGINT');
  const listening = new Listening(process, 11_211);
  const data = new Map<string, string>();
  try {
    yield* listening.until(stop, (connection) => beside(process, serveText(process, connection, data)));
    yield* process.error('Signal handled: Terminated.\n');
    return 0;
  } finally {
    listening.close();
  }
}

/** `get`, `set` and `version` of the text protocol (memcached doc/protocol.txt). */
function* serveText(process: Process, connection: Connection, data: Map<string, string>): Task<void> {
  let text = '';
  let storing: string | undefined;
  const say = (line: string) => connection.send.push(new TextEncoder().encode(`${line}\r\n`));
  for (let chunk = yield* connection.receive.next(); chunk; chunk = yield* connection.receive.next()) {
    text += new TextDecoder().decode(chunk);
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      const line = text.slice(0, end).trim();
      text = text.slice(end + 1);
      const [verb, key = ''] = line.split(' ');
      if (storing !== undefined) {
        data.set(storing, line);
        storing = undefined;
        say('STORED');
      } else if (verb === 'set') storing = key;
      else if (verb === 'get') {
        const value = data.get(key);
        if (value !== undefined) say(`VALUE ${key} 0 ${value.length}\r\n${value}`);
        say('END');
      } else say(verb === 'version' ? `VERSION ${memcachedVersion(process)}` : 'ERROR');
    }
  }
  connection.send.close();
}

const memcachedVersion = (process: Process): string => process.env.get('MEMCACHED_VERSION') ?? RELEASES.memcached;

/** The image says it in the address its source came from. */
const redisVersion = (process: Process): string =>
  /(\d[\d.]*)\.tar/.exec(process.env.get('REDIS_DOWNLOAD_URL') ?? '')?.[1] ?? RELEASES.redis;
