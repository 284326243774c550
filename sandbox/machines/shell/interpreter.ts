/** Runs bash's syntax tree: lists, pipelines and compound commands; simple commands are in command.ts. */

import type {
  AndOr,
  ArithmeticFor,
  Case,
  CommandNode,
  CompoundList,
  Coproc,
  For,
  Function as FunctionNode,
  If,
  ParsedScript,
  Pipeline,
  PipelineNode,
  Redirected,
  Select,
  Statement,
  While,
} from 'unbash';
import { reportFault } from '../../sim/faults.ts';
import { call, type Task } from '../../sim/task.ts';
import { decodeBytes } from '../byte-text.ts';
import { isErrno } from '../errno.ts';
import { runSimple } from './command.ts';
import { testExpression } from './conditional.ts';
import { readFor } from './dialects/read.ts';
import { CommandError, ExitJump, isJump, LoopJump, ReturnJump, ShellError } from './errors.ts';
import { evaluateText } from './expand/arithmetic-text.ts';
import { inLocale } from './expand/locale.ts';
import { patternOf } from './expand/pattern.ts';
import { expandPattern, expandString, expandWords } from './expand/word.ts';
import { runBackground, runPipeline } from './pipeline.ts';
import { withRedirections } from './redirect.ts';
import type { Shell, Source } from './shell.ts';
import { lineAt, type Problem, type Reading } from './syntax.ts';
import { trace } from './trace.ts';
import { ReadonlyError } from './variables.ts';

/**
 * Parses and runs a text in the shell itself: scripts, `-c`, `eval`, `source`, a line at the prompt. With `only`, nothing comes after
 * it in this process, and its last command may become the process itself.
 */
export function* runText(shell: Shell, text: string, offset = 0, only = false): Task<number> {
  const reading = readFor(shell, text);
  const { source: outer, replaceable } = shell;
  shell.source = { text: reading.text, offset };
  shell.replaceable = only && !reading.problem ? lastSimple(reading.script.commands) : undefined;
  try {
    const whole = reading.problem ? reading.script.commands.slice(0, reading.complete) : reading.script.commands;
    const lines = linesOf(whole, text);
    for (const line of lines) {
      if (line === lines.at(-1) && !reading.problem) yield* warnOfOpen(shell, reading, text, offset);
      yield* runUnit(shell, line);
    }
    if (reading.problem) yield* warnOfOpen(shell, reading, text, offset);
    if (reading.problem) return yield* syntaxError(shell, reading.problem, text, offset);
    if (whole.length === 0) shell.status = 0;
    return shell.status;
  } finally {
    shell.source = outer;
    shell.replaceable = replaceable;
  }
}

/** Here-documents that the end of the text ended. */
function* warnOfOpen(shell: Shell, reading: Reading, text: string, offset: number): Task<void> {
  for (const open of reading.openHereDocs) {
    shell.line = lineAt(text, text.endsWith('\n') ? text.length - 1 : text.length) + offset;
    yield* shell.complain(
      `warning: here-document at line ${open.line + offset} delimited by end-of-file (wanted \`${open.delimiter}')`,
    );
  }
}

/** The statements that bash would read in one go: those of one line. */
function linesOf(statements: readonly Statement[], text: string): (readonly Statement[])[] {
  const lines: Statement[][] = [];
  statements.forEach((statement, i) => {
    const before = statements[i - 1];
    if (before && !text.slice(before.end, statement.pos).includes('\n')) lines.at(-1)!.push(statement);
    else lines.push([statement]);
  });
  return lines;
}

/** One line; an error may take the rest of it. In a subshell it takes the subshell (evalstring.c, DISCARD). */
function* runUnit(shell: Shell, statements: readonly Statement[]): Task<void> {
  try {
    for (const statement of statements) yield* runStatement(shell, statement);
  } catch (error) {
    if (!(error instanceof ShellError) || error.ends !== 'line') throw error;
    if (shell.dialect === 'dash' || shell.subshellDepth > 0) throw error;
    yield* tell(shell, error);
    shell.status = error.status;
  }
}

