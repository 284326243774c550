/** Running an exec session on the caller's own terminal or streams (`crictl exec`, `docker exec`), and following a log. */

import { Errno } from '../../machines/errno.ts';
import type { Process } from '../../machines/process.ts';
import { Coroutine, type Task } from '../../sim/task.ts';
import type { Container, Runtime } from '../runtime/containerd.ts';
import { openExec } from '../runtime/exec.ts';

export interface SessionOptions {
  readonly stdin: boolean;
  readonly tty: boolean;
}

/** Returns the exit code, or the error. */
export function* runSession(
  process: Process,
  runtime: Runtime,
  container: Container,
  command: readonly string[],
  { stdin, tty }: SessionOptions,
): Task<number | string> {
  const { clock } = runtime.machine;
  const terminal = tty ? process.tty : undefined;
  const modes = terminal?.modes;
  if (terminal) terminal.modes = { canonical: false, echo: false, signals: false, output: false };
  const session = openExec(runtime, container, command, { stdin, stdout: true, stderr: !tty, tty });
  if (terminal) session.resize.push({ columns: terminal.columns, rows: terminal.rows });
  const keys = stdin ? new Coroutine(clock, copyInput(process, session.stdin)) : undefined;
  if (!stdin) session.stdin.close();
  const output = new Coroutine(clock, copyOutput(session.stdout, process, 1));
  const errors = new Coroutine(clock, copyOutput(session.stderr, process, 2));
  try {
    const done = yield* session.done.next();
    yield* output.join();
    yield* errors.join();
    return done?.error ?? done?.exitCode ?? 255;
  } finally {
    keys?.kill();
    output.kill();
    errors.kill();
    if (terminal && modes) terminal.modes = modes;
    session.stdout.cancel();
  }
}

function* copyInput(process: Process, to: { push(data: Uint8Array): void; close(): void }): Task<void> {
  for (;;) {
    const data = yield* process.stdin.read();
    if (data.length === 0) break;
    to.push(data.slice());
  }
  to.close();
}

function* copyOutput(from: { next(): Task<Uint8Array | undefined> }, process: Process, fd: 1 | 2): Task<void> {
  for (let data = yield* from.next(); data; data = yield* from.next()) {
    try {
      yield* (fd === 1 ? process.stdout : process.stderr).write(data);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return;
    }
  }
}
