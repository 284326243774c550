/** Which process runs at this moment: the world is synchronous, so there is one answer (`current` of Linux). */

import type { Task } from '../../sim/task.ts';
import type { OpenFile, Signal } from '../process.ts';

/** As much of a process as files and terminals need to know of their caller. */
export interface Caller {
  readonly group: number;
  /** Sends it a signal; says whether it survives and goes on (handled, ignored, stopped and continued). */
  raise(signal: Signal): boolean;
  /** Whether the signal would have no effect. */
  ignores(signal: Signal): boolean;
  /** Counts time spent in the kernel (microseconds); says whether it is time to `pay`. */
  owes(microseconds: number): boolean;
  /** Waits for the time that was counted. */
  pay(): Task<void>;
  /** Open files it holds a reference of: its end releases them. */
  readonly references: Map<OpenFile, number>;
}

let current: Caller | undefined;

export const caller = (): Caller | undefined => current;

/** Makes `next` the running process and returns the one before. */
export function switchTo(next: Caller | undefined): Caller | undefined {
  const before = current;
  current = next;
  return before;
}

const NEVER = () => undefined;

/** Sends a signal to the process that runs; waits for its end if it is deadly. */
export function* mayRaise(signal: Signal): Task<void> {
  if (current && !current.raise(signal)) yield NEVER;
}

/** What a system call costs in the kernel, beside the bytes it moves (microseconds): about what a virtual machine shows. */
export const CALL_COST = 2;
/** Bytes that are moved in a microsecond: a copy in memory. */
const COPIED = 2_000;

/** The time of a system call that moves so many bytes, `slower` than a copy in memory; whether the caller must `pay`. */
export const costs = (bytes: number, slower = 1): boolean =>
  current?.owes(CALL_COST + (bytes * slower) / COPIED) ?? false;
