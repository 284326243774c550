/** Programs that run programs: xargs, find -exec, env, timeout, watch … */

import type { Task } from '../../sim/task.ts';
import { isErrno } from '../errno.ts';
import type { ExitStatus, Process, SpawnOptions } from '../process.ts';
import { SIGNALS } from '../shell/signals.ts';
import { quoted, quoteFor } from './quote.ts';

/** The file that $PATH gives for a name. */
export function* lookUp(process: Process, name: string, path = process.env.get('PATH')): Task<string | undefined> {
  if (name.includes('/')) return name;
  for (const directory of (path ?? '/usr/bin:/bin').split(':')) {
    const file = `${directory || '.'}/${name}`;
    try {
      if ((yield* process.stat(file)).type !== 'file') continue;
      yield* process.access(file, { execute: true });
      return file;
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
  }
  return undefined;
}

export const exitCode = (status: ExitStatus): number =>
  'code' in status ? status.code : 128 + SIGNALS.indexOf(status.signal);

/** No process more, or no memory for one (fork(2)): what the program says of it is not about the command. */
export class ForkError extends Error {}

/** Starts a command; a status if it cannot be, which has been told then. Throws ForkError, with the system's words. */
export function* startCommand(
  process: Process,
  argv: readonly string[],
  prefix: string,
  options: SpawnOptions = {},
): Task<{ child: Process } | { status: number }> {
  return yield* started(process, argv, prefix, options, function* (path, words) {
    return { child: yield* process.spawn(path, words, { files: process.files, ...options }) };
  });
}

/** Becomes a command, as env(1) and nice(1) do: no process more is needed. Returns the status if it cannot. */
export function* becomeCommand(
  process: Process,
  argv: readonly string[],
  prefix: string,
  options: Pick<SpawnOptions, 'files' | 'env'> = {},
): Task<number> {
  const outcome = yield* started(process, argv, prefix, options, (path, words) => process.exec(path, words, options));
  return outcome.status;
}

function* started<T>(
  process: Process,
  argv: readonly string[],
  prefix: string,
  options: SpawnOptions,
  begin: (path: string, argv: readonly string[]) => Task<T>,
): Task<T | { status: number }> {
  const file = yield* lookUp(process, argv[0]!, options.env?.get('PATH') ?? process.env.get('PATH'));
  const name = prefix.startsWith('xargs')
    ? argv[0]
    : /^(env|find|nice|stdbuf|timeout)/.test(prefix)
      ? quoteFor(process.env, argv[0]!)
      : quoted(argv[0]!);
  const say = (words: string) => process.error(`${prefix}${name}: ${words}\n`);
  if (file === undefined) {
    yield* say('No such file or directory');
    return { status: 127 };
  }
  try {
    return yield* begin(file, argv);
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (error.code === 'EAGAIN' || error.code === 'ENOMEM') throw new ForkError(error.message);
    if (error.code === 'ENOEXEC') return yield* begin('/bin/sh', ['sh', file, ...argv.slice(1)]);
    yield* say(error.message);
    return { status: error.code === 'ENOENT' ? 127 : 126 };
  }
}

export function* awaitChild(process: Process, child: Process): Task<number> {
  for (;;) {
    try {
      const result = yield* process.wait(child.pid);
      if (!('stopped' in result)) return exitCode(result);
    } catch (error) {
      if (!isErrno(error, 'EINTR')) throw error;
    }
  }
}

/** Runs a command to its end. */
export function* runCommand(
  process: Process,
  argv: readonly string[],
  prefix: string,
  options: SpawnOptions = {},
): Task<number> {
  const started = yield* startCommand(process, argv, prefix, options);
  return 'status' in started ? started.status : yield* awaitChild(process, started.child);
}
