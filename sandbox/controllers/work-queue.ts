/** The controllers' work queue: keyed, without duplicates, rate-limited per key, on the virtual clock (client-go util/workqueue). */

import { StatusError } from '../api/object.ts';
import type { Cause } from '../sim/cause.ts';
import type { Clock, Timer } from '../sim/clock.ts';
import { reportFault } from '../sim/faults.ts';
import type { Random } from '../sim/random.ts';

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Brings the world closer to what the key's object wants; what fails is retried with back-off. */
  readonly reconcile: (key: string) => void;
  /** Virtual milliseconds between a key's arrival and its turn, low and high; a few, as a busy control plane takes. */
  readonly latency?: readonly [number, number];
  /** More for a key whose work is large, so that the events of a big set coalesce as they do when its sync takes long. */
  readonly weigh?: (key: string) => number;
  /** The first back-off and the longest, where they are not the usual ones. */
  readonly retry?: readonly [first: number, longest: number];
}

/** DefaultControllerRateLimiter: 5 ms doubling up to 1,000 s. */
const FIRST_RETRY = 5;
const LONGEST_RETRY = 1_000_000;
/** Up to here `settle` waits for a retry; what fails longer may fail for good. */
const LONGEST_AWAITED_RETRY = 320;

export class WorkQueue {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #reconcile: (key: string) => void;
  readonly #latency: readonly [number, number];
  readonly #weigh: ((key: string) => number) | undefined;
  readonly #retry: readonly [number, number];
  /** With the last that called for it: of several changes, the sync is for the newest. */
  readonly #queued = new Map<string, Cause | undefined>();
  readonly #failures = new Map<string, number>();
  readonly #delayed = new Map<string, Timer>();

  constructor(options: WorkQueueOptions) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#reconcile = options.reconcile;
    this.#latency = options.latency ?? [1, 5];
    this.#weigh = options.weigh;
    this.#retry = options.retry ?? [FIRST_RETRY, LONGEST_RETRY];
  }

  /** Queues the key unless it waits already. */
  add(key: string): void {
    const { cause } = this.#clock;
    if (this.#queued.has(key)) {
      if (cause) this.#queued.set(key, cause);
      return;
    }
    this.#queued.set(key, cause);
    const [low, high] = this.#latency;
    const wait = this.#random.between(low, high) + (this.#weigh?.(key) ?? 0);
    this.#clock.after(wait, () => this.#queued.has(key) && this.#process(key));
  }

  /** Queues the key later; of two delays the earlier wins. Nobody waits for it: `settle` may stop before. */
  addAfter(key: string, ms: number): void {
    const at = this.#clock.now + ms;
    const waiting = this.#delayed.get(key);
    if (waiting && waiting.at <= at) return;
    waiting?.cancel();
    const add = () => {
      this.#delayed.delete(key);
      this.add(key);
    };
    this.#delayed.set(key, this.#clock.at(at, add, { background: true }));
  }

  /** Queues the key after its next back-off. */
  addRateLimited(key: string): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const [first, longest] = this.#retry;
    const ms = Math.min(first * 2 ** failures, longest);
    if (ms > LONGEST_AWAITED_RETRY) this.addAfter(key, ms);
    else this.#clock.after(ms, () => this.#process(key));
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }

  #process(key: string): void {
    this.#clock.cause = this.#queued.get(key) ?? this.#clock.cause;
    this.#queued.delete(key);
    try {
      this.#reconcile(key);
    } catch (error) {
      // Upstream's controllers would crash, be restarted and try again: here, only the item is.
      if (!(error instanceof StatusError)) reportFault(`work item ${key}`, error);
      this.addRateLimited(key);
      return;
    }
    this.#failures.delete(key);
  }
}
