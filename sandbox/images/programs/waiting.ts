/** Helpers for servers that run in containers: wait for a signal, listen on the pod's address, read a request. */

import type { KernelMachine } from '../../machines/kernel/machine.ts';
import type { Connection } from '../../machines/network/network.ts';
import type { Process, Signal } from '../../machines/process.ts';
import { ownAddress } from '../../machines/system-programs/kernel-access.ts';
import { Channel } from '../../sim/channel.ts';
import { Coroutine, firstOf, type Task } from '../../sim/task.ts';

/** A channel that gets the signal when one of these comes. */
export function signals(process: Process, ...names: Signal[]): Channel<Signal> {
  const arrived = new Channel<Signal>();
  for (const name of names) process.trap(name, () => arrived.push(name));
  return arrived;
}

/** What a server does for one client while it takes others. */
export function* beside(process: Process, task: Task<void>): Task<void> {
  new Coroutine(process.machine.clock, task);
}

/** Accepts connections until closed. */
export class Listening {
  readonly connections = new Channel<Connection>();
  readonly #stop: () => void;

  constructor(process: Process, port: number) {
    const { network } = process.machine as KernelMachine;
    this.#stop = network.listen(ownAddress(process), port, (connection) => this.connections.push(connection));
  }

  /** Takes connections one after another, until a signal comes. */
  *until(stop: Channel<Signal>, accept: (connection: Connection) => Task<void>): Task<Signal> {
    for (;;) {
      yield* firstOf(stop.readable, this.connections.readable);
      const signal = stop.take();
      if (signal) return signal;
      const connection = this.connections.take();
      if (connection) yield* accept(connection);
    }
  }

  close(): void {
    this.#stop();
    this.connections.close();
  }
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly version: string;
  readonly headers: ReadonlyMap<string, string>;
}

/** The head of an HTTP request; undefined if the peer goes away first. */
export function* readRequest(connection: Connection): Task<Request | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  while (!text.includes('\r\n\r\n')) {
    const chunk = yield* connection.receive.next();
    if (!chunk) return undefined;
    text += decoder.decode(chunk, { stream: true });
    if (text.length > 65_536) return undefined;
  }
  const [first, ...lines] = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n');
  const [method = '', path = '/', version = 'HTTP/1.0'] = first!.split(' ');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { method, path, version, headers };
}

/** `Sun, 22 Nov 2026 19:59:18 GMT`. */
export const httpDate = (ms: number): string => new Date(ms).toUTCString();

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `22/Nov/2026:19:59:18 +0000`. */
export function logDate(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

/** `2026/11/22 19:59:18`. */
export const slashDate = (ms: number): string =>
  new Date(ms).toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', '/');

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  txt: 'text/plain',
  png: 'image/png',
};

export const typeOf = (path: string, fallback: string): string =>
  TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? fallback;
