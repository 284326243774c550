/** Real HTTP requests to the simulated API server: bodies in, answers and watch streams out. */

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ApiRequest, ApiResponse, ApiServer } from '../api/http.ts';
import { PROTOBUF, protobufToJson } from '../api/protobuf/decode.ts';
import { asksForProtobuf, OPENAPI_V2_PROTOBUF, openApiV2ToProtobuf } from '../api/protobuf/openapi-v2.ts';
import type { Clock } from '../sim/clock.ts';
import type { RealTimeDriver } from '../sim/driver.ts';

export interface ServedWorld {
  readonly api: ApiServer;
  readonly clock: Clock;
  /** Brings the world's time up to a request, and looks at it again after one. */
  readonly driver: Pick<RealTimeDriver, 'catchUp' | 'wake'>;
}

/** As the API server's limit for resource requests: 3 MiB. */
const BODY_LIMIT = 3 * 1024 * 1024;

export function httpListener(world: ServedWorld): RequestListener {
  return (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_LIMIT) chunks.push(chunk);
    });
    incoming.on('end', () => {
      if (size > BODY_LIMIT) {
        outgoing.writeHead(413).end('limit is 3145728');
        return;
      }
      world.driver.catchUp();
      const response = world.api.handle(readable(incoming, Buffer.concat(chunks)));
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

/** Typed Go clients write protobuf: the API server reads JSON. */
function readable(incoming: IncomingMessage, body: Buffer): ApiRequest {
  const json = incoming.headers['content-type'] === PROTOBUF ? protobufToJson(body) : undefined;
  if (json === undefined) return apiRequest(incoming, body.toString('utf8'));
  const request = apiRequest(incoming, json);
  return { ...request, headers: { ...request.headers, 'content-type': 'application/json' } };
}

export function apiRequest(incoming: IncomingMessage, body = ''): ApiRequest {
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  return {
    method: (incoming.method ?? 'GET') as ApiRequest['method'],
    path: url.pathname,
    query: [...url.searchParams],
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
    ...(body === '' ? {} : { body }),
  };
}

function send(response: ApiResponse, outgoing: ServerResponse): void {
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
