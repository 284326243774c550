/** busybox's wget, over HTTP (networking/wget.c). */

import { type Errno, isErrno } from '../../machines/errno.ts';
import type { KernelMachine } from '../../machines/kernel/machine.ts';
import { type Tool, tool } from '../../machines/programs/tool.ts';
import { ownAddress } from '../../machines/system-programs/kernel-access.ts';
import { exchange, parseUrl, type Response, type Url } from '../../machines/system-programs/network/http-client.ts';
import { resolveHost } from '../../machines/system-programs/network/resolve.ts';
import { type Task, until, withTimeout } from '../../sim/task.ts';

const NAME_WIDTH = 20;
const BAR = '*'.repeat(32);
const MAX_REDIRECTS = 5;
const DEFAULT_TIMEOUT = 900;

/** Its message ends the program. */
class Failed extends Error {}

export const wget = tool(
  'wget',
  {
    short: 'cqO:o:P:ST:U:Y:',
    long: {
      spider: 'spider',
      quiet: 'q',
      'output-document': 'O:',
      'server-response': 'S',
      timeout: 'T:',
      'user-agent': 'U:',
      header: 'header:',
      'post-data': 'post-data:',
      'no-check-certificate': 'no-check-certificate',
    },
    usage: 'wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [-T SEC] [-P DIR] [-U AGENT] URL...',
  },
  function* (self) {
    if (self.operands.length === 0) {
      yield* self.process.error(
        'Usage: wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [-T SEC] [-P DIR] [-U AGENT] URL...\n',
      );
      return 1;
    }
    for (const operand of self.operands) {
      try {
        yield* download(self, operand);
      } catch (error) {
        if (!(error instanceof Failed)) throw error;
        yield* self.complain(error.message);
        return 1;
      }
    }
    return 0;
  },
);

function* download(self: Tool, operand: string): Task<void> {
  let url = parse(operand);
  let response = yield* request(self, url);
  for (let n = 0; response.status >= 300 && response.status < 400; n++) {
    const location = /^location:\s*(\S+)/im.exec(response.head)?.[1];
    if (location === undefined) break;
    if (n === MAX_REDIRECTS) throw new Failed('too many redirections');
    url = location.startsWith('/') ? { ...url, path: location } : parse(location);
    response = yield* request(self, url);
  }
  const told = !self.has('q');
  if (self.has('spider')) {
    if (told) yield* self.process.error('remote file exists\n');
    return;
  }
  const name = url.path.split('?')[0]!.split('/').pop() || 'index.html';
  const file = self.get('O') ?? (self.has('P') ? `${self.get('P')}/${name}` : name);
  const shown = file.split('/').pop()!;
  if (file === '-') {
    if (told) yield* self.process.error('writing to stdout\n');
    yield* self.process.stdout.write(response.body);
  } else {
    if (!self.has('O') && (yield* exists(self, file))) throw new Failed(`can't open '${file}': File exists`);
    if (told) yield* self.process.error(`saving to '${file}'\n`);
    yield* self.process.writeFile(file, response.body);
  }
  if (!told) return;
  const size = String(response.body.length).padStart(6);
  yield* self.process.error(`${shown.padEnd(NAME_WIDTH).slice(0, NAME_WIDTH)} 100% |${BAR}|${size}  0:00:00 ETA\n`);
  yield* self.process.error(file === '-' ? 'written to stdout\n' : `'${file}' saved\n`);
}

function parse(text: string): Url {
  const url = parseUrl(text);
  if (url.scheme !== 'http') throw new Failed(`not an http or ftp url: ${text}`);
  return url;
}

function* request(self: Tool, url: Url): Task<Response> {
  const { process } = self;
  const address = yield* resolveHost(process, url.host);
  if (address === undefined) throw new Failed(`bad address '${url.host}'`);
  const authority = url.port === 80 ? url.host : `${url.host}:${url.port}`;
  if (!self.has('q')) yield* process.error(`Connecting to ${authority} (${address}:${url.port})\n`);
  const body = self.get('post-data') ?? '';
  const lines = [
    `${self.has('post-data') ? 'POST' : self.has('spider') ? 'HEAD' : 'GET'} ${url.path} HTTP/1.1`,
    `Host: ${authority}`,
    `User-Agent: ${self.get('U') ?? 'Wget'}`,
    ...self.options.all('header'),
    ...(body === '' ? [] : [`Content-Length: ${body.length}`, 'Content-Type: application/x-www-form-urlencoded']),
    'Connection: close',
  ];
  const machine = process.machine as KernelMachine;
  const response = yield* within(self, talk());
  if (!response) throw new Failed('error getting response');
  if (self.has('S')) for (const line of response.head.trimEnd().split('\r\n')) yield* process.error(`  ${line}\n`);
  const line = response.head.split('\r\n')[0]!;
  const fine = [200, 204, 206].includes(response.status) || (response.status >= 300 && response.status < 304);
  if (!fine) throw new Failed(`server returned error: ${line}`);
  return response;

  function* talk(): Task<Response | undefined> {
    try {
      const connection = yield* machine.network.connect(ownAddress(process), address!, url.port);
      return yield* exchange(connection, lines, { body, headOnly: self.has('spider') });
    } catch (error) {
      if (!isErrno(error)) throw error;
      throw new Failed(`can't connect to remote host (${address}): ${(error as Errno).message}`);
    }
  }
}

/** `-T SEC`: no step may take longer. */
function* within<T>(self: Tool, task: Task<T>): Task<T> {
  const { clock } = self.process.machine;
  const result = yield* withTimeout(task, until(clock, clock.now + Number(self.get('T') ?? DEFAULT_TIMEOUT) * 1_000));
  if (result === 'timeout') throw new Failed('download timed out');
  return result;
}

function* exists(self: Tool, path: string): Task<boolean> {
  try {
    yield* self.process.stat(path);
    return true;
  } catch (error) {
    if (!isErrno(error)) throw error;
    return false;
  }
}
