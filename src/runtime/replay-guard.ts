/** Watches a replay from outside: it can be stopped by the reader, and is when the sandbox says nothing more of it. */

import type { Started } from '../../sandbox/channel/messages.ts';

/** A replay that takes longer than this is shown to the reader, who may stop it (milliseconds). */
const SHOWN_AFTER = 2_500;
/** A sandbox that says nothing of its replay for so long hangs in it. */
const SILENT_AFTER = 25_000;

export class ReplayGuard {
  readonly #onState: (state: { done: number; all: number } | undefined) => void;
  #state = { done: 0, all: 0 };
  /** When the replay itself began: code that is loaded before takes as long as the network does. */
  #began: number | undefined;
  #heardAt = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #giveUp: (message: string) => void = () => {};
  /** It was given up, and the sandbox may still be at it. */
  stopped = false;

  constructor(onState: (state: { done: number; all: number } | undefined) => void) {
    this.#onState = onState;
  }

  /** The start's outcome, or that it is waited for no longer. */
  over(starting: Promise<Started>): Promise<Started> {
    this.#timer = setInterval(() => this.#look(), 250);
    const given = new Promise<Started>((resolve) => {
      this.#giveUp = (message) => {
        this.stopped = true;
        resolve({ ok: false, problem: { kind: 'endless', entry: this.#state.done, message } });
      };
    });
    return Promise.race([starting, given]);
  }

  /** The replay is so far. */
  reached(done: number, all: number): void {
    this.#state = { done, all };
    this.#began ??= performance.now();
    this.alive();
  }

  /** It said something: it waits for code, or had it. */
  alive(): void {
    this.#heardAt = performance.now();
  }

  stop(): void {
    this.#giveUp('the reader stopped the replay');
  }

  end(): void {
    clearInterval(this.#timer);
    this.#onState(undefined);
  }

  #look(): void {
    if (this.#began === undefined) return;
    const now = performance.now();
    if (now - this.#began > SHOWN_AFTER) this.#onState(this.#state);
    if (now - this.#heardAt > SILENT_AFTER) this.#giveUp('the sandbox said nothing more of its replay');
  }
}
