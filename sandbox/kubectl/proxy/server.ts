/** What `kubectl proxy` answers: a filter, a prefix, then the API server (kubectl pkg/proxy/proxy_server.go). */

import type { ApiRequest, ApiResponse } from '../../api/http.ts';
import type { Task } from '../../sim/task.ts';
import { ConnectionError } from '../cli/errors.ts';
import type { ApiClient } from '../client/client.ts';
import { REASONS } from '../client/http.ts';
import type { LocalConnection } from '../environment.ts';
import { encode } from '../text.ts';
import { BadRequest, type LocalRequest, RequestReader, respond } from './http.ts';

export interface Filter {
  readonly acceptPaths: readonly RegExp[];
  readonly rejectPaths: readonly RegExp[];
  readonly acceptHosts: readonly RegExp[];
  readonly rejectMethods: readonly RegExp[];
}

export interface ProxyServer {
  readonly client: ApiClient;
  /** Ends in a slash. */
  readonly prefix: string;
  /** None for --disable-filter. */
  readonly filter: Filter | undefined;
  readonly complain: (text: string) => Task<void>;
}

/** All requests of one connection, in order. */
export function* serveConnection(server: ProxyServer, connection: LocalConnection): Task<void> {
  const reader = new RequestReader(connection);
  try {
    for (;;) {
      const request = yield* reader.next();
      if (!request) return;
      yield* respond(connection, request, yield* answerTo(server, request));
      if (!request.keepAlive) return;
    }
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    const type = 'Content-Type: text/plain; charset=utf-8';
    connection.send.push(
      encode(`HTTP/1.1 400 ${REASONS[400]}\r\n${type}\r\nConnection: close\r\n\r\n${error.message}`),
    );
  } finally {
    connection.send.close();
  }
}

function* answerTo({ client, prefix, filter, complain }: ProxyServer, request: LocalRequest): Task<ApiResponse> {
  const path = underPrefix(prefix, request.path);
  if (path === undefined) return plain(404, '404 page not found');
  if (filter && !accepts(filter, request.method, path, hostOf(request))) return plain(403, REASONS[403]!);
  try {
    return yield* client.forward({
      method: request.method as ApiRequest['method'],
      path,
      query: request.query,
      headers: passedOn(request.headers),
      ...(request.body === '' ? {} : { body: request.body }),
    });
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    yield* complain(`Error while proxying request: ${error.message}`);
    return plain(500, error.message);
  }
}

/** stripLeaveSlash; a prefix below /api stays in the path. */
function underPrefix(prefix: string, path: string): string | undefined {
  if (!path.startsWith(prefix)) return undefined;
  if (prefix.startsWith('/api')) return path;
  return `/${path.slice(prefix.length).replace(/^\//, '')}`;
}

function accepts(filter: Filter, method: string, path: string, host: string): boolean {
  const matches = (patterns: readonly RegExp[], text: string) => patterns.some((pattern) => pattern.test(text));
  if (matches(filter.rejectPaths, path) || matches(filter.rejectMethods, method)) return false;
  return matches(filter.acceptPaths, path) && matches(filter.acceptHosts, host);
}

const hostOf = ({ headers }: LocalRequest): string => (headers.host ?? '').replace(/:\d*$/, '');

const OWN = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'expect']);

/** A request's headers without those of its own connection; the answer is wanted as it is. */
function passedOn(headers: LocalRequest['headers']): Record<string, string> {
  const passed = Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN.has(name)));
  delete passed['accept-encoding'];
  return passed;
}

/** http.Error. */
const plain = (status: number, text: string): ApiResponse => ({
  status,
  headers: [
    ['content-type', 'text/plain; charset=utf-8'],
    ['x-content-type-options', 'nosniff'],
  ],
  body: `${text}\n`,
});
