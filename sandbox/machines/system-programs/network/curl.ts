/** curl(1): HTTP/1.1 requests over the lab's network. */

import { own } from '../../../sim/own.ts';
import { type Task, until, withTimeout } from '../../../sim/task.ts';
import { type ErrnoCode, isErrno } from '../../errno.ts';
import type { Connection } from '../../network/network.ts';
import { type Tool, tool } from '../../programs/tool.ts';
import { machineOf, ownAddress } from '../kernel-access.ts';
import { exchange, parseUrl, type Response, type Url } from './http-client.ts';
import { resolveHost } from './resolve.ts';

const LONG = {
  silent: 's',
  'show-error': 'S',
  include: 'i',
  head: 'I',
  output: 'o:',
  'remote-name': 'O',
  fail: 'f',
  request: 'X:',
  header: 'H:',
  data: 'd:',
  location: 'L',
  insecure: 'k',
  verbose: 'v',
  'max-time': 'm:',
  'connect-timeout': 'connect-timeout:',
  'write-out': 'w:',
  user: 'u:',
  'user-agent': 'A:',
  'no-progress-meter': 'no-progress-meter',
  retry: 'retry:',
};

class CurlError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(`(${code}) ${message}`);
    this.code = code;
  }
}

export const curl = tool(
  'curl',
  {
    short: 'sSiIo:OfX:H:d:Lkvm:w:u:A:',
    long: LONG,
    usage: 'curl [options...] <url>',
    usageStatus: 2,
    version: 'curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1',
  },
  function* (self) {
    if (self.operands.length === 0) {
      yield* self.process.error("curl: try 'curl --help' or 'curl --manual' for more information\n");
      return 2;
    }
    for (const operand of self.operands) {
      try {
        yield* transfer(self, operand);
      } catch (error) {
        if (!(error instanceof CurlError)) throw error;
        if (!self.has('s') || self.has('S')) yield* self.process.error(`curl: ${error.message}\n`);
        self.status = error.code;
      }
    }
    return self.status;
  },
);

function* transfer(self: Tool, text: string): Task<void> {
  const url = parse(text);
  const started = self.process.now();
  const response = yield* request(self, url, started);
  if (self.has('f') && response.status >= 400)
    throw new CurlError(22, `The requested URL returned error: ${response.status}`);
  const shown = self.has('i') || self.has('I') ? response.head : '';
  const body = self.has('I') ? new Uint8Array(0) : response.body;
  const file = self.get('o') ?? (self.has('O') ? url.path.split('/').pop() : undefined);
  if (file !== undefined) yield* self.process.writeFile(file, body);
  else {
    yield* self.print(shown);
    yield* self.process.stdout.write(body);
  }
  const format = self.get('w');
  if (format !== undefined) {
    const seconds = (self.process.now() - started) / 1_000;
    const values: Record<string, string> = {
      http_code: String(response.status).padStart(3, '0'),
      response_code: String(response.status).padStart(3, '0'),
      size_download: String(response.body.length),
      time_total: seconds.toFixed(6),
    };
    yield* self.print(
      format
        .replace(/%\{(\w+)\}/g, (_, name: string) => own(values, name) ?? '')
        .replaceAll('\\n', '\n')
        .replaceAll('\\t', '\t'),
    );
  }
}

function parse(text: string): Url {
  const url = parseUrl(text);
  if (url.scheme !== 'http' && url.scheme !== 'https')
    throw new CurlError(1, `Protocol "${url.scheme}" not supported or disabled in libcurl`);
  if (url.host === '') throw new CurlError(3, 'URL using bad/illegal format or missing URL');
  return url;
}

function* request(self: Tool, url: Url, started: number): Task<Response> {
  const { process } = self;
  const machine = machineOf(process);
  const address = yield* resolveHost(process, url.host);
  if (!address) throw new CurlError(6, `Could not resolve host: ${url.host}`);
  let connection: Connection;
  try {
    connection = yield* limited(self, started, machine.network.connect(ownAddress(process), address, url.port));
  } catch (error) {
    if (!isErrno(error)) throw error;
    const ms = process.now() - started;
    throw new CurlError(
      CONNECT_ERRORS[error.code] ?? 7,
      `Failed to connect to ${url.host} port ${url.port} after ${ms} ms: Couldn't connect to server`,
    );
  }
  if (url.scheme === 'https')
    throw new CurlError(35, `OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to ${url.host}:${url.port} `);
  const data = self.options.all('d').join('&');
  const method = self.get('X') ?? (self.has('I') ? 'HEAD' : data ? 'POST' : 'GET');
  const given = self.options.all('H');
  const nameOf = (header: string) => header.split(/[:;]/)[0]!.toLowerCase();
  // Of curl's own headers a given one stands for its namesake, and `Name:` takes it away.
  const own = (header: string) => (given.some((each) => nameOf(each) === nameOf(header)) ? [] : [header]);
  const lines = [
    `${method} ${url.path} HTTP/1.1`,
    ...own(`Host: ${url.host}${url.port === 80 ? '' : `:${url.port}`}`),
    ...own(`User-Agent: ${self.get('A') ?? 'curl/7.88.1'}`),
    ...own('Accept: */*'),
    ...given.filter((header) => !/^[^:;]+:\s*$/.test(header)),
    ...(data
      ? [...own(`Content-Length: ${data.length}`), ...own('Content-Type: application/x-www-form-urlencoded')]
      : []),
  ];
  if (self.has('v'))
    yield* process.error(
      `*   Trying ${address}:${url.port}...\n* Connected to ${url.host} (${address}) port ${url.port} (#0)\n${lines.map((line) => `> ${line}\n`).join('')}> \n`,
    );
  const options = { body: data, headOnly: method === 'HEAD' };
  const response = yield* limited(self, started, exchange(connection, lines, options));
  if (!response) throw new CurlError(52, 'Empty reply from server');
  if (self.has('v'))
    yield* process.error(
      response.head
        .split('\r\n')
        .filter(Boolean)
        .map((line) => `< ${line}\n`)
        .join('') + '< \n',
    );
  return response;
}

const CONNECT_ERRORS: Partial<Record<ErrnoCode, number>> = { ETIMEDOUT: 28 };

/** `--max-time` and `--connect-timeout` cut a wait short. */
function* limited<T>(self: Tool, started: number, task: Task<T>): Task<T> {
  const seconds = Number(self.get('m') ?? self.get('connect-timeout') ?? 0);
  if (seconds === 0) return yield* task;
  const { clock } = machineOf(self.process);
  const result = yield* withTimeout(task, until(clock, started + seconds * 1_000));
  if (result === 'timeout')
    throw new CurlError(28, `Connection timed out after ${self.process.now() - started} milliseconds`);
  return result;
}
