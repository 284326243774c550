/** What Go's JSON decoder says of a text that is not JSON, (encoding/json scanner.go). */

import { encode, quote } from '../text.ts';

class Complaint extends Error {}

/** `json: offset 9: invalid character '}' after array element`, or `unexpected EOF` for one that was cut off. */
export function jsonProblem(text: string, start = 0): string | undefined {
  try {
    new Scanner(text, start).value('looking for beginning of value');
    return undefined;
  } catch (error) {
    if (error instanceof Complaint) return error.message;
    throw error;
  }
}

class Scanner {
  readonly #text: string;
  #at: number;

  constructor(text: string, start: number) {
    this.#text = text;
    this.#at = start;
  }

  value(context: string): void {
    const first = this.#token();
    if (first === '{') this.#object();
    else if (first === '[') this.#array();
    else if (first === '"') this.#string();
    else if (first === '-' || /\d/.test(first)) this.#number();
    else if (first in LITERALS) this.#literal(LITERALS[first as keyof typeof LITERALS]);
    else this.#fail(context);
  }

  #object(): void {
    this.#at++;
    if (this.#token() === '}') {
      this.#at++;
      return;
    }
    for (;;) {
      if (this.#token() !== '"') this.#fail('looking for beginning of object key string');
      this.#string();
      if (this.#token() !== ':') this.#fail('after object key');
      this.#at++;
      this.value('looking for beginning of value');
      if (this.#closes('}', 'after object key:value pair')) return;
    }
  }

  #array(): void {
    this.#at++;
    if (this.#token() === ']') {
      this.#at++;
      return;
    }
    for (;;) {
      this.value('looking for beginning of value');
      if (this.#closes(']', 'after array element')) return;
    }
  }

  /** After an element: the end, or a comma before the next. */
  #closes(end: string, context: string): boolean {
    const next = this.#token();
    if (next !== end && next !== ',') this.#fail(context);
    this.#at++;
    return next === end;
  }

  #string(): void {
    this.#at++;
    for (;;) {
      const char = this.#char();
      if (char === '"') break;
      if (char < ' ') this.#fail('in string literal');
      this.#at++;
      if (char === '\\') this.#escape();
    }
    this.#at++;
  }

  #escape(): void {
    const char = this.#char();
    if (!'bfnrt\\/"u'.includes(char)) this.#fail('in string escape code');
    this.#at++;
    if (char === 'u') for (let i = 0; i < 4; i++) this.#must(/[0-9a-fA-F]/, 'in \\u hexadecimal character escape');
  }

  #number(): void {
    if (this.#char() === '-') this.#at++;
    if (this.#char() === '0') this.#at++;
    else {
      this.#must(/[1-9]/, 'in numeric literal');
      this.#digits();
    }
    if (this.#peek() === '.') {
      this.#at++;
      this.#must(/\d/, 'after decimal point in numeric literal');
      this.#digits();
    }
    if (/^[eE]$/.test(this.#peek())) {
      this.#at++;
      if (/[-+]/.test(this.#char())) this.#at++;
      this.#must(/\d/, 'in exponent of numeric literal');
      this.#digits();
    }
  }

  #digits(): void {
    while (/^\d$/.test(this.#peek())) this.#at++;
  }

  #literal(word: string): void {
    this.#at++;
    for (const char of word.slice(1)) {
      if (this.#char() !== char) this.#fail(`in literal ${word} (expecting '${char}')`);
      this.#at++;
    }
  }

  #must(pattern: RegExp, context: string): void {
    if (!pattern.test(this.#char())) this.#fail(context);
    this.#at++;
  }

  #token(): string {
    while (/^[ \t\r\n]$/.test(this.#peek())) this.#at++;
    return this.#char();
  }

  #peek(): string {
    return this.#text[this.#at] ?? '';
  }

  #char(): string {
    const char = this.#peek();
    if (char === '') throw new Complaint('unexpected EOF');
    return char;
  }

  #fail(context: string): never {
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at)!);
    const offset = encode(this.#text.slice(0, this.#at)).length + 1;
    throw new Complaint(`json: offset ${offset}: invalid character ${quoted(char)} ${context}`);
  }
}

const LITERALS = { t: 'true', f: 'false', n: 'null' };

/** Go's quoteChar: the first byte of a character, as a rune. */
function quoted(char: string): string {
  if (char === "'") return `'\\''`;
  if (char === '"') return `'"'`;
  return `'${quote(String.fromCharCode(encode(char)[0]!)).slice(1, -1)}'`;
}
