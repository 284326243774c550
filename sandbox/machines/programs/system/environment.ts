/** env, printenv, nohup, stdbuf, xargs, test, kill, expr, tput, clear, reset. */

import { own } from '../../../sim/own.ts';
import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile, Process, Program } from '../../process.ts';
import { isSignal, SIGNALS, signalNamed } from '../../shell/signals.ts';
import { encode } from '../bytes.ts';
import { evaluateTest, TestError } from '../files/test-expression.ts';
import { LineReader, openInput } from '../io.ts';
import { quoted, quoteFor } from '../quote.ts';
import { compileRegex, regexMistake } from '../regex/regex.ts';
import { awaitChild, becomeCommand, ForkError, startCommand } from '../run.ts';
import { type Tool, tool } from '../tool.ts';

export const env = tool(
  'env',
  {
    short: '+0C:iS:u:v',
    long: { 'ignore-environment': 'i', null: '0', unset: 'u:', chdir: 'C:', 'split-string': 'S:' },
    usage: 'env [OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]',
    usageStatus: 125,
  },
  function* (tool) {
    const environment = tool.has('i') ? new Map<string, string>() : new Map(tool.process.env);
    for (const name of tool.options.all('u')) environment.delete(name);
    const args = [...(tool.get('S')?.trim().split(/\s+/) ?? []), ...tool.operands];
    if (args[0] === '-') {
      environment.clear();
      args.shift();
    }
    while (args[0]?.includes('=')) {
      const arg = args.shift()!;
      environment.set(arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1));
    }
    if (args.length === 0) {
      for (const [name, value] of environment) yield* tool.print(`${name}=${value}${tool.has('0') ? '\0' : '\n'}`);
      return 0;
    }
    const cwd = tool.get('C');
    try {
      if (cwd !== undefined) yield* tool.process.chdir(cwd);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`cannot change directory to ${quoted(cwd!)}: ${error.message}`);
      return 125;
    }
    yield* tool.out.flush();
    return yield* becomeCommand(tool.process, args, 'env: ', { env: environment });
  },
);

export const printenv = tool(
  'printenv',
  { short: '+0', long: { null: '0' }, usage: 'printenv [OPTION]... [VARIABLE]...' },
  function* (tool) {
    const end = tool.has('0') ? '\0' : '\n';
    if (tool.operands.length === 0)
      for (const [name, value] of tool.process.env) yield* tool.print(`${name}=${value}${end}`);
    for (const name of tool.operands) {
      const value = tool.process.env.get(name);
      if (value === undefined) tool.status = 1;
      else yield* tool.print(value + end);
    }
    return tool.status;
  },
);

export const nohup = tool('nohup', { short: '+', usage: 'nohup COMMAND [ARG]...', usageStatus: 125 }, function* (tool) {
  const { process } = tool;
  if (tool.operands.length === 0) return yield* tool.usage('missing operand', 125);
  process.trap('SIGHUP', 'ignore');
  const files = new Map(process.files);
  if (process.stdout.tty) {
    yield* process.error("nohup: ignoring input and appending output to 'nohup.out'\n");
    const file = yield* process.open('nohup.out', { write: true, create: true, append: true }, 0o600);
    files.set(1, file);
    if (process.stderr.tty) files.set(2, file);
    files.set(0, yield* process.open('/dev/null', { read: true }));
  }
  return yield* becomeCommand(process, tool.operands, 'nohup: failed to run command ', { files });
});

const wrapper = (name: string, short: string, plain: string): Program =>
  tool(
    name,
    {
      short,
      long: { input: 'i:', output: 'o:', error: 'e:' },
      usage: `${name} [OPTION]... COMMAND [ARG]...`,
      usageStatus: 125,
    },
    function* (tool) {
      if (tool.operands.length === 0) {
        if (plain !== '') yield* tool.print(plain);
        return plain === '' ? yield* tool.usage('missing operand', 125) : 0;
      }
      return yield* becomeCommand(tool.process, tool.operands, `${name}: `);
    },
  );

