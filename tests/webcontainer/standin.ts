/** A local stand-in for StackBlitz's frame: the real `@webcontainer/api` client talks to it, and programs run in a real Node process. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type WebSocket, WebSocketServer } from 'ws';

/** The client's own form of a tree: directories `d`, files `f` with their contents `c`. */
interface Tree {
  readonly d?: Readonly<Record<string, Tree>>;
  readonly f?: { readonly c: string };
}

type Message =
  | { readonly type: 'spawn'; readonly files: Tree; readonly command: string; readonly args: readonly string[] }
  | { readonly type: 'input'; readonly text: string }
  | { readonly type: 'kill' };

const pageScript = readFileSync(new URL('./headless.js', import.meta.url), 'utf8');
// Comlink 4.4 does not understand the client's messages; 4.3.0 does.
const comlink = readFileSync(
  fileURLToPath(import.meta.resolve('comlink')).replace(/esm\/comlink\.mjs$|umd\/comlink\.js$/, 'umd/comlink.js'),
  'utf8',
);
const page = `<!doctype html><title>stand-in</title><script>${comlink}</script><script>${pageScript}</script>`;

export interface StandIn {
  readonly url: string;
  close(): void;
}

export async function startStandIn(): Promise<StandIn> {
  const server = createServer((_, response) => {
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    response.end(page);
  });
  new WebSocketServer({ server }).on('connection', serveProcess);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/`, close: () => close(server) };
}

function serveProcess(socket: WebSocket): void {
  const directory = mkdtempSync(join(tmpdir(), 'bound-standin-'));
  let child: ChildProcess | undefined;
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.type === 'spawn') child = start(message);
    else if (message.type === 'input') child?.stdin?.write(message.text);
    else child?.kill();
  });
  socket.on('close', () => {
    child?.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  function start({ files, command, args }: Extract<Message, { type: 'spawn' }>): ChildProcess {
    writeTree(directory, files);
    const started = spawn(command === 'node' ? process.execPath : command, args, { cwd: directory });
    const tell = (message: object) => socket.readyState === socket.OPEN && socket.send(JSON.stringify(message));
    // As in a WebContainer, both streams are one.
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => tell({ type: 'output', text }));
    }
    started.on('exit', (code) => tell({ type: 'exit', code: code ?? 1 }));
    return started;
  }
}

function writeTree(directory: string, { d = {} }: Tree): void {
  for (const [name, entry] of Object.entries(d)) {
    const path = join(directory, name);
    if (entry.f) {
      writeFileSync(path, entry.f.c);
    } else {
      mkdirSync(path, { recursive: true });
      writeTree(path, entry);
    }
  }
}

function close(server: Server): void {
  server.close();
  server.closeAllConnections();
}
