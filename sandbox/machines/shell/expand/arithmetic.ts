/** Shell arithmetic: C expressions over 64-bit integers, evaluated as they are read (bash's expr.c). */

export interface ArithmeticScope {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

/** Its text is what bash prints after the expression: `division by 0 (error token is "0")`. */
export class ArithmeticError extends Error {}

export function evaluate(expression: string, scope: ArithmeticScope, depth = 0): bigint {
  if (depth > 64)
    throw new ArithmeticError(`${expression}: expression recursion level exceeded (error token is "${expression}")`);
  if (/^\s*\d{1,15}\s*$/.test(expression) && !/^\s*0\d/.test(expression)) return BigInt(expression.trim());
  return new Evaluator(expression, scope, depth).run();
}

const wrap = (n: bigint): bigint => BigInt.asIntN(64, n);

const ASSIGN = new Set(['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '|=', '^=']);

/** Binary operators by level, weakest first. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

class Evaluator {
  readonly #text: string;
  readonly #scope: ArithmeticScope;
  readonly #depth: number;
  #at = 0;
  /** While >0, side effects are skipped: the branch not taken of `&&`, `||`, `?:`. */
  #skip = 0;
  #tokenAt = 0;

  constructor(text: string, scope: ArithmeticScope, depth: number) {
    this.#text = text;
    this.#scope = scope;
    this.#depth = depth;
  }

  run(): bigint {
    this.#space();
    if (this.#at >= this.#text.length) return 0n;
    const value = this.#comma();
    this.#space();
    if (this.#at < this.#text.length) {
      const rest = this.#text.slice(this.#at);
      const missing = /^[\w$]/.test(rest) || rest.startsWith('.') || rest.startsWith('@');
      this.#fail(missing ? 'syntax error in expression' : 'syntax error: invalid arithmetic operator');
    }
    return value;
  }

  #fail(message: string, at = this.#at): never {
    throw new ArithmeticError(
      `${this.#text.trimStart()}: ${message} (error token is "${this.#text.slice(at).trimStart()}")`,
    );
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #peek(operator: string): boolean {
    this.#space();
    return this.#text.startsWith(operator, this.#at);
  }

  #eat(operator: string): boolean {
    if (!this.#peek(operator)) return false;
    this.#tokenAt = this.#at;
    this.#at += operator.length;
    return true;
  }

  #comma(): bigint {
    let value = this.#assignment();
    while (this.#eat(',')) value = this.#assignment();
    return value;
  }

  #assignment(): bigint {
    const start = this.#at;
    const name = this.#lvalue();
    if (name !== undefined) {
      this.#space();
      const operator = /^(<<=|>>=|[-+*/%&|^]=|=(?!=))/.exec(this.#text.slice(this.#at, this.#at + 3))?.[0];
      if (operator && ASSIGN.has(operator)) {
        this.#at += operator.length;
        const right = this.#assignment();
        const value = operator === '=' ? right : this.#apply(operator.slice(0, -1), this.#read(name), right);
        return this.#store(name, value);
      }
    }
    this.#at = start;
    return this.#ternary();
  }

  #ternary(): bigint {
    const test = this.#binary(0);
    if (!this.#eat('?')) return test;
    const first = this.#guarded(test === 0n, () => this.#comma());
    if (!this.#eat(':')) this.#fail("`:' expected for conditional expression");
    const second = this.#guarded(test !== 0n, () => this.#assignment());
    return test !== 0n ? first : second;
  }

  #guarded(skip: boolean, run: () => bigint): bigint {
    if (skip) this.#skip++;
    const value = run();
    if (skip) this.#skip--;
    return value;
  }

  #binary(level: number): bigint {
    if (level === LEVELS.length) return this.#power();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = this.#operator(LEVELS[level]!);
      if (!operator) return left;
      if (operator === '&&') {
        const right = this.#guarded(left === 0n, () => this.#binary(level + 1));
        left = left !== 0n && right !== 0n ? 1n : 0n;
      } else if (operator === '||') {
        const right = this.#guarded(left !== 0n, () => this.#binary(level + 1));
        left = left !== 0n || right !== 0n ? 1n : 0n;
      } else {
        const right = this.#binary(level + 1);
        left = this.#apply(operator, left, right);
      }
    }
  }

  #operator(candidates: readonly string[]): string | undefined {
    this.#space();
    for (const operator of candidates) {
      if (!this.#text.startsWith(operator, this.#at)) continue;
      const next = this.#text[this.#at + operator.length] ?? '';
      if (operator.length === 1 && '|&<>*'.includes(operator) && next === operator) continue;
      if (next === '=' && !['==', '!=', '<=', '>='].includes(operator)) continue;
      if (next === '=' && operator === '<') continue;
      this.#at += operator.length;
      return operator;
    }
    return undefined;
  }

