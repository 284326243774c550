/** The expressions of `test` and `[`, by the number of arguments first as POSIX decides it. */

import type { Task } from '../../../sim/task.ts';
import type { Process } from '../../process.ts';
import { compareFiles, fileTest, UNARY_FILE_TESTS } from './file-tests.ts';
import { compareIntegers } from './integer-tests.ts';

/** A mistake in the expression: exit status 2. */
export class TestError extends Error {}

/** What differs between the shell's builtin and /usr/bin/test. */
export interface TestContext {
  readonly process: Process;
  isSet?(variable: string): boolean;
  optionSet?(name: string): boolean;
}

const BINARY: ReadonlySet<string> = new Set([
  '=',
  '==',
  '!=',
  '<',
  '>',
  '-eq',
  '-ne',
  '-lt',
  '-le',
  '-gt',
  '-ge',
  '-nt',
  '-ot',
  '-ef',
  '-a',
  '-o',
]);
const UNARY = (operator: string): boolean =>
  UNARY_FILE_TESTS.has(operator) || ['-n', '-z', '-t', '-v', '-o', '-R'].includes(operator);

export function* evaluateTest(context: TestContext, args: readonly string[]): Task<boolean> {
  switch (args.length) {
    case 0:
      return false;
    case 1:
      return args[0] !== '';
    case 2:
      return yield* two(context, args);
    case 3:
      return yield* three(context, args);
    case 4:
      if (args[0] === '!') return !(yield* three(context, args.slice(1)));
      if (args[0] === '(' && args[3] === ')') return yield* two(context, args.slice(1, 3));
      return yield* new Parser(context, args).run();
    default:
      return yield* new Parser(context, args).run();
  }
}

function* two(context: TestContext, args: readonly string[]): Task<boolean> {
  if (args[0] === '!') return args[1] === '';
  if (!UNARY(args[0]!)) throw new TestError(`${args[0]}: unary operator expected`);
  return yield* unary(context, args[0]!, args[1]!);
}

function* three(context: TestContext, args: readonly string[]): Task<boolean> {
  const [left, operator, right] = args as [string, string, string];
  if (operator === '-a') return left !== '' && right !== '';
  if (operator === '-o') return left !== '' || right !== '';
  if (BINARY.has(operator)) return yield* binary(context, left, operator, right);
  if (left === '!') return !(yield* two(context, args.slice(1)));
  if (left === '(' && right === ')') return operator !== '';
  throw new TestError(`${operator}: binary operator expected`);
}

function* unary(context: TestContext, operator: string, operand: string): Task<boolean> {
  switch (operator) {
    case '-n':
      return operand !== '';
    case '-z':
      return operand === '';
    case '-t':
      return context.process.files.get(integer(operand))?.tty !== undefined;
    case '-v':
      return context.isSet?.(operand) ?? false;
    case '-o':
      return context.optionSet?.(operand) ?? false;
    case '-R':
      return false;
    default:
      return yield* fileTest(context.process, operator, operand);
  }
}

function* binary(context: TestContext, left: string, operator: string, right: string): Task<boolean> {
  switch (operator) {
    case '=':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '-nt':
    case '-ot':
    case '-ef':
      return yield* compareFiles(context.process, left, operator, right);
  }
  return compareIntegers(integer(left), operator, integer(right));
}

function integer(text: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new TestError(`${text}: integer expression expected`);
  return Number(text);
}

/** More than four arguments: -o, -a, !, parentheses. */
class Parser {
  readonly #context: TestContext;
  readonly #args: readonly string[];
  #at = 0;

  constructor(context: TestContext, args: readonly string[]) {
    this.#context = context;
    this.#args = args;
  }

  *run(): Task<boolean> {
    const value = yield* this.#or();
    if (this.#at < this.#args.length) throw new TestError('too many arguments');
    return value;
  }

  *#or(): Task<boolean> {
    let value = yield* this.#and();
    while (this.#args[this.#at] === '-o') {
      this.#at++;
      const right = yield* this.#and();
      value = value || right;
    }
    return value;
  }

  *#and(): Task<boolean> {
    let value = yield* this.#term();
    while (this.#args[this.#at] === '-a') {
      this.#at++;
      const right = yield* this.#term();
      value = value && right;
    }
    return value;
  }

  *#term(): Task<boolean> {
    const first = this.#args[this.#at];
    if (first === undefined) throw new TestError('argument expected');
    if (first === '!') {
      this.#at++;
      return !(yield* this.#term());
    }
    const operator = this.#args[this.#at + 1];
    if (operator !== undefined && BINARY.has(operator) && operator !== '-a' && operator !== '-o') {
      const right = this.#args[this.#at + 2];
      if (right === undefined) throw new TestError('argument expected');
      this.#at += 3;
      return yield* binary(this.#context, first, operator, right);
    }
    if (first === '(') {
      this.#at++;
      const value = yield* this.#or();
      if (this.#args[this.#at] !== ')') throw new TestError("`)' expected");
      this.#at++;
      return value;
    }
    if (UNARY(first) && operator !== undefined && operator !== '-a' && operator !== '-o') {
      this.#at += 2;
      return yield* unary(this.#context, first, operator);
    }
    this.#at++;
    return first !== '';
  }
}
