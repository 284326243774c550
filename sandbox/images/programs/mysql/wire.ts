/** What goes between client and server, in place of MySQL's packets: one JSON value a line. */

import type { Connection } from '../../../machines/network/network.ts';
import type { Task } from '../../../sim/task.ts';
import type { Failure, Result } from './engine.ts';

export interface Greeting {
  readonly version: string;
  readonly id: number;
}

export interface Login {
  readonly user: string;
  readonly password: string;
  readonly database?: string;
}

export interface Query {
  readonly query: string;
}

export type Reply = { readonly result: Result } | { readonly error: Failure };

export class Wire {
  readonly #connection: Connection;
  readonly #decoder = new TextDecoder();
  #text = '';

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  send(message: Greeting | Login | Query | Reply): void {
    this.#connection.send.push(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
  }

  /** Undefined when the other end has gone. */
  *receive<T>(): Task<T | undefined> {
    while (!this.#text.includes('\n')) {
      const chunk = yield* this.#connection.receive.next();
      if (!chunk) return undefined;
      this.#text += this.#decoder.decode(chunk, { stream: true });
    }
    const end = this.#text.indexOf('\n');
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    try {
      return JSON.parse(line) as T;
    } catch {
      return undefined;
    }
  }

  close(): void {
    this.#connection.send.close();
    this.#connection.receive.cancel();
  }
}
