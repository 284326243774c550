/** Tokens of bash's language as its parser reads them: words with their quotations, operators, newlines and here-documents. */

export type Problem =
  | { readonly kind: 'token'; readonly token: string; readonly line: number; readonly substituted?: boolean }
  | { readonly kind: 'end'; readonly line: number }
  /** What dash's or ash's grammar says of it. */
  | { readonly kind: 'refused'; readonly words: string; readonly line: number }
  /** `compound`: of an assignment `a=(…)`. */
  | { readonly kind: 'matching'; readonly delimiter: string; readonly line: number; readonly compound?: boolean }
  /** What `[[ … ]]` says, if anything; `ended` with the text. */
  | { readonly kind: 'conditional'; readonly message: string; readonly ended: boolean; readonly line: number };

/** Thrown by the lexer and the grammar. */
export class SyntaxProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.kind);
    this.problem = problem;
  }
}

export interface Lexed {
  readonly kind: 'word' | 'operator' | 'newline' | 'end';
  readonly text: string;
  readonly pos: number;
  readonly line: number;
}

const OPERATORS = [
  '<<<',
  '<<-',
  '&>>',
  ';;&',
  '&&',
  '||',
  ';;',
  ';&',
  '<<',
  '>>',
  '<&',
  '>&',
  '<>',
  '>|',
  '&>',
  '|&',
  ';',
  '&',
  '|',
  '<',
  '>',
  '(',
  ')',
];

export class Lexer {
  readonly #source: string;
  readonly #substitution: (lexer: Lexer) => void;
  #at = 0;
  #line = 1;
  #pending: { delimiter: string; strip: boolean }[] = [];

  /** `substitution` reads commands up to the `)` that closes `$(`. */
  constructor(source: string, substitution: (lexer: Lexer) => void) {
    this.#source = source.endsWith('\n') ? source : `${source}\n`;
    this.#substitution = substitution;
  }

