/** Queues between tasks: the only streams of the world (watch events, pipes, exec sessions). */

import type { Resume, Task, Wait } from './task.ts';

/** An unbounded queue with an end. `undefined` from `next` means closed and drained. */
export class Channel<T> {
  #items: T[] = [];
  #closed = false;
  #waiting: Resume[] = [];
  #listener: (() => void) | undefined;
  #onCancel: (() => void) | undefined;

  get closed(): boolean {
    return this.#closed;
  }

  get size(): number {
    return this.#items.length;
  }

  /** Whether a `next` would return at once. */
  get ready(): boolean {
    return this.#items.length > 0 || this.#closed;
  }

  push(item: T): void {
    if (this.#closed) return;
    this.#items.push(item);
    this.#wake();
  }

  /** No more items; those queued can still be read. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#wake();
  }

  /** The reader goes away: drops what is queued, and tells the writer. */
  cancel(): void {
    this.#items.length = 0;
    this.close();
    const fn = this.#onCancel;
    this.#onCancel = undefined;
    fn?.();
  }

  /** The writer's notice that the reader has gone. */
  set onCancel(fn: (() => void) | undefined) {
    this.#onCancel = fn;
  }

  /** Takes the next item if there is one now. */
  take(): T | undefined {
    return this.#items.shift();
  }

  *next(): Task<T | undefined> {
    while (this.#items.length === 0) {
      if (this.#closed) return undefined;
      yield this.readable;
    }
    return this.#items.shift();
  }

  /** Ends when an item can be taken, or the channel is closed; for `firstOf`. */
  readonly readable: Wait = (resume) => {
    if (this.ready) {
      resume();
      return undefined;
    }
    this.#waiting.push(resume);
    return () => {
      this.#waiting = this.#waiting.filter((r) => r !== resume);
    };
  };

  /** For hosts: called at every change, and once now if there is something to take. */
  listen(fn: () => void): void {
    this.#listener = fn;
    if (this.ready) fn();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
    this.#listener?.();
  }
}
