/** The processors of a machine: what computing costs in virtual time. */

import type { Clock } from '../../sim/clock.ts';
import { sleep, type Task } from '../../sim/task.ts';

/** What computes for longer than this without a rest computes for ever, mostly: see `Effort` (milliseconds). */
const LONG = 3_000;
/** The same for what is made of small system calls: the host works as long for them as a machine would. */
const LONG_OF_CALLS = 1_000;
/** Less than this between two portions is no rest. */
const REST = 50;
/** The largest portion is so many times what it was. */
const MOST = 200;

/**
 * How long a program has computed without a rest, the processes that it forked included. After three seconds its portions grow with what it
 * has behind it, so that a loop without end comes to the end that is set to it (ten minutes, `timeout`, Ctrl-C) at a cost to the
 * host that grows with the logarithm of the time: a compromise of the lab, which makes an honest computation of ten seconds last thirty.
 */
export class Effort {
  #since = Number.NEGATIVE_INFINITY;
  #until = Number.NEGATIVE_INFINITY;

  /** Whether it has done nothing for a while: whoever has rested goes before those that compute (sched(7), EEVDF and CFS before it). */
  rested(now: number): boolean {
    return now - this.#until > REST;
  }

  /** How much longer the next portion is; `long` is when it begins to grow. */
  factor(now: number, long: number): number {
    if (this.rested(now)) this.#since = now;
    return Math.min(MOST, Math.max(1, (now - this.#since) / long));
  }

  workedUntil(now: number): void {
    this.#until = now;
  }

  /** Of a program that another one is: what ran before it without a rest is behind it too. */
  continued(): Effort {
    const next = new Effort();
    next.#since = this.#since;
    next.#until = this.#until;
    return next;
  }

  /** Whoever waits for a program that computes has no rest by it. */
  wasWaitingFor(other: Effort): void {
    this.#until = Math.max(this.#until, other.#until);
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

  /** Waits while so many milliseconds are computed, `calls` of them in small system calls, among all who compute now. */
  *work(ms: number, effort: Effort, background: boolean, calls = 0): Task<void> {
    const { now } = this.#clock;
    const first = effort.rested(now);
    const length = (ms - calls) * effort.factor(now, LONG) + calls * effort.factor(now, LONG_OF_CALLS);
    this.#runnable++;
    try {
      const share = first ? 1 : Math.max(1, this.#runnable / this.#count);
      yield* sleep(this.#clock, Math.floor(length * share), background);
    } finally {
      this.#runnable--;
      effort.workedUntil(this.#clock.now);
    }
  }
}