export const stdbuf = wrapper('stdbuf', '+i:o:e:', '');
export const ionice = wrapper('ionice', '+c:n:p:t', 'none: prio 0\n');
export const setsid = wrapper('setsid', '+cfw', '');

export const xargs = tool(
  'xargs',
  {
    short: '+0a:d:E:I:i::L:l::n:P:prs:tx',
    long: {
      null: '0',
      'arg-file': 'a:',
      delimiter: 'd:',
      replace: 'I:',
      'max-lines': 'L:',
      'max-args': 'n:',
      'max-procs': 'P:',
      'no-run-if-empty': 'r',
      verbose: 't',
      interactive: 'p',
    },
    usage: 'xargs [OPTION]... COMMAND [INITIAL-ARGS]...',
    version: 'xargs (GNU findutils) 4.9.0',
  },
  function* (tool) {
    const numbers: Record<string, number> = {};
    for (const [letter, least] of [
      ['n', 1],
      ['L', 1],
      ['P', 0],
      ['s', 1],
    ] as const) {
      const text = tool.get(letter);
      if (text === undefined) continue;
      if (!/^\d+$/.test(text)) return yield* tool.usage(`invalid number "${text}" for -${letter} option`);
      if (Number(text) < least) return yield* tool.usage(`value ${text} for -${letter} option should be >= ${least}`);
      numbers[letter] = Number(text);
    }
    const given = tool.get('d');
    const delimiter = tool.has('0') ? '\0' : given === undefined ? undefined : delimiterOf(given);
    if (given !== undefined && delimiter === undefined) {
      yield* tool.complain(
        `Invalid input delimiter specification ${given}: the delimiter must be either a single character or an escape sequence starting with \\.`,
      );
      return 1;
    }
    const replace = tool.get('I') ?? (tool.has('i') ? tool.get('i') || '{}' : undefined);
    const lines = numbers.L ?? (tool.has('l') ? Number(tool.get('l') || 1) : undefined);
    const path = tool.get('a') ?? '-';
    let file: OpenFile;
    try {
      file = yield* openInput(tool.process, path);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`Cannot open input file ‘${path}’: ${error.message}`);
      return 1;
    }
    const reader = new LineReader(tool.process, file, delimiter ?? '\n');
    const batches = new Batches(tool, reader, delimiter, replace !== undefined || lines !== undefined);
    try {
      return yield* new Runner(tool, numbers.P ?? 1).run(commandsOf(tool, batches, replace, lines, numbers));
    } catch (error) {
      if (!(error instanceof XargsError)) throw error;
      yield* tool.complain(error.message);
      return 1;
    } finally {
      reader.release();
    }
  },
);

class XargsError extends Error {}

function delimiterOf(text: string): string | undefined {
  if ([...text].length === 1) return text;
  const named = { '\\n': '\n', '\\t': '\t', '\\0': '\0', '\\\\': '\\', '\\r': '\r', '\\v': '\v', '\\f': '\f' }[text];
  const code = /^\\(?:x([\da-fA-F]{1,2})|([0-7]{1,3}))$/.exec(text);
  return named ?? (code ? String.fromCharCode(Number.parseInt(code[1] ?? code[2]!, code[1] ? 16 : 8)) : undefined);
}

/** What a command line may take where -s says nothing: 128 KiB, as xargs has it. */
const LINE_LIMIT = 131_072;

type Next<T> = () => Task<T | undefined>;

