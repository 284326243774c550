/** The world's only clock: a queue of events in virtual time, run in one strict order. */

import { Cause, type Deed } from './cause.ts';
import { contained } from './faults.ts';
import { Heap } from './heap.ts';

/** A scheduled event. `cancel()` is idempotent and safe after it ran. */
export interface Timer {
  readonly at: number;
  cancel(): void;
}

export interface TimerOptions {
  /**
   * Nobody waits for it: `settle()` stops while only background timers are left.
   * Resyncs, back-offs, lease renewals and the sleeps of container processes are background.
   */
  background?: boolean;
}

interface Entry extends Timer {
  at: number;
  rank: number;
  seq: number;
  run: (() => void) | undefined;
  readonly cause: Cause | undefined;
  background: boolean;
}

const INPUT = 0;
const EVENT = 1;

const order = (a: Entry, b: Entry): number => a.at - b.at || a.rank - b.rank || a.seq - b.seq;

/**
 * Times are integer milliseconds since the Unix epoch. Events of one instant run in the order they were scheduled,
 * except that an input from outside always comes first; `soon` callbacks run before the next event, first in first out.
 */
export class Clock {
  #now: number;
  #seq = 0;
  #queue = new Heap<Entry>(order);
  #soon: (() => void)[] = [];
  /** Of each of those, why. */
  #soonCauses: (Cause | undefined)[] = [];
  #soonHead = 0;
  #foreground = 0;
  #holds = 0;
  #onRelease: (() => void) | undefined;
  /**
   * Why what runs now is run: what is scheduled keeps it and finds it again. Who takes up something that was noted earlier (a queue's key, a
   * change that was watched) sets it to the cause that was noted with it.
   */
  cause: Cause | undefined;

  constructor(now: number) {
    this.#now = now;
  }

  get now(): number {
    return this.#now;
  }

  /** Runs `fn` at this same instant, after what is already due now. */
  soon(fn: () => void): void {
    this.#soon.push(fn);
    this.#soonCauses.push(this.cause);
  }

  /** Something is done now, because of what is being run. */
  because(deed: Deed): Cause {
    return new Cause(this.#now, deed, this.cause);
  }

  at(time: number, fn: () => void, options?: TimerOptions): Timer {
    return this.#schedule(Math.max(Math.ceil(time), this.#now), EVENT, fn, options?.background ?? false);
  }

  after(ms: number, fn: () => void, options?: TimerOptions): Timer {
    return this.at(this.#now + Math.max(0, ms), fn, options);
  }

  /** Calls `fn` every `ms` until cancelled; always a background timer. */
  every(ms: number, fn: () => void): Timer {
    let current: Timer;
    const tick = () => {
      current = this.after(ms, tick, { background: true });
      fn();
    };
    current = this.after(ms, tick, { background: true });
    return {
      get at() {
        return current.at;
      },
      cancel: () => current.cancel(),
    };
  }

  /** An input from outside, before every other event of its instant; always later than what has already run. */
  input(time: number, fn: () => void): number {
    const at = Math.max(Math.ceil(time), this.#now + 1);
    this.#schedule(at, INPUT, fn, false);
    return at;
  }

  /**
   * Stops time until released, so that work outside the world (a module being loaded, a real HTTP answer) takes none.
   * The drivers must return to the host while `held`.
   */
  hold(): () => void {
    this.#holds++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds--;
      if (this.#holds === 0) this.#onRelease?.();
    };
  }

  get held(): boolean {
    return this.#holds > 0;
  }

  /** The driver's wake-up call for the end of the last hold. */
  set onRelease(fn: (() => void) | undefined) {
    this.#onRelease = fn;
  }

  /** When the next event is due; undefined if none is. */
  get next(): number | undefined {
    if (this.#soonHead < this.#soon.length) return this.#now;
    return this.#peek()?.at;
  }

  /** Whether something that is not a background timer is still to come. */
  get busy(): boolean {
    return this.#soonHead < this.#soon.length || this.#foreground > 0;
  }

  /** Runs the next event if it is due by `limit`; says whether there was one. */
  step(limit = Number.POSITIVE_INFINITY): boolean {
    if (this.#holds > 0) return false;
    if (this.#soonHead < this.#soon.length) {
      this.cause = this.#soonCauses[this.#soonHead];
      const fn = this.#soon[this.#soonHead++]!;
      if (this.#soonHead === this.#soon.length) {
        this.#soon.length = 0;
        this.#soonCauses.length = 0;
        this.#soonHead = 0;
      }
      contained('the clock', fn);
      this.cause = undefined;
      return true;
    }
    const entry = this.#peek();
    if (!entry || entry.at > limit) return false;
    this.#queue.pop();
    this.#now = entry.at;
    const run = entry.run!;
    this.cause = entry.cause;
    this.#drop(entry);
    // One wrong event must not stop the world.
    contained('the clock', run);
    this.cause = undefined;
    return true;
  }

  /** Runs everything due up to and including `time` and leaves the clock there; false if a hold stopped it on the way. */
  advanceTo(time: number): boolean {
    while (this.step(time));
    if (this.held) return false;
    this.#now = Math.max(this.#now, Math.ceil(time));
    return true;
  }

  /** Runs until only background timers are left, or `limit` virtual milliseconds have passed; false if a hold stopped it. */
  settle(limit = 3_600_000): boolean {
    const end = this.#now + limit;
    while (this.busy && this.step(end));
    return !this.held;
  }

  #schedule(at: number, rank: number, run: () => void, background: boolean): Timer {
    const entry: Entry = {
      at,
      rank,
      seq: this.#seq++,
      run,
      cause: rank === INPUT ? undefined : this.cause,
      background,
      cancel: () => this.#drop(entry),
    };
    if (!background) this.#foreground++;
    this.#queue.push(entry);
    return entry;
  }

  #drop(entry: Entry): void {
    if (!entry.run) return;
    entry.run = undefined;
    if (!entry.background) this.#foreground--;
  }

  #peek(): Entry | undefined {
    let entry = this.#queue.peek();
    while (entry && !entry.run) {
      this.#queue.pop();
      entry = this.#queue.peek();
    }
    return entry;
  }
}
