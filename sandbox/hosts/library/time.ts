/** How time passes in a lab that somebody imported: only when it is asked to, or with the host's. */

import type { Clock } from '../../sim/clock.ts';
import { RealTimeDriver, released } from '../../sim/driver.ts';
import { hostTimers } from '../timers.ts';
import type { ClockOptions } from './types.ts';

export type Condition = () => boolean | Promise<boolean>;

export interface LabTime {
  /** When what is put in now comes. */
  now(): number;
  /** Something was put in. */
  wake(): void;
  /** Lets the world go on until `done` (asked once an instant), at most to `end`; says whether it was done. */
  run(done: Condition, end: number): Promise<boolean>;
  /** Lets so much time pass, as fast as the host can. */
  advance(ms: number): Promise<void>;
  stop(): void;
}

/** The host gets a turn this often, however long the world works (real milliseconds). */
const TURN_EVERY = 50;

const turn = (): Promise<void> => new Promise((resolve) => void hostTimers.later(resolve, 0));

/**
 * What the caller's own code does with the API: streams that it reads, requests that it makes. Virtual time waits for it, so that a
 * controller written with promises answers at the instant at which it heard.
 */
export class Outside {
  #stirred = 0;
  #rested = 0;

  /** Something went to the caller's code, or came from it. */
  stir(): void {
    this.#stirred++;
  }

  get resting(): boolean {
    return this.#stirred === this.#rested;
  }

  /** Ends after a turn of the host in which nothing more came. */
  async rest(): Promise<void> {
    while (!this.resting) {
      this.#rested = this.#stirred;
      await turn();
    }
  }
}

/** Time stands still unless somebody waits for something. */
class VirtualTime implements LabTime {
  readonly #clock: Clock;
  readonly #outside: Outside;
  #stopped = false;

  constructor(clock: Clock, outside: Outside) {
    this.#clock = clock;
    this.#outside = outside;
  }

  now(): number {
    return this.#clock.now;
  }

  wake(): void {}

  async run(done: Condition, end: number): Promise<boolean> {
    const clock = this.#clock;
    let turned = hostTimers.now();
    while (!this.#stopped) {
      if (!this.#outside.resting) await this.#outside.rest();
      const answer = done();
      if (answer === true || (answer !== false && (await answer))) return true;
      if (clock.held) await released(clock);
      else if (clock.next !== undefined && clock.next <= end) clock.advanceTo(clock.next);
      else if (clock.now >= end || clock.advanceTo(end)) return done();
      if (hostTimers.now() - turned < TURN_EVERY) continue;
      await turn();
      turned = hostTimers.now();
    }
    return false;
  }

  async advance(ms: number): Promise<void> {
    await this.run(() => false, this.#clock.now + ms);
  }

  stop(): void {
    this.#stopped = true;
  }
}

/** Time passes by itself, `speed` times as fast as the host's. */
class RealTime implements LabTime {
  readonly #clock: Clock;
  readonly #driver: RealTimeDriver;
  readonly #waiting = new Set<{ look(): void; stop(): void }>();

  constructor(clock: Clock, speed: number) {
    this.#clock = clock;
    this.#driver = new RealTimeDriver(clock, hostTimers, () => {
      for (const { look } of this.#waiting) look();
    });
    this.#driver.speed = speed;
  }

  now(): number {
    return this.#driver.now();
  }

  wake(): void {
    this.#driver.wake();
  }

  run(done: Condition, end: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let asking = false;
      const over = (act: () => void) => {
        this.#waiting.delete(waiter);
        act();
      };
      const look = async () => {
        if (asking) return;
        asking = true;
        try {
          if (await done()) over(() => resolve(true));
          else if (this.#clock.now >= end) over(() => resolve(false));
        } catch (error) {
          over(() => reject(error));
        }
        asking = false;
      };
      const waiter = { look, stop: () => over(() => resolve(false)) };
      this.#waiting.add(waiter);
      this.#driver.wake();
    });
  }

  async advance(ms: number): Promise<void> {
    const end = this.#clock.now + ms;
    this.#driver.skip(ms);
    await this.run(() => this.#clock.now >= end || this.#driver.skipping === 0, Number.POSITIVE_INFINITY);
  }

  stop(): void {
    this.#driver.stop();
    for (const { stop } of [...this.#waiting]) stop();
  }
}

export const timeOf = (clock: Clock, outside: Outside, { speed }: ClockOptions): LabTime =>
  speed === undefined ? new VirtualTime(clock, outside) : new RealTime(clock, speed);