/** The commands, each made when the one before has been started. */
function commandsOf(
  tool: Tool,
  batches: Batches,
  replace: string | undefined,
  lines: number | undefined,
  numbers: Readonly<Record<string, number>>,
): Next<string[]> {
  const base = tool.operands.length > 0 ? tool.operands : ['echo'];
  const sizeOf = (argv: readonly string[]) => argv.reduce((sum, word) => sum + encode(word).length + 1, 0);
  const limit = Math.min(numbers.s ?? LINE_LIMIT, LINE_LIMIT);
  if (replace !== undefined)
    return function* () {
      const items = yield* batches.next();
      return items && base.map((word) => word.replaceAll(replace, items.join(' ')));
    };
  let any = false;
  if (lines !== undefined)
    return function* () {
      const argv = [...base];
      for (let n = 0; n < lines; n++) {
        const items = yield* batches.next();
        if (!items) break;
        for (const item of items) argv.push(item);
        any = true;
      }
      if (sizeOf(argv) > limit) throw new XargsError('argument line too long');
      if (argv.length > base.length) return argv;
      const first = !any && !tool.has('r');
      any = true;
      return first ? argv : undefined;
    };
  const waiting: string[] = [];
  let at = 0;
  return function* () {
    const argv = [...base];
    let size = sizeOf(base);
    while (argv.length - base.length < (numbers.n ?? Number.POSITIVE_INFINITY)) {
      if (at >= waiting.length) {
        const items = yield* batches.next();
        if (!items) break;
        waiting.length = 0;
        at = 0;
        for (const item of items) waiting.push(item);
        continue;
      }
      const more = encode(waiting[at]!).length + 1;
      if (size + more > limit) {
        if (argv.length === base.length) throw new XargsError('argument line too long');
        break;
      }
      size += more;
      argv.push(waiting[at++]!);
    }
    const empty = argv.length === base.length;
    const first = !any;
    any = true;
    return empty && (!first || tool.has('r')) ? undefined : argv;
  };
}

/** Keeps up to `parallel` commands running; the worst of their statuses is xargs' own. */
class Runner {
  readonly #tool: Tool;
  readonly #parallel: number;
  readonly #children: { readonly child: Process; readonly name: string }[] = [];
  #status = 0;
  #null: OpenFile | undefined;

  constructor(tool: Tool, parallel: number) {
    this.#tool = tool;
    this.#parallel = parallel === 0 ? Number.POSITIVE_INFINITY : parallel;
  }

  *run(next: Next<string[]>): Task<number> {
    try {
      return yield* this.#all(next);
    } finally {
      this.#null?.release();
    }
  }

  *#all(next: Next<string[]>): Task<number> {
    try {
      for (let argv = yield* next(); argv; argv = yield* next()) {
        while (this.#children.length >= this.#parallel) {
          const stop = yield* this.#reap();
          if (stop !== undefined) return stop;
        }
        if (this.#tool.has('t')) yield* this.#tool.process.error(`${argv.join(' ')}\n`);
        const started = yield* this.#start(argv);
        if ('status' in started) return started.status;
        this.#children.push({ child: started.child, name: argv[0]! });
        // One at a time: what it says decides whether there is a next one.
        if (this.#parallel === 1) {
          const stop = yield* this.#reap();
          if (stop !== undefined) return stop;
        }
      }
    } catch (error) {
      if (!(error instanceof XargsError)) throw error;
      yield* this.#tool.complain(error.message);
      this.#status = 1;
    }
    while (this.#children.length > 0) {
      const stop = yield* this.#reap();
      if (stop !== undefined) return stop;
    }
    return this.#status;
  }

  /** Where there is no process more, one of xargs' own may end and make room. */
  *#start(argv: readonly string[]): Task<{ child: Process } | { status: number }> {
    for (;;) {
      try {
        return yield* startCommand(this.#tool.process, argv, 'xargs: ', { files: yield* this.#files() });
      } catch (error) {
        if (!(error instanceof ForkError)) throw error;
        if (this.#children.length === 0) {
          yield* this.#tool.complain(`cannot fork: ${error.message}`);
          return { status: 1 };
        }
        const stop = yield* this.#reap();
        if (stop !== undefined) return { status: stop };
      }
    }
  }

