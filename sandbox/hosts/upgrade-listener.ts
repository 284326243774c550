/** Exec and attach over WebSockets: the remotecommand protocols v4 and v5 (apimachinery pkg/util/remotecommand/constants.go). */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ApiResponse, ExecSession, TerminalSize } from '../api/http.ts';
import { apiRequest, type ServedWorld } from './http-listener.ts';

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'channel.k8s.io'];
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const RESIZE = 4;
/** v5: half-closes the channel whose number follows. */
const CLOSE = 255;

export function upgradeListener(world: ServedWorld) {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
  });
  return (incoming: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const offered = (incoming.headers['sec-websocket-protocol'] ?? '').split(/,\s*/);
    if (incoming.headers.upgrade?.toLowerCase() !== 'websocket' || !offered.some((p) => PROTOCOLS.includes(p))) {
      refuse(socket, 400, `unable to upgrade: expected one of the WebSocket protocols ${PROTOCOLS.join(', ')}`);
      return;
    }
    world.driver.catchUp();
    const session = world.api.exec(apiRequest(incoming));
    world.driver.wake();
    if ('status' in session) {
      refuseWith(socket, session);
      return;
    }
    sockets.handleUpgrade(incoming, socket, head, (ws) => connect(ws, session, world));
  };
}

function connect(ws: WebSocket, session: ExecSession, world: ServedWorld): void {
  ws.on('message', (message: Buffer) => {
    world.driver.catchUp();
    const data = new Uint8Array(message.subarray(1));
    if (message[0] === STDIN) session.stdin.push(data);
    else if (message[0] === RESIZE) session.resize.push(terminalSize(message.subarray(1).toString()));
    else if (message[0] === CLOSE && message[1] === STDIN) session.stdin.close();
    world.driver.wake();
  });
  ws.on('close', () => {
    session.stdin.cancel();
    session.stdout.cancel();
    session.stderr.cancel();
    world.driver.wake();
  });
  const forward = (channel: ExecSession['stdout'], number: number) =>
    channel.listen(() => {
      for (let data = channel.take(); data !== undefined; data = channel.take())
        if (data.length > 0) ws.send(Buffer.concat([Buffer.of(number), data]));
    });
  forward(session.stdout, STDOUT);
  forward(session.stderr, STDERR);
  session.done.listen(() => {
    const end = session.done.take();
    if (!end) return;
    ws.send(Buffer.concat([Buffer.of(ERROR), Buffer.from(JSON.stringify(endStatus(end)))]));
    ws.close(1000);
  });
}

/** As the kubelet ends a session (kubelet/pkg/cri/streaming/remotecommand/exec.go). */
function endStatus(end: { readonly exitCode?: number; readonly error?: string }): object {
  if (end.error !== undefined)
    return {
      metadata: {},
      status: 'Failure',
      message: end.error,
      reason: 'InternalError',
      details: { causes: [{ message: end.error }] },
      code: 500,
    };
  if (!end.exitCode) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${end.exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(end.exitCode) }] },
  };
}

function terminalSize(json: string): TerminalSize {
  const { Width, Height } = JSON.parse(json) as { Width: number; Height: number };
  return { columns: Width, rows: Height };
}

function refuseWith(socket: Duplex, response: ApiResponse): void {
  refuse(socket, response.status, typeof response.body === 'string' ? response.body : '');
}

function refuse(socket: Duplex, status: number, body: string): void {
  const type = body.startsWith('{') ? 'application/json' : 'text/plain; charset=utf-8';
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
