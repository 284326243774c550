/** The API server on a real socket of 127.0.0.1: requests, and those that become streams. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
