/** A shell that is handed its command lines one by one, by a host instead of a terminal or a file. */

import type { Task } from '../../sim/task.ts';
import type { Program } from '../process.ts';
import { openShell, runCommandLine } from './bash.ts';

/** Runs what `next` gives until it gives undefined; tells each command's status. `exit` ends it. */
export function commandShell(next: () => Task<string | undefined>, done: (status: number) => void): Program {
  return function* (process, argv) {
    const shell = yield* openShell(process, argv[0]);
    for (;;) {
      const command = yield* next();
      if (command === undefined) return shell.status;
      const { clock, hostname } = process.machine;
      clock.cause = undefined;
      clock.cause = clock.because({ type: 'command', host: hostname, text: command.trimEnd() });
      const { status, exited } = yield* runCommandLine(shell, command);
      done(status);
      if (exited) return status;
    }
  };
}