/** The command that ends a list and with it its shell, if it is a simple one. */
export function lastSimple(statements: readonly Statement[]): CommandNode | undefined {
  const last = statements.at(-1);
  if (!last || last.background) return undefined;
  const { command } = last;
  const end = command.type === 'AndOr' ? command.commands.at(-1)! : command;
  const node =
    end.type === 'Pipeline' && end.prefixes.length === 0 && end.commands.length === 1 ? end.commands[0]! : end;
  return node.type === 'Command' ? node : undefined;
}

/** Prints an error once. */
export function* tell(shell: Shell, error: ShellError): Task<void> {
  if (error.told) return;
  error.told = true;
  yield* shell.complain(error.message);
}

/** A parsed script whose positions belong to `source`. */
export function* runScript(shell: Shell, script: ParsedScript, source: string): Task<number> {
  if (script.errors?.length) return yield* runText(shell, source);
  const outer = shell.source;
  shell.source = { text: source, offset: shell.line - 1 };
  shell.replaceable = lastSimple(script.commands);
  if (script.commands.length === 0) shell.status = 0;
  for (const statement of script.commands) yield* runStatement(shell, statement);
  shell.source = outer;
  return shell.status;
}

function* syntaxError(shell: Shell, problem: Problem, text: string, offset: number): Task<number> {
  shell.line = problem.line + offset;
  shell.status = 2;
  if (problem.kind === 'refused') {
    yield* shell.complain(`Syntax error: ${problem.words}`);
    if (!shell.interactive) throw new ExitJump(2);
    return 2;
  }
  const given = shell.origin === 'command' && shell.sourceDepth === 0 ? '-c: ' : '';
  const prefix = shell.evalDepth > 0 ? 'eval: ' : given;
  const where = shell.interactive && shell.sourceDepth === 0 ? shell.name : (shell.frames.at(-1)?.file ?? shell.name);
  const line = shell.interactive && shell.sourceDepth === 0 ? '' : `line ${shell.line}: `;
  const say = (message: string) => shell.write(2, `${where}: ${prefix}${line}${message}\n`);
  if (problem.kind === 'token') {
    if (problem.substituted && given !== '') shell.status = 127;
    yield* say(`syntax error near unexpected token \`${problem.token}'`);
    if (!shell.interactive || shell.sourceDepth > 0) {
      yield* say(`\`${text.split('\n')[problem.line - 1] ?? ''}'`);
    }
  } else if (problem.kind === 'conditional') {
    if (problem.message !== '') yield* say(problem.message);
    if (!problem.ended && shell.evalDepth === 0) shell.status = 0;
  } else if (problem.kind === 'matching') {
    if (problem.compound) shell.status = 1;
    yield* say(`unexpected EOF while looking for matching \`${problem.delimiter}'`);
  } else yield* say('syntax error: unexpected end of file');
  return shell.status;
}

function* runStatement(shell: Shell, statement: Statement): Task<void> {
  if (shell.option('noexec') && !shell.interactive) return;
  if (shell.stepping()) yield* shell.step();
  if (statement.background) {
    yield* runBackground(shell, statement);
    return;
  }
  const { command } = statement;
  if (command.type === 'AndOr') yield* runAndOr(shell, command);
  else yield* runNode(shell, command, true);
  if (shell.pendingSignals.length > 0) yield* shell.runTraps();
}

export function* runList(shell: Shell, list: CompoundList): Task<void> {
  for (const statement of list.commands) yield* runStatement(shell, statement);
}

export function* runAndOr(shell: Shell, node: AndOr): Task<void> {
  for (let i = 0; i < node.commands.length; i++) {
    const operator = node.operators[i - 1];
    if (operator === '&&' && shell.status !== 0) continue;
    if (operator === '||' && shell.status === 0) continue;
    const last = i === node.commands.length - 1;
    if (!last) shell.guarded++;
    try {
      yield* runNode(shell, node.commands[i]!, last);
    } finally {
      if (!last) shell.guarded--;
    }
  }
}

