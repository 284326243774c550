/** Simple commands: assignments, expansion, and what the first word turns out to be. */

import type { Assignment, Command, Word } from 'unbash';
import { own } from '../../sim/own.ts';
import { call, type Task } from '../../sim/task.ts';
import { isErrno } from '../errno.ts';
import type { OpenFile, Process } from '../process.ts';
import { assign } from './assign.ts';
import type { Builtin } from './builtins/types.ts';
import { DECLARATIONS, SPECIAL_BUILTINS } from './builtins/words.ts';
import { CommandError, ReturnJump, ShellError } from './errors.ts';
import { quoteForTrace, singleQuotes } from './expand/quote.ts';
import { expandString, expandWords, isBare } from './expand/word.ts';
import { runCommand, runText } from './interpreter.ts';
import { Job } from './jobs.ts';
import { searchPath } from './path.ts';
import { finishForeground } from './pipeline.ts';
import { printCommand } from './print-command.ts';
import { redirect, redirectForGood, withRedirections } from './redirect.ts';
import { FRAME, type Shell, type ShellFunction } from './shell.ts';
import { wordOf } from './syntax.ts';
import { trace, traceDescriptor, tracePrefix } from './trace.ts';
import { ReadonlyError, type Variable } from './variables.ts';

export type Prepared =
  | { kind: 'nothing'; argv: string[] }
  | { kind: 'builtin'; argv: string[]; builtin: Builtin; assignments: readonly (Assignment | Word)[] }
  | { kind: 'function'; argv: string[]; definition: ShellFunction }
  | { kind: 'program'; argv: string[]; path: string }
  | { kind: 'missing'; argv: string[] };

export function* runSimple(shell: Shell, node: Command): Task<void> {
  const plain = plainWords(node);
  if (plain && shell.aliases.size === 0 && !shell.option('xtrace') && !shell.functions.has(plain[0]!)) {
    const builtin = builtinOf(shell, plain[0]!);
    // Most of what a loop runs: a builtin with words that mean themselves.
    if (builtin && !DECLARATIONS.has(plain[0]!) && plain[0] !== 'exec') {
      yield* callBuiltin(shell, builtin, [...plain]);
      shell.lastArgument = plain.at(-1)!;
      return;
    }
  }
  const from = shell.substituted.length;
  shell.substitutionRan = false;
  const before = shell.status;
  try {
    const prepared = yield* prepare(shell, node);
    const assignments = node.prefix.filter((p): p is Assignment => p.type === 'Assignment');
    if (prepared.kind === 'nothing') {
      yield* withRedirections(shell, node.redirects, function* () {});
      for (const assignment of assignments) yield* assignTraced(shell, assignment);
      if (!shell.substitutionRan) shell.status = 0;
      return;
    }
    shell.status = before;
    yield* withTemporary(shell, assignments, prepared, function* () {
      yield* traceCommand(shell, prepared);
      yield* endingAtErrors(shell, prepared, runPrepared(shell, node, prepared));
    });
    shell.lastArgument = prepared.argv.at(-1) ?? '';
  } finally {
    shell.closeSubstituted(from);
  }
}

/** POSIX' shells end at an error of a special builtin, its redirections' too; bash goes on. */
function* endingAtErrors(shell: Shell, prepared: Prepared, body: Task<void>): Task<void> {
  try {
    yield* body;
  } catch (error) {
    const fatal = prepared.kind === 'builtin' && SPECIAL_BUILTINS.has(prepared.argv[0]!);
    if (!(error instanceof CommandError) || shell.dialect === 'bash' || !fatal) throw error;
    throw new ShellError(error.message, 'shell', error.status);
  }
}

const plain = new WeakMap<Command, readonly string[] | false>();

/** The words of a command in which nothing is to be expanded, assigned or redirected. */
function plainWords(node: Command): readonly string[] | false {
  let words = plain.get(node);
  if (words === undefined) {
    const all = node.name ? [node.name, ...node.args] : [];
    const bare = all.length > 0 && node.prefix.length === 0 && node.redirects.length === 0;
    words = bare && all.every((word) => word.type === 'Word' && isBare(word.text)) && all.map((word) => word.text);
    plain.set(node, words);
  }
  return words;
}

