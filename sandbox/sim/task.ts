/**
 * Tasks: everything that can wait (programs, the shell, kubectl) is a generator that yields a `Wait`.
 * No promises inside the world: a task runs the moment it is resumed, so order never depends on the host.
 */

import type { Cause } from './cause.ts';
import type { Clock } from './clock.ts';
import { reportFault } from './faults.ts';

/** How a wait ends: with a value, or with an error thrown inside the task. Only the first call counts. */
export interface Resume {
  (value?: unknown): void;
  fail(error: unknown): void;
}

/** Registers the continuation; returns what to undo if the task is killed or interrupted meanwhile. */
export type Wait = (resume: Resume) => (() => void) | undefined;

export type Task<T> = Generator<Wait, T, unknown>;

export type Outcome<T> = { status: 'done'; value: T } | { status: 'failed'; error: unknown } | { status: 'killed' };

/**
 * A running task. Resumptions are queued on the clock at the same instant, never nested. It goes on because of what it was begun for (or has
 * come to: `clock.cause` set inside it stays), whoever wakes it.
 */
export class Coroutine<T> {
  readonly #clock: Clock;
  readonly #task: Task<T>;
  #undo: (() => void) | undefined;
  #turn = 0;
  #outcome: Outcome<T> | undefined;
  #running = false;
  #killed = false;
  #cause: Cause | undefined;
  #whenDone: ((outcome: Outcome<T>) => void)[] = [];