  /** Commands read nothing of what xargs reads. */
  *#files(): Task<Map<number, OpenFile>> {
    this.#null ??= yield* this.#tool.process.open('/dev/null', { read: true });
    return new Map(this.#tool.process.files).set(0, this.#null);
  }

  *#reap(): Task<number | undefined> {
    const { child, name } = this.#children.shift()!;
    const code = yield* awaitChild(this.#tool.process, child);
    if (code === 255) {
      yield* this.#tool.complain(`${name}: exited with status 255; aborting`);
      return 124;
    }
    if (code > 128) {
      yield* this.#tool.complain(`${name}: terminated by signal ${code - 128}`);
      return 125;
    }
    if (code !== 0 && this.#status === 0) this.#status = 123;
    return undefined;
  }
}

/** Items as they are read, grouped by the line they stand on. */
class Batches {
  readonly #tool: Tool;
  readonly #reader: LineReader;
  readonly #delimiter: string | undefined;
  /** An item is a whole line (-I). */
  readonly #whole: boolean;
  readonly #end: string | undefined;
  #ended = false;

  constructor(tool: Tool, reader: LineReader, delimiter: string | undefined, whole: boolean) {
    this.#tool = tool;
    this.#reader = reader;
    this.#delimiter = delimiter;
    this.#whole = whole && !tool.has('L', 'l');
    this.#end = delimiter === undefined ? tool.get('E') : undefined;
  }