  #power(): bigint {
    const base = this.#unary();
    if (!this.#eat('**')) return base;
    const exponent = this.#power();
    if (exponent < 0n) this.#fail('exponent less than 0', this.#tokenAt + 2);
    let result = 1n;
    for (let n = exponent; n > 0n && n < 100000n; n--) result = wrap(result * base);
    return result;
  }

  #unary(): bigint {
    this.#space();
    for (const operator of ['++', '--']) {
      if (!this.#text.startsWith(operator, this.#at)) continue;
      const start = this.#at;
      this.#at += 2;
      this.#space();
      const name = this.#lvalue();
      if (name !== undefined) {
        return this.#store(name, wrap(this.#read(name) + (operator === '++' ? 1n : -1n)));
      }
      this.#at = start;
    }
    const c = this.#text[this.#at];
    if (c === '!' || c === '~' || c === '-' || c === '+') {
      this.#at++;
      const value = this.#unary();
      if (c === '!') return value === 0n ? 1n : 0n;
      if (c === '~') return wrap(~value);
      return c === '-' ? wrap(-value) : value;
    }
    return this.#postfix();
  }

  #postfix(): bigint {
    const start = this.#at;
    const name = this.#lvalue();
    if (name === undefined) return this.#primary();
    this.#space();
    for (const operator of ['++', '--']) {
      if (!this.#text.startsWith(operator, this.#at)) continue;
      this.#at += 2;
      const old = this.#read(name);
      this.#store(name, wrap(old + (operator === '++' ? 1n : -1n)));
      return old;
    }
    this.#tokenAt = start;
    return this.#read(name);
  }

  #primary(): bigint {
    this.#space();
    if (this.#eat('(')) {
      const value = this.#comma();
      if (!this.#eat(')')) this.#fail("missing `)'");
      return value;
    }
    const number = /^(?:(\d+)#([\w@]+)|0[xX][\da-fA-F]+|\d\w*)/.exec(this.#text.slice(this.#at));
    if (!number) this.#fail('syntax error: operand expected');
    this.#tokenAt = this.#at;
    const value = this.#number(number[0]);
    this.#at += number[0].length;
    return value;
  }

  #number(text: string): bigint {
    const based = /^(\d+)#(.*)$/.exec(text);
    if (based) return wrap(this.#digits(based[2]!, Number(based[1]), text));
    if (/^0[xX]/.test(text)) return wrap(BigInt(text));
    if (/^0\d/.test(text)) return wrap(this.#digits(text.slice(1), 8, text));
    return wrap(this.#digits(text, 10, text));
  }

  #digits(digits: string, base: number, token: string): bigint {
    const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_';
    let value = 0n;
    for (const c of base <= 36 ? digits.toLowerCase() : digits) {
      const digit = alphabet.indexOf(c);
      if (digit < 0 || digit >= base) {
        throw new ArithmeticError(`${this.#text.trimStart()}: value too great for base (error token is "${token}")`);
      }
      value = value * BigInt(base) + BigInt(digit);
    }
    return value;
  }

  /** A variable, perhaps with a subscript; undefined if none stands here. */
  #lvalue(): string | undefined {
    this.#space();
    const name = /^[A-Za-z_]\w*/.exec(this.#text.slice(this.#at))?.[0];
    if (!name) return undefined;
    this.#at += name.length;
    if (this.#text[this.#at] !== '[') return name;
    let depth = 0;
    const open = this.#at;
    for (let i = open; i < this.#text.length; i++) {
      if (this.#text[i] === '[') depth++;
      else if (this.#text[i] === ']' && --depth === 0) {
        this.#at = i + 1;
        return name + this.#text.slice(open, i + 1);
      }
    }
    return name;
  }

  #read(name: string): bigint {
    if (this.#skip > 0) return 0n;
    const value = this.#scope.get(name);
    if (value === undefined || value === '') return 0n;
    return evaluate(value, this.#scope, this.#depth + 1);
  }

  #store(name: string, value: bigint): bigint {
    if (this.#skip === 0) this.#scope.set(name, String(value));
    return value;
  }

  #apply(operator: string, left: bigint, right: bigint): bigint {
    const bool = (b: boolean) => (b ? 1n : 0n);
    switch (operator) {
      case '+':
        return wrap(left + right);
      case '-':
        return wrap(left - right);
      case '*':
        return wrap(left * right);
      case '/':
      case '%':
        if (right === 0n) {
          if (this.#skip > 0) return 0n;
          this.#fail('division by 0', this.#tokenAt);
        }
        return wrap(operator === '/' ? left / right : left % right);
      case '<<':
        return wrap(left << (right & 63n));
      case '>>':
        return wrap(left >> (right & 63n));
      case '&':
        return left & right;
      case '|':
        return left | right;
      case '^':
        return left ^ right;
      case '==':
        return bool(left === right);
      case '!=':
        return bool(left !== right);
      case '<':
        return bool(left < right);
      case '>':
        return bool(left > right);
      case '<=':
        return bool(left <= right);
      default:
        return bool(left >= right);
    }
  }
}
