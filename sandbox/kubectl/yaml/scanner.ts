/**
 * YAML's tokens, found as libyaml finds them, so that errors come at the same place with the same words
 * (go.yaml.in/yaml/v2 scannerc.go, which sigs.k8s.io/yaml decodes with).
 */

import { MAX_DEPTH, TOO_DEEP as TOO_DEEP_FOR_GO } from '../../api/nesting.ts';

/** max_flow_level and max_indents. */
const TOO_DEEP = `${TOO_DEEP_FOR_GO} of 10000`;

/** A syntax error as Go-YAML words it: `line 3: mapping values are not allowed in this context`. */
export class YamlError extends Error {}

/** What YAML can say and JSON cannot (sigs.k8s.io/yaml's conversion). */
export class ConversionError extends YamlError {}

export type TokenType =
  | 'document-start'
  | 'document-end'
  | 'directive'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | 'flow-sequence-start'
  | 'flow-sequence-end'
  | 'flow-mapping-start'
  | 'flow-mapping-end'
  | 'block-entry'
  | 'flow-entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar'
  | 'stream-end';

export interface Token {
  readonly type: TokenType;
  /** Counted from 0. */
  readonly line: number;
  readonly value: string;
  readonly plain: boolean;
}

interface SimpleKey {
  possible: boolean;
  required: boolean;
  tokenNumber: number;
  line: number;
  index: number;
  column: number;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

const isBreak = (c: string | undefined): boolean =>
  c === '\n' || c === '\r' || c === '\x85' || c === '\u2028' || c === '\u2029';
const isBlank = (c: string | undefined): boolean => c === ' ' || c === '\t';
const isEnd = (c: string | undefined): boolean => c === undefined || isBlank(c) || isBreak(c);

export class Scanner {
  readonly #text: string;
  #at = 0;
  #line = 0;
  #column = 0;
  #tokens: Token[] = [];
  #taken = 0;
  #indent = -1;
  #indents: number[] = [];
  #flow = 0;
  #keys: SimpleKey[] = [this.#noKey()];
  #keyAllowed = true;
  #ended = false;

  constructor(text: string) {
    this.#text = text.startsWith('\ufeff') ? text.slice(1) : text;
    const bad = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.exec(this.#text);
    if (bad) throw new YamlError('control characters are not allowed');
  }

  peek(): Token {
    while (this.#needsMore()) this.#fetch();
    return this.#tokens[0]!;
  }

  next(): Token {
    const token = this.peek();
    this.#tokens.shift();
    this.#taken++;
    return token;
  }

  #needsMore(): boolean {
    if (this.#ended) return this.#tokens.length === 0;
    if (this.#tokens.length === 0) return true;
    this.#dropStaleKeys();
    return this.#keys.some((key) => key.possible && key.tokenNumber === this.#taken);
  }

  #fail(problem: string): never {
    // A problem on the first line carries no line number (yaml.v2 decode.go, parser.fail).
    throw new YamlError(this.#line > 0 ? `line ${this.#line + 1}: ${problem}` : problem);
  }

  #noKey(): SimpleKey {
    return { possible: false, required: false, tokenNumber: 0, line: 0, index: 0, column: 0 };
  }

  #char(offset = 0): string | undefined {
    return this.#text[this.#at + offset];
  }

  #skip(count = 1): void {
    this.#at += count;
    this.#column += count;
  }

  /** Passes a line break and returns it normalised. */
  #skipBreak(): string {
    const c = this.#char();
    this.#at += c === '\r' && this.#char(1) === '\n' ? 2 : 1;
    this.#line++;
    this.#column = 0;
    return c === '\u2028' || c === '\u2029' ? c : '\n';
  }

