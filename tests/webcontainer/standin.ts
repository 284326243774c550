/** A local stand-in for StackBlitz's frame: the real `@webcontainer/api` client talks to it, and each boot is a machine of its own. */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type WebSocket, WebSocketServer } from 'ws';
import { Machine, type Request } from './machine.ts';

/** What goes wrong. The frame's address is the client's own affair: each fault is a stand-in of its own. */
export type Fault = 'never-init' | 'boot-never-answers' | 'boot-fails' | 'mount-fails' | 'process-dies-at-start';

const pageScript = readFileSync(new URL('./headless.js', import.meta.url), 'utf8');
// Comlink 4.4 does not understand the client's messages; 4.3.0 does.
const comlink = readFileSync(
  fileURLToPath(import.meta.resolve('comlink')).replace(/esm\/comlink\.mjs$|umd\/comlink\.js$/, 'umd/comlink.js'),
  'utf8',
);
const pageOf = (fault: Fault | undefined) =>
  `<!doctype html><title>stand-in</title><script>const fault = ${JSON.stringify(fault ?? '')}</script><script>${comlink}</script><script>${pageScript}</script>`;

export interface StandIn {
  readonly url: string;
  /** How often its page was asked for. */
  readonly asked: number;
  /** Ends the sandbox's process in every machine, as a tab short of memory would. */
  killSandboxes(): void;
  close(): void;
}

export async function startStandIn(fault?: Fault): Promise<StandIn> {
  let asked = 0;
  const machines = new Set<Machine>();
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/headless')) asked += 1;
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    response.end(pageOf(fault));
  });
  new WebSocketServer({ server }).on('connection', (socket) => {
    const machine = new Machine(fault === 'process-dies-at-start');
    machines.add(machine);
    serve(socket, machine);
    socket.on('close', () => {
      machines.delete(machine);
      machine.close();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    get asked() {
      return asked;
    },
    killSandboxes() {
      for (const machine of machines) machine.killSandbox();
    },
    close() {
      server.close();
      server.closeAllConnections();
      for (const machine of machines) machine.close();
    },
  };
}

function serve(socket: WebSocket, machine: Machine): void {
  const send = (message: object) => socket.readyState === socket.OPEN && socket.send(JSON.stringify(message));
  socket.on('message', async (data) => {
    const request = JSON.parse(String(data)) as Request & { readonly id: number };
    const { id } = request;
    try {
      const result = await machine.answer(request, id, (told) => send({ id, told }));
      send({ id, result: result ?? null });
    } catch (error) {
      send({ id, error: (error as Error).message });
    }
  });
}
