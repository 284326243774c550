/** Shell arithmetic: C expressions over 64-bit integers, read and evaluated token by token, with the errors of bash's expr.c. */

export interface ArithmeticScope {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

/** Its text is what bash prints after the command's name: `1/0: division by 0 (error token is "0")`. */
export class ArithmeticError extends Error {}

/** expr.c, MAX_EXPR_RECURSION_LEVEL. */
const MAX_DEPTH = 1024;

export function evaluate(expression: string, scope: ArithmeticScope): bigint {
  return nested(expression, scope, 0);
}

function nested(expression: string, scope: ArithmeticScope, depth: number): bigint {
  if (/^\s*(?:0|[1-9]\d{0,17})\s*$/.test(expression)) return BigInt(expression.trim());
  return new Evaluator(expression, scope, depth).run();
}

const wrap = (n: bigint): bigint => BigInt.asIntN(64, n);
const truth = (b: boolean): bigint => (b ? 1n : 0n);

/** Kinds of tokens that are no operators; operators are their own text. */
type Token = 'end' | 'name' | 'number' | 'post++' | 'post--' | 'pre++' | 'pre--' | 'assign' | 'cond' | string;

/** Binary operators by precedence, weakest first; `&&` and `||` skip, `**` is right-associative. */
const PRECEDENCE: ReadonlyMap<string, number> = new Map(
  [
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
  ].flatMap((operators, level) => operators.map((operator): [string, number] => [operator, level])),
);
const SINGLE = new Set('=><+-*/%!()&|^~?:,');
const DOUBLE = new Set(['==', '!=', '>=', '<=', '&&', '||', '**']);

interface State {
  at: number;
  tokenAt: number;
  token: Token;
  last: Token;
  value: bigint;
  name: string | undefined;
  skip: number;
}

class Evaluator {
  readonly #text: string;
  readonly #scope: ArithmeticScope;
  readonly #depth: number;
  /** Where the next token is read, and where the last one began (`tp`, `lasttp`). */
  #at = 0;
  #tokenAt = -1;
  #token: Token = 'end';
  #last: Token = 'end';
  #value = 0n;
  #name: string | undefined;
  /** While >0, nothing is read or assigned: the branch not taken of `&&`, `||`, `?:`, and tokens looked at in advance. */
  #skip = 0;
  #operator = '';

  constructor(text: string, scope: ArithmeticScope, depth: number) {
    this.#text = text;
    this.#scope = scope;
    this.#depth = depth;
  }

