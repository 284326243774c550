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

/** What is owed by nobody in particular is paid once it is so much (microseconds). */
const DEBT = 4_000;

export class Processor {
  readonly #clock: Clock;
  readonly #count: number;
  #runnable = 0;
  #debt = 0;
  #owedAt = Number.NEGATIVE_INFINITY;
  #busyUntil = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, count: number) {
    this.#clock = clock;
    this.#count = count;
  }

  /** Time of a call that cannot wait, as fork(2) here: whoever starts then waits for it, if there is much of it in a short time. */
  owe(microseconds: number): void {
    const { now } = this.#clock;
    if (now - this.#owedAt > REST) this.#debt = 0;
    this.#owedAt = now;
    this.#debt += microseconds;
    if (this.#debt < DEBT) return;
    const ms = Math.floor(this.#debt / 1_000);
    this.#debt -= ms * 1_000;
    this.#busyUntil = Math.max(this.#busyUntil, now) + ms;
  }

  /** When a process that starts now begins to run; undefined: at once. */
  get free(): number | undefined {
    return this.#busyUntil > this.#clock.now ? this.#busyUntil : undefined;
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
