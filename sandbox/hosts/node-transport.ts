/** kubectl's way to a real API server: Node's HTTP and HTTPS, WebSockets for exec, SPDY for port-forward. */

import { getServers } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type {
  ApiRequest,
  ApiResponse,
  ExecSession,
  PortForwardConnection,
  TerminalSize,
  Transport,
} from '../api/http.ts';
import { TransportError } from '../api/http.ts';
import type { ClusterConnection } from '../kubectl/environment.ts';
import { Channel } from '../sim/channel.ts';
import type { Task } from '../sim/task.ts';
import { dialedPorts, PORT_FORWARD_PROTOCOL } from './streaming/port-forward.ts';

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
    return yield* awaiting(this.#wake, async () => this.#upgrade(request));
  }

  *portForward(request: ApiRequest): Task<PortForwardConnection | ApiResponse> {
    return yield* awaiting(this.#wake, async () => {
      const socket = await this.#spdy(request, PORT_FORWARD_PROTOCOL);
      return 'status' in socket ? socket : dialedPorts(socket, this.#wake);
    });
  }

  #url(request: ApiRequest): URL {
    const text = this.server.replace(/\/$/, '') + request.path;
    if (!URL.canParse(text)) throw new TransportError(`dial tcp: lookup ${hostOf(this.server)}: no such host`);
    const url = new URL(text);
    for (const [name, value] of request.query) url.searchParams.append(name, value);
    return url;
  }

  #headers(request: ApiRequest): Record<string, string> {
    return { ...request.headers, ...(this.#cluster.token ? { authorization: `Bearer ${this.#cluster.token}` } : {}) };
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
          const head = { status: incoming.statusCode ?? 0, headers: headerPairs(incoming) };
          if (streaming && head.status < 300) {
            resolve({ ...head, body: this.#stream(incoming) });
            return;
          }
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('end', () => resolve({ ...head, body: Buffer.concat(chunks).toString('utf8') }));
          incoming.on('error', (error) => reject(transportError(error, url)));
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

  async #upgrade(request: ApiRequest): Promise<ExecSession | ApiResponse> {
    const ws = await this.#webSocket(request, ['v5.channel.k8s.io', 'v4.channel.k8s.io']);
    return ws instanceof WebSocket ? session(ws, this.#wake) : ws;
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
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const body = Buffer.concat(chunks).toString('utf8');
          resolve({ status: incoming.statusCode ?? 0, headers: headerPairs(incoming), body });
        });
      });
      outgoing.on('error', (error) => reject(transportError(error, url)));
      outgoing.end();
    });
  }

  #webSocket(request: ApiRequest, protocols: string[]): Promise<WebSocket | ApiResponse> {
    const url = this.#url(request);
    url.protocol = url.protocol.replace('http', 'ws');
    return new Promise((resolve, reject) => {
      const ws = new WebSocket(url, protocols, {
        headers: this.#headers(request),
        ...this.#tls(),
      });
      ws.on('open', () => resolve(ws));
      ws.on('unexpected-response', (_, incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: headerPairs(incoming),
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      });
      ws.on('error', (error) => reject(transportError(error, url)));
    });
  }
}

function session(ws: WebSocket, wake: () => void): ExecSession {
  const streams = {
    stdin: new Channel<Uint8Array>(),
    stdout: new Channel<Uint8Array>(),
    stderr: new Channel<Uint8Array>(),
    resize: new Channel<TerminalSize>(),
    done: new Channel<{ exitCode?: number; error?: string }>(),
  };
  const half = ws.protocol === 'v5.channel.k8s.io';
  streams.stdin.listen(() => {
    for (let data = streams.stdin.take(); data; data = streams.stdin.take())
      ws.send(Buffer.concat([Buffer.of(0), data]));
    if (streams.stdin.closed && half && ws.readyState === ws.OPEN) ws.send(Buffer.of(255, 0));
  });
  streams.resize.listen(() => {
    for (let size = streams.resize.take(); size; size = streams.resize.take())
      ws.send(Buffer.concat([Buffer.of(4), Buffer.from(JSON.stringify({ Width: size.columns, Height: size.rows }))]));
  });
  ws.on('message', (message: Buffer) => {
    const data = new Uint8Array(message.subarray(1));
    if (message[0] === 1) streams.stdout.push(data);
    else if (message[0] === 2) streams.stderr.push(data);
    else if (message[0] === 3) streams.done.push(ending(message.subarray(1).toString()));
    wake();
  });
  ws.on('close', () => {
    streams.done.push({ error: 'connection closed' });
    for (const stream of [streams.stdout, streams.stderr, streams.done]) stream.close();
    wake();
  });
  return streams;
}

function ending(json: string): { exitCode?: number; error?: string } {
  const status = JSON.parse(json) as {
    status?: string;
    message?: string;
    reason?: string;
    details?: { causes?: { reason?: string; message?: string }[] };
  };
  if (status.status === 'Success') return { exitCode: 0 };
  const code = status.details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message;
  return code !== undefined ? { exitCode: Number(code) } : { error: status.message ?? 'unknown' };
}

function headerPairs(incoming: http.IncomingMessage): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i < incoming.rawHeaders.length; i += 2)
    pairs.push([incoming.rawHeaders[i]!.toLowerCase(), incoming.rawHeaders[i + 1]!]);
  return pairs;
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
