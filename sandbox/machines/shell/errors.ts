/** How control leaves the middle of a script: errors that end a command line, and the jumps of `break`, `return`, `exit`. */

import { Exit } from '../process.ts';

/**
 * A message for stderr that ends more than its command: the rest of the line (bash's DISCARD: arithmetic, bad substitutions, read-only
 * variables), or the shell, if it is not interactive (FORCE_EOF: `${x:?}`, `set -u`).
 */
export class ShellError extends Error {
  readonly status: number;
  readonly ends: 'line' | 'shell';
  /** It has been printed, where it arose: only there are the line and the source its own. */
  told = false;
  constructor(message: string, ends: 'line' | 'shell' = 'line', status = 1) {
    super(message);
    this.ends = ends;
    this.status = status;
  }
}

/** An error of one command only: printed, its status is the command's, and the script goes on. */
export class CommandError extends Error {
  readonly status: number;
  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

export class LoopJump extends Error {
  readonly kind: 'break' | 'continue';
  levels: number;
  constructor(kind: 'break' | 'continue', levels: number) {
    super(kind);
    this.kind = kind;
    this.levels = levels;
  }
}

export class ReturnJump extends Error {
  readonly status: number;
  constructor(status: number) {
    super('return');
    this.status = status;
  }
}

export class ExitJump extends Error {
  readonly status: number;
  constructor(status: number) {
    super('exit');
    this.status = status;
  }
}

/** No memory for a value: bash says so and exits with 2, without traps (xmalloc.c, memory_error_and_abort). */
export class OutOfMemory extends Error {
  constructor(bytes: number) {
    super(`xrealloc: cannot allocate ${bytes} bytes`);
  }
}

/** Whether it only carries control away: nothing went wrong in the interpreter itself. */
export const isJump = (error: unknown): boolean =>
  error instanceof LoopJump ||
  error instanceof ReturnJump ||
  error instanceof ExitJump ||
  error instanceof ShellError ||
  error instanceof OutOfMemory ||
  error instanceof Interrupted ||
  error instanceof Exit;

/** Ctrl-C while the shell itself was working: back to the prompt with status 130. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
  }
}
