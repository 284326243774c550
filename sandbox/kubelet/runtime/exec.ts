/** Running another command in a container: collected (probes, hooks), or as a session with streams (kubectl exec). */

import { finish, newSession } from '../../api/exec-session.ts';
import type { ExecSession, ExecStreams } from '../../api/http.ts';
import { Errno } from '../../machines/errno.ts';
import { execIn } from '../../machines/kernel/namespaces.ts';
import { SIGNAL_NUMBERS } from '../../machines/kernel/signals.ts';
import type { ExitStatus, OpenFile } from '../../machines/process.ts';
import type { TerminalDevice } from '../../machines/tty/terminal.ts';
import type { Channel } from '../../sim/channel.ts';
import { reportFault } from '../../sim/faults.ts';
import { Coroutine, firstOf, type Resume, sleep, type Task } from '../../sim/task.ts';
import type { Container } from './container.ts';
import type { Runtime } from './containerd.ts';
import { execSessionFailure } from './errors.ts';
import { NullFile, SinkFile } from './io.ts';

export interface ExecResult {
  readonly exitCode: number;
  readonly output: string;
  readonly timedOut: boolean;
  /** The command could not be run at all. */
  readonly error?: string;
}

/** runc needs a moment to enter the namespaces. */
const LATENCY = 30;

const exitCodeOf = (status: ExitStatus): number =>
  'code' in status ? status.code : 128 + SIGNAL_NUMBERS[status.signal];

/** ExecSync: stdout and stderr together, killed after `timeout` milliseconds. */
export function* execSync(runtime: Runtime, id: string, command: readonly string[], timeout: number): Task<ExecResult> {
  const container = runtime.container(id);
  if (container?.state !== 'running' || !container.kernel) {
    return { exitCode: -1, output: '', timedOut: false, error: `container is not in running state` };
  }
  const { clock } = runtime.machine;
  const decoder = new TextDecoder();
  let output = '';
  const collect = new SinkFile(
    (data) => {
      output += decoder.decode(data, { stream: true });
    },
    () => clock.now,
  );
  try {
    const process = yield* execIn(container.kernel, {
      argv: command,
      env: container.environment,
      cwd: container.workdir,
      ...container.credentials,
      files: new Map<number, OpenFile>([
        [0, new NullFile(() => clock.now)],
        [1, collect],
        [2, collect],
      ]),
    });
    let status: ExitStatus | undefined;
    const ended = (resume: Resume) => {
      process.whenDone((value) => {
        status = value;
        resume();
      });
      return undefined;
    };
    const late = (resume: Resume) => {
      const timer = clock.after(timeout, () => resume(), { background: true });
      return () => timer.cancel();
    };
    yield* firstOf(ended, late);
    if (status) return { exitCode: exitCodeOf(status), output, timedOut: false };
    process.deliver('SIGKILL', true);
    return { exitCode: 137, output, timedOut: true };
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return {
      exitCode: -1,
      output: '',
      timedOut: false,
      error: execSessionFailure(runtime.random.hex(64), command[0] ?? '', error),
    };
  }
}

/** An interactive or piped command; the session's channels are its streams. */
export function openExec(
  runtime: Runtime,
  container: Container,
  command: readonly string[],
  streams: ExecStreams,
): ExecSession {
  const session = newSession();
  const task = new Coroutine(runtime.machine.clock, runExec(runtime, container, command, streams, session));
  task.whenDone((outcome) => {
    if (outcome.status !== 'failed') return;
    reportFault(`exec in container ${container.id}`, outcome.error);
    finish(session, {
      error: 'Internal error occurred: error executing command in container: context deadline exceeded',
    });
  });
  return session;
}

function* runExec(
  runtime: Runtime,
  container: Container,
  command: readonly string[],
  streams: ExecStreams,
  session: ExecSession,
): Task<void> {
  const { clock, kernel } = runtime.machine;
  yield* sleep(clock, LATENCY);
  const env = container.environment;
  const terminal = streams.tty ? openTerminal(runtime, session) : undefined;
  if (terminal) env.set('TERM', 'xterm');
  const plumbing = terminal ? undefined : pipes(runtime, streams, session);
  try {
    if (container.state !== 'running' || !container.kernel) throw new Errno('ESRCH');
    const process = yield* execIn(container.kernel, {
      argv: command,
      env,
      cwd: container.workdir,
      ...container.credentials,
      ...(plumbing ? { files: plumbing.files } : {}),
      ...(terminal ? { tty: terminal } : {}),
      foreground: true,
    });
    process.whenDone((status) => {
      if (terminal) kernel.closeTerminal(terminal);
      plumbing?.close();
      finish(session, { exitCode: exitCodeOf(status) });
    });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (terminal) kernel.closeTerminal(terminal);
    plumbing?.close();
    const reason = execSessionFailure(runtime.random.hex(64), command[0] ?? '', error);
    finish(session, { error: `Internal error occurred: error executing command in container: ${reason}` });
  }
}

/** A terminal whose keyboard and screen are the session's streams. */
function openTerminal(runtime: Runtime, session: ExecSession): TerminalDevice {
  const { kernel } = runtime.machine;
  const first = session.resize.take();
  const terminal = kernel.openTerminal(first ?? { columns: 80, rows: 24 });
  const encoder = new TextEncoder();
  terminal.onOutput((text) => session.stdout.push(encoder.encode(text)));
  connectKeyboard(runtime, session, terminal);
  session.stdout.onCancel = () => kernel.closeTerminal(terminal);
  return terminal;
}

/** Keys and window sizes in; ends with the streams. */
export function connectKeyboard(runtime: Runtime, session: ExecSession, terminal: TerminalDevice): void {
  const { clock } = runtime.machine;
  new Coroutine(
    clock,
    (function* (): Task<void> {
      for (let data = yield* session.stdin.next(); data; data = yield* session.stdin.next()) terminal.typeBytes(data);
    })(),
  );
  new Coroutine(
    clock,
    (function* (): Task<void> {
      for (let size = yield* session.resize.next(); size; size = yield* session.resize.next()) terminal.resize(size);
    })(),
  );
}

function pipes(
  runtime: Runtime,
  streams: ExecStreams,
  session: ExecSession,
): { files: Map<number, OpenFile>; close: () => void } {
  const { clock, init } = runtime.machine;
  const now = () => clock.now;
  const files = new Map<number, OpenFile>([
    [1, streams.stdout ? new SinkFile((data) => session.stdout.push(data.slice()), now) : new NullFile(now)],
    [2, streams.stderr ? new SinkFile((data) => session.stderr.push(data.slice()), now) : new NullFile(now)],
  ]);
  if (!streams.stdin) {
    files.set(0, new NullFile(now));
    return { files, close: () => {} };
  }
  const pipe = init.pipe();
  files.set(0, pipe.read);
  const feeding = new Coroutine(clock, feed(session.stdin, pipe.write));
  return { files, close: () => feeding.kill() };
}

/** Copies what arrives into a pipe, and closes it at the end. */
export function* feed(from: Channel<Uint8Array>, to: OpenFile): Task<void> {
  try {
    for (let data = yield* from.next(); data; data = yield* from.next()) yield* to.write(data);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
  } finally {
    to.release();
  }
}
