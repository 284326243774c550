/** Reads awk programs (POSIX awk) into a tree. */

import { Lexer, type Token } from './lexer.ts';
import { AwkError, type AwkFunction, type AwkProgram, type Expr, type Rule, type Statement } from './syntax.ts';

export function parseAwk(source: string): AwkProgram {
  return new Parser(source).program();
}

/** How many arguments mawk's functions take (bi_funct of its bi_funct.c); match, split, sub and gsub have rules of their own in its grammar. */
const ARITY: Readonly<Record<string, readonly [least: number, most: number]>> = {
  index: [2, 2],
  substr: [2, 3],
  sprintf: [1, 255],
  length: [0, 1],
  sin: [1, 1],
  cos: [1, 1],
  atan2: [2, 2],
  exp: [1, 1],
  log: [1, 1],
  sqrt: [1, 1],
  int: [1, 1],
  rand: [0, 0],
  srand: [0, 1],
  tolower: [1, 1],
  toupper: [1, 1],
  system: [1, 1],
  close: [1, 1],
  fflush: [0, 1],
  strftime: [0, 3],
  systime: [0, 0],
  mktime: [1, 1],
};

class Parser {
  readonly #lexer: Lexer;
  #token: Token;
  /** Inside print's arguments, `>` is a redirection; inside for's parentheses, `in` is the loop's. */
  #noGreater = false;
  #noIn = false;

  constructor(source: string) {
    this.#lexer = new Lexer(source);
    this.#token = this.#lexer.next();
  }

  program(): AwkProgram {
    const rules: Rule[] = [];
    const functions = new Map<string, AwkFunction>();
    this.#skipSeparators();
    while (this.#token.type !== 'end') {
      if (this.#isKeyword('function')) this.#functionDefinition(functions);
      else rules.push(this.#rule());
      this.#skipSeparators();
    }
    return { rules, functions };
  }

  #advance(): Token {
    const token = this.#token;
    this.#token = this.#lexer.next();
    return token;
  }

  #is(text: string): boolean {
    return this.#token.type === 'op' && this.#token.text === text;
  }

