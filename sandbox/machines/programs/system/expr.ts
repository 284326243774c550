/** expr(1): numbers, strings and patterns (GNU coreutils expr.c). */

import type { Program } from '../../process.ts';
import { quoteFor } from '../quote.ts';
import { compileRegex, regexMistake } from '../regex/regex.ts';

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
