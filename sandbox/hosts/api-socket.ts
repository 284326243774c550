/** The API server on a real socket of 127.0.0.1: requests, and those that become streams. */

import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { httpListener, type ServedWorld } from './http-listener.ts';
import { upgradeListener } from './upgrade-listener.ts';

export interface ApiSocket {
  readonly url: string;
  readonly port: number;
  /** Resolves when the last connection is gone; open ones are cut. */
  close(): Promise<void>;
}

/** Rejects as listen(2) fails; port 0 is any that is free. */
export async function listen(world: ServedWorld, wanted = 0): Promise<ApiSocket> {
  const server = createServer(httpListener(world)).on('upgrade', upgradeListener(world));
  // Go's clients use a connection again after a while and would lose a request to a server that has hung up meanwhile.
  server.keepAliveTimeout = 180_000;
  // Those that became streams (exec, port-forward) are not the HTTP server's any more, but it waits for them.
  const connections = new Set<Socket>();
  server.on('connection', (connection: Socket) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.destroy();
      }),
  };
}
