/** Real sockets that listen for `lab kubectl port-forward`. */

import { type AddressInfo, createServer, isIPv6, type Socket } from 'node:net';
import type { LocalConnection, LocalListener } from '../kubectl/environment.ts';
import { Channel } from '../sim/channel.ts';
import type { Task } from '../sim/task.ts';
import { awaiting } from './node-transport.ts';

/** Go's words for what bind(2) refuses. */
const WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'bind: address already in use',
  EACCES: 'bind: permission denied',
  EADDRNOTAVAIL: 'bind: cannot assign requested address',
  EAFNOSUPPORT: 'socket: address family not supported by protocol',
};

export function* listen(
  wake: () => void,
  address: string,
  port: number,
  accept: (connection: LocalConnection) => void,
): Task<LocalListener> {
  return yield* awaiting(
    wake,
    () =>
      new Promise<LocalListener>((resolve, reject) => {
        const server = createServer({ allowHalfOpen: true }, (socket) => {
          accept(connectionOf(socket, wake));
          wake();
        });
        server.once('error', (error: NodeJS.ErrnoException) => {
          const where = isIPv6(address) ? `tcp6 [${address}]:${port}` : `tcp4 ${address}:${port}`;
          reject(new Error(`listen ${where}: ${WORDS[error.code ?? ''] ?? error.message}`));
        });
        server.listen({ host: address, port, ipv6Only: true }, () =>
          resolve({ port: (server.address() as AddressInfo).port, close: () => server.close() }),
        );
      }),
  );
}

function connectionOf(socket: Socket, wake: () => void): LocalConnection {
  const connection = { receive: new Channel<Uint8Array>(), send: new Channel<Uint8Array>() };
  socket.on('data', (data: Buffer) => {
    connection.receive.push(new Uint8Array(data));
    wake();
  });
  const over = () => {
    connection.receive.close();
    wake();
  };
  socket.on('end', over);
  socket.on('close', over);
  socket.on('error', () => socket.destroy());
  connection.send.listen(() => {
    for (let data = connection.send.take(); data; data = connection.send.take()) socket.write(data);
    if (connection.send.closed) socket.end();
  });
  return connection;
}
