/** A shell that is handed its command lines one by one, by a host instead of a terminal or a file. */

import type { Task } from '../../sim/task.ts';
import type { Program } from '../process.ts';
import { initialize, parseArguments } from './bash.ts';
import { ExitJump, ShellError } from './errors.ts';
import { runText } from './interpreter.ts';
import { Shell } from './shell.ts';

/** Runs what `next` gives until it gives undefined; tells each command's status. `exit` ends it. */
export function commandShell(next: () => Task<string | undefined>, done: (status: number) => void): Program {
  return function* (process, argv) {
    const shell = new Shell(process, argv[0] ?? 'bash', 'bash');
    const invocation = parseArguments(['bash']);
    if (typeof invocation === 'string') return 2;
    yield* initialize(shell, invocation);
    shell.origin = 'command';
    return yield* shell.guard(
      (function* () {
        for (;;) {
          const command = yield* next();
          if (command === undefined) return shell.status;
          try {
            shell.status = yield* runText(shell, command);
            done(shell.status);
          } catch (error) {
            if (error instanceof ExitJump) done(error.status);
            if (!(error instanceof ShellError)) throw error;
            // A syntax error ends the command, not the shell that it was given to.
            yield* shell.complain(error.message);
            shell.status = error.status;
            done(error.status);
          }
        }
      })(),
    );
  };
}
