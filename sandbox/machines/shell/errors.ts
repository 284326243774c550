/** How control leaves the middle of a script: errors that end a command line, and the jumps of `break`, `return`, `exit`. */

/** A message for stderr that ends the current command line (or a script that is not interactive). */
export class ShellError extends Error {
  readonly status: number;
  constructor(message: string, status = 1) {
    super(message);
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

/** Ctrl-C while the shell itself was working: back to the prompt with status 130. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
  }
}