  run(): bigint {
    if (/^[ \t\n]*$/.test(this.#text)) return 0n;
    this.#read();
    const value = this.#comma();
    if (this.#token !== 'end') this.#fail('syntax error in expression');
    return value;
  }

  #fail(message: string, at = this.#tokenAt, end = this.#text.length): never {
    const whole = this.#text.slice(0, end);
    const token = at < 0 ? '' : whole.slice(at);
    throw new ArithmeticError(`${whole.replace(/^[ \t]+/, '')}: ${message} (error token is "${token}")`);
  }

  // Tokens (readtok)

  #read(): void {
    const text = this.#text;
    let at = this.#at;
    while (text[at] === ' ' || text[at] === '\t' || text[at] === '\n') at++;
    if (at >= text.length) {
      this.#last = this.#token;
      this.#token = 'end';
      this.#at = at;
      return;
    }
    this.#tokenAt = at;
    this.#at = at;
    const c = text[at]!;
    if (/[A-Za-z_]/.test(c)) this.#readName();
    else if (c >= '0' && c <= '9') this.#readNumber();
    else this.#readOperator(c);
  }

  #readName(): void {
    const start = this.#at;
    let end = start + /^\w+/.exec(this.#text.slice(start, start + 256))![0].length;
    while (/\w/.test(this.#text[end] ?? ' ')) end++;
    if (this.#text[end] === '[') {
      const close = subscriptEnd(this.#text, end);
      if (close < 0) this.#fail('bad array subscript');
      end = close + 1;
    }
    this.#name = this.#text.slice(start, end);
    const saved = this.#save();
    this.#at = end;
    this.#skip = 1;
    this.#token = 'name';
    this.#read();
    const peeked = this.#token;
    this.#restore(saved);
    this.#at = end;
    const increments = this.#last === 'pre++' || this.#last === 'pre--';
    this.#value = increments || peeked !== '=' ? this.#variable(this.#name!) : 0n;
    this.#last = this.#token;
    this.#token = 'name';
  }

  #readNumber(): void {
    const start = this.#at;
    let end = start + 1;
    while (/[\w#@]/.test(this.#text[end] ?? ' ')) end++;
    this.#value = this.#constant(start, end);
    this.#at = end;
    this.#last = this.#token;
    this.#token = 'number';
  }

  #readOperator(c: string): void {
    const text = this.#text;
    const next = text[this.#at + 1] ?? '';
    let token: Token = c;
    let length = 1;
    if (DOUBLE.has(c + next)) {
      token = c + next;
      length = 2;
    } else if ((c === '<' || c === '>') && next === c) {
      token = c + c;
      length = 2;
      if (text[this.#at + 2] === '=') {
        this.#operator = token;
        token = 'assign';
        length = 3;
      }
    } else if ((c === '-' || c === '+') && next === c) {
      if (this.#token === 'name') {
        token = `post${c}${c}`;
        length = 2;
      } else if (this.#token === 'number' && (this.#last === 'pre++' || this.#last === 'pre--')) {
        this.#fail(`${c}${c}: assignment requires lvalue`);
      } else if (/^[ \t\n]*[A-Za-z_]/.test(text.slice(this.#at + 2))) {
        token = `pre${c}${c}`;
        length = 2;
      }
    } else if (next === '=' && '*/%+-&^|'.includes(c)) {
      this.#operator = c;
      token = 'assign';
      length = 2;
    } else if (!SINGLE.has(c)) {
      const expectsOperand = this.#token === 'end' || SINGLE.has(this.#token) || isMultiple(this.#token);
      this.#fail(expectsOperand ? 'syntax error: operand expected' : 'syntax error: invalid arithmetic operator');
    }
    this.#at += length;
    this.#last = this.#token;
    this.#token = token;
  }

  #save(): State {
    return {
      at: this.#at,
      tokenAt: this.#tokenAt,
      token: this.#token,
      last: this.#last,
      value: this.#value,
      name: this.#name,
      skip: this.#skip,
    };
  }

  #restore(state: State): void {
    this.#at = state.at;
    this.#tokenAt = state.tokenAt;
    this.#token = state.token;
    this.#last = state.last;
    this.#value = state.value;
    this.#name = state.name;
    this.#skip = state.skip;
  }

  /** strlong. */
  #constant(start: number, end: number): bigint {
    const fail = (message: string): never => this.#fail(message, start, end);
    const token = this.#text.slice(start, end);
    let at = 0;
    let base = 10n;
    let based = false;
    if (token[0] === '0') {
      if (token.length === 1) return 0n;
      based = true;
      base = /^0[xX]/.test(token) ? 16n : 8n;
      at = base === 16n ? 2 : 1;
    }
    let value = 0n;
    for (; at < token.length; at++) {
      const c = token[at]!;
      if (c === '#') {
        if (based) fail('invalid number');
        if (value < 2n || value > 64n) fail('invalid arithmetic base');
        base = value;
        value = 0n;
        based = true;
        if (!/[\w@]/.test(token[at + 1] ?? '')) fail('invalid integer constant');
        continue;
      }
      const digit = BigInt(digitOf(c, base));
      if (digit >= base) fail('value too great for base');
      value = wrap(value * base + digit);
    }
    return value;
  }

  /** expr_streval. */
  #variable(name: string): bigint {
    if (this.#skip > 0) return 0n;
    const value = this.#scope.get(name);
    if (value === undefined || value === '') return 0n;
    if (this.#depth + 1 >= MAX_DEPTH) this.#fail('expression recursion level exceeded');
    return nested(value, this.#scope, this.#depth + 1);
  }

  #store(name: string, value: bigint): bigint {
    if (this.#skip === 0) this.#scope.set(name, String(value));
    return value;
  }

  // The grammar (expcomma … exp0)

  #comma(): bigint {
    let value = this.#assignment();
    while (this.#token === ',') {
      this.#read();
      value = this.#assignment();
    }
    return value;
  }

  #assignment(): bigint {
    const left = this.#conditional();
    if (this.#token !== '=' && this.#token !== 'assign') return left;
    if (this.#last !== 'name') this.#fail('attempted assignment to non-variable');
    const operator = this.#token === 'assign' ? this.#operator : undefined;
    const name = this.#name;
    if (name === undefined) this.#fail('syntax error in variable assignment');
    this.#read();
    let value = this.#assignment();
    if (operator !== undefined) {
      if ((operator === '/' || operator === '%') && value === 0n) {
        if (this.#skip === 0) this.#fail('division by 0');
        value = 1n;
      }
      value = apply(operator, left, value);
    }
    this.#store(name, value);
    this.#name = undefined;
    return value;
  }

  #conditional(): bigint {
    const test = this.#binary(0);
    if (this.#token !== '?') return test;
    const first = this.#branch(test === 0n, () => {
      if (this.#token === 'end' || this.#token === ':') this.#fail('expression expected');
      return this.#comma();
    });
    if ((this.#token as Token) !== ':') this.#fail("`:' expected for conditional expression");
    const second = this.#branch(test !== 0n, () => {
      if (this.#token === 'end') this.#fail('expression expected');
      return this.#conditional();
    });
    this.#last = 'cond';
    return test !== 0n ? first : second;
  }

  /** Reads past an operator and evaluates what follows, without effect if `skip`. */
  #branch(skip: boolean, run: () => bigint): bigint {
    if (skip) this.#skip++;
    this.#read();
    const value = run();
    if (skip) this.#skip--;
    return value;
  }

  #binary(weakest: number): bigint {
    let left = this.#power();
    for (;;) {
      const operator = this.#token;
      const level = PRECEDENCE.get(operator);
      if (level === undefined || level < weakest) return left;
      if (operator === '&&' || operator === '||') {
        const decided = (operator === '&&') === (left === 0n);
        const right = this.#branch(decided, () => this.#binary(level + 1));
        left = truth(operator === '&&' ? left !== 0n && right !== 0n : left !== 0n || right !== 0n);
        this.#last = operator;
        continue;
      }
      const after = this.#at;
      this.#read();
      let right = this.#binary(level + 1);
      if ((operator === '/' || operator === '%') && right === 0n) {
        if (this.#skip === 0) this.#fail('division by 0', after + /^[ \t]*/.exec(this.#text.slice(after))![0].length);
        right = 1n;
      }
      left = apply(operator, left, right);
      this.#last = 'number';
    }
  }

  #power(): bigint {
    const base = this.#unary();
    if (this.#token !== '**') return base;
    this.#read();
    const exponent = this.#power();
    this.#last = 'number';
    if (exponent < 0n) this.#fail('exponent less than 0');
    let result = 1n;
    let square = base;
    for (let n = exponent; n > 0n; n >>= 1n) {
      if (n & 1n) result = wrap(result * square);
      square = wrap(square * square);
    }
    return result;
  }

  #unary(): bigint {
    const operator = this.#token;
    if (operator !== '!' && operator !== '~' && operator !== '-' && operator !== '+') return this.#operand();
    this.#read();
    const value = this.#unary();
    this.#last = 'number';
    if (operator === '!') return truth(value === 0n);
    if (operator === '~') return ~value;
    return operator === '-' ? wrap(-value) : value;
  }

  #operand(): bigint {
    const token = this.#token;
    if (token === 'pre++' || token === 'pre--') {
      this.#last = token;
      this.#read();
      if ((this.#token as Token) !== 'name') this.#fail('identifier expected after pre-increment or pre-decrement');
      const value = this.#store(this.#name!, wrap(this.#value + (token === 'pre++' ? 1n : -1n)));
      this.#token = 'number';
      this.#read();
      return value;
    }
    if (token === '(') {
      this.#read();
      const value = this.#comma();
      if ((this.#token as Token) !== ')') this.#fail("missing `)'");
      this.#read();
      return value;
    }
    if (token !== 'name' && token !== 'number') this.#fail('syntax error: operand expected');
    const value = this.#value;
    if (token === 'name') this.#postfix(value);
    this.#read();
    return value;
  }

  #postfix(value: bigint): void {
    const saved = this.#save();
    this.#skip = 1;
    this.#read();
    const operator = this.#token;
    if (operator !== 'post++' && operator !== 'post--') {
      this.#restore(saved);
      return;
    }
    this.#name = saved.name;
    this.#skip = saved.skip;
    this.#last = 'name';
    this.#store(saved.name!, wrap(value + (operator === 'post++' ? 1n : -1n)));
    this.#token = 'number';
  }
}

const isMultiple = (token: Token): boolean =>
  DOUBLE.has(token) ||
  token === '<<' ||
  token === '>>' ||
  token === 'assign' ||
  /^(pre|post)/.test(token) ||
  token === 'cond';

/** Of the `]` that closes the `[` at `open`; -1 if there is none. */
function subscriptEnd(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '[') depth++;
    else if (text[i] === ']' && --depth === 0) return i;
  }
  return -1;
}

function digitOf(c: string, base: bigint): number {
  if (c >= '0' && c <= '9') return c.charCodeAt(0) - 48;
  if (c >= 'a' && c <= 'z') return c.charCodeAt(0) - 97 + 10;
  if (c >= 'A' && c <= 'Z') return c.charCodeAt(0) - 65 + (base <= 36n ? 10 : 36);
  return c === '@' ? 62 : 63;
}

function apply(operator: string, left: bigint, right: bigint): bigint {
  switch (operator) {
    case '+':
      return wrap(left + right);
    case '-':
      return wrap(left - right);
    case '*':
      return wrap(left * right);
    case '/':
      return wrap(left / right);
    case '%':
      return wrap(left % right);
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
      return truth(left === right);
    case '!=':
      return truth(left !== right);
    case '<':
      return truth(left < right);
    case '>':
      return truth(left > right);
    case '<=':
      return truth(left <= right);
    default:
      return truth(left >= right);
  }
}
