/** HTTP/1.1 as the clients speak it: one request on a connection, one response read whole. */

import type { Task } from '../../../sim/task.ts';
import type { Connection } from '../../network/network.ts';

export interface Url {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

export interface Response {
  readonly version: string;
  readonly status: number;
  /** The status line and the headers, with the empty line after them. */
  readonly head: string;
  readonly body: Uint8Array;
}

/** A URL without a scheme is an HTTP one; the host is empty where there is none. */
export function parseUrl(text: string): Url {
  const [, scheme = 'http', rest = text] = /^(\w+):\/\/(.*)$/.exec(text) ?? [];
  const slash = rest.search(/[/?]/);
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const path = slash < 0 ? '/' : rest.slice(slash).replace(/^\?/, '/?');
  const [host = '', port] = authority.replace(/^.*@/, '').split(':');
  return { scheme, host, port: Number(port ?? (scheme === 'https' ? 443 : 80)), path };
}

/** Undefined if the peer goes away without a word. */
export function* exchange(
  connection: Connection,
  lines: readonly string[],
  { body = '', headOnly = false }: { readonly body?: string; readonly headOnly?: boolean } = {},
): Task<Response | undefined> {
  connection.send.push(new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n${body}`));
  const response = yield* receive(connection, headOnly);
  connection.send.close();
  return response;
}

function* receive(connection: Connection, headOnly: boolean): Task<Response | undefined> {
  let data: Uint8Array = new Uint8Array(0);
  for (;;) {
    const response = complete(data, headOnly, connection.receive.closed && connection.receive.size === 0);
    if (response) return response;
    const chunk = yield* connection.receive.next();
    if (!chunk) {
      if (data.length === 0) return undefined;
      continue;
    }
    const joined = new Uint8Array(data.length + chunk.length);
    joined.set(data);
    joined.set(chunk, data.length);
    data = joined;
  }
}

function complete(data: Uint8Array, headOnly: boolean, closed: boolean): Response | undefined {
  const text = new TextDecoder('latin1').decode(data);
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end + 4);
  const [, version = '', status = '0'] = /^(\S+) (\d+)/.exec(head) ?? [];
  const length = /^content-length:\s*(\d+)/im.exec(head)?.[1];
  const body = data.slice(end + 4);
  const whole = headOnly || (length !== undefined && body.length >= Number(length)) || closed;
  return whole
    ? { version, status: Number(status), head, body: length === undefined ? body : body.slice(0, Number(length)) }
    : undefined;
}
