/** The API server as a fetch: the platform's Request in, its Response out, watches as streams. */

import type { ApiRequest, ApiResponse } from '../../api/http.ts';
import type { OutsideRequest } from '../../channel/messages.ts';
import { apiServer } from '../../world/cast.ts';
import { UsageError } from './errors.ts';
import type { Outside } from './time.ts';
import type { Fetch } from './types.ts';

const ORIGIN = `https://${apiServer.address}:${apiServer.port}`;
/** What a client is called that does not say: the manager of the fields it writes. */
const USER_AGENT = 'bound';
/** The platform allows these no body (fetch standard, "null body status"). */
const BODILESS = new Set([101, 204, 205, 304]);

export interface ApiEnds {
  /** Throws when there is no world any more. */
  demandOpen(): void;
  /** Answered by the world as it stands. */
  read(request: ApiRequest): ApiResponse;
  /** An input of the world: it comes at a moment of its time. */
  write(request: OutsideRequest): Promise<ApiResponse>;
  readonly outside: Outside;
}

export class ApiFetch {
  readonly #ends: ApiEnds;
  readonly #streams = new Set<() => void>();

  constructor(ends: ApiEnds) {
    this.#ends = ends;
  }

  readonly fetch: Fetch = async (input, init) => {
    this.#ends.demandOpen();
    const request = new Request(input instanceof Request ? input : addressOf(input), init);
    const { method } = request;
    if (!isMethod(method)) throw new UsageError(`fetch: the API server knows no method ${method}`);
    const { outside } = this.#ends;
    outside.stir();
    const plain = await plainOf(request);
    request.signal.throwIfAborted();
    const response = isWrite(method)
      ? await this.#ends.write({ ...plain, method })
      : this.#ends.read({ ...plain, method });
    outside.stir();
    const bodiless = method === 'HEAD' || BODILESS.has(response.status);
    return new Response(bodiless ? null : this.#bodyOf(response, request.signal), {
      status: response.status,
      headers: response.headers.map(([name, value]): [string, string] => [name, value]),
    });
  };

  /** Ends the streams that are open: their world is no more. */
  endStreams(): void {
    for (const end of [...this.#streams]) end();
  }

  #bodyOf({ body }: ApiResponse, signal: AbortSignal): BodyInit {
    if (typeof body === 'string') return body;
    const { outside } = this.#ends;
    const encoder = new TextEncoder();
    let hangUp = () => {};
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => {
        let open = true;
        const end = (act: () => void) => {
          if (!open) return;
          open = false;
          this.#streams.delete(close);
          signal.removeEventListener('abort', abort);
          outside.stir();
          act();
        };
        const close = () => {
          end(() => controller.close());
          body.cancel();
        };
        const abort = () => {
          end(() => controller.error(signal.reason));
          body.cancel();
        };
        hangUp = () => {
          end(() => {});
          body.cancel();
        };
        this.#streams.add(close);
        signal.addEventListener('abort', abort);
        body.listen(() => {
          for (let chunk = body.take(); open && chunk !== undefined; chunk = body.take()) {
            controller.enqueue(encoder.encode(chunk));
            outside.stir();
          }
          if (body.closed) end(() => controller.close());
        });
      },
      cancel: () => hangUp(),
    });
  }
}

function addressOf(given: unknown): URL {
  if (typeof given !== 'string' && !(given instanceof URL))
    throw new UsageError('fetch: expected an address or a Request');
  try {
    return new URL(given, ORIGIN);
  } catch {
    throw new UsageError(`fetch: "${given}" is no address`);
  }
}

async function plainOf(request: Request): Promise<Omit<OutsideRequest, 'method'>> {
  const { origin, pathname, searchParams } = new URL(request.url);
  if (origin !== ORIGIN)
    throw new UsageError(`fetch: ${origin} is not this cluster, which is ${ORIGIN} (a path alone means it)`);
  const body = request.body === null && !request.headers.has('content-type') ? '' : await request.text();
  return {
    path: pathname,
    query: [...searchParams],
    headers: { 'user-agent': USER_AGENT, ...Object.fromEntries(request.headers) },
    ...(body !== '' && { body }),
  };
}

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];
const isWrite = (method: string): method is OutsideRequest['method'] => WRITES.includes(method);
const isMethod = (method: string): method is ApiRequest['method'] =>
  isWrite(method) || ['GET', 'HEAD', 'OPTIONS'].includes(method);
