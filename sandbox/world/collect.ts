/** Runs one command on a machine, without a terminal, and collects what it prints. */

import type { CommandResult } from '../lesson/observation.ts';
import { isErrno } from '../machines/errno.ts';
import type { KernelMachine } from '../machines/kernel/machine.ts';
import type { OpenFile } from '../machines/process.ts';
import { Coroutine, sleep, type Task } from '../sim/task.ts';

/** undefined when it did not end within `limit` virtual milliseconds; it is killed then. */
export function* collect(
  machine: KernelMachine,
  argv: readonly string[],
  limit: number,
): Task<CommandResult | undefined> {
  const { init, clock } = machine;
  if (!machine.up) return undefined;
  const stdin = init.pipe();
  stdin.write.release();
  const stdout = init.pipe();
  const stderr = init.pipe();
  const out = new Coroutine(clock, text(stdout.read));
  const err = new Coroutine(clock, text(stderr.read));
  const process = yield* init.spawn(`/usr/bin/${argv[0]}`, argv, {
    files: new Map([
      [0, stdin.read],
      [1, stdout.write],
      [2, stderr.write],
    ]),
    cwd: '/root',
    group: 'new',
    session: null,
    // A checkpoint looks from outside: full slices must not blind it.
    tasks: machine.kernel.tasks.all,
  });
  for (const file of [stdin.read, stdout.write, stderr.write]) file.release();
  let over = false;
  const guard = clock.after(
    limit,
    () => {
      over = true;
      try {
        init.kill(-process.group, 'SIGKILL');
      } catch (error) {
        // It ended in this very instant, or its machine went down.
        if (!isErrno(error, 'ESRCH')) throw error;
      }
    },
    { background: true },
  );
  const status = yield* init.wait(process.pid);
  guard.cancel();
  if (over) return undefined;
  yield* sleep(clock, 1);
  const code = 'code' in status ? status.code : 1;
  return { exitCode: code, stdout: value(out), stderr: value(err) };
}

const value = (reader: Coroutine<string>): string => (reader.outcome?.status === 'done' ? reader.outcome.value : '');

function* text(file: OpenFile): Task<string> {
  const decoder = new TextDecoder();
  let all = '';
  for (;;) {
    const data = yield* file.read();
    if (data.length === 0) return all;
    all += decoder.decode(data, { stream: true });
  }
}
