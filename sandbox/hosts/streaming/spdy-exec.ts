/** Exec and attach over SPDY, as clients older than WebSockets do: one stream for each of a session's (kubelet/pkg/cri/streaming/remotecommand/httpstream.go). */

import type { Duplex } from 'node:stream';
import type { ExecSession } from '../../api/http.ts';
import type { ServedWorld } from '../http-listener.ts';
import { SpdyConnection, type SpdyStream } from '../spdy/connection.ts';
import { abandon, endStatus, terminalSizes } from './remote-command.ts';

export const SPDY_EXEC_PROTOCOL = 'v4.channel.k8s.io';

export function connectSpdy(socket: Duplex, session: ExecSession, world: ServedWorld): void {
  const arriving = (take: (data: Buffer | undefined) => void) => (stream: SpdyStream) =>
    stream.listen((data) => {
      world.driver.catchUp();
      take(data);
      world.driver.wake();
    });
  const leaving = (channel: ExecSession['stdout']) => (stream: SpdyStream) =>
    channel.listen(() => {
      for (let data = channel.take(); data !== undefined; data = channel.take()) stream.write(data);
      if (channel.closed) stream.end();
    });
  const byType: Readonly<Record<string, (stream: SpdyStream) => void>> = {
    stdin: arriving((data) => (data ? session.stdin.push(new Uint8Array(data)) : session.stdin.close())),
    resize: arriving((data) => {
      for (const size of data ? terminalSizes(data.toString()) : []) session.resize.push(size);
    }),
    stdout: leaving(session.stdout),
    stderr: leaving(session.stderr),
    error: (stream) =>
      session.done.listen(() => {
        const end = session.done.take();
        if (!end) return;
        stream.write(Buffer.from(JSON.stringify(endStatus(end))));
        stream.end();
        connection.close();
      }),
  };
  const connection = new SpdyConnection(socket, (stream) => {
    const begin = byType[stream.headers.get('streamtype') ?? ''];
    begin?.(stream);
    return begin !== undefined;
  });
  connection.onClose = () => {
    abandon(session);
    world.driver.wake();
  };
}
