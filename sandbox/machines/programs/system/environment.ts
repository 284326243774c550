/** env, printenv, nohup, nice, stdbuf, xargs, test, kill, expr, tput, clear, reset. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Program } from '../../process.ts';
import { isSignal, SIGNALS, signalNamed } from '../../shell/signals.ts';
import { evaluateTest, TestError } from '../files/test-expression.ts';
import { readInputText } from '../io.ts';
import { compileRegex } from '../regex/regex.ts';
import { awaitChild, runCommand, startCommand } from '../run.ts';
import { quoteFor } from '../quote.ts';
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
    return yield* runCommand(tool.process, args, 'env: ', { env: environment, ...(cwd === undefined ? {} : { cwd }) });
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
  return yield* runCommand(process, tool.operands, 'nohup: failed to run command ', { files });
});

const wrapper = (name: string, short: string, plain: string): Program =>
  tool(
    name,
    {
      short,
      long: { adjustment: 'n:', input: 'i:', output: 'o:', error: 'e:' },
      usage: `${name} [OPTION]... COMMAND [ARG]...`,
      usageStatus: 125,
    },
    function* (tool) {
      if (tool.operands.length === 0) {
        if (plain !== '') yield* tool.print(plain);
        return plain === '' ? yield* tool.usage('missing operand', 125) : 0;
      }
      return yield* runCommand(tool.process, tool.operands, `${name}: `);
    },
  );

export const nice = wrapper('nice', '+n:', '0\n');
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
    const { process } = tool;
    const text = yield* readInputText(process, tool.get('a') ?? '-');
    const replace = tool.get('I') ?? (tool.has('i') ? tool.get('i') || '{}' : undefined);
    const delimiter = tool.has('0')
      ? '\0'
      : tool.get('d')?.replace('\\n', '\n').replace('\\t', '\t').replace('\\0', '\0');
    const lines = tool.get('L') ?? (tool.has('l') ? tool.get('l') || '1' : undefined);
    const batches = splitInput(text, delimiter, replace !== undefined || lines !== undefined);
    if (typeof batches === 'string') {
      yield* tool.complain(batches);
      return 1;
    }
    const base = tool.operands.length > 0 ? tool.operands : ['echo'];
    const commands: string[][] = [];
    if (replace !== undefined)
      for (const items of batches) commands.push(base.map((a) => a.replaceAll(replace, items.join(' '))));
    else if (lines !== undefined) {
      for (let i = 0; i < batches.length; i += Number(lines))
        commands.push([...base, ...batches.slice(i, i + Number(lines)).flat()]);
    } else {
      const items = batches.flat();
      const size = Number(tool.get('n') ?? 5000);
      for (let i = 0; i < items.length; i += size) commands.push([...base, ...items.slice(i, i + size)]);
      if (items.length === 0 && !tool.has('r')) commands.push([...base]);
    }
    return yield* runAll(tool, commands);
  },
);

function* runAll(tool: Tool, commands: readonly string[][]): Task<number> {
  const parallel = Number(tool.get('P') ?? 1) || commands.length;
  let status = 0;
  for (let i = 0; i < commands.length; i += parallel) {
    const children = [];
    for (const argv of commands.slice(i, i + parallel)) {
      if (tool.has('t')) yield* tool.process.error(`${argv.join(' ')}\n`);
      const started = yield* startCommand(tool.process, argv, 'xargs: ');
      if ('status' in started) return started.status;
      children.push(started.child);
    }
    for (const child of children) {
      const code = yield* awaitChild(tool.process, child);
      if (code === 255) {
        yield* tool.complain(`${commands[i]![0]}: exited with status 255; aborting`);
        return 124;
      }
      if (code > 128) {
        yield* tool.complain(`${commands[i]![0]}: terminated by signal ${code - 128}`);
        return 125;
      }
      if (code !== 0) status = 123;
    }
  }
  return status;
}

/** Items, grouped by the line they stand on. */
function splitInput(text: string, delimiter: string | undefined, whole: boolean): string[][] | string {
  if (delimiter !== undefined) {
    const items = text.split(delimiter);
    if (items.at(-1) === '') items.pop();
    return items.map((i) => [i]);
  }
  const batches: string[][] = [];
  for (const line of logicalLines(text)) {
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
      } else if (/[ \t]/.test(c) && !(whole && item !== undefined)) {
        if (item !== undefined) items.push(item);
        item = undefined;
      } else item = (item ?? '') + c;
    }
    if (quote !== '')
      return `unmatched ${quote === '"' ? 'double' : 'single'} quote; by default quotes are special to xargs unless you use the -0 option`;
    if (item !== undefined) items.push(item);
    if (items.length > 0) batches.push(items);
  }
  return batches;
}

const logicalLines = (text: string): string[] => text.replace(/\n$/, '').split('\n');

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
    switch (this.#at < this.#args.length ? token : '') {
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
  else if (name !== undefined && CAPABILITIES[name] !== undefined) yield* process.print(CAPABILITIES[name]!);
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
