/** A work queue whose worker takes virtual time: one key after another, each a task that may wait between its writes. */

import { StatusError } from '../api/object.ts';
import type { Cause } from '../sim/cause.ts';
import type { Clock } from '../sim/clock.ts';
import { reportFault } from '../sim/faults.ts';
import type { Task } from '../sim/task.ts';
import { Coroutine } from '../sim/task.ts';

export class TaskQueue {
  readonly #clock: Clock;
  readonly #work: (key: string) => Task<void>;
  /** With the last that called for it. */
  readonly #waiting = new Map<string, Cause | undefined>();
  #busy = false;

  constructor(clock: Clock, work: (key: string) => Task<void>) {
    this.#clock = clock;
    this.#work = work;
  }

  /** Queues the key unless it waits already; one being worked on may wait for another turn. */
  add(key: string): void {
    this.#waiting.set(key, this.#clock.cause ?? this.#waiting.get(key));
    if (this.#busy) return;
    this.#busy = true;
    const drain = new Coroutine(this.#clock, this.#drain());
    drain.whenDone(() => {
      this.#busy = false;
    });
  }

  *#drain(): Task<void> {
    for (const [key, cause] of this.#waiting) {
      this.#waiting.delete(key);
      this.#clock.cause = cause;
      try {
        yield* this.#work(key);
      } catch (error) {
        // As upstream's persistent volume controller: what failed is tried again at the next event or resync.
        if (!(error instanceof StatusError)) reportFault(`work item ${key}`, error);
      }
    }
  }
}