  #push(type: TokenType, value = '', plain = false, line = this.#line): void {
    this.#tokens.push({ type, line, value, plain });
  }

  #fetch(): void {
    this.#skipToToken();
    this.#dropStaleKeys();
    this.#unroll(this.#column);
    this.#fetcher()();
  }

  /** What reads the token that begins here. */
  #fetcher(): () => void {
    const c = this.#char();
    if (c === undefined) return () => this.#end();
    if (this.#column === 0 && c === '%') return () => this.#directive();
    if (this.#column === 0 && this.#atDocumentMark()) {
      return () => this.#documentMark(this.#text.startsWith('---', this.#at) ? 'document-start' : 'document-end');
    }
    if (c === '[' || c === '{') return () => this.#flowStart(c === '[' ? 'flow-sequence-start' : 'flow-mapping-start');
    if (c === ']' || c === '}') return () => this.#flowEnd(c === ']' ? 'flow-sequence-end' : 'flow-mapping-end');
    if (c === ',') return () => this.#flowEntry();
    const spaced = isEnd(this.#char(1));
    if (c === '-' && spaced) return () => this.#blockEntry();
    if (c === '?' && (this.#flow > 0 || spaced)) return () => this.#key();
    if (c === ':' && (this.#flow > 0 || spaced)) return () => this.#value();
    if (c === '*' || c === '&') return () => this.#anchor(c === '*' ? 'alias' : 'anchor');
    if (c === '!') return () => this.#tag();
    if ((c === '|' || c === '>') && this.#flow === 0) return () => this.#blockScalar(c);
    if (c === "'" || c === '"') return () => this.#quoted(c);
    const startsPlain =
      !(isEnd(c) || '-?:,[]{}#&*!|>\'"%@`'.includes(c)) ||
      (c === '-' && !isBlank(this.#char(1))) ||
      (this.#flow === 0 && (c === '?' || c === ':') && !spaced);
    if (startsPlain) return () => this.#plain();
    this.#fail('found character that cannot start any token');
  }

  #skipToToken(): void {
    for (;;) {
      while (this.#char() === ' ' || ((this.#flow > 0 || !this.#keyAllowed) && this.#char() === '\t')) this.#skip();
      if (this.#char() === '#') while (this.#char() !== undefined && !isBreak(this.#char())) this.#skip();
      if (!isBreak(this.#char())) return;
      this.#skipBreak();
      if (this.#flow === 0) this.#keyAllowed = true;
    }
  }

  #dropStaleKeys(): void {
    for (const key of this.#keys) {
      if (key.possible && (key.line < this.#line || key.index + 1024 < this.#at)) {
        if (key.required) this.#fail("could not find expected ':'");
        key.possible = false;
      }
    }
  }

  #saveKey(): void {
    const required = this.#flow === 0 && this.#indent === this.#column;
    if (!this.#keyAllowed) return;
    this.#removeKey();
    this.#keys[this.#keys.length - 1] = {
      possible: true,
      required,
      tokenNumber: this.#taken + this.#tokens.length,
      line: this.#line,
      index: this.#at,
      column: this.#column,
    };
  }

  #removeKey(): void {
    const key = this.#keys[this.#keys.length - 1]!;
    if (key.possible && key.required) this.#fail("could not find expected ':'");
    key.possible = false;
  }

  #roll(column: number, type: TokenType, at?: number, line = this.#line): void {
    if (this.#flow > 0 || this.#indent >= column) return;
    if (this.#indents.length >= MAX_DEPTH) this.#fail(TOO_DEEP);
    this.#indents.push(this.#indent);
    this.#indent = column;
    const token: Token = { type, line, value: '', plain: false };
    if (at === undefined) this.#tokens.push(token);
    else this.#tokens.splice(at - this.#taken, 0, token);
  }

  #unroll(column: number): void {
    if (this.#flow > 0) return;
    while (this.#indent > column) {
      this.#push('block-end');
      this.#indent = this.#indents.pop()!;
    }
  }

  #end(): void {
    if (this.#column !== 0) {
      this.#column = 0;
      this.#line++;
    }
    this.#unroll(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#push('stream-end');
    this.#ended = true;
  }

  #atDocumentMark(): boolean {
    return (this.#text.startsWith('---', this.#at) || this.#text.startsWith('...', this.#at)) && isEnd(this.#char(3));
  }

  #documentMark(type: TokenType): void {
    this.#unroll(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#push(type);
    this.#skip(3);
  }

  #directive(): void {
    this.#unroll(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    const line = this.#line;
    let text = '';
    while (this.#char() !== undefined && !isBreak(this.#char())) {
      text += this.#char();
      this.#skip();
    }
    if (!/^%(YAML|TAG)\s/.test(text)) this.#fail('found unknown directive name');
    this.#push('directive', text, false, line);
  }

  #flowStart(type: TokenType): void {
    this.#saveKey();
    if (this.#flow >= MAX_DEPTH) this.#fail(TOO_DEEP);
    this.#keys.push(this.#noKey());
    this.#flow++;
    this.#keyAllowed = true;
    this.#push(type);
    this.#skip();
  }

  #flowEnd(type: TokenType): void {
    this.#removeKey();
    if (this.#flow > 0) {
      this.#flow--;
      this.#keys.pop();
    }
    this.#keyAllowed = false;
    this.#push(type);
    this.#skip();
  }

  #flowEntry(): void {
    this.#removeKey();
    this.#keyAllowed = true;
    this.#push('flow-entry');
    this.#skip();
  }

  #blockEntry(): void {
    if (this.#flow === 0) {
      if (!this.#keyAllowed) this.#fail('block sequence entries are not allowed in this context');
      this.#roll(this.#column, 'block-sequence-start');
    }
    this.#removeKey();
    this.#keyAllowed = true;
    this.#push('block-entry');
    this.#skip();
  }

  #key(): void {
    if (this.#flow === 0) {
      if (!this.#keyAllowed) this.#fail('mapping keys are not allowed in this context');
      this.#roll(this.#column, 'block-mapping-start');
    }
    this.#removeKey();
    this.#keyAllowed = this.#flow === 0;
    this.#push('key');
    this.#skip();
  }

  #value(): void {
    const key = this.#keys[this.#keys.length - 1]!;
    if (key.possible) {
      this.#tokens.splice(key.tokenNumber - this.#taken, 0, { type: 'key', line: key.line, value: '', plain: false });
      this.#roll(key.column, 'block-mapping-start', key.tokenNumber, key.line);
      key.possible = false;
      this.#keyAllowed = false;
    } else {
      if (this.#flow === 0) {
        if (!this.#keyAllowed) this.#fail('mapping values are not allowed in this context');
        this.#roll(this.#column, 'block-mapping-start');
      }
      this.#keyAllowed = this.#flow === 0;
    }
    this.#push('value');
    this.#skip();
  }

  #anchor(type: 'alias' | 'anchor'): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const line = this.#line;
    this.#skip();
    let name = '';
    while (/[\w-]/.test(this.#char() ?? '')) {
      name += this.#char();
      this.#skip();
    }
    const next = this.#char();
    if (name === '' || !(isEnd(next) || '?:,]}%@`'.includes(next!))) {
      this.#fail('did not find expected alphabetic or numeric character');
    }
    this.#push(type, name, false, line);
  }

  #tag(): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const line = this.#line;
    let text = '';
    while (!isEnd(this.#char())) {
      text += this.#char();
      this.#skip();
    }
    this.#push('tag', text, false, line);
  }

  #blockScalar(style: '|' | '>'): void {
    this.#removeKey();
    this.#keyAllowed = true;
    const start = this.#line;
    this.#skip();
    let chomp = '';
    let increment = 0;
    for (let i = 0; i < 2; i++) {
      const c = this.#char() ?? '';
      if (!chomp && (c === '+' || c === '-')) chomp = c;
      else if (!increment && /\d/.test(c)) {
        if (c === '0') this.#fail('found an indentation indicator equal to 0');
        increment = Number(c);
      } else break;
      this.#skip();
    }
    while (isBlank(this.#char())) this.#skip();
    if (this.#char() === '#') while (this.#char() !== undefined && !isBreak(this.#char())) this.#skip();
    if (this.#char() !== undefined && !isBreak(this.#char())) this.#fail('did not find expected comment or line break');
    if (isBreak(this.#char())) this.#skipBreak();

    let indent = increment ? (this.#indent >= 0 ? this.#indent + increment : increment) : 0;
    let trailing = '';
    [indent, trailing] = this.#blockScalarBreaks(indent);
    let text = '';
    let lineBreak = '';
    let blankBefore = false;
    while (this.#column === indent && this.#char() !== undefined) {
      const blank = isBlank(this.#char());
      if (style === '>' && lineBreak !== '' && !blankBefore && !blank) {
        if (trailing === '') text += ' ';
      } else text += lineBreak;
      lineBreak = '';
      text += trailing;
      trailing = '';
      blankBefore = isBlank(this.#char());
      const from = this.#at;
      while (this.#char() !== undefined && !isBreak(this.#char())) this.#skip();
      text += this.#text.slice(from, this.#at);
      if (this.#char() !== undefined) lineBreak = this.#skipBreak();
      [indent, trailing] = this.#blockScalarBreaks(indent);
    }
    if (chomp !== '-') text += lineBreak;
    if (chomp === '+') text += trailing;
    this.#push('scalar', text, false, start);
  }

  #blockScalarBreaks(given: number): [indent: number, breaks: string] {
    let indent = given;
    let widest = 0;
    let breaks = '';
    for (;;) {
      while ((indent === 0 || this.#column < indent) && this.#char() === ' ') this.#skip();
      widest = Math.max(widest, this.#column);
      if ((indent === 0 || this.#column < indent) && this.#char() === '\t') {
        this.#fail('found a tab character where an indentation space is expected');
      }
      if (!isBreak(this.#char())) break;
      breaks += this.#skipBreak();
    }
    if (indent === 0) indent = Math.max(widest, this.#indent + 1, 1);
    return [indent, breaks];
  }

  #quoted(quote: "'" | '"'): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const line = this.#line;
    this.#skip();
    let text = '';
    for (;;) {
      if (this.#column === 0 && this.#atDocumentMark()) this.#fail('found unexpected document indicator');
      if (this.#char() === undefined) this.#failAtEnd();
      let folded = false;
      while (!isEnd(this.#char())) {
        const c = this.#char()!;
        if (quote === "'" && c === "'" && this.#char(1) === "'") {
          text += "'";
          this.#skip(2);
        } else if (c === quote) break;
        else if (quote === '"' && c === '\\' && isBreak(this.#char(1))) {
          this.#skip();
          this.#skipBreak();
          folded = true;
          break;
        } else if (quote === '"' && c === '\\') text += this.#escape();
        else {
          text += c;
          this.#skip();
        }
      }
      if (this.#char() === quote) break;
      text += this.#foldSpace(folded);
    }
    this.#skip();
    this.#push('scalar', text, false, line);
  }

  #failAtEnd(): never {
    if (this.#column !== 0) this.#line++;
    this.#fail('found unexpected end of stream');
  }

  #escape(): string {
    const c = this.#char(1) ?? '';
    const plain = ESCAPES[c];
    if (plain !== undefined) {
      this.#skip(2);
      return plain;
    }
    const digits = HEX_DIGITS[c];
    if (digits === undefined) this.#fail('found unknown escape character');
    this.#skip(2);
    const hex = this.#text.slice(this.#at, this.#at + digits);
    if (hex.length < digits || !/^[0-9a-fA-F]+$/.test(hex)) this.#fail('did not find expected hexdecimal number');
    const code = Number.parseInt(hex, 16);
    if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
      this.#fail('found invalid Unicode character escape code');
    this.#skip(digits);
    return String.fromCodePoint(code);
  }

  /** White space inside a flow scalar: kept on one line, folded over several. */
  #foldSpace(leading: boolean): string {
    let blanks = '';
    let first = '';
    let more = '';
    let broken = leading;
    while (isBlank(this.#char()) || isBreak(this.#char())) {
      if (isBlank(this.#char())) {
        if (!broken) blanks += this.#char();
        this.#skip();
      } else if (!broken) {
        blanks = '';
        first = this.#skipBreak();
        broken = true;
      } else more += this.#skipBreak();
    }
    if (!broken) return blanks;
    if (first === '\n') return more === '' ? ' ' : more;
    return first + more;
  }

  #plain(): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const line = this.#line;
    const indent = this.#indent + 1;
    let text = '';
    let pending = '';
    let leadingBlanks = false;
    for (;;) {
      if (this.#column === 0 && this.#atDocumentMark()) break;
      if (this.#char() === '#') break;
      while (!isEnd(this.#char())) {
        const c = this.#char()!;
        if (c === ':' && (isEnd(this.#char(1)) || (this.#flow > 0 && ',?[]{}'.includes(this.#char(1)!)))) break;
        if (this.#flow > 0 && (',[]{}'.includes(c) || (c === '?' && isEnd(this.#char(1))))) break;
        text += pending;
        pending = '';
        leadingBlanks = false;
        const from = this.#at;
        this.#skip();
        while (!isEnd(this.#char()) && !/[:?,[\]{}]/.test(this.#char()!)) this.#skip();
        text += this.#text.slice(from, this.#at);
      }
      if (!(isBlank(this.#char()) || isBreak(this.#char()))) break;
      [pending, leadingBlanks] = this.#plainSpace(indent, leadingBlanks);
      if (this.#flow === 0 && this.#column < indent) break;
    }
    this.#push('scalar', text, true, line);
    if (leadingBlanks) this.#keyAllowed = true;
  }

  #plainSpace(indent: number, leadingBefore: boolean): [pending: string, leading: boolean] {
    let blanks = '';
    let more = '';
    let leading = leadingBefore;
    while (isBlank(this.#char()) || isBreak(this.#char())) {
      if (isBlank(this.#char())) {
        if (leading && this.#column < indent && this.#char() === '\t') {
          this.#fail('found a tab character that violates indentation');
        }
        if (!leading) blanks += this.#char();
        this.#skip();
      } else if (!leading) {
        blanks = '';
        this.#skipBreak();
        leading = true;
      } else more += this.#skipBreak();
    }
    if (!leading) return [blanks, false];
    return [more === '' ? ' ' : more, true];
  }
}