  /** The line after the last one, which bash names when the end comes too early. */
  get lastLine(): number {
    let line = 1;
    for (const c of this.#source) if (c === '\n') line++;
    return line;
  }

  next(): Lexed {
    const source = this.#source;
    for (;;) {
      const c = source[this.#at];
      if (c === ' ' || c === '\t') this.#at++;
      else if (c === '\\' && source[this.#at + 1] === '\n') {
        this.#at += 2;
        this.#line++;
      } else break;
    }
    const pos = this.#at;
    const line = this.#line;
    const c = source[pos];
    if (c === undefined) return { kind: 'end', text: '', pos, line };
    if (c === '#') {
      this.#at = source.indexOf('\n', pos);
      return this.next();
    }
    if (c === '\n') {
      this.#at++;
      this.#line++;
      this.#hereDocuments();
      return { kind: 'newline', text: '\n', pos, line };
    }
    if (!((c === '<' || c === '>') && source[pos + 1] === '(')) {
      const operator = OPERATORS.find((o) => source.startsWith(o, pos));
      if (operator) {
        this.#at += operator.length;
        return { kind: 'operator', text: operator, pos, line };
      }
    }
    this.#word();
    const text = source.slice(pos, this.#at);
    // A number before a redirection, or {name}, belongs to it.
    const following = source[this.#at];
    if ((following === '<' || following === '>') && /^(\d+|\{\w+\})$/.test(text)) return this.next();
    return { kind: 'word', text, pos, line };
  }

  #word(): void {
    const source = this.#source;
    const start = this.#at;
    for (;;) {
      const c = source[this.#at];
      if (c === undefined) return;
      if (c === '\\') {
        if (source[this.#at + 1] === '\n') this.#line++;
        this.#at += 2;
      } else if (c === "'") this.#single();
      else if (c === '"') this.#double();
      else if (c === '`') this.#backquote();
      else if (c === '$') this.#dollar();
      else if ((c === '<' || c === '>') && source[this.#at + 1] === '(') this.#parenthesis(this.#at + 2);
      else if ('?*+@!'.includes(c) && source[this.#at + 1] === '(') {
        this.#at++;
        this.#matched('(', ')');
      } else if (c === '(' && /^[A-Za-z_]\w*(\[.*\])?\+?=$/s.test(source.slice(start, this.#at))) this.#compoundValue();
      else if (c === '[' && /^[A-Za-z_]\w*$/.test(source.slice(start, this.#at)) && this.#subscripted())
        this.#matched('[', ']');
      else if (' \t\n;&|<>()'.includes(c)) return;
      else this.#at++;
    }
  }

  #compoundValue(): void {
    try {
      this.#matched('(', ')');
    } catch (error) {
      if (!(error instanceof SyntaxProblem) || error.problem.kind !== 'matching' || error.problem.delimiter !== ')')
        throw error;
      throw new SyntaxProblem({ ...error.problem, compound: true });
    }
  }

  /** A subscript of an assignment: `a[…]=`, `a[…]+=`. */
  #subscripted(): boolean {
    const rest = this.#source.slice(this.#at, this.#at + 400);
    return /^\[[^\n]*?\]\+?=/.test(rest);
  }

  #unterminated(delimiter: string, line: number): never {
    throw new SyntaxProblem({ kind: 'matching', delimiter, line });
  }

  #single(): void {
    const line = this.#line;
    const end = this.#source.indexOf("'", this.#at + 1);
    if (end < 0) this.#unterminated("'", line);
    this.#skipTo(end + 1);
  }

  #ansi(): void {
    const line = this.#line;
    for (let i = this.#at + 1; i < this.#source.length; i++) {
      if (this.#source[i] === '\\') i++;
      else if (this.#source[i] === "'") {
        this.#skipTo(i + 1);
        return;
      }
    }
    this.#unterminated("'", line);
  }

  #skipTo(end: number): void {
    for (; this.#at < end; this.#at++) if (this.#source[this.#at] === '\n') this.#line++;
  }

  #double(): void {
    const line = this.#line;
    this.#at++;
    for (;;) {
      const c = this.#source[this.#at];
      if (c === undefined) this.#unterminated('"', line);
      if (c === '"') {
        this.#at++;
        return;
      }
      if (c === '\\') this.#skipTo(this.#at + 2);
      else if (c === '`') this.#backquote();
      else if (c === '$') this.#dollar(true);
      else this.#skipTo(this.#at + 1);
    }
  }

  #backquote(): void {
    const line = this.#line;
    for (let i = this.#at + 1; i < this.#source.length; i++) {
      if (this.#source[i] === '\\') i++;
      else if (this.#source[i] === '`') {
        this.#skipTo(i + 1);
        return;
      }
    }
    this.#unterminated('`', line);
  }

  #dollar(quoted = false): void {
    const next = this.#source[this.#at + 1];
    if (next === '(') {
      if (this.#source[this.#at + 2] === '(' && this.#arithmeticExpansion()) return;
      this.#parenthesis(this.#at + 2);
    } else if (next === '{') {
      this.#at++;
      this.#matched('{', '}', quoted);
    } else if (next === "'" && !quoted) {
      this.#at++;
      this.#ansi();
    } else if (next === '"' && !quoted) {
      this.#at++;
      this.#double();
    } else if (next === '[') {
      this.#at++;
      this.#matched('[', ']', quoted);
    } else this.#at += 1;
  }

  /** `$((…))` if it is one and not a command substitution that begins with a subshell. */
  #arithmeticExpansion(): boolean {
    const { at, line } = { at: this.#at, line: this.#line };
    this.#at += 2;
    this.#matched('(', ')');
    if (this.#source[this.#at] === ')') {
      this.#at++;
      return true;
    }
    this.#at = at;
    this.#line = line;
    return false;
  }

  #parenthesis(from: number): void {
    this.#at = from;
    const pending = this.#pending;
    this.#pending = [];
    try {
      this.#substitution(this);
    } catch (error) {
      if (!(error instanceof SyntaxProblem) || error.problem.kind !== 'token') throw error;
      throw new SyntaxProblem({ ...error.problem, substituted: true });
    }
    this.#pending = pending;
  }

  /** From an opening character past its partner, quotations and expansions apart (parse_matched_pair). */
  #matched(open: string, close: string, quoted = false): void {
    const line = this.#line;
    let depth = 0;
    for (;;) {
      const c = this.#source[this.#at];
      if (c === undefined) this.#unterminated(close, line);
      if (c === '\\') this.#skipTo(this.#at + 2);
      else if (c === open && open !== '{') {
        depth++;
        this.#at++;
      } else if (c === '{' && open === '{' && depth === 0) {
        depth++;
        this.#at++;
      } else if (c === close) {
        this.#at++;
        if (--depth === 0) return;
      } else if (c === "'" && !quoted) this.#single();
      else if (c === '"') this.#double();
      else if (c === '`') this.#backquote();
      else if (c === '$') this.#dollar(quoted);
      else this.#skipTo(this.#at + 1);
    }
  }

  /** Past `((…))` if that is what begins with this token. */
  arithmetic(open: Lexed): boolean {
    if (this.#source[open.pos + 1] !== '(') return false;
    const { at, line } = { at: this.#at, line: this.#line };
    this.#at = open.pos + 1;
    this.#matched('(', ')');
    if (this.#source[this.#at] === ')') {
      this.#at++;
      return true;
    }
    this.#at = at;
    this.#line = line;
    return false;
  }

  hereDocument(word: string, strip: boolean): void {
    this.#pending.push({ delimiter: word.replace(/\\(.)|["']/g, '$1'), strip });
  }

  #hereDocuments(): void {
    for (const { delimiter, strip } of this.#pending.splice(0)) {
      while (this.#at < this.#source.length) {
        const end = this.#source.indexOf('\n', this.#at);
        const text = this.#source.slice(this.#at, end);
        this.#at = end + 1;
        this.#line++;
        if ((strip ? text.replace(/^\t+/, '') : text) === delimiter) break;
      }
    }
  }

  // [[ … ]] (parse.y, cond_expr)

  conditional(): void {
    this.#or();
    const token = this.#conditionToken();
    if (token.kind !== 'word' || token.text !== ']]')
      this.#conditionProblem('syntax error in conditional expression', token);
  }

  #conditionToken(): Lexed {
    return this.next();
  }

  #peekCondition(): Lexed {
    const { at, line } = { at: this.#at, line: this.#line };
    let token = this.next();
    while (token.kind === 'newline') token = this.next();
    this.#at = at;
    this.#line = line;
    return token;
  }

  #conditionProblem(message: string, token: Lexed): never {
    if (token.kind === 'end' || (token.kind === 'newline' && this.#at >= this.#source.length)) {
      throw new SyntaxProblem({ kind: 'conditional', message, ended: true, line: token.line });
    }
    throw new SyntaxProblem({ kind: 'conditional', message, ended: false, line: token.line });
  }

  #or(): void {
    this.#and();
    while (this.#peekCondition().text === '||') {
      this.#skipCondition();
      this.#and();
    }
  }

  #and(): void {
    this.#term();
    while (this.#peekCondition().text === '&&') {
      this.#skipCondition();
      this.#term();
    }
  }

  #skipCondition(): void {
    let token = this.next();
    while (token.kind === 'newline') token = this.next();
  }

  #term(): void {
    let token = this.next();
    while (token.kind === 'newline') token = this.next();
    if (token.kind === 'operator' && token.text === '(') {
      this.#or();
      let close = this.next();
      while (close.kind === 'newline') close = this.next();
      if (close.kind !== 'operator' || close.text !== ')') {
        this.#conditionProblem(`unexpected token \`${named(close)}', expected \`)'`, close);
      }
      return;
    }
    if (token.kind === 'word' && token.text === '!') {
      this.#term();
      return;
    }
    if (token.kind === 'word' && /^-[a-zA-Z]$/.test(token.text)) {
      const operand = this.next();
      if (operand.kind === 'word' && operand.text !== ']]') return;
      this.#conditionProblem(`unexpected argument \`${named(operand)}' to conditional unary operator`, operand);
    }
    if (token.kind !== 'word' || token.text === ']]') {
      const word = token.kind === 'end' ? 'EOF' : named(token);
      const silent = token.kind === 'word';
      this.#conditionProblem(silent ? '' : `unexpected token \`${word}' in conditional command`, token);
    }
    this.#binary();
  }

  #binary(): void {
    const { at, line } = { at: this.#at, line: this.#line };
    const operator = this.next();
    if (operator.text === '=~') {
      this.#regex();
      return;
    }
    const comparison = /^(=|==|!=|<|>|-(eq|ne|lt|le|gt|ge|nt|ot|ef))$/.test(operator.text);
    if (comparison && (operator.kind === 'word' || operator.kind === 'operator')) {
      const operand = this.next();
      if (operand.kind === 'word' && operand.text !== ']]') return;
      this.#conditionProblem(`unexpected argument \`${named(operand)}' to conditional binary operator`, operand);
    }
    const alone = operator.text === ']]' || operator.text === '&&' || operator.text === '||' || operator.text === ')';
    if (!alone) {
      const message =
        operator.kind === 'word'
          ? 'conditional binary operator expected'
          : `unexpected token \`${named(operator)}', conditional binary operator expected`;
      this.#conditionProblem(message, operator);
    }
    this.#at = at;
    this.#line = line;
  }

  /** The right side of `=~`: parentheses and bars belong to it. */
  #regex(): void {
    while (' \t'.includes(this.#source[this.#at] ?? 'x')) this.#at++;
    let depth = 0;
    for (;;) {
      const c = this.#source[this.#at];
      if (c === undefined || c === '\n') return;
      if (' \t'.includes(c) && depth === 0) return;
      if (c === '\\') this.#skipTo(this.#at + 2);
      else if (c === "'") this.#single();
      else if (c === '"') this.#double();
      else if (c === '$') this.#dollar();
      else {
        if (c === '(') depth++;
        else if (c === ')') depth--;
        this.#at++;
      }
    }
  }
}

const named = (token: Lexed): string => (token.kind === 'newline' || token.kind === 'end' ? 'newline' : token.text);