  *next(): Task<string[] | undefined> {
    for (;;) {
      if (this.#ended) return undefined;
      let line = yield* this.#reader.next();
      if (line === undefined) return undefined;
      yield* this.#tool.process.spend(1 + line.length / 200);
      if (this.#delimiter !== undefined) return [line];
      // A backslash before a newline takes it into the item.
      while (/(?:^|[^\\])(?:\\\\)*\\$/.test(line)) {
        const more = yield* this.#reader.next();
        if (more === undefined) break;
        line += `\n${more}`;
      }
      const items = this.#split(line);
      const stop = this.#end === undefined || this.#end === '' ? -1 : items.indexOf(this.#end);
      if (stop >= 0) {
        this.#ended = true;
        items.length = stop;
      }
      if (items.length > 0) return items;
    }
  }

  #split(line: string): string[] {
    const items: string[] = [];
    let item: string | undefined;
    let quote = '';
    for (let i = 0; i < line.length; i++) {
      const c = line[i]!;
      if (quote !== '') {
        if (c === quote) quote = '';
        else item = (item ?? '') + c;
      } else if (c === '\\') item = (item ?? '') + (line[++i] ?? '');
      else if (c === "'" || c === '"') {
        quote = c;
        item ??= '';
      } else if ((c === ' ' || c === '\t') && !(this.#whole && item !== undefined)) {
        if (item !== undefined) items.push(item);
        item = undefined;
      } else item = (item ?? '') + c;
    }
    if (quote !== '')
      throw new XargsError(
        `unmatched ${quote === '"' ? 'double' : 'single'} quote; by default quotes are special to xargs unless you use the -0 option`,
      );
    if (item !== undefined) items.push(item);
    return items;
  }
}

const testProgram = (bracket: boolean): Program =>
  function* (process, argv) {
    const name = bracket ? '[' : 'test';
    const args = argv.slice(1);
    if (bracket && args.pop() !== ']') {
      yield* process.error("[: missing ']'\n");
      return 2;
    }
    try {
      return (yield* evaluateTest({ process }, args)) ? 0 : 1;
    } catch (error) {
      if (!(error instanceof TestError)) throw error;
      const message = error.message
        .replace(/^(.*): integer expression expected$/, "invalid integer '$1'")
        .replace(/^(.*): (unary|binary) operator expected$/, "'$1': $2 operator expected");
      yield* process.error(`${name}: ${message}\n`);
      return 2;
    }
  };

export const test = testProgram(false);
export const bracket = testProgram(true);

export const kill: Program = function* (process, argv) {
  const args = argv.slice(1);
  let signal = 'SIGTERM';
  if (args[0] === '-l' || args[0] === '-L') {
    yield* process.print(
      `${SIGNALS.slice(1)
        .map((s) => s.slice(3))
        .join(' ')}\n`,
    );
    return 0;
  }
  if (args[0] && /^-./.test(args[0]) && args[0] !== '--') {
    const option = args.shift()!;
    const spec = option === '-s' || option === '--signal' ? (args.shift() ?? '') : option.slice(1);
    const named = spec === '0' ? '0' : signalNamed(spec);
    if (!named) {
      yield* process.error(`kill: unknown signal ${spec}; valid signals:\n`);
      return 1;
    }
    signal = named;
  }
  if (args[0] === '--') args.shift();
  let status = 0;
  for (const target of args) {
    if (!/^-?\d+$/.test(target)) {
      yield* process.error(`kill: failed to parse argument: '${target}'\n`);
      return 1;
    }
    try {
      if (signal !== '0' && isSignal(signal)) process.kill(Number(target), signal);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* process.error(`kill: (${target}): ${error.message}\n`);
      status = 1;
    }
  }
  return status;
};

class ExprError extends Error {}

export const expr: Program = function* (process, argv) {
  const args = argv.slice(1);
  if (args.length === 0) {
    yield* process.error("expr: missing operand\nTry 'expr --help' for more information.\n");
    return 2;
  }
  try {
    const value = new Expression(args, process.env).run();
    yield* process.print(`${value}\n`);
    return value === '' || /^-?0+$/.test(value) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    yield* process.error(`expr: ${error.message}\n`);
    return 2;
  }
};

class Expression {
  readonly #args: readonly string[];
  readonly #env: ReadonlyMap<string, string>;
  #at = 0;

  constructor(args: readonly string[], env: ReadonlyMap<string, string>) {
    this.#args = args;
    this.#env = env;
  }

  run(): string {
    const value = this.#level(0);
    if (this.#at < this.#args.length)
      throw new ExprError(`syntax error: unexpected argument ${quoteFor(this.#env, this.#args[this.#at]!)}`);
    return value;
  }

  #level(level: number): string {
    const levels = [['|'], ['&'], ['<', '<=', '=', '==', '!=', '>=', '>'], ['+', '-'], ['*', '/', '%'], [':']];
    if (level === levels.length) return this.#primary();
    let left = this.#level(level + 1);
    while (levels[level]!.includes(this.#args[this.#at] ?? '')) {
      const operator = this.#args[this.#at++]!;
      left = this.#apply(left, operator, this.#level(level + 1));
    }
    return left;
  }

  #apply(left: string, operator: string, right: string): string {
    const null_ = (s: string) => s === '' || /^-?0+$/.test(s);
    if (operator === '|') return null_(left) ? (null_(right) ? '0' : right) : left;
    if (operator === '&') return null_(left) || null_(right) ? '0' : left;
    if (operator === ':') return this.#match(left, right);
    if (/^[<>=!]/.test(operator)) {
      const numeric = /^-?\d+$/.test(left) && /^-?\d+$/.test(right);
      const order = numeric ? Number(BigInt(left) - BigInt(right)) : left < right ? -1 : left > right ? 1 : 0;
      const holds = {
        '<': order < 0,
        '<=': order <= 0,
        '=': order === 0,
        '==': order === 0,
        '!=': order !== 0,
        '>=': order >= 0,
        '>': order > 0,
      }[operator];
      return holds ? '1' : '0';
    }
    if (!/^-?\d+$/.test(left) || !/^-?\d+$/.test(right)) throw new ExprError('non-integer argument');
    const [a, b] = [BigInt(left), BigInt(right)];
    if ((operator === '/' || operator === '%') && b === 0n) throw new ExprError('division by zero');
    return String(
      operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : operator === '/' ? a / b : a % b,
    );
  }

  #match(text: string, pattern: string): string {
    const mistake = regexMistake(pattern, { extended: false });
    if (mistake) throw new ExprError(mistake);
    const regex = compileRegex(pattern, { extended: false });
    const match = regex.exec(text);
    const found = match?.index === 0 ? match : undefined;
    if (regex.groups > 0) return found?.groups[1] ?? '';
    return String(found ? found.end : 0);
  }

  #next(): string {
    const value = this.#args[this.#at++];
    if (value === undefined)
      throw new ExprError(
        `syntax error: missing argument after ${quoteFor(this.#env, this.#args[this.#at - 2] ?? '')}`,
      );
    return value;
  }

