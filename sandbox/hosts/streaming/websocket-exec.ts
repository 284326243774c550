/** Exec and attach over WebSocket channels: the remotecommand protocols v4 and v5 (apimachinery pkg/util/remotecommand/constants.go). */

import type { WebSocket } from 'ws';
import { newSession } from '../../api/exec-session.ts';
import type { ExecSession } from '../../api/http.ts';
import type { ServedWorld } from '../http-listener.ts';
import { abandon, endOf, endStatus, terminalSizes } from './remote-command.ts';

/** The one that can say that stdin is over. */
export const CLOSING_PROTOCOL = 'v5.channel.k8s.io';
export const EXEC_PROTOCOLS = [CLOSING_PROTOCOL, 'v4.channel.k8s.io', 'channel.k8s.io'];

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const RESIZE = 4;
/** Half-closes the channel whose number follows. */
const CLOSE = 255;

export function connectWebSocket(ws: WebSocket, session: ExecSession, world: ServedWorld): void {
  ws.on('message', (message: Buffer) => {
    world.driver.catchUp();
    const data = new Uint8Array(message.subarray(1));
    if (message[0] === STDIN) session.stdin.push(data);
    else if (message[0] === RESIZE)
      for (const size of terminalSizes(message.subarray(1).toString())) session.resize.push(size);
    else if (message[0] === CLOSE && message[1] === STDIN) session.stdin.close();
    world.driver.wake();
  });
  ws.on('close', () => {
    abandon(session);
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

/** The client's end. */
export function dialedSession(ws: WebSocket, wake: () => void): ExecSession {
  const session = newSession();
  const send = (channel: number, data: Uint8Array) => ws.send(Buffer.concat([Buffer.of(channel), data]));
  const { stdin, stdout, stderr, resize, done } = session;
  stdin.listen(() => {
    for (let data = stdin.take(); data; data = stdin.take()) send(STDIN, data);
    if (stdin.closed && ws.protocol === CLOSING_PROTOCOL && ws.readyState === ws.OPEN) send(CLOSE, Buffer.of(STDIN));
  });
  resize.listen(() => {
    for (let size = resize.take(); size; size = resize.take())
      send(RESIZE, Buffer.from(JSON.stringify({ Width: size.columns, Height: size.rows })));
  });
  ws.on('message', (message: Buffer) => {
    const data = new Uint8Array(message.subarray(1));
    if (message[0] === STDOUT) stdout.push(data);
    else if (message[0] === STDERR) stderr.push(data);
    else if (message[0] === ERROR) done.push(endOf(message.subarray(1).toString()));
    wake();
  });
  ws.on('close', () => {
    done.push({ error: 'connection closed' });
    for (const stream of [stdout, stderr, done]) stream.close();
    wake();
  });
  return session;
}
