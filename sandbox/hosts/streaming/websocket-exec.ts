/** Exec and attach over WebSocket channels: the remotecommand protocols v4 and v5 (apimachinery pkg/util/remotecommand/constants.go). */

import type { WebSocket } from 'ws';
import type { ExecSession } from '../../api/http.ts';
import type { ServedWorld } from '../http-listener.ts';
import { abandon, endStatus, terminalSizes } from './remote-command.ts';

export const EXEC_PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'channel.k8s.io'];

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const RESIZE = 4;
/** v5: half-closes the channel whose number follows. */
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
