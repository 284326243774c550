/** The processors of a machine: what computing costs in virtual time. */

import type { Clock } from '../../sim/clock.ts';
import { sleep, type Task } from '../../sim/task.ts';

/** What computes for longer than this without a rest computes for ever, mostly: see `Effort` (milliseconds). */
const LONG = 3_000;
/** Less than this between two portions is no rest. */
const REST = 50;
/** The largest portion is so many times what it was. */
const MOST = 200;

/**
 * How long a job has computed without a rest; the processes of a job share one. After three seconds its portions grow with what it
 * has behind it, so that a loop without end comes to the end that is set to it (ten minutes, `timeout`, Ctrl-C) at a cost to the
 * host that grows with the logarithm of the time: a compromise of the lab, which makes an honest computation of ten seconds last thirty.
 */
export class Effort {
  #since = Number.NEGATIVE_INFINITY;
  #until = Number.NEGATIVE_INFINITY;

  /** How much longer the next portion is. */
  factor(now: number): number {
    if (now - this.#until > REST) this.#since = now;
    return Math.min(MOST, Math.max(1, (now - this.#since) / LONG));
  }

  workedUntil(now: number): void {
    this.#until = now;
  }
}

export class Processor {
  readonly #clock: Clock;
  readonly #count: number;
  #runnable = 0;

  constructor(clock: Clock, count: number) {
    this.#clock = clock;
    this.#count = count;
  }

  /** Waits while so many milliseconds are computed, among all who compute now. */
  *work(ms: number, effort: Effort, background: boolean): Task<void> {
    const factor = effort.factor(this.#clock.now);
    this.#runnable++;
    try {
      const share = Math.max(1, this.#runnable / this.#count);
      yield* sleep(this.#clock, Math.floor(ms * factor * share), background);
    } finally {
      this.#runnable--;
      effort.workedUntil(this.#clock.now);
    }
  }
}
