/** kubectl's way to a real API server: Node's HTTP and HTTPS, WebSockets for exec, SPDY for port-forward. */

import { getServers } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import type { ApiRequest, ApiResponse, ExecSession, PortForwardConnection, Transport } from '../api/http.ts';
import { TransportError } from '../api/http.ts';
import type { ClusterConnection } from '../kubectl/environment.ts';
import { Channel } from '../sim/channel.ts';
import type { Task } from '../sim/task.ts';
import { dialedPorts, PORT_FORWARD_PROTOCOL } from './streaming/port-forward.ts';
import { CLOSING_PROTOCOL, dialedSession } from './streaming/websocket-exec.ts';

/** Runs outside work for a task; unlike `outside`, time goes on meanwhile: it is real time. */
export function* awaiting<T>(wake: () => void, work: () => Promise<T>): Task<T> {
  return (yield (resume) => {
    work().then(
      (value) => {
        resume(value);
        wake();
      },
      (error: unknown) => {
        resume.fail(error);
        wake();
      },
    );
    return undefined;
  }) as T;
}

export class NodeTransport implements Transport {
  readonly server: string;
  readonly #cluster: ClusterConnection;
  readonly #wake: () => void;
  readonly #agent: http.Agent;
  readonly #streams = new Set<WebSocket>();