  #isKeyword(text: string): boolean {
    return this.#token.type === 'keyword' && this.#token.text === text;
  }

  #eat(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#advance();
    return true;
  }

  #expect(text: string): void {
    if (!this.#eat(text)) this.#unexpected(text);
  }

  #unexpected(wanted = ''): never {
    const { type, text, line } = this.#token;
    if (type === 'end')
      throw new AwkError(
        `line ${line + 1}: ${wanted === '}' || wanted === '' ? 'missing }' : 'syntax error'} near end of file`,
      );
    throw new AwkError(`line ${line}: syntax error at or near ${type === 'newline' ? 'end of line' : text}`);
  }

  #skipNewlines(): void {
    while (this.#token.type === 'newline') this.#advance();
  }

  #skipSeparators(): void {
    while (this.#token.type === 'newline' || this.#is(';')) this.#advance();
  }

  #functionDefinition(functions: Map<string, AwkFunction>): void {
    this.#advance();
    const name = this.#advance().text;
    this.#expect('(');
    const parameters: string[] = [];
    while (!this.#is(')')) {
      parameters.push(this.#advance().text);
      this.#skipNewlines();
      if (!this.#eat(',')) break;
      this.#skipNewlines();
    }
    this.#expect(')');
    this.#skipNewlines();
    functions.set(name, { parameters, body: this.#block() });
  }

  #rule(): Rule {
    if (this.#isKeyword('BEGIN') || this.#isKeyword('END')) {
      const kind = this.#advance().text as 'BEGIN' | 'END';
      this.#skipNewlines();
      return { kind, first: undefined, second: undefined, body: this.#block() };
    }
    if (this.#is('{')) return { kind: 'pattern', first: undefined, second: undefined, body: this.#block() };
    const first = this.#expression();
    let second: Expr | undefined;
    if (this.#eat(',')) {
      this.#skipNewlines();
      second = this.#expression();
    }
    return { kind: 'pattern', first, second, body: this.#is('{') ? this.#block() : undefined };
  }

  #block(): Statement {
    this.#expect('{');
    const body: Statement[] = [];
    this.#skipSeparators();
    while (!this.#is('}')) {
      if (this.#token.type === 'end') this.#unexpected('}');
      body.push(this.#statement());
      this.#skipSeparators();
    }
    this.#advance();
    return { type: 'block', body };
  }

  /** The end of a simple statement. */
  #end(): void {
    if (this.#eat(';') || this.#is('}')) return;
    if (this.#token.type === 'newline') this.#advance();
    else this.#unexpected('}');
  }

  #statement(): Statement {
    if (this.#is('{')) return this.#block();
    if (this.#is(';')) {
      this.#advance();
      return { type: 'block', body: [] };
    }
    if (this.#token.type === 'keyword') {
      const compound = this.#compound(this.#token.text);
      if (compound) return compound;
    }
    const simple = this.#simple();
    this.#end();
    return simple;
  }

  #body(): Statement {
    this.#skipNewlines();
    return this.#statement();
  }

  #compound(keyword: string): Statement | undefined {
    switch (keyword) {
      case 'if': {
        this.#advance();
        this.#expect('(');
        const test = this.#expression();
        this.#expect(')');
        const yes = this.#body();
        this.#skipSeparators();
        if (!this.#isKeyword('else')) return { type: 'if', test, yes, no: undefined };
        this.#advance();
        return { type: 'if', test, yes, no: this.#body() };
      }
      case 'while': {
        this.#advance();
        this.#expect('(');
        const test = this.#expression();
        this.#expect(')');
        if (this.#eat(';')) return { type: 'while', test, body: { type: 'block', body: [] } };
        return { type: 'while', test, body: this.#body() };
      }
      case 'do': {
        this.#advance();
        const body = this.#body();
        this.#skipSeparators();
        if (!this.#isKeyword('while')) this.#unexpected();
        this.#advance();
        this.#expect('(');
        const test = this.#expression();
        this.#expect(')');
        this.#end();
        return { type: 'do', test, body };
      }
      case 'for':
        return this.#for();
      default:
        return undefined;
    }
  }

  #for(): Statement {
    this.#advance();
    this.#expect('(');
    let start: Statement | undefined;
    if (!this.#is(';')) {
      this.#noIn = true;
      start = this.#simple();
      this.#noIn = false;
      if (this.#isKeyword('in') && start.type === 'expression' && start.value.type === 'variable') {
        this.#advance();
        const array = this.#advance().text;
        this.#expect(')');
        return { type: 'forin', variable: start.value.name, array, body: this.#body() };
      }
    }
    this.#expect(';');
    this.#skipNewlines();
    const test = this.#is(';') ? undefined : this.#expression();
    this.#expect(';');
    this.#skipNewlines();
    const step = this.#is(')') ? undefined : this.#simple();
    this.#expect(')');
    if (this.#eat(';')) return { type: 'for', start, test, step, body: { type: 'block', body: [] } };
    return { type: 'for', start, test, step, body: this.#body() };
  }

  get #ends(): boolean {
    return this.#token.type === 'newline' || this.#token.type === 'end' || this.#is(';') || this.#is('}');
  }

  #simple(): Statement {
    if (this.#token.type === 'keyword') {
      const keyword = this.#token.text;
      switch (keyword) {
        case 'print':
        case 'printf':
          return this.#print(keyword);
        case 'next':
        case 'nextfile':
        case 'break':
        case 'continue':
          this.#advance();
          return { type: 'jump', kind: keyword };
        case 'exit':
          this.#advance();
          return { type: 'exit', status: this.#ends ? undefined : this.#expression() };
        case 'return':
          this.#advance();
          return { type: 'return', value: this.#ends ? undefined : this.#expression() };
        case 'delete': {
          this.#advance();
          const name = this.#advance().text;
          if (!this.#eat('[')) return { type: 'delete', name, subscripts: undefined };
          const subscripts = this.#list(']');
          return { type: 'delete', name, subscripts };
        }
      }
    }
    return { type: 'expression', value: this.#expression() };
  }

  #print(name: 'print' | 'printf'): Statement {
    this.#advance();
    let args: Expr[] = [];
    this.#noGreater = true;
    if (!this.#ends && !this.#is('>') && !this.#is('>>') && !this.#is('|')) {
      args.push(this.#expression());
      while (this.#eat(',')) {
        this.#skipNewlines();
        args.push(this.#expression());
      }
      if (args.length === 1 && args[0]!.type === 'group') args = args[0]!.items;
    }
    this.#noGreater = false;
    for (const operator of ['>>', '>', '|']) {
      if (!this.#eat(operator)) continue;
      this.#noGreater = true;
      const target = this.#ternary();
      this.#noGreater = false;
      return { type: 'print', name, args, redirect: { operator, target } };
    }
    return { type: 'print', name, args, redirect: undefined };
  }

  #list(close: string): Expr[] {
    this.#skipNewlines();
    return this.#within(close, () => {
      const items: Expr[] = [];
      while (!this.#is(close)) {
        items.push(this.#expression());
        this.#skipNewlines();
        if (!this.#eat(',')) break;
        this.#skipNewlines();
      }
      return items;
    });
  }

  /** Up to the bracket that closes it: there `>` and `in` are what they are everywhere. */
  #within(close: string, read: () => Expr[]): Expr[] {
    const [greater, noIn] = [this.#noGreater, this.#noIn];
    this.#noGreater = false;
    this.#noIn = false;
    const items = read();
    this.#noGreater = greater;
    this.#noIn = noIn;
    this.#expect(close);
    return items;
  }

  /** Of a builtin, after its opening parenthesis. */
  #arguments({ text: name, line }: Token): Expr[] {
    const arity = ARITY[name];
    if (!arity) return this.#ruled(name);
    const args = this.#list(')');
    if (args.length < arity[0] || args.length > arity[1])
      throw new AwkError(`line ${line}: wrong number of arguments in call to ${name}`);
    return args;
  }

  /** `match(text, regex)`, `split(text, array[, separator])`, `sub(regex, text[, place])`. */
  #ruled(name: string): Expr[] {
    return this.#within(')', () => {
      const args = [this.#expression()];
      this.#expect(',');
      this.#skipNewlines();
      if (name === 'split' && this.#token.type !== 'name') this.#unexpected();
      args.push(name === 'split' ? { type: 'variable', name: this.#advance().text } : this.#expression());
      if (name !== 'match' && this.#eat(',')) {
        this.#skipNewlines();
        if (name !== 'split' && this.#token.type !== 'name' && !this.#is('$')) this.#unexpected();
        args.push(name === 'split' ? this.#expression() : this.#primary());
      }
      return args;
    });
  }

  #expression(): Expr {
    const left = this.#ternary();
    const operators = ['=', '+=', '-=', '*=', '/=', '%=', '^=', '**='];
    if (this.#token.type === 'op' && operators.includes(this.#token.text) && isTarget(left)) {
      const operator = this.#advance().text;
      this.#skipNewlines();
      return { type: 'assign', target: left, operator, value: this.#expression() };
    }
    return left;
  }

  #ternary(): Expr {
    const test = this.#or();
    if (!this.#eat('?')) return test;
    this.#skipNewlines();
    const yes = this.#expression();
    this.#skipNewlines();
    this.#expect(':');
    this.#skipNewlines();
    return { type: 'conditional', test, yes, no: this.#expression() };
  }

  #or(): Expr {
    let left = this.#and();
    while (this.#eat('||')) {
      this.#skipNewlines();
      left = { type: 'binary', operator: '||', left, right: this.#and() };
    }
    return left;
  }

  #and(): Expr {
    let left = this.#membership();
    while (this.#eat('&&')) {
      this.#skipNewlines();
      left = { type: 'binary', operator: '&&', left, right: this.#membership() };
    }
    return left;
  }

  #membership(): Expr {
    let left = this.#matching();
    while (!this.#noIn && this.#isKeyword('in')) {
      this.#advance();
      left = { type: 'in', subscripts: left.type === 'group' ? left.items : [left], name: this.#advance().text };
    }
    return left;
  }

  #matching(): Expr {
    let left = this.#comparison();
    while (this.#is('~') || this.#is('!~')) {
      const negated = this.#advance().text === '!~';
      left = { type: 'match', negated, left, right: this.#comparison() };
    }
    return left;
  }

  #comparison(): Expr {
    let left = this.#concatenation();
    for (;;) {
      const operator = this.#token.type === 'op' ? this.#token.text : '';
      if (operator === '|' && !this.#noGreater) {
        this.#advance();
        if (!this.#isKeyword('getline')) this.#unexpected();
        this.#advance();
        left = { type: 'getline', command: left, file: undefined, target: this.#optionalTarget() };
        continue;
      }
      if (operator === '|' && this.#noGreater) return left;
      if (!['<', '<=', '==', '!=', '>', '>='].includes(operator) || (operator === '>' && this.#noGreater)) return left;
      this.#advance();
      left = { type: 'binary', operator, left, right: this.#concatenation() };
    }
  }

  #startsOperand(): boolean {
    const { type, text } = this.#token;
    if (['number', 'string', 'regex', 'name', 'function', 'builtin'].includes(type)) return true;
    return type === 'op' && ['$', '!', '(', '-', '+', '++', '--'].includes(text);
  }

  #concatenation(): Expr {
    let left = this.#additive();
    while (
      this.#startsOperand() &&
      !(this.#token.type === 'op' && ['+', '-'].includes(this.#token.text)) &&
      this.#token.type !== 'regex'
    ) {
      left = { type: 'binary', operator: ' ', left, right: this.#additive() };
    }
    return left;
  }

  #additive(): Expr {
    let left = this.#multiplicative();
    while (this.#is('+') || this.#is('-'))
      left = { type: 'binary', operator: this.#advance().text, left, right: this.#multiplicative() };
    return left;
  }

  #multiplicative(): Expr {
    let left = this.#unary();
    while (this.#is('*') || this.#is('/') || this.#is('%'))
      left = { type: 'binary', operator: this.#advance().text, left, right: this.#unary() };
    return left;
  }

  #unary(): Expr {
    if (this.#is('!') || this.#is('-') || this.#is('+')) {
      const operator = this.#advance().text;
      return { type: 'unary', operator, operand: this.#unary() };
    }
    return this.#power();
  }

  #power(): Expr {
    const base = this.#postfix();
    if (!this.#is('^') && !this.#is('**')) return base;
    this.#advance();
    const exponent = this.#is('-') || this.#is('+') || this.#is('!') ? this.#unary() : this.#power();
    return { type: 'binary', operator: '^', left: base, right: exponent };
  }

  #postfix(): Expr {
    if (this.#is('++') || this.#is('--')) {
      const by = this.#advance().text === '++' ? 1 : -1;
      return { type: 'increment', target: this.#primary(), by, prefix: true };
    }
    const operand = this.#primary();
    if (isTarget(operand) && (this.#is('++') || this.#is('--'))) {
      return { type: 'increment', target: operand, by: this.#advance().text === '++' ? 1 : -1, prefix: false };
    }
    return operand;
  }

  #optionalTarget(): Expr | undefined {
    if (this.#token.type !== 'name' && !this.#is('$')) return undefined;
    return this.#primary();
  }

  #primary(): Expr {
    const token = this.#token;
    switch (token.type) {
      case 'number':
        this.#advance();
        return { type: 'number', value: Number(token.text) };
      case 'string':
        this.#advance();
        return { type: 'string', value: token.text };
      case 'regex':
        this.#advance();
        return { type: 'regex', source: token.text };
      case 'name':
        this.#advance();
        if (this.#eat('[')) return { type: 'element', name: token.text, subscripts: this.#list(']') };
        return { type: 'variable', name: token.text };
      case 'function':
        this.#advance();
        this.#expect('(');
        return { type: 'call', name: token.text, args: this.#list(')') };
      case 'builtin':
        this.#advance();
        if (!this.#eat('(')) {
          if (token.text !== 'length') this.#unexpected();
          return { type: 'builtin', name: token.text, args: [] };
        }
        return { type: 'builtin', name: token.text, args: this.#arguments(token) };
      case 'keyword':
        if (token.text !== 'getline') this.#unexpected();
        this.#advance();
        {
          const target = this.#optionalTarget();
          const file = this.#eat('<') ? this.#postfix() : undefined;
          return { type: 'getline', target, file, command: undefined };
        }
    }
    if (this.#eat('$')) {
      if (this.#is('++') || this.#is('--')) return { type: 'field', index: this.#postfix() };
      return { type: 'field', index: this.#is('-') ? this.#unary() : this.#primary() };
    }
    if (this.#eat('(')) {
      const items = this.#list(')');
      if (items.length === 0) this.#unexpected();
      return { type: 'group', items };
    }
    return this.#unexpected();
  }
}

const isTarget = (expr: Expr): boolean => expr.type === 'variable' || expr.type === 'element' || expr.type === 'field';
