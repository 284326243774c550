/** kubectl: finds the command in the words, runs it, and words its failure. */

import type { Task } from '../sim/task.ts';
import type { Command } from './cli/command.ts';
import { checkRequired, firstArgument, locate, parse, unknownCommand } from './cli/dispatch.ts';
import { AggregateFailure, ApiError, ConnectionError, Exit, PlainError, report } from './cli/errors.ts';
import { checkGlobals } from './cli/globals.ts';
import { runPlugin } from './cli/plugin.ts';
import { LEVELS } from './client/verbose.ts';
import { commands } from './commands/index.ts';
import type { KubectlEnvironment } from './environment.ts';
import { helpText } from './help/help.ts';
import { printJson } from './printers/json.ts';
import { Session } from './session.ts';

export const root: Command = { name: 'kubectl', commands };

/** Returns the exit code. */
export function* runKubectl(environment: KubectlEnvironment): Task<number> {
  let session: Session | undefined;
  try {
    const located = locate(root, environment.args);
    if (located.command === root) {
      const status = yield* plugin(environment);
      if (status !== undefined) return status;
    }
    const isHelp = yield* showHelp(environment, located.names, located.rest);
    if (isHelp) return 0;
    if (located.command === root) return yield* rootCommand(environment, located.rest);
    const invocation = parse(located);
    session = new Session(environment, invocation.flags, invocation.path);
    for (const notice of invocation.flags.notices) yield* session.err(`${notice}\n`);
    yield* checkGlobals(environment, invocation.flags, located.command);
    checkRequired(invocation);
    if (located.command.helpOnly) {
      yield* showTopic(environment, invocation.path);
      return 0;
    }
    if (!located.command.run)
      return yield* groupCommand(environment, invocation.path, invocation.flags.args, located.command.helpTo);
    yield* located.command.run(session);
    yield* session.flushWarnings();
    if (invocation.flags.bool('warnings-as-errors') && session.warnings > 0) {
      const count = session.warnings;
      throw new Error(`${count} warning${count === 1 ? '' : 's'} received`);
    }
    return 0;
  } catch (error) {
    if (!isFailure(error)) throw error;
    yield* session?.flushWarnings() ?? nothing();
    yield* session ? explainFailure(session, error) : nothing();
    const { text, code } = report(error);
    if (text !== '') yield* environment.stderr.write(text);
    return code;
  } finally {
    yield* session?.close() ?? nothing();
  }
}

function* nothing(): Task<void> {}

/** What `-v=4` tells of a failure before its message (cmdutil.StandardErrorMessage). */
function* explainFailure(session: Session, error: unknown): Task<void> {
  if (session.verbosity < LEVELS.errors) return;
  if (error instanceof AggregateFailure) for (const each of error.errors) yield* explainFailure(session, each);
  if (error instanceof ApiError)
    yield* session.err(
      `${session.klog('I', 'helpers.go:246')} server response object: %s[${printJson(error.status, 2, false)}]\n`,
    );
  if (error instanceof ConnectionError)
    yield* session.err(`${session.klog('I', 'helpers.go:264')} Connection error: Get ${error.url}: ${error.message}\n`);
}

/** Words that are no command may name a plugin, and only then flags may not come first. */
function* plugin(environment: KubectlEnvironment): Task<number | undefined> {
  const { args } = environment;
  const at = firstArgument(args, root);
  if (at < 0 || args[at] === 'help' || args[at]!.startsWith('__complete')) return undefined;
  const status = yield* runPlugin(environment, args);
  if (status === undefined) throw unknownCommand(root, args[at]!);
  return status;
}

function* showTopic(environment: KubectlEnvironment, path: string): Task<void> {
  yield* environment.stdout.write(yield* helpText(environment, path.replace(/^kubectl ?/, '')));
}

/** Programming errors are not dressed up as kubectl's. */
const isFailure = (error: unknown): boolean =>
  error instanceof Error && !['TypeError', 'RangeError', 'ReferenceError'].includes(error.constructor.name);

function* showHelp(environment: KubectlEnvironment, names: readonly string[], rest: readonly string[]): Task<boolean> {
  const words = rest[0] === 'help' && names.length === 0 ? rest.slice(1) : rest;
  const asked =
    words !== rest || beforeDash(rest).some((word) => word === '--help' || word === '-h' || word === '--help=true');
  if (!asked) return false;
  const topic = words === rest ? names : words[0] === 'help' ? ['help'] : locate(root, words).names;
  // `options` prints its help by hand, and only when it runs.
  if (topic[0] === 'options') return true;
  const arguments_ = words.filter((word) => !word.startsWith('-'));
  if (words !== rest && arguments_.length > 0 && topic.length === 0) {
    const usage = yield* helpText(environment, '');
    yield* environment.stderr.write(
      `Unknown help topic [\`${arguments_.join(' ')}\`]\n\n\n${usage.slice(usage.indexOf('Basic Commands'))}`,
    );
    return true;
  }
  yield* environment.stdout.write(yield* helpText(environment, topic.join(' ')));
  return true;
}

function beforeDash(words: readonly string[]): readonly string[] {
  const dash = words.indexOf('--');
  return dash < 0 ? words : words.slice(0, dash);
}

function* rootCommand(environment: KubectlEnvironment, words: readonly string[]): Task<number> {
  const at = firstArgument(words, root);
  if (at >= 0) throw unknownCommand(root, words[at]!);
  parse({ command: root, names: [], rest: words });
  yield* environment.stdout.write(yield* helpText(environment, ''));
  return 0;
}

/** cmdutil.DefaultSubCommandRun: a command that only has subcommands. */
function* groupCommand(
  environment: KubectlEnvironment,
  path: string,
  args: readonly string[],
  helpTo: 'stderr' | 'stdout' = 'stdout',
): Task<number> {
  if (args.length > 0) {
    throw new PlainError(`error: unknown command "${args.join(' ')}"\nSee '${path} -h' for help and examples`);
  }
  yield* environment[helpTo].write(yield* helpText(environment, path.replace(/^kubectl /, '')));
  throw new Exit(1);
}
