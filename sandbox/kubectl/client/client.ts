/** Requests to the API server: paths, Status answers as errors, warnings once each on stderr. */

import type { ApiRequest, ApiResponse, ExecSession, PortForwardConnection, Transport } from '../../api/http.ts';
import { TransportError } from '../../api/http.ts';
import type { Status } from '../../api/object.ts';
import type { Channel } from '../../sim/channel.ts';
import type { Task } from '../../sim/task.ts';
import { ApiError, ConnectionError } from '../cli/errors.ts';
import { encode } from '../text.ts';

export type Query = readonly (readonly [string, string])[];

export interface RequestOptions {
  readonly query?: Query;
  readonly body?: string;
  readonly accept?: string;
  readonly contentType?: string;
  /** Where `Warning:` lines of this answer go to nobody (discovery). */
  readonly quiet?: boolean;
  /** A path that somebody gave: nothing is known of a resource. */
  readonly raw?: boolean;
}

export const TABLE_ACCEPT =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

export class ApiClient {
  readonly #transport: Transport;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #warn: (text: string) => void;
  readonly #warned = new Set<string>();

  constructor(transport: Transport, headers: Readonly<Record<string, string>>, warn: (text: string) => void) {
    this.#transport = transport;
    this.#headers = headers;
    this.#warn = warn;
  }

  get server(): string {
    return this.#transport.server;
  }

  /** How many distinct warnings were shown (--warnings-as-errors). */
  get warnings(): number {
    return this.#warned.size;
  }

  /** The answer's JSON. */
  *json<T>(method: ApiRequest['method'], path: string, options: RequestOptions = {}): Task<T> {
    const response = yield* this.#send(this.#request(method, path, options), options);
    const { value = JSON.parse(yield* wholeBody(response.body)) } = response;
    return value as T;
  }

  /** The whole body of a good answer; ApiError for a refusal, ConnectionError for none. */
  *text(method: ApiRequest['method'], path: string, options: RequestOptions = {}): Task<string> {
    const response = yield* this.#send(this.#request(method, path, options), options);
    return yield* wholeBody(response.body);
  }

  /** A watch or a log that follows: text as it comes. Cancel it to hang up. */
  *stream(path: string, options: RequestOptions = {}): Task<Channel<string> | string> {
    const response = yield* this.#send(this.#request('GET', path, options));
    return response.body;
  }

  *exec(path: string, query: Query): Task<ExecSession> {
    const request = this.#request('POST', path, { query });
    const answer = yield* this.#connected(request, this.#transport.exec(request));
    if ('status' in answer) throw yield* errorOf(answer, request);
    return answer;
  }

  *portForward(path: string): Task<PortForwardConnection> {
    const request = this.#request('POST', path, {});
    const answer = yield* this.#connected(request, this.#transport.portForward(request));
    if ('status' in answer) throw yield* errorOf(answer, request);
    return answer;
  }

  /** Somebody else's request with these credentials; whatever comes back is theirs (`kubectl proxy`). */
  *forward(request: ApiRequest): Task<ApiResponse> {
    const headers = { ...this.#headers, ...request.headers };
    return yield* this.#connected(request, this.#transport.request({ ...request, headers }));
  }

  #request(method: ApiRequest['method'], path: string, options: RequestOptions): ApiRequest {
    const headers: Record<string, string> = { ...this.#headers, accept: options.accept ?? 'application/json' };
    if (options.body !== undefined) {
      headers['content-type'] = options.contentType ?? 'application/json';
      // Said outright: Node's http sends the body of a DELETE unframed otherwise.
      headers['content-length'] = String(encode(options.body).length);
    }
    return { method, path, query: options.query ?? [], headers, body: options.body };
  }

  *#send(request: ApiRequest, { quiet = false, raw = false }: RequestOptions = {}): Task<ApiResponse> {
    const response = yield* this.#connected(request, this.#transport.request(request));
    if (!quiet) this.#showWarnings(response);
    if (response.status >= 400) throw yield* errorOf(response, raw ? undefined : request);
    return response;
  }

  *#connected<T>(request: ApiRequest, task: Task<T>): Task<T> {
    try {
      return yield* task;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      const query = request.query.map(([k, v]) => `${encodeURIComponent(k)}=${encodeURIComponent(v)}`).join('&');
      throw new ConnectionError(
        request.method,
        `${this.server}${request.path}${query ? `?${query}` : ''}`,
        error.message,
      );
    }
  }

  #showWarnings(response: ApiResponse): void {
    for (const [name, value] of response.headers) {
      if (name.toLowerCase() !== 'warning') continue;
      for (const [, text] of value.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)) {
        const message = text!.replace(/\\(.)/g, '$1');
        if (this.#warned.has(message)) continue;
        this.#warned.add(message);
        this.#warn(message);
      }
    }
  }
}

function* wholeBody(body: string | Channel<string>): Task<string> {
  if (typeof body === 'string') return body;
  let text = '';
  for (let chunk = yield* body.next(); chunk !== undefined; chunk = yield* body.next()) text += chunk;
  return text;
}

function* errorOf(response: ApiResponse, request: ApiRequest | undefined): Task<ApiError> {
  const text = yield* wholeBody(response.body);
  return new ApiError(parseStatus(text) ?? genericStatus(response.status, text, request ? requested(request) : ''));
}

function parseStatus(text: string): Status | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const status = JSON.parse(text) as Status;
    return status.kind === 'Status' ? status : undefined;
  } catch {
    return undefined;
  }
}

/** apimachinery errors.NewGenericServerResponse: what is said when the answer was no Status. */
function genericStatus(code: number, body: string, request: string): Status {
  const known: Readonly<Record<number, readonly [reason: string, message: string]>> = {
    400: ['BadRequest', body.trim() || 'the server rejected our request for an unknown reason'],
    401: ['Unauthorized', 'the server has asked for the client to provide credentials'],
    403: ['Forbidden', body.trim() || 'the server does not allow access to the requested resource'],
    404: ['NotFound', 'the server could not find the requested resource'],
    405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
    409: ['Conflict', 'the server reported a conflict'],
    415: ['UnsupportedMediaType', body.trim()],
    422: ['Invalid', 'the server rejected our request due to an error in our request'],
    429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
    503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
    504: [
      'Timeout',
      'the server was unable to return a response in the time allotted, but may still be processing the request',
    ],
  };
  const [reason, message] = known[code] ?? [
    'InternalError',
    `an error on the server (${JSON.stringify(body.trim() || 'unknown')}) has prevented the request from succeeding`,
  ];
  const whole = request ? `${message} (${request})` : message;
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason, message: whole, code };
}

const RESOURCE_PATH = /^\/(?:api|apis\/([^/]+))\/[^/]+\/(?:namespaces\/[^/]+\/(?=[^/]+))?([^/]+)(?:\/([^/]+))?/;

/** `get crontabs.stable.example.com a`; nothing of a path that is no resource's. */
function requested({ method, path }: ApiRequest): string {
  const [, group, resource, name] = RESOURCE_PATH.exec(path) ?? [];
  if (!resource) return '';
  return [
    method.toLowerCase(),
    group ? `${resource}.${group}` : resource,
    ...(name ? [decodeURIComponent(name)] : []),
  ].join(' ');
}