  constructor(clock: Clock, task: Task<T>) {
    this.#clock = clock;
    this.#task = task;
    this.#cause = clock.cause;
    const turn = this.#turn;
    clock.soon(() => this.#resume(turn, () => task.next()));
  }

  get outcome(): Outcome<T> | undefined {
    return this.#outcome;
  }

  /** Calls `fn` once with the outcome, at once if it is known. */
  whenDone(fn: (outcome: Outcome<T>) => void): void {
    if (this.#outcome) fn(this.#outcome);
    else this.#whenDone.push(fn);
  }

  /** Waits, inside another task, for the outcome. */
  *join(): Task<Outcome<T>> {
    if (!this.#outcome) {
      yield (resume) => {
        this.#whenDone.push(() => resume());
        return undefined;
      };
    }
    return this.#outcome!;
  }

  /** Ends it where it waits: `finally` blocks run, and may not wait. */
  kill(): void {
    if (this.#outcome || this.#killed) return;
    this.#killed = true;
    if (this.#running) return;
    this.#abandonWait();
    this.#close();
  }

  /** Throws `error` at the place where it waits (as EINTR does); false if it is not waiting now. */
  interrupt(error: unknown): boolean {
    if (this.#outcome || this.#killed || this.#running) return false;
    this.#abandonWait();
    const turn = this.#turn;
    this.#clock.soon(() => this.#resume(turn, () => this.#task.throw(error)));
    return true;
  }

  #abandonWait(): void {
    this.#turn++;
    const undo = this.#undo;
    this.#undo = undefined;
    undo?.();
  }

  #close(): void {
    try {
      // A generator that is not over waits in one of its finally blocks: nobody will go on with it.
      this.#task.return(undefined as T);
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError) reportFault('a task being ended', error);
    }
    this.#finish({ status: 'killed' });
  }

  #resume(turn: number, advance: () => IteratorResult<Wait, T>): void {
    if (turn !== this.#turn || this.#outcome) return;
    this.#turn++;
    this.#undo = undefined;
    this.#running = true;
    this.#clock.cause = this.#cause;
    let result: IteratorResult<Wait, T>;
    try {
      result = advance();
      this.#cause = this.#clock.cause;
    } catch (error) {
      this.#running = false;
      this.#finish(this.#killed ? { status: 'killed' } : { status: 'failed', error });
      return;
    }
    this.#running = false;
    if (this.#killed) {
      if (result.done) this.#finish({ status: 'killed' });
      else this.#close();
    } else if (result.done) this.#finish({ status: 'done', value: result.value });
    else this.#wait(result.value);
  }

  #wait(wait: Wait): void {
    const turn = this.#turn;
    let resumed = false;
    const later = (advance: () => IteratorResult<Wait, T>) => {
      if (resumed) return;
      resumed = true;
      this.#clock.soon(() => this.#resume(turn, advance));
    };
    const resume = ((value?: unknown) => later(() => this.#task.next(value))) as Resume;
    resume.fail = (error) => later(() => this.#task.throw(error));
    this.#undo = wait(resume);
  }

  #finish(outcome: Outcome<T>): void {
    if (this.#outcome) return;
    this.#outcome = outcome;
    const fns = this.#whenDone;
    this.#whenDone = [];
    for (const fn of fns) fn(outcome);
  }
}

/** Waits `ms` of virtual time. */
export function* sleep(clock: Clock, ms: number, background = false): Task<void> {
  yield (resume) => {
    const timer = clock.after(ms, resume, { background });
    return () => timer.cancel();
  };
}

/** Waits for work outside the world; virtual time stands still meanwhile. */
export function* outside<T>(clock: Clock, work: () => Promise<T>): Task<T> {
  return (yield (resume) => {
    const release = clock.hold();
    work().then(
      (value) => {
        resume(value);
        release();
      },
      (error) => {
        resume.fail(error);
        release();
      },
    );
    return release;
  }) as T;
}

/** The first of several waits to end: its index and value. The others are undone. */
export function* firstOf(...waits: Wait[]): Task<{ index: number; value: unknown }> {
  return (yield (resume) => {
    let over = false;
    const undos: ((() => void) | undefined)[] = [];
    const undoAll = () => {
      over = true;
      for (const undo of undos) undo?.();
    };
    waits.forEach((wait, index) => {
      if (over) return;
      const one = ((value?: unknown) => {
        if (over) return;
        undoAll();
        resume({ index, value });
      }) as Resume;
      one.fail = (error) => {
        if (over) return;
        undoAll();
        resume.fail(error);
      };
      undos[index] = wait(one);
      if (over) undos[index]?.();
    });
    return undoAll;
  }) as { index: number; value: unknown };
}

/** A task to be run in the place of the one that yields this: what `call` hands to the loop that runs a process. */
export class Call {
  readonly task: Task<unknown>;
  constructor(task: Task<unknown>) {
    this.task = task;
  }
}

/**
 * As `yield* task`, but the stack of the host does not grow by it: the loop that runs a process keeps the callers itself. For
 * recursion that a learner's input controls (a shell function that calls itself). Only inside a process.
 */
export function* call<T>(task: Task<T>): Task<T> {
  return (yield new Call(task) as unknown as Wait) as T;
}

/** Waits for a moment of virtual time. */
export const until =
  (clock: Clock, time: number): Wait =>
  (resume) => {
    const timer = clock.at(time, resume);
    return () => timer.cancel();
  };

/** Drives a task wait by wait, each against `timeIsUp`; `timeout` when that ended first (the task is then closed). */
export function* withTimeout<T>(task: Task<T>, timeIsUp: Wait): Task<T | 'timeout'> {
  try {
    let step = task.next();
    while (!step.done) {
      let woken: { index: number; value: unknown };
      try {
        woken = yield* firstOf(step.value, timeIsUp);
      } catch (error) {
        step = task.throw(error);
        continue;
      }
      if (woken.index === 1) return 'timeout';
      step = task.next(woken.value);
    }
    return step.value;
  } finally {
    task.return(undefined as T);
  }
}

let synchronous = 0;

/** Whether `runSync` is at work: nothing may wait then, not even to pay for time. */
export const mayNotWait = (): boolean => synchronous > 0;

/** Runs a task that never waits, outside any coroutine (tests, set-up). Throws if it does wait. */
export function runSync<T>(task: Task<T>): T {
  synchronous++;
  try {
    const result = task.next();
    if (!result.done) throw new Error('runSync: the task waits');
    return result.value;
  } finally {
    synchronous--;
  }
}
