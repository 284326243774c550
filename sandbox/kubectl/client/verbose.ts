/** `-v`: what kubectl does at its server, as klog lines on stderr (client-go transport/round_trippers.go, rest/request.go, pkg/features). */

import type { ApiRequest, ApiResponse, ExecSession, PortForwardConnection, Transport } from '../../api/http.ts';
import type { Task } from '../../sim/task.ts';
import { quote } from '../text.ts';
import { canonicalHeader, REASONS } from './http.ts';

/** Writes one line of klog: the file's place and what it says. */
export type Log = (place: string, text: string) => Task<void>;

/** Which level shows what. */
export const LEVELS = { gates: 1, errors: 4, response: 6, request: 7, bodies: 8, curl: 9 } as const;

const FEATURE_GATES = {
  ClientsAllowCBOR: false,
  ClientsPreferCBOR: false,
  InOrderInformers: true,
  InOrderInformersBatchProcess: true,
  InformerResourceVersion: true,
  WatchListClient: true,
};

export function* logFeatureGates(log: Log): Task<void> {
  for (const [name, enabled] of Object.entries(FEATURE_GATES))
    yield* log('envvar.go:172', `"Feature gate default state" feature="${name}" enabled=${enabled}`);
}

export class VerboseTransport implements Transport {
  readonly #transport: Transport;
  readonly #level: number;
  readonly #log: Log;
  readonly #now: () => number;
  /** Connections are kept: only the first request dials. */
  #connected = false;

  constructor(transport: Transport, level: number, log: Log, now: () => number) {
    this.#transport = transport;
    this.#level = level;
    this.#log = log;
    this.#now = now;
  }

  get server(): string {
    return this.#transport.server;
  }

  *request(request: ApiRequest): Task<ApiResponse> {
    const place = /^\/apis?$/.test(request.path) ? 'discovery_client.go:255' : 'helper.go:113';
    if (this.#level >= LEVELS.bodies)
      yield* this.#log(place, `"Request Body" body=${value(this.#cut(request.body ?? ''))}`);
    const response = yield* this.#logged(request, this.#transport.request(request), (answer) => answer);
    if (this.#level >= LEVELS.bodies && typeof response.body === 'string') {
      const body = response.body || (response.value === undefined ? '' : `${JSON.stringify(response.value)}\n`);
      yield* this.#log(place, `"Response Body" body=${value(this.#cut(body))}`);
    }
    return response;
  }

  *exec(request: ApiRequest): Task<ExecSession | ApiResponse> {
    return yield* this.#logged({ ...request, method: 'GET' }, this.#transport.exec(request), answerOf);
  }

  *portForward(request: ApiRequest): Task<PortForwardConnection | ApiResponse> {
    return yield* this.#logged(request, this.#transport.portForward(request), answerOf);
  }

  *#logged<T>(request: ApiRequest, task: Task<T>, answer: (result: T) => Answer): Task<T> {
    const level = this.#level;
    const url = `verb="${request.method}" url=${quote(urlOf(this.server, request))}`;
    if (level >= LEVELS.curl)
      yield* this.#log('round_trippers.go:527', `"Request" curlCommand=${value(curl(this.server, request))}`);
    else if (level >= LEVELS.request)
      yield* this.#log(
        'round_trippers.go:527',
        `"Request" ${url} headers=${value(headerLines(requestHeaders(request)))}`,
      );
    const started = this.#now();
    let got: Answer = { status: 0, headers: [] };
    try {
      const result = yield* task;
      got = answer(result);
      return result;
    } finally {
      const status = got.status === 0 ? '' : `${got.status} ${REASONS[got.status] ?? ''}`.trim();
      const fields = [
        ...(level >= LEVELS.curl || level < LEVELS.request ? [url] : []),
        `status=${quote(status)}`,
        ...(level >= LEVELS.bodies ? [`headers=${value(headerLines(got.headers))}`] : []),
        `milliseconds=${this.#now() - started}`,
        ...(level >= LEVELS.curl ? this.#timing(this.#now() - started) : []),
      ];
      this.#connected = true;
      yield* this.#log('round_trippers.go:632', `"Response" ${fields.join(' ')}`);
    }
  }

  #timing(server: number): string[] {
    const before = this.#connected
      ? ['getConnectionMilliseconds=0']
      : ['dnsLookupMilliseconds=0', 'dialMilliseconds=0', 'tlsHandshakeMilliseconds=0'];
    return [...before, `serverProcessingMilliseconds=${server}`];
  }

  /** truncateBody. */
  #cut(text: string): string {
    const most = this.#level >= 10 ? Number.POSITIVE_INFINITY : this.#level >= LEVELS.curl ? 10_240 : 1024;
    return text.length <= most ? text : `${text.slice(0, most)} [truncated ${text.length - most} chars]`;
  }
}

type Answer = Pick<ApiResponse, 'status' | 'headers'>;

const answerOf = (result: object): Answer =>
  'status' in result ? (result as ApiResponse) : { status: 101, headers: [] };

/** klog's value of a key: quoted, or as a block where it has lines. */
const value = (text: string): string =>
  text.includes('\n')
    ? `<\n${text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => `\t${line}\n`)
        .join('')} >`
    : quote(text);

/** url.Values.Encode: sorted by name. */
function urlOf(server: string, { path, query }: ApiRequest): string {
  const pairs = [...query].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const encoded = new URLSearchParams(pairs.map(([name, text]) => [name, text])).toString();
  return `${server}${path}${encoded ? `?${encoded}` : ''}`;
}

/** What Go's transport adds by itself is not among them. */
const requestHeaders = ({ headers }: ApiRequest): [string, string][] =>
  Object.entries(headers)
    .filter(([name]) => name !== 'content-length')
    .map(([name, text]) => [name, name === 'authorization' ? text.replace(/^(\S+) .*$/, '$1 <masked>') : text]);

const sorted = (headers: ApiResponse['headers']): [string, string][] =>
  headers.map(([name, text]): [string, string] => [canonicalHeader(name), text]).sort(([a], [b]) => (a < b ? -1 : 1));

const headerLines = (headers: ApiResponse['headers']): string =>
  sorted(headers)
    .map(([name, text]) => `${name}: ${text}\n`)
    .join('');

function curl(server: string, request: ApiRequest): string {
  const headers = sorted(requestHeaders(request)).map(([name, text]) => ` -H ${quote(`${name}: ${text}`)}`);
  return `curl -v -X${request.method} ${headers.join('')} '${urlOf(server, request)}'\n`;
}
