/** Which process runs at this moment: the world is synchronous, so there is one answer (`current` of Linux). */

import type { Task } from '../../sim/task.ts';
import type { Signal } from '../process.ts';

/** As much of a process as files and terminals need to know of their caller. */
export interface Caller {
  readonly group: number;
  /** Sends it a signal; says whether it survives and goes on (handled, ignored, stopped and continued). */
  raise(signal: Signal): boolean;
  /** Whether the signal would have no effect. */
  ignores(signal: Signal): boolean;
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
