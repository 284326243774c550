/** Real HTTP requests to the simulated API server: bodies in, answers and watch streams out. */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type ApiRequest, type ApiResponse, type ApiServer, BODY_LIMIT } from '../api/http.ts';
import { PROTOBUF, protobufToJson } from '../api/protobuf/decode.ts';
import { asksForProtobuf, OPENAPI_V2_PROTOBUF, openApiV2ToProtobuf } from '../api/protobuf/openapi-v2.ts';
import type { Clock } from '../sim/clock.ts';
import type { RealTimeDriver } from '../sim/driver.ts';
import { requestTarget } from './request-target.ts';

export interface ServedWorld {
  readonly api: ApiServer;
  readonly clock: Clock;
  /** Brings the world's time up to a request, whose path may matter, and looks at it again after one. */
  readonly driver: { catchUp(path?: string): void } & Pick<RealTimeDriver, 'wake'>;
}

export function httpListener(world: ServedWorld): RequestListener {
  return (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      // One byte beyond the limit is enough for the server to see that there are too many.
      if (size <= BODY_LIMIT) chunks.push(chunk.subarray(0, BODY_LIMIT + 1 - size));
      size += chunk.length;
    });
    incoming.on('end', () => {
      const request = readable(incoming, Buffer.concat(chunks));
      if (!request) {
        outgoing.writeHead(400, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
        outgoing.end('400 Bad Request');
        return;
      }
      world.driver.catchUp(incoming.url);
      const response = guarded(world, request);
      world.driver.wake();
      if (asksForProtobuf(incoming.headers.accept) && typeof response.body === 'string' && response.status === 200) {
        outgoing.writeHead(200, { 'content-type': OPENAPI_V2_PROTOBUF }).end(openApiV2ToProtobuf(response.body));
        return;
      }
      send(response, outgoing);
    });
    incoming.on('error', () => outgoing.destroy());
  };
}

/** One request that the server fails at does not end it for everybody (apiserver pkg/server/filters/wrap.go, WithPanicRecovery). */
function guarded({ api }: ServedWorld, request: ApiRequest): ApiResponse {
  try {
    return api.handle(request);
  } catch (error) {
    process.stderr.write(`lab serve: ${request.method} ${request.path}: ${(error as Error).stack ?? error}\n`);
    const body = 'This request caused apiserver to panic. Look in the logs for details.\n';
    return { status: 500, headers: [['content-type', 'text/plain; charset=utf-8']], body };
  }
}

/** Typed Go clients write protobuf: the API server reads JSON. */
function readable(incoming: IncomingMessage, body: Buffer): ApiRequest | undefined {
  const protobuf = incoming.headers['content-type'] === PROTOBUF && body.length <= BODY_LIMIT;
  const json = protobuf ? protobufToJson(body) : undefined;
  if (json === undefined) return apiRequest(incoming, body.toString('utf8'));
  const request = apiRequest(incoming, json);
  return request && { ...request, headers: { ...request.headers, 'content-type': 'application/json' } };
}

/** Undefined when the request line cannot be read. */
export function apiRequest(incoming: IncomingMessage, body = ''): ApiRequest | undefined {
  const target = requestTarget(incoming.url ?? '/');
  if (!target) return undefined;
  return {
    method: (incoming.method ?? 'GET') as ApiRequest['method'],
    ...target,
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
    ...(body === '' ? {} : { body }),
  };
}

/** Which flow schema let a request through (apiserver pkg/server/filters/priority-and-fairness.go): here one for all, exempt. */
const FLOW = { schema: randomUUID(), priorityLevel: randomUUID() };

/** What every answer of the API server carries. */
function addCommonHeaders(outgoing: ServerResponse): void {
  outgoing.setHeader('audit-id', randomUUID());
  outgoing.setHeader('cache-control', 'no-cache, private');
  outgoing.setHeader('x-kubernetes-pf-flowschema-uid', FLOW.schema);
  outgoing.setHeader('x-kubernetes-pf-prioritylevel-uid', FLOW.priorityLevel);
  // Go's server keeps connections without saying so.
  outgoing.removeHeader('connection');
}

function send(response: ApiResponse, outgoing: ServerResponse): void {
  addCommonHeaders(outgoing);
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value);
  outgoing.statusCode = response.status;
  const { body } = response;
  if (typeof body === 'string') {
    outgoing.end(body);
    return;
  }
  outgoing.flushHeaders();
  outgoing.on('close', () => body.cancel());
  body.listen(() => {
    for (let chunk = body.take(); chunk !== undefined; chunk = body.take()) outgoing.write(chunk);
    if (body.closed && !outgoing.writableEnded) outgoing.end();
  });
}
