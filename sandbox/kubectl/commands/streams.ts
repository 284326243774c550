/** A running exec or attach on this terminal: both directions, raw keys, resizes, the exit code (kubectl pkg/cmd/exec, term). */

import type { ExecSession } from '../../api/http.ts';
import { Beside } from '../../sim/beside.ts';
import { firstOf, type Task, type Wait } from '../../sim/task.ts';
import { CommandError, PlainError } from '../cli/errors.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';

export interface Terminal {
  readonly stdin: boolean;
  /** Keys go through as they are pressed: stdin was asked for, a TTY too, and it is one. */
  readonly raw: boolean;
}

/** StreamOptions.SetupTTY: a terminal only where there is one. */
export function* setUpTerminal({ flags, environment }: Session, stdin: boolean, tty: boolean): Task<Terminal> {
  const raw = stdin && tty && environment.stdin.isTerminal;
  if (stdin && tty && !raw && !flags.bool('quiet'))
    yield* environment.stderr.write('Unable to use a TTY - input is not a terminal or the right kind of file\n');
  return { stdin, raw };
}

/** Ends with the remote command; its exit code becomes kubectl's. */
export function* runSession(
  session: Session,
  pod: KObject,
  verb: 'exec' | 'attach',
  container: string,
  command: readonly string[],
  { stdin, raw }: Terminal,
): Task<void> {
  const { environment } = session;
  const { name, namespace } = pod.metadata!;
  const query: [string, string][] = command.map((word) => ['command', word]);
  query.push(['container', container]);
  if (stdin) query.push(['stdin', 'true']);
  query.push(['stdout', 'true'], raw ? ['tty', 'true'] : ['stderr', 'true']);
  const client = yield* session.client();
  const running = yield* client.exec(`/api/v1/namespaces/${namespace}/pods/${name}/${verb}`, query);
  try {
    if (raw) startTerminal(session, running);
    yield* pump(session, running, stdin);
  } finally {
    if (raw) {
      environment.stdin.setRaw?.(false);
      environment.stdout.onResize?.(undefined);
    }
    running.stdin.close();
    running.stdout.cancel();
    running.stderr.cancel();
  }
}

function startTerminal(session: Session, running: ExecSession): void {
  const { stdin, stdout } = session.environment;
  const size = () => ({ columns: stdout.columns, rows: stdout.rows });
  stdin.setRaw?.(true);
  running.resize.push(size());
  stdout.onResize?.(() => running.resize.push(size()));
}

/** Copies in both directions until the remote end is done. */
function* pump(session: Session, running: ExecSession, withStdin: boolean): Task<void> {
  const { stdin, stdout, stderr } = session.environment;
  let reader = withStdin ? new Beside(stdin.read()) : undefined;
  try {
    for (;;) {
      for (let chunk = running.stdout.take(); chunk; chunk = running.stdout.take()) yield* stdout.write(chunk);
      for (let chunk = running.stderr.take(); chunk; chunk = running.stderr.take()) yield* stderr.write(chunk);
      const outputsOver = running.stdout.closed && running.stderr.closed;
      if (running.done.size > 0 && (outputsOver || running.stdout.size + running.stderr.size === 0)) break;
      const waits: Wait[] = [running.done.readable];
      if (!running.stdout.closed) waits.push(running.stdout.readable);
      if (!running.stderr.closed) waits.push(running.stderr.readable);
      if (reader) waits.push(reader.ready);
      yield* firstOf(...waits);
      reader?.advance();
      const outcome = reader?.outcome;
      if (outcome?.status === 'failed') throw outcome.error;
      if (outcome?.status !== 'done') continue;
      if (outcome.value.length > 0) running.stdin.push(outcome.value);
      else running.stdin.close();
      reader = outcome.value.length > 0 ? new Beside(stdin.read()) : undefined;
    }
  } finally {
    reader?.end();
  }
  ended(running);
}

function ended(running: ExecSession): void {
  const result = running.done.take();
  if (result?.exitCode === undefined) {
    if (result?.error) throw new CommandError(result.error.replace(/^error: /, ''));
    return;
  }
  if (result.exitCode !== 0) {
    if (result.error) throw new PlainError(result.error, result.exitCode);
    throw new PlainError(`command terminated with exit code ${result.exitCode}`, result.exitCode);
  }
}