/** Expands the words and finds what they call. */
export function* prepare(shell: Shell, node: Command): Task<Prepared> {
  const name = node.name;
  if (!name) return { kind: 'nothing', argv: [] };
  const words: Word[] = [];
  const assignments: Assignment[] = [];
  const declares = DECLARATIONS.has(name.text) && builtinOf(shell, name.text) !== undefined;
  for (const arg of node.args) {
    if (arg.type === 'Word') words.push(arg);
    else if (declares) assignments.push(arg);
    else words.push(wordOf(arg.text));
  }
  const aliased = yield* expandAlias(shell, name, words);
  const argv = aliased ?? (yield* expandWords(shell, [name, ...(declares ? [] : words)]));
  if (argv.length === 0) return { kind: 'nothing', argv };
  if (declares) {
    for (const arg of node.args) {
      if (arg.type === 'Word') argv.push(...(yield* expandWords(shell, [arg])));
      else argv.push(arg.text);
    }
    return { kind: 'builtin', argv, builtin: builtinOf(shell, name.text)!, assignments: node.args };
  }
  return yield* resolve(shell, argv);
}

/** Functions, builtins, then $PATH. */
export function* resolve(shell: Shell, argv: string[], skipFunctions = false): Task<Prepared> {
  const name = argv[0]!;
  const special = shell.option('posix') && SPECIAL_BUILTINS.has(name);
  const definition = skipFunctions || special ? undefined : shell.functions.get(name);
  if (definition) return { kind: 'function', argv, definition };
  const builtin = builtinOf(shell, name);
  if (builtin) return { kind: 'builtin', argv, builtin, assignments: DECLARATIONS.has(name) ? literally(argv) : [] };
  const path = yield* searchPath(shell, name);
  return path === undefined ? { kind: 'missing', argv } : { kind: 'program', argv, path };
}

/** The arguments of a declaration that was not written as one (`$e x=1`, `command export x=1`): they are expanded already. */
const literally = (argv: readonly string[]): Word[] => argv.slice(1).map((arg) => wordOf(singleQuotes(arg)));

const builtinOf = (shell: Shell, name: string): Builtin | undefined => own(shell.builtins, name);

