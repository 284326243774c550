/** The bounds of a replay: what a learner's machine may be asked for before the log is given up. */

import type { ReplayProblem, ReplayProblemKind } from '../channel/messages.ts';
import type { HostTimers } from '../sim/driver.ts';
import type { World } from '../world/world.ts';

/** Between two inputs a replay works at most this long (real milliseconds): then what was started there never ends. */
const GAP_LIMIT = 20_000;
/** And this long altogether. */
const WHOLE_LIMIT = 90_000;
/** Between two looks: what takes longer was a wait (milliseconds). */
const LONGEST_STEP = 5_000;
/** No lesson comes near it; a fork bomb does within a second. */
const MOST_TASKS = 5_000;
/** The host gets a turn this often (real milliseconds). */
const TURN_EVERY = 50;

export class ReplayError extends Error {
  readonly problem: ReplayProblem;

  constructor(kind: ReplayProblemKind, entry: number, message: string) {
    super(message);
    this.problem = { kind, entry, message };
  }
}

export interface ReplayHost {
  readonly timers: HostTimers;
  /** Entries put in, of all. */
  readonly onProgress: (done: number, all: number) => void;
}

/** Watches over one replay; `between` is asked every few events (see `advance`). */
export class ReplayWatch {
  readonly #host: ReplayHost;
  readonly #world: World;
  readonly #all: number;
  /** Real time that was worked, since the last input and altogether; what was waited for code is none. */
  #gap = 0;
  #whole = 0;
  #looked: number;
  #turned: number;
  #done = 0;

  constructor(host: ReplayHost, world: World, all: number) {
    this.#host = host;
    this.#world = world;
    this.#all = all;
    this.#looked = this.#turned = host.timers.now();
  }

  /** So many entries have been put in. */
  reached(done: number): void {
    this.#done = done;
    this.#gap = 0;
  }

  /** Throws ReplayError when a bound is crossed. */
  readonly between = (): Promise<void> | undefined => {
    const now = this.#host.timers.now();
    const worked = Math.min(now - this.#looked, LONGEST_STEP);
    this.#looked = now;
    this.#gap += worked;
    this.#whole += worked;
    if (this.#gap > GAP_LIMIT || this.#whole > WHOLE_LIMIT)
      throw new ReplayError(
        'endless',
        this.#done,
        `the replay was given up after ${Math.round(this.#whole / 1_000)} s of work`,
      );
    if (now - this.#turned < TURN_EVERY) return undefined;
    if (this.#world.tasks > MOST_TASKS)
      throw new ReplayError('crowded', this.#done, `the replay led to ${this.#world.tasks} processes`);
    this.#host.onProgress(this.#done, this.#all);
    return new Promise((resolve) => {
      this.#host.timers.later(() => {
        this.#turned = this.#looked = this.#host.timers.now();
        resolve();
      }, 0);
    });
  };
}