  constructor(cluster: ClusterConnection, wake: () => void) {
    this.server = cluster.server;
    this.#cluster = cluster;
    this.#wake = wake;
    this.#agent = cluster.server.startsWith('https:')
      ? new https.Agent({ keepAlive: true, ...this.#tls() })
      : new http.Agent({ keepAlive: true });
  }

  *request(request: ApiRequest): Task<ApiResponse> {
    return yield* awaiting(this.#wake, async () => this.#send(request));
  }

  *exec(request: ApiRequest): Task<ExecSession | ApiResponse> {
    return yield* awaiting(this.#wake, async () => this.#webSocket(request, [CLOSING_PROTOCOL, 'v4.channel.k8s.io']));
  }

  *portForward(request: ApiRequest): Task<PortForwardConnection | ApiResponse> {
    return yield* awaiting(this.#wake, async () => {
      const socket = await this.#spdy(request, PORT_FORWARD_PROTOCOL);
      return 'status' in socket ? socket : dialedPorts(socket, this.#wake);
    });
  }

  /** Ends what is open still: nothing of it keeps the process. */
  close(): void {
    this.#agent.destroy();
    for (const stream of this.#streams) stream.terminate();
  }

  #url(request: ApiRequest): URL {
    const address = this.server.replace(/\/$/, '') + request.path;
    if (!URL.canParse(address)) throw new TransportError(`dial tcp: lookup ${hostOf(this.server)}: no such host`);
    const url = new URL(address);
    for (const [name, value] of request.query) url.searchParams.append(name, value);
    return url;
  }

  #headers(request: ApiRequest): Record<string, string> {
    const { 'client-cert': _, ...headers } = request.headers;
    return { ...headers, ...(this.#cluster.token ? { authorization: `Bearer ${this.#cluster.token}` } : {}) };
  }

  #tls() {
    const { certificateAuthority, clientCertificate, clientKey, insecureSkipTlsVerify } = this.#cluster;
    return {
      ...(certificateAuthority ? { ca: Buffer.from(certificateAuthority) } : {}),
      ...(clientCertificate ? { cert: Buffer.from(clientCertificate) } : {}),
      ...(clientKey ? { key: Buffer.from(clientKey) } : {}),
      rejectUnauthorized: !insecureSkipTlsVerify,
    };
  }

  #send(request: ApiRequest): Promise<ApiResponse> {
    const url = this.#url(request);
    const streaming = request.query.some(
      ([name, value]) => (name === 'watch' || name === 'follow') && /^(1|true)$/.test(value),
    );
    return new Promise((resolve, reject) => {
      const outgoing = (url.protocol === 'https:' ? https : http).request(
        url,
        {
          method: request.method,
          headers: this.#headers(request),
          agent: this.#agent,
          timeout: this.#cluster.requestTimeout ?? 0,
        },
        (incoming) => {
          const head = headOf(incoming);
          if (streaming && head.status < 300) {
            resolve({ ...head, body: this.#stream(incoming) });
            return;
          }
          readWhole(incoming).then(resolve, (error: Error) => reject(transportError(error, url)));
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
      outgoing.on('error', (error) => reject(transportError(error, url)));
      outgoing.end(request.body);
    });
  }

  #stream(incoming: http.IncomingMessage): Channel<string> {
    const body = new Channel<string>();
    const decoder = new TextDecoder();
    body.onCancel = () => incoming.destroy();
    incoming.on('data', (chunk: Buffer) => {
      body.push(decoder.decode(chunk, { stream: true }));
      this.#wake();
    });
    incoming.on('close', () => {
      body.close();
      this.#wake();
    });
    incoming.on('error', () => body.close());
    return body;
  }

  /** httpstream/spdy's round tripper: the connection itself becomes SPDY. */
  #spdy(request: ApiRequest, protocol: string): Promise<Duplex | ApiResponse> {
    const url = this.#url(request);
    return new Promise((resolve, reject) => {
      const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
        method: request.method,
        headers: {
          ...this.#headers(request),
          connection: 'Upgrade',
          upgrade: 'SPDY/3.1',
          'x-stream-protocol-version': protocol,
        },
        ...this.#tls(),
      });
      outgoing.on('upgrade', (_, socket, head) => {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      outgoing.on('response', (incoming) => {
        readWhole(incoming).then(resolve, (error: Error) => reject(transportError(error, url)));
      });
      outgoing.on('error', (error) => reject(transportError(error, url)));
      outgoing.end();
    });
  }

  #webSocket(request: ApiRequest, protocols: string[]): Promise<ExecSession | ApiResponse> {
    const url = this.#url(request);
    url.protocol = url.protocol.replace('http', 'ws');
    return new Promise((resolve, reject) => {
      const ws = new WebSocket(url, protocols, {
        headers: this.#headers(request),
        ...this.#tls(),
      });
      this.#streams.add(ws);
      ws.on('close', () => this.#streams.delete(ws));
      // At once: what the server says first may come with its consent.
      ws.on('open', () => resolve(dialedSession(ws, this.#wake)));
      ws.on('unexpected-response', (_, incoming) => {
        readWhole(incoming).then(resolve, (error: Error) => reject(transportError(error, url)));
      });
      ws.on('error', (error) => reject(transportError(error, url)));
    });
  }
}

async function readWhole(incoming: http.IncomingMessage): Promise<ApiResponse> {
  return { ...headOf(incoming), body: await text(incoming) };
}

function headOf(incoming: http.IncomingMessage): Omit<ApiResponse, 'body'> {
  const headers: [string, string][] = [];
  for (let i = 0; i < incoming.rawHeaders.length; i += 2)
    headers.push([incoming.rawHeaders[i]!.toLowerCase(), incoming.rawHeaders[i + 1]!]);
  return { status: incoming.statusCode ?? 0, headers };
}

/** What Go takes for the host of `http://HOST:PORT` when it is none. */
const hostOf = (server: string): string => server.replace(/^\w+:\/\//, '').replace(/:[^:]*$/, '');

/** In Go's words, which kubectl's own messages quote (net.OpError). */
function transportError(error: Error & { code?: string }, url: URL): TransportError {
  const host = url.hostname === 'localhost' ? '127.0.0.1' : url.hostname;
  const address = `${host}:${url.port || (url.protocol.startsWith('https') || url.protocol === 'wss:' ? 443 : 80)}`;
  const [nameServer] = getServers();
  const by = nameServer === undefined ? '' : ` on ${nameServer.includes(':') ? nameServer : `${nameServer}:53`}`;
  const words: Record<string, string> = {
    ECONNREFUSED: `dial tcp ${address}: connect: connection refused`,
    EHOSTUNREACH: `dial tcp ${address}: connect: no route to host`,
    ENETUNREACH: `dial tcp ${address}: connect: network is unreachable`,
    ENOTFOUND: `dial tcp: lookup ${url.hostname}${by}: no such host`,
    EAI_AGAIN: `dial tcp: lookup ${url.hostname}${by}: no such host`,
    ETIMEDOUT: `dial tcp ${address}: i/o timeout`,
    ECONNRESET: 'EOF',
  };
  return new TransportError(words[error.code ?? ''] ?? error.message);
}
