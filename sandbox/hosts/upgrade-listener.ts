/** Requests that become streams: exec, attach and port-forward, over WebSockets or SPDY. */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import type { ApiRequest, ApiResponse, PortForwardStream } from '../api/http.ts';
import { apiRequest, type ServedWorld } from './http-listener.ts';
import { PORT_FORWARD_PROTOCOL, servePortForward, TUNNELED_PROTOCOL } from './streaming/port-forward.ts';
import { connectSpdy, SPDY_EXEC_PROTOCOL } from './streaming/spdy-exec.ts';
import { connectWebSocket, EXEC_PROTOCOLS } from './streaming/websocket-exec.ts';
import { forwardPorts, portsOf } from './streaming/websocket-port-forward.ts';

const PORT_FORWARD_PROTOCOLS = [TUNNELED_PROTOCOL, 'v4.channel.k8s.io', 'channel.k8s.io'];

/** A way to answer: refused with a response, or by what is done once the connection has changed its protocol. */
type Upgrade<T> = ApiResponse | ((connection: T, protocol: string) => void);

export function upgradeListener(world: ServedWorld) {
  return (incoming: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const request = apiRequest(incoming);
    if (!request) {
      refuse(socket, badUpgrade('400 Bad Request'));
      return;
    }
    const forwarding = request.path.endsWith('/portforward');
    socket.on('error', () => socket.destroy());
    if (incoming.headers.upgrade?.toLowerCase() === 'websocket') {
      const upgrade = forwarding ? forwardOverWebSocket : execOverWebSocket;
      overWebSocket(incoming, socket, head, forwarding ? PORT_FORWARD_PROTOCOLS : EXEC_PROTOCOLS, (protocol) =>
        upgrade(world, request, protocol),
      );
    } else if (incoming.headers.upgrade === 'SPDY/3.1') {
      const upgrade = forwarding ? forwardOverSpdy : execOverSpdy;
      overSpdy(incoming, socket, head, forwarding ? PORT_FORWARD_PROTOCOL : SPDY_EXEC_PROTOCOL, () =>
        upgrade(world, request),
      );
    } else refuse(socket, badUpgrade('Upgrade request required'));
  };
}

function execOverWebSocket(world: ServedWorld, request: ApiRequest): Upgrade<WebSocket> {
  const session = asked(world, () => world.api.exec(request));
  return 'status' in session ? session : (ws) => connectWebSocket(ws, session, world);
}

function execOverSpdy(world: ServedWorld, request: ApiRequest): Upgrade<Duplex> {
  const session = asked(world, () => world.api.exec(request));
  return 'status' in session ? session : (socket) => connectSpdy(socket, session, world);
}

function forwardOverSpdy(world: ServedWorld, request: ApiRequest): Upgrade<Duplex> {
  const refused = asked(world, () => world.api.refusesPortForward(request));
  return refused ?? ((socket) => servePortForward(socket, world, (port) => world.api.portForward(request, port)));
}

function forwardOverWebSocket(world: ServedWorld, request: ApiRequest, protocol: string): Upgrade<WebSocket> {
  if (protocol === TUNNELED_PROTOCOL) {
    const upgrade = forwardOverSpdy(world, request);
    if (typeof upgrade !== 'function') return upgrade;
    return (ws) => {
      const stream = createWebSocketStream(ws);
      stream.on('error', () => stream.destroy());
      upgrade(stream, protocol);
    };
  }
  const ports = portsOf(request.query);
  if (typeof ports === 'string') return badUpgrade(ports);
  const forwards: { port: number; stream: PortForwardStream }[] = [];
  for (const port of ports) {
    const stream = asked(world, () => world.api.portForward(request, port));
    if ('status' in stream) return stream;
    forwards.push({ port, stream });
  }
  return (ws) => forwardPorts(ws, world, forwards);
}

function asked<T>(world: ServedWorld, ask: () => T): T {
  world.driver.catchUp();
  const answer = ask();
  world.driver.wake();
  return answer;
}

function overWebSocket(
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  known: readonly string[],
  begin: (protocol: string) => Upgrade<WebSocket>,
): void {
  const offered = (incoming.headers['sec-websocket-protocol'] ?? '').split(/,\s*/);
  const protocol = known.find((each) => offered.includes(each));
  if (!protocol) {
    refuse(socket, badUpgrade(`unable to upgrade: expected one of the WebSocket protocols ${known.join(', ')}`));
    return;
  }
  const upgrade = begin(protocol);
  if (typeof upgrade !== 'function') {
    refuse(socket, upgrade);
    return;
  }
  // A slash may not stand in a protocol's name, and ws is strict about it; Kubernetes' own name has one.
  incoming.headers['sec-websocket-protocol'] = protocol.replaceAll('/', '-');
  const server = new WebSocketServer({ noServer: true, handleProtocols: () => protocol });
  server.handleUpgrade(incoming, socket, head, (ws) => {
    // Broken frames end their own connection and nothing else.
    ws.on('error', () => ws.terminate());
    upgrade(ws, protocol);
  });
}

/** httpstream.Handshake and spdy's upgradeResponse (apimachinery pkg/util/httpstream). */
function overSpdy(
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  known: string,
  begin: () => Upgrade<Duplex>,
): void {
  const offered = [incoming.headers['x-stream-protocol-version'] ?? []].flat().flatMap((each) => each.split(/,\s*/));
  if (!offered.includes(known)) {
    const sides = `client supports [${offered.join(' ')}], server supports [${known}]`;
    refuse(socket, { ...badUpgrade(`unable to upgrade: unable to negotiate protocol: ${sides}`), status: 403 });
    return;
  }
  const upgrade = begin();
  if (typeof upgrade !== 'function') {
    refuse(socket, upgrade);
    return;
  }
  if (head.length > 0) socket.unshift(head);
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${known}\r\n\r\n`,
  );
  upgrade(socket, known);
}

const badUpgrade = (body: string): ApiResponse => ({ status: 400, headers: [], body });

function refuse(socket: Duplex, { status, body }: ApiResponse): void {
  const text = typeof body === 'string' ? body : '';
  const type = text.startsWith('{') ? 'application/json' : 'text/plain; charset=utf-8';
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}