  #primary(): string {
    const token = this.#next();
    if (token === '(') {
      const value = this.#level(0);
      if (this.#args[this.#at++] !== ')')
        throw new ExprError(`syntax error: expecting ')' after ${quoteFor(this.#env, this.#args[this.#at - 2] ?? '')}`);
      return value;
    }
    switch (token) {
      case 'length':
        return String([...this.#next()].length);
      case 'match': {
        const text = this.#next();
        return this.#match(text, this.#next());
      }
      case 'substr': {
        const [text, from, length] = [this.#next(), Number(this.#next()), Number(this.#next())];
        return from > 0 && length > 0 ? text.slice(from - 1, from - 1 + length) : '';
      }
      case 'index': {
        const [text, chars] = [this.#next(), this.#next()];
        return String([...text].findIndex((c) => chars.includes(c)) + 1);
      }
    }
    return token;
  }
}

export const clear: Program = function* (process) {
  yield* process.print('\x1b[H\x1b[2J\x1b[3J');
  return 0;
};

export const reset: Program = function* (process) {
  if (process.tty) process.tty.modes = { ...process.tty.modes, canonical: true, echo: true, signals: true };
  yield* process.print('\x1bc\x1b[!p\x1b[?3;4l\x1b[4l\x1b>');
  return 0;
};

const CAPABILITIES: Readonly<Record<string, string>> = {
  bold: '\x1b[1m',
  clear: '\x1b[H\x1b[2J\x1b[3J',
  sgr0: '\x1b(B\x1b[m',
  rev: '\x1b[7m',
  smul: '\x1b[4m',
  rmul: '\x1b[24m',
  dim: '\x1b[2m',
  el: '\x1b[K',
  ed: '\x1b[J',
  home: '\x1b[H',
  civis: '\x1b[?25l',
  cnorm: '\x1b[?12l\x1b[?25h',
  smcup: '\x1b[?1049h\x1b[22;0;0t',
  rmcup: '\x1b[?1049l\x1b[23;0;0t',
};

export const tput: Program = function* (process, argv) {
  const [name, ...args] = argv.slice(1);
  const tty = process.tty;
  if (name === 'cols') yield* process.print(`${tty?.columns ?? 80}\n`);
  else if (name === 'lines') yield* process.print(`${tty?.rows ?? 24}\n`);
  else if (name === 'colors') yield* process.print('256\n');
  else if (name === 'setaf' || name === 'setab') {
    const n = Number(args[0] ?? 0);
    yield* process.print(
      n < 8 ? `\x1b[${name === 'setaf' ? 3 : 4}${n}m` : `\x1b[${name === 'setaf' ? 38 : 48};5;${n}m`,
    );
  } else if (name === 'cup') yield* process.print(`\x1b[${Number(args[0]) + 1};${Number(args[1]) + 1}H`);
  else if (name !== undefined && own(CAPABILITIES, name) !== undefined) yield* process.print(own(CAPABILITIES, name)!);
  else {
    yield* process.error(
      name === undefined
        ? 'usage: tput [-V] [-S] [-T term] capname\n'
        : `tput: unknown terminfo capability '${name}'\n`,
    );
    return name === undefined ? 2 : 4;
  }
  return 0;
};
