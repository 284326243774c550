/** A machine's own network: a Linux namespace, so that `localhost:6443` is really that in each; without the right to one, a free port. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

const API_PORT = 6443;

/** How this user may make a namespace: as root, or as root of a user namespace; undefined when not at all. */
const unshare = [['--net'], ['--net', '--map-root-user']].find(
  (flags) => spawnSync('unshare', [...flags, 'ip', 'link', 'set', 'lo', 'up']).status === 0,
);

export class Network {
  /** The process that keeps the namespace while others come and go. */
  #holder: ChildProcess | undefined;
  #port = API_PORT;

  async up(): Promise<void> {
    if (!unshare) {
      this.#port = await freePort();
      return;
    }
    const holder = spawn('unshare', [...unshare, 'sh', '-c', 'ip link set lo up; echo up; exec cat'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#holder = holder;
    await new Promise((resolve) => holder.stdout.once('data', resolve));
  }

  down(): void {
    // `cat` ends with its input.
    this.#holder?.stdin?.end();
  }

  /** A command line, run in this network. */
  inside(command: readonly string[]): string[] {
    const pid = this.#holder?.pid;
    if (pid === undefined) return [...command];
    const user = unshare?.includes('--map-root-user') ? ['--user', '--preserve-credentials'] : [];
    return ['nsenter', '--target', String(pid), '--net', ...user, '--', ...command];
  }

  get env(): Readonly<Record<string, string>> {
    return this.#port === API_PORT ? {} : { BOUND_API_PORT: String(this.#port) };
  }

  /** Without a namespace, files name the port that there is. */
  local(text: string): string {
    return text.replaceAll(`localhost:${API_PORT}`, `localhost:${this.#port}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
