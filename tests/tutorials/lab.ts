/** What a page runs against: `lab serve` with its own kubelets, and a server for the manifests it applies by URL. */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { firstLine, startLab } from '../../sandbox/hosts/lab-process.ts';

export const PUBLISHED = 'https://k8s.io/examples/';

/** Virtual seconds in one of ours: image pulls and grace periods pass faster. */
const SPEED = 5;

export class ServedLab {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, process: ChildProcess) {
    this.url = url;
    this.#process = process;
  }

  static async start(): Promise<ServedLab> {
    const child = startLab(['serve', '--speed', String(SPEED)]);
    child.stderr.pipe(process.stderr);
    const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`lab serve ended with ${code}`)));
    const line = await Promise.race([firstLine(child), ended]);
    return new ServedLab((JSON.parse(line) as { url: string }).url, child);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const late = setTimeout(() => this.#process.kill('SIGKILL'), 3_000);
    await ended;
    clearTimeout(late);
  }
}

/** `https://k8s.io/examples/` on loopback: the site redirects there to the files of content/en/examples. */
export class Examples {
  readonly url: string;
  readonly #server: Server;

  private constructor(url: string, server: Server) {
    this.url = url;
    this.#server = server;
  }

  static serve(website: string): Promise<Examples> {
    const folder = join(website, 'content/en/examples');
    const server = createServer((request, response) => {
      const path = normalize(decodeURIComponent(new URL(request.url!, 'http://localhost').pathname)).replace(
        /^\/examples\//,
        '',
      );
      readFile(join(folder, path)).then(
        (body) => response.end(body),
        () => response.writeHead(404).end(),
      );
    });
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        resolve(new Examples(`http://127.0.0.1:${(server.address() as AddressInfo).port}/examples/`, server));
      });
    });
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