/** One member of a list; if it fails and nothing guards it, `set -e` ends the shell. */
function* runNode(shell: Shell, node: PipelineNode, checked: boolean): Task<void> {
  const negated = node.type === 'Pipeline' && node.prefixes.some((p) => p.type === 'Negation');
  if (negated) shell.guarded++;
  try {
    if (node.type === 'Pipeline') yield* runPipeline(shell, node);
    else yield* runCommand(shell, node);
  } finally {
    if (negated) shell.guarded--;
  }
  if (checked && !negated && shell.status !== 0) yield* failed(shell, node);
}

function* failed(shell: Shell, node: PipelineNode): Task<void> {
  if (shell.guarded > 0) return;
  const compound = ['If', 'While', 'For', 'Case', 'BraceGroup', 'ArithmeticFor', 'Select', 'Redirected', 'Function'];
  if (compound.includes(node.type)) return;
  const trap = shell.traps.get('ERR');
  if (trap) yield* shell.runTrap(trap);
  if (shell.option('errexit')) throw new ExitJump(shell.status);
}

/** Any command but a pipeline, in this process. Sets the status. */
export function* runCommand(shell: Shell, node: CommandNode): Task<void> {
  try {
    yield* dispatch(shell, node);
  } catch (error) {
    yield* fail(shell, node, error);
  }
}

/**
 * The one place where what went wrong in a command becomes its failure: also what no part of the interpreter foresaw (a system
 * call's error, the host's memory or stack), so that the shell and its variables live on.
 */
function* fail(shell: Shell, node: CommandNode, error: unknown): Task<void> {
  if (error instanceof CommandError) {
    if (error.message !== '') yield* shell.complain(error.message);
    shell.status = error.status;
  } else if (error instanceof ReadonlyError) {
    const posix = shell.option('posix') || shell.dialect !== 'bash';
    const ending = new ShellError(error.message, posix ? 'shell' : 'line', shell.dialect === 'bash' ? 1 : 2);
    yield* tell(shell, ending);
    throw ending;
  } else if (error instanceof ShellError) {
    yield* tell(shell, error);
    throw error;
  } else if (isJump(error)) throw error;
  else {
    const word = node.type === 'Command' ? node.name?.text : undefined;
    // The host's limits (its stack, its longest string) are told by a RangeError; anything else is a mistake of ours.
    if (!isErrno(error) && !(error instanceof RangeError)) reportFault(`${shell.name} at a ${node.type}`, error);
    const what = isErrno(error) ? error.message : 'Cannot allocate memory';
    yield* shell.complain(word === undefined ? what : `${word.slice(0, 80)}: ${what}`);
    shell.status = 1;
  }
}

function* dispatch(shell: Shell, node: CommandNode): Task<void> {
  shell.at(node.pos);
  switch (node.type) {
    case 'Command':
      yield* runSimple(shell, node);
      shell.pipeStatus = [shell.status];
      return;
    case 'Redirected':
      yield* runRedirected(shell, node);
      return;
    case 'BraceGroup':
      yield* call(runList(shell, node.body));
      return;
    case 'Subshell':
      yield* runSubshell(shell, node.body);
      return;
    case 'If':
      yield* call(runIf(shell, node));
      return;
    case 'While':
      yield* call(runWhile(shell, node));
      return;
    case 'For':
      yield* call(runFor(shell, node));
      return;
    case 'ArithmeticFor':
      yield* runArithmeticFor(shell, node);
      return;
    case 'Select':
      yield* runSelect(shell, node);
      return;
    case 'Case':
      yield* call(runCase(shell, node));
      return;
    case 'TestCommand':
      shell.status = yield* testExpression(shell, node.expression);
      return;
    case 'ArithmeticCommand':
      yield* runArithmetic(shell, node.body);
      return;
    case 'Function':
      defineFunction(shell, node);
      return;
    case 'Coproc':
      throw new CommandError('coproc: not supported in this shell');
  }
}

