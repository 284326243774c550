/** What a builtin is: it runs in the shell's own process and returns a status. */

import type { Assignment, Word } from 'unbash';
import type { Task } from '../../../sim/task.ts';
import { posixFailure } from '../dialects/words.ts';
import type { Shell } from '../shell.ts';

export type Builtin = (
  shell: Shell,
  argv: string[],
  /** The arguments as they stand, for declarations. */
  args: readonly (Assignment | Word)[],
) => Task<number>;

/** Prints `NAME: message` as the shell introduces it. */
export function* fail(shell: Shell, argv: readonly string[], message: string, status = 1): Task<number> {
  if (shell.dialect !== 'bash') return yield* posixFailure(shell, argv, message, status);
  yield* shell.complain(`${argv[0]}: ${message}`);
  return status;
}

/** An option it does not have: bash's two lines, status 2. */
export function* invalidOption(shell: Shell, argv: readonly string[], option: string, usage: string): Task<number> {
  if (shell.dialect !== 'bash') return yield* posixFailure(shell, argv, `${option}: invalid option`, 2);
  yield* shell.complain(`${argv[0]}: ${option}: invalid option`);
  yield* shell.write(2, `${argv[0]}: usage: ${usage}\n`);
  return 2;
}