function* expandAlias(shell: Shell, name: Word, words: readonly Word[]): Task<string[] | undefined> {
  if (shell.aliases.size === 0 || !shell.aliases.has(name.text)) return undefined;
  if (!shell.interactive && !shell.shopt.has('expand_aliases')) return undefined;
  const seen = new Set<string>();
  let text = name.text;
  for (;;) {
    const first = /^\S+/.exec(text)?.[0] ?? '';
    const value = shell.aliases.get(first);
    if (value === undefined || seen.has(first)) break;
    seen.add(first);
    text = value + text.slice(first.length);
  }
  if (/[;&|<>()\n]/.test(text)) {
    // An alias of more than words is run as the text it is, with the arguments after it.
    const quoted = words.map((w) => w.text).join(' ');
    return ['eval', `${text} ${quoted}`];
  }
  const prefix = text.trim() === '' ? [] : (text.trim().match(/(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/gs) ?? []);
  return yield* expandWords(shell, [...prefix.map((p) => wordOf(p)), ...words]);
}

function* runPrepared(shell: Shell, node: Command, prepared: Prepared): Task<void> {
  const redirects = node.redirects;
  switch (prepared.kind) {
    case 'nothing':
      return;
    case 'missing':
      yield* runMissing(shell, prepared.argv[0]!, redirects);
      return;
    case 'function':
      yield* withRedirections(shell, redirects, () => callFunction(shell, prepared.definition, prepared.argv));
      return;
    case 'builtin':
      if (prepared.argv[0] === 'exec' && prepared.argv.length === 1) {
        yield* redirectForGood(shell, redirects);
        shell.status = 0;
        return;
      }
      yield* withRedirections(shell, redirects, () =>
        callBuiltin(shell, prepared.builtin, prepared.argv, prepared.assignments),
      );
      return;
    case 'program':
      yield* runProgram(shell, node, prepared);
      return;
  }
}

/** Runs what was found, without redirections of its own (`command NAME`). */
export function* runPreparedNow(shell: Shell, prepared: Prepared): Task<void> {
  const name = wordOf(prepared.argv[0] ?? '');
  const node: Command = { type: 'Command', pos: 0, end: 0, name, prefix: [], suffix: [], args: [], redirects: [] };
  yield* runPrepared(shell, node, prepared);
}

function* runMissing(shell: Shell, name: string, redirects: Command['redirects']): Task<void> {
  shell.status = 127;
  yield* withRedirections(shell, redirects, function* () {
    if (shell.dialect === 'dash') yield* shell.complain(`${name}: not found`);
    else if (name.includes('/')) yield* shell.complain(`${name}: No such file or directory`);
    else yield* shell.complain(`${name}: command not found`);
  });
}

export function* callBuiltin(
  shell: Shell,
  builtin: Builtin,
  argv: string[],
  assignments: readonly (Assignment | Word)[] = [],
): Task<void> {
  try {
    shell.status = yield* builtin(shell, argv, assignments);
  } catch (error) {
    if (error instanceof ReadonlyError) {
      throw shell.dialect === 'bash'
        ? new CommandError(error.message)
        : new CommandError(`${argv[0]}: ${error.message}`, 2);
    }
    if (!isErrno(error) || error.code === 'EINTR') throw error;
    yield* shell.complain(`${argv[0]}: write error: ${error.message}`);
    shell.status = 1;
  }
}

function* callFunction(shell: Shell, definition: ShellFunction, argv: readonly string[]): Task<void> {
  const { positional, source, loopDepth, line, stack, replaceable } = shell;
  const most = Number(shell.variables.get('FUNCNEST') ?? 0);
  if (most > 0 && shell.functionNames.length >= most) {
    throw new ShellError(`${argv[0]}: maximum function nesting level exceeded (${most})`);
  }
  yield* shell.enter(FRAME.function);
  shell.replaceable = undefined;
  shell.positional = argv.slice(1);
  shell.source = definition.source;
  shell.loopDepth = 0;
  shell.functionNames.push(argv[0]!);
  shell.frames.push({ name: argv[0]!, file: definition.file, line });
  shell.variables.pushScope();
  try {
    const body = definition.body;
    if (body.type === 'CompoundList') throw new ShellError(`${argv[0]}: bad function body`);
    yield* call(runCommand(shell, body));
  } catch (error) {
    if (!(error instanceof ReturnJump)) throw error;
    shell.status = error.status;
  } finally {
    shell.variables.popScope();
    shell.functionNames.pop();
    shell.frames.pop();
    shell.positional = positional;
    shell.source = source;
    shell.loopDepth = loopDepth;
    shell.line = line;
    shell.stack = stack;
    shell.replaceable = replaceable;
  }
  const trap = shell.traps.get('RETURN');
  if (trap) yield* shell.runTrap(trap);
}

function* runProgram(shell: Shell, node: Command, prepared: Prepared & { kind: 'program' }): Task<void> {
  const files = shell.filesWith();
  const opened: OpenFile[] = [];
  try {
    yield* redirect(shell, node.redirects, files, opened);
    for (const fd of shell.substituted) {
      const file = shell.process.files.get(fd);
      if (file) files.set(fd, file);
    }
    if (shell.replaceable === node && mayReplace(shell)) return yield* becomeProgram(shell, prepared, files);
    const monitored = shell.option('monitor');
    const child = yield* start(shell, prepared, files, monitored ? 'new' : undefined, node.pos);
    if (!child) return;
    const { text: source } = shell.source;
    const text = () => printCommand(node, source);
    if (!monitored) {
      const job = new Job(child.pid, text, [child.pid]);
      shell.jobs.watch(job);
      yield* finishForeground(shell, job);
      return;
    }
    if (shell.process.tty) shell.process.tty.foreground = child.pid;
    const job = new Job(child.pid, text, [child.pid]);
    shell.jobs.watch(job);
    yield* finishForeground(shell, job);
  } finally {
    for (const file of opened) file.release();
  }
}

/** Nothing of this shell is needed after its last command: no trap, nothing to report. */
const mayReplace = (shell: Shell): boolean =>
  !shell.option('monitor') && [...shell.traps.values()].every((action) => action === '');

function* becomeProgram(
  shell: Shell,
  prepared: Prepared & { kind: 'program' },
  files: Map<number, OpenFile>,
): Task<void> {
  if (shell.dialect === 'bash' && !shell.piped) yield* shell.changeLevel(-1);
  try {
    yield* shell.process.exec(prepared.path, prepared.argv, { files, env: shell.env });
  } catch (error) {
    if (!isErrno(error)) throw error;
    // What cannot be executed is told, or run as a script, as if it had been forked.
    const child = yield* start(shell, prepared, files, undefined);
    shell.status = yield* shell.waitForChild(child);
  }
}

/** Starts a program; if it cannot be, says so (on the command's own stderr) and sets the status. */
export function* start(
  shell: Shell,
  prepared: Prepared & { kind: 'program' },
  files: Map<number, OpenFile>,
  group: number | 'new' | undefined,
  _pos?: number,
): Task<Process> {
  const { argv, path } = prepared;
  try {
    return yield* shell.forking(() => shell.process.spawn(path, argv, { files, env: shell.env, group }));
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (error.code === 'ENOEXEC') return yield* runAsScript(shell, path, argv, files, group);
    const hashed = shell.hashed.get(argv[0]!);
    if (error.code === 'ENOENT' && hashed) {
      shell.hashed.delete(argv[0]!);
      const again = yield* searchPath(shell, argv[0]!);
      if (again && again !== path) return yield* start(shell, { ...prepared, path: again }, files, group);
    }
    const directory = yield* isDirectory(shell, path);
    throw new CommandError(
      shell.dialect === 'dash'
        ? `${argv[0]}: ${error.code === 'ENOENT' ? 'not found' : error.message}`
        : `${path}: ${directory ? 'Is a directory' : error.message}`,
      error.code === 'ENOENT' ? 127 : 126,
    );
  }
}

/** A text file without `#!` is a script for this shell. */
function* runAsScript(
  shell: Shell,
  path: string,
  argv: readonly string[],
  files: Map<number, OpenFile>,
  group: number | 'new' | undefined,
): Task<Process> {
  return yield* shell.subshell(
    function* (inner) {
      const text = yield* inner.process.readText(path);
      inner.interactive = false;
      inner.origin = 'script';
      inner.name = path;
      inner.frames = [{ name: 'main', file: path, line: 0 }];
      inner.positional = argv.slice(1);
      return yield* runText(inner, text);
    },
    { files, group },
  );
}

function* isDirectory(shell: Shell, path: string): Task<boolean> {
  try {
    return (yield* shell.process.stat(path)).type === 'directory';
  } catch {
    return false;
  }
}

/** `x=1 command`: the assignments last as long as the command; for special builtins of POSIX mode, for good. */
function* withTemporary(
  shell: Shell,
  assignments: readonly Assignment[],
  prepared: Prepared,
  body: () => Task<void>,
): Task<void> {
  if (assignments.length === 0) return yield* body();
  if (shell.dialect === 'dash' && SPECIAL_BUILTINS.has(prepared.argv[0]!)) {
    for (const assignment of assignments) yield* assignTraced(shell, assignment);
    return yield* body();
  }
  const saved: [string, Variable | undefined][] = [];
  try {
    for (const assignment of assignments) {
      const old = shell.variables.raw(assignment.name);
      if (old?.readonly) {
        if (shell.dialect === 'dash') throw new ReadonlyError(assignment.name);
        yield* shell.complain(`${assignment.name}: readonly variable`);
        continue;
      }
      saved.push([assignment.name, old && { ...old }]);
      yield* assignTraced(shell, assignment);
      shell.variables.declare(assignment.name).exported = true;
    }
    yield* body();
  } finally {
    for (const [name, old] of saved.reverse()) {
      const variable = shell.variables.declare(name);
      for (const key of Object.keys(variable)) delete variable[key as keyof Variable];
      if (old) Object.assign(variable, old);
      else shell.variables.unset(name);
    }
  }
}

function* assignTraced(shell: Shell, assignment: Assignment): Task<void> {
  const prefix = shell.option('xtrace') ? yield* tracePrefix(shell) : undefined;
  yield* assign(shell, assignment);
  if (shell.option('allexport')) shell.variables.declare(assignment.name).exported = true;
  if (prefix !== undefined)
    yield* shell.write(traceDescriptor(shell), `${prefix}${shownAssignment(shell, assignment)}\n`);
}

/** What was assigned, as `set -x` shows it. */
function shownAssignment(shell: Shell, assignment: Assignment): string {
  if (assignment.value.type !== 'Word' || assignment.index) return assignment.text;
  const value = shell.variables.get(assignment.name) ?? '';
  return `${assignment.name}${assignment.append ? '+' : ''}=${value === '' ? '' : quoteForTrace(value)}`;
}

export function* traceCommand(shell: Shell, prepared: Prepared): Task<void> {
  if (!shell.option('xtrace')) return;
  const { argv } = prepared;
  if (prepared.kind === 'builtin' && prepared.assignments.length > 0) return yield* traceDeclaration(shell, prepared);
  const plain = shell.dialect === 'dash' && !shell.ash;
  yield* trace(shell, () => (plain ? argv : argv.map(quoteForTrace)).join(' '));
}

/** A declaration: arrays as they are assigned, then the words expanded. */
function* traceDeclaration(shell: Shell, prepared: Prepared & { kind: 'builtin' }): Task<void> {
  const { argv, assignments } = prepared;
  const words = [argv[0]!];
  for (const argument of assignments) {
    if (argument.type === 'Word') words.push(...(yield* expandWords(shell, [argument])));
    else if (argument.value.type === 'Word' && !argument.index) {
      const value = argument.value.text === '' ? '' : yield* expandString(shell, argument.value, true);
      words.push(`${argument.name}${argument.append ? '+' : ''}=${value}`);
    } else if (argument.value.type === 'ArrayValue') {
      yield* trace(shell, () => argument.text);
      words.push(argument.name);
    } else words.push(argument.text);
  }
  yield* trace(shell, () => words.map(quoteForTrace).join(' '));
}