function* runRedirected(shell: Shell, node: Redirected): Task<void> {
  const from = shell.substituted.length;
  try {
    yield* withRedirections(shell, node.redirects, () => dispatch(shell, node.command));
  } finally {
    shell.closeSubstituted(from);
  }
}

function* runSubshell(shell: Shell, body: CompoundList): Task<void> {
  const pipeline: Pipeline = {
    type: 'Pipeline',
    pos: body.pos,
    end: body.end,
    prefixes: [],
    commands: [{ type: 'Subshell', pos: body.pos, end: body.end, body }],
    operators: [],
  };
  yield* runPipeline(shell, pipeline, true);
}

function defineFunction(shell: Shell, node: FunctionNode | Coproc): void {
  const name = node.name?.text ?? '';
  if (!/^[^\s$'"`]+$/.test(name)) throw new CommandError(`\`${name}': not a valid identifier`);
  const source: Source = shell.source;
  const file = shell.frames.at(-1)?.file ?? (shell.interactive ? 'main' : 'environment');
  const exported = shell.functions.get(name)?.exported ?? false;
  shell.functions.set(name, { node, body: node.body as FunctionNode['body'], source, file, exported });
  shell.status = 0;
}

function* condition(shell: Shell, list: CompoundList): Task<boolean> {
  shell.guarded++;
  try {
    yield* runList(shell, list);
  } finally {
    shell.guarded--;
  }
  return shell.status === 0;
}

function* runIf(shell: Shell, node: If): Task<void> {
  if (yield* condition(shell, node.clause)) return yield* runList(shell, node.then);
  for (const elif of node.elif) if (yield* condition(shell, elif.clause)) return yield* runList(shell, elif.then);
  if (node.else) yield* runList(shell, node.else);
  else shell.status = 0;
}

/** Runs a loop's body once; false says that the loop ends. */
function* turn(shell: Shell, body: CompoundList): Task<boolean> {
  if (shell.stepping()) yield* shell.step();
  shell.loopDepth++;
  try {
    yield* runList(shell, body);
    return true;
  } catch (error) {
    if (!(error instanceof LoopJump)) throw error;
    if (error.levels > 1 && shell.loopDepth > 1) {
      error.levels--;
      throw error;
    }
    return error.kind === 'continue';
  } finally {
    shell.loopDepth--;
  }
}

function* runWhile(shell: Shell, node: While): Task<void> {
  let status = 0;
  shell.loopDepth++;
  try {
    for (;;) {
      const holds = yield* condition(shell, node.clause);
      if (holds === (node.kind === 'until')) break;
      shell.loopDepth--;
      const goOn = yield* turn(shell, node.body);
      shell.loopDepth++;
      status = shell.status;
      if (!goOn) break;
    }
  } catch (error) {
    if (!(error instanceof LoopJump) || error.levels > 1) throw error;
  } finally {
    shell.loopDepth--;
  }
  shell.status = status;
}

function* runFor(shell: Shell, node: For): Task<void> {
  const items = node.wordlist ? yield* expandWords(shell, node.wordlist) : [...shell.positional];
  if (items.length === 0) shell.status = 0;
  for (const item of items) {
    assignLoop(shell, node.name.text, item);
    yield* trace(shell, () => `for ${node.name.text} in ${listed(node.wordlist)}`);
    if (!(yield* turn(shell, node.body))) break;
  }
}

/** The words of `for` and `select` as they stand. */
const listed = (words: For['wordlist']): string => words?.map((word) => word.text).join(' ') ?? '"$@"';

/** A read-only loop variable fails the loop, not the line. */
function assignLoop(shell: Shell, name: string, value: string): void {
  try {
    shell.variables.set(name, value);
  } catch (error) {
    if (!(error instanceof ReadonlyError) || shell.dialect === 'dash') throw error;
    throw new CommandError(error.message);
  }
}

function* runArithmeticFor(shell: Shell, node: ArithmeticFor): Task<void> {
  const { text } = shell.source;
  const piece = (expression: ArithmeticFor['test']) => (expression ? text.slice(expression.pos, expression.end) : '');
  const [initialize, test, update] = [piece(node.initialize), piece(node.test), piece(node.update)];
  const evaluate = function* (text: string): Task<bigint> {
    yield* trace(shell, () => `(( ${text} ))`);
    return yield* evaluateText(shell, text);
  };
  yield* evaluate(initialize === '' ? '1' : initialize);
  shell.status = 0;
  let status = 0;
  while ((yield* evaluate(test === '' ? '1' : test)) !== 0n) {
    const goOn = yield* turn(shell, node.body);
    status = shell.status;
    if (!goOn) break;
    yield* evaluate(update === '' ? '1' : update);
  }
  shell.status = status;
}

function* runSelect(shell: Shell, node: Select): Task<void> {
  const items = node.wordlist ? yield* expandWords(shell, node.wordlist) : [...shell.positional];
  if (items.length === 0) return;
  yield* trace(shell, () => `select ${node.name.text} in ${listed(node.wordlist)}`);
  const width = String(items.length).length;
  const menu = items.map((item, i) => `${String(i + 1).padStart(width)}) ${item}\n`).join('');
  yield* shell.write(2, menu);
  for (;;) {
    yield* shell.write(2, shell.variables.get('PS3') ?? '#? ');
    const reply = yield* readLine(shell);
    if (reply === undefined) {
      yield* shell.print('\n');
      shell.status = 1;
      return;
    }
    shell.variables.set('REPLY', reply);
    if (reply === '') {
      yield* shell.write(2, menu);
      continue;
    }
    shell.variables.set(node.name.text, items[Number(reply) - 1] ?? '');
    if (!(yield* turn(shell, node.body))) return;
  }
}

/** A line of stdin without its newline; undefined at the end. Byte by byte, so that the rest stays for others. */
export function* readLine(shell: Shell): Task<string | undefined> {
  const stdin = shell.process.files.get(0);
  if (!stdin) return undefined;
  const bytes: number[] = [];
  for (;;) {
    const chunk = yield* stdin.read(1);
    if (chunk.length === 0) return bytes.length === 0 ? undefined : decodeBytes(new Uint8Array(bytes));
    if (chunk[0] === 10) return decodeBytes(new Uint8Array(bytes));
    bytes.push(chunk[0]!);
  }
}

function* runCase(shell: Shell, node: Case): Task<void> {
  yield* trace(shell, () => `case ${node.word.text} in`);
  const word = yield* expandString(shell, node.word);
  shell.status = 0;
  let through = false;
  for (const item of node.items) {
    if (!through && !(yield* matchesAny(shell, word, item.pattern))) continue;
    shell.status = 0;
    yield* runList(shell, item.body);
    if (item.terminator === ';&') through = true;
    else if (item.terminator === ';;&') through = false;
    else return;
  }
}

function* matchesAny(shell: Shell, word: string, patterns: Case['items'][number]['pattern']): Task<boolean> {
  for (const pattern of patterns) {
    const source = inLocale(shell, yield* expandPattern(shell, pattern));
    const compiled = patternOf(source, { ignoreCase: shell.shopt.has('nocasematch') });
    if (compiled.matches(inLocale(shell, word))) return true;
  }
  return false;
}

function* runArithmetic(shell: Shell, body: string): Task<void> {
  yield* trace(shell, () => `(( ${body} ))`);
  try {
    shell.status = (yield* evaluateText(shell, body)) !== 0n ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ShellError)) throw error;
    throw new CommandError(`((: ${error.message}`);
  }
}

/** Runs the body of a function or anything that `return` may leave. */
export function* untilReturn(shell: Shell, body: () => Task<void>): Task<void> {
  try {
    yield* body();
  } catch (error) {
    if (!(error instanceof ReturnJump)) throw error;
    shell.status = error.status;
  }
}
