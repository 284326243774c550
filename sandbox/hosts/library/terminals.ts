/** A lab's terminals as its importer has them: what they wrote, who listens, keys to put in. */

import type { Input } from '../../channel/messages.ts';
import { textOf } from './arguments.ts';
import { UsageError } from './errors.ts';
import type { LabTerminal } from './types.ts';

/** After keys were typed, it is over once nothing new has appeared for this long (virtual milliseconds). */
export const QUIET = 400;
const TYPE_LIMIT = 10_000;
const MOST = 1024 * 1024;
/** RIS, a full reset. */
const RESET = '\x1bc';

/** What was written in one world, before it is shown. */
export class Writings {
  readonly #texts = new Map<string, string>();
  #listener: ((host: string, data: string) => void) | undefined;

  write(host: string, data: string): void {
    this.#texts.set(host, (this.of(host) + data).slice(-MOST));
    this.#listener?.(host, data);
  }

  of(host: string): string {
    return this.#texts.get(host) ?? '';
  }

  set listener(listener: ((host: string, data: string) => void) | undefined) {
    this.#listener = listener;
  }
}

/** What a terminal needs of its lab. */
export interface TerminalEnds {
  demandOpen(): void;
  put(input: Input): number;
  readonly now: number;
  run(done: () => boolean, end: number): Promise<boolean>;
}

export class Terminals {
  readonly #ends: TerminalEnds;
  readonly #listeners = new Map<string, Set<(data: string) => void>>();
  readonly #lastOutput = new Map<string, number>();
  #writings = new Writings();

  constructor(ends: TerminalEnds) {
    this.#ends = ends;
  }

  /** Shows a world: who listened to the one before sees the screens anew. */
  show(writings: Writings): void {
    this.#writings.listener = undefined;
    this.#writings = writings;
    for (const host of this.#listeners.keys()) this.#tell(host, RESET + writings.of(host));
    writings.listener = (host, data) => this.#tell(host, data);
  }

  #tell(host: string, data: string): void {
    this.#lastOutput.set(host, this.#ends.now);
    for (const listener of this.#listeners.get(host) ?? []) listener(data);
  }

  of(host: string): LabTerminal {
    const ends = this.#ends;
    const writings = () => this.#writings;
    return {
      host,
      get output() {
        return writings().of(host);
      },
      onOutput: (listener) => {
        if (typeof listener !== 'function') throw new UsageError('onOutput: expected a function');
        const listeners = this.#listeners.get(host) ?? new Set();
        this.#listeners.set(host, listeners.add(listener));
        return () => void listeners.delete(listener);
      },
      input: (keys) => void ends.put({ type: 'keys', host, data: textOf('input', keys) }),
      type: (keys) => this.#type(host, textOf('type', keys)),
      resize: (columns, rows) => {
        for (const size of [columns, rows])
          if (!Number.isInteger(size) || size < 1 || size > 1_000)
            throw new UsageError(`resize: ${size} is no number of columns or rows`);
        ends.put({ type: 'resize', host, columns, rows });
      },
    };
  }

  async #type(host: string, keys: string): Promise<string> {
    const ends = this.#ends;
    let written = '';
    const stop = this.of(host).onOutput((data) => {
      written += data;
    });
    const at = ends.put({ type: 'keys', host, data: keys });
    await ends.run(() => false, at);
    this.#lastOutput.set(host, at);
    await ends.run(() => ends.now - this.#lastOutput.get(host)! >= QUIET, at + TYPE_LIMIT);
    stop();
    return written;
  }
}
