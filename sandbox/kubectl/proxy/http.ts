/** HTTP/1.1 as `kubectl proxy` speaks it on its socket: requests read from bytes, responses written to them (RFC 9112). */

import type { ApiResponse } from '../../api/http.ts';
import { firstOf, type Task } from '../../sim/task.ts';
import { canonicalHeader, REASONS } from '../client/http.ts';
import type { LocalConnection } from '../environment.ts';
import { decode, encode } from '../text.ts';

export interface LocalRequest {
  readonly method: string;
  /** As it stands in the request line, without the query. */
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the client wants the connection for more. */
  readonly keepAlive: boolean;
}

/** A request that makes no sense: Go's server answers it and hangs up. */
export class BadRequest extends Error {}

export class RequestReader {
  readonly #connection: LocalConnection;
  #held: Uint8Array = new Uint8Array(0);

  constructor(connection: LocalConnection) {
    this.#connection = connection;
  }

  /** Undefined at the end of the connection. */
  *next(): Task<LocalRequest | undefined> {
    const head = yield* this.#until('\r\n\r\n');
    if (head === undefined) return undefined;
    const [first = '', ...lines] = head.split('\r\n');
    const [, method = '', target = '', version = ''] = /^([A-Z]+) (\S+) HTTP\/(1\.[01])$/.exec(first) ?? [];
    if (!method) throw new BadRequest('400 Bad Request');
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    if (version === '1.1' && headers.host === undefined)
      throw new BadRequest('400 Bad Request: missing required Host header');
    const [path = '', search = ''] = target.replace(/^\w+:\/\/[^/]*/, '').split(/\?(.*)/s);
    const body = yield* this.#body(headers);
    const query = [...new URLSearchParams(search)];
    const asked = headers.connection?.toLowerCase();
    const keepAlive = version === '1.1' ? asked !== 'close' : asked === 'keep-alive';
    return { method, path: unescaped(path || '/'), query, headers, body, keepAlive };
  }

  *#body(headers: Readonly<Record<string, string>>): Task<string> {
    if (headers.expect?.toLowerCase() === '100-continue')
      this.#connection.send.push(encode('HTTP/1.1 100 Continue\r\n\r\n'));
    if (headers['transfer-encoding']?.toLowerCase() !== 'chunked')
      return decode(yield* this.#bytes(Number(headers['content-length'] ?? 0)));
    let body = '';
    for (;;) {
      const size = Number.parseInt((yield* this.#until('\r\n')) ?? '0', 16);
      if (!(size > 0)) break;
      body += decode(yield* this.#bytes(size));
      yield* this.#bytes(2);
    }
    yield* this.#until('\r\n');
    return body;
  }

  *#until(mark: string): Task<string | undefined> {
    for (;;) {
      const text = String.fromCharCode(...this.#held);
      const end = text.indexOf(mark);
      if (end >= 0) {
        this.#held = this.#held.slice(end + mark.length);
        return text.slice(0, end);
      }
      if (!(yield* this.#more())) return undefined;
    }
  }

  *#bytes(count: number): Task<Uint8Array> {
    while (this.#held.length < count && (yield* this.#more()));
    const taken = this.#held.slice(0, count);
    this.#held = this.#held.slice(count);
    return taken;
  }

  *#more(): Task<boolean> {
    const chunk = yield* this.#connection.receive.next();
    if (!chunk) return false;
    const joined = new Uint8Array(this.#held.length + chunk.length);
    joined.set(this.#held);
    joined.set(chunk, this.#held.length);
    this.#held = joined;
    return true;
  }
}

function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new BadRequest('400 Bad Request');
  }
}

/** What belongs to one connection only, and what is said anew for each body. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'trailer', 'upgrade']);

/** Streams go out in chunks as they come; a client that hangs up ends them. */
export function* respond(connection: LocalConnection, request: LocalRequest, response: ApiResponse): Task<void> {
  const { send } = connection;
  const headers = response.headers.filter(([name]) => !HOP_BY_HOP.has(name));
  const head = (...more: [string, string][]) => {
    const lines = [...headers, ...more].map(([name, value]) => `${canonicalHeader(name)}: ${value}\r\n`).sort();
    const hangUp = request.keepAlive ? '' : 'Connection: close\r\n';
    send.push(
      encode(`HTTP/1.1 ${response.status} ${REASONS[response.status] ?? ''}\r\n${lines.join('')}${hangUp}\r\n`),
    );
  };
  const { body } = response;
  if (typeof body === 'string') {
    const text = body || (response.value === undefined ? '' : `${JSON.stringify(response.value)}\n`);
    const bytes = encode(text);
    if (request.method === 'HEAD') return head();
    head(['content-length', String(bytes.length)]);
    send.push(bytes);
    return;
  }
  head(['transfer-encoding', 'chunked']);
  try {
    for (;;) {
      const { receive } = connection;
      if (!body.ready) yield* receive.size > 0 ? firstOf(body.readable) : firstOf(body.readable, receive.readable);
      if (receive.closed || (body.closed && body.size === 0)) break;
      const bytes = encode(body.take() ?? '');
      if (bytes.length === 0) continue;
      send.push(encode(`${bytes.length.toString(16)}\r\n`));
      send.push(bytes);
      send.push(encode('\r\n'));
    }
    send.push(encode('0\r\n\r\n'));
  } finally {
    body.cancel();
  }
}
