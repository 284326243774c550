/** The two ways to move the clock from outside: following real time, or as fast as the machine can. */

import type { Clock } from './clock.ts';

/** The host's own time and timers; only sandbox/hosts has them. */
export interface HostTimers {
  /** Monotonic milliseconds. */
  now(): number;
  /** Calls back after `ms`; 0 is the host's next turn, after its pending input. */
  later(fn: () => void, ms: number): { cancel(): void };
}

/** A slice of work before the host gets its turn: half a frame. */
const SLICE_MS = 8;
/** A gap in real time beyond this (a closed laptop, a frozen tab) pauses the world instead of being caught up with. */
const PAUSE_GAP_MS = 5_000;
/** How far the world may fall behind real time before it is let go slower. */
const LAG_MS = 250;
/**
 * A world that works for so long and is still behind is let go slower: it keeps no more of its lag than it makes up for in this time. What
 * is put in comes after the lag, and so is heard soon also where thousands of processes make a millisecond last long.
 */
const HEARD_MS = 100;
/** A skip that has worked longer than this (a busy loop somewhere in the world) ends where it has come to (real milliseconds). */
const SKIP_LIMIT_MS = 20_000;

/** Virtual time follows real time, `speed` times as fast. */
export class RealTimeDriver {
  readonly #clock: Clock;
  readonly #timers: HostTimers;
  readonly #afterSlice: () => void;
  #speed = 1;
  #virtualBase: number;
  #hostBase: number;
  #lastSeen: number;
  /** Where a skip leads: until then the world goes as fast as the host can. */
  #skip: { readonly to: number; spent: number } | undefined;
  /** Since when, and from where, it has worked without having caught up. */
  #behind: { readonly since: number; readonly from: number } | undefined;
  #timer: { cancel(): void } | undefined;
  #stopped = false;

  constructor(clock: Clock, timers: HostTimers, afterSlice: () => void) {
    this.#clock = clock;
    this.#timers = timers;
    this.#afterSlice = afterSlice;
    this.#virtualBase = clock.now;
    this.#hostBase = this.#lastSeen = timers.now();
    clock.onRelease = () => this.wake();
    this.wake();
  }

  /** Where virtual time should stand now; during a skip, where it has come to. */
  now(): number {
    if (this.#skip) return this.#clock.now;
    return this.#virtualBase + (this.#timers.now() - this.#hostBase) * this.#speed;
  }

  set speed(factor: number) {
    if (!this.#skip) this.#rebase(this.now());
    this.#speed = factor;
    this.wake();
  }

  /**
   * Lets `ms` of virtual time pass as fast as the host can; what is put in meanwhile comes where the world then stands.
   * Skips add up. One that has worked for 20 s of real time ends early: the world stands where it has come to, and nothing in it is lost.
   */
  skip(ms: number): void {
    const from = this.#skip?.to ?? this.now();
    this.#skip = { to: Math.ceil(from + ms), spent: 0 };
    this.wake();
  }

  /** How much of a skip is still to come (virtual milliseconds). */
  get skipping(): number {
    return this.#skip ? this.#skip.to - this.#clock.now : 0;
  }

  /** Runs what is due, so that a request from outside finds the world as it is now. */
  catchUp(): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    this.#slice();
  }

  /** Something was put on the clock: look at it again. */
  wake(): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    this.#timer = this.#timers.later(() => this.#slice(), 0);
  }

  /** For good: connections that end because of it wake nothing any more. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#clock.onRelease = undefined;
  }

  #slice(): void {
    this.#timer = undefined;
    const started = this.#timers.now();
    if (started - this.#lastSeen > PAUSE_GAP_MS) this.#hostBase += started - this.#lastSeen;
    this.#lastSeen = started;
    const skip = this.#skip;
    const from = this.#clock.now;
    // An input is put where now() rounds up to: it is due in this very slice.
    const target = skip ? skip.to : Math.ceil(this.now());
    let more = true;
    while (more && this.#timers.now() - started < SLICE_MS) {
      // A few events between two looks at the host's clock: some take milliseconds.
      for (let i = 0; i < 4 && more; i++) more = this.#clock.step(target);
    }
    this.#afterSlice();
    if (skip) skip.spent += this.#timers.now() - started;
    if (this.#clock.held) return;
    if (skip) {
      if (!more || skip.spent >= SKIP_LIMIT_MS) {
        if (!more) this.#clock.advanceTo(skip.to);
        this.#skip = undefined;
        this.#rebase(this.#clock.now);
      }
      this.wake();
      return;
    }
    if (more) {
      this.#behind ??= { since: started, from };
      if (this.#speed === 1) this.#letGo(target);
      this.wake();
      return;
    }
    this.#behind = undefined;
    if (this.#clock.now < target) this.#clock.advanceTo(target);
    const next = this.#clock.next;
    const wait = next === undefined ? 1_000 : Math.min(1_000, Math.max(0, (next - this.now()) / this.#speed));
    this.#timer = this.#timers.later(() => this.#slice(), wait);
  }

  #letGo(target: number): void {
    const { now } = this.#clock;
    const { since, from } = this.#behind!;
    const worked = this.#timers.now() - since;
    let most = LAG_MS;
    if (worked >= HEARD_MS) {
      most = Math.min(LAG_MS, Math.max(1, ((now - from) / worked) * HEARD_MS));
      this.#behind = { since: since + worked, from: now };
    }
    if (target - now > most) this.#rebase(now + most);
  }

  #rebase(virtual: number): void {
    this.#virtualBase = virtual;
    this.#hostBase = this.#timers.now();
  }
}

/** Called every so many events; a promise is waited for, a throw ends the run where it is. */
export type Between = () => Promise<void> | undefined;
const EVENTS_BETWEEN = 256;

/** Runs everything up to `time`, waiting for what is loaded from outside on the way. */
export async function advance(clock: Clock, time: number, between?: Between): Promise<void> {
  for (;;) {
    if (clock.held) await released(clock);
    let more = true;
    for (let i = 0; more && (!between || i < EVENTS_BETWEEN); i++) more = clock.step(time);
    if (more) await between?.();
    else if (clock.advanceTo(time)) return;
  }
}

/** Runs until `done` says so, or until `time`; says whether it was done. */
export async function runUntil(clock: Clock, done: () => boolean, time: number, between?: Between): Promise<boolean> {
  for (let events = 1; ; events++) {
    if (done()) return true;
    if (between && events % EVENTS_BETWEEN === 0) await between();
    if (clock.held) await released(clock);
    else if (!clock.step(time)) {
      if (clock.held) continue;
      clock.advanceTo(time);
      return done();
    }
  }
}

const releases = new WeakMap<Clock, Promise<void>>();

/** Ends with the last hold; any number may wait for it. */
export function released(clock: Clock): Promise<void> {
  if (!clock.held) return Promise.resolve();
  let release = releases.get(clock);
  if (!release) {
    release = new Promise((resolve) => {
      clock.onRelease = () => {
        clock.onRelease = undefined;
        releases.delete(clock);
        resolve();
      };
    });
    releases.set(clock, release);
  }
  return release;
}
