/** The tokens of an awk program (POSIX awk, lexical conventions). */

import { joinBytes, rawByte } from '../../byte-text.ts';
import { AwkError } from './syntax.ts';

export type Token = {
  type: 'number' | 'string' | 'regex' | 'name' | 'function' | 'keyword' | 'builtin' | 'op' | 'newline' | 'end';
  text: string;
  line: number;
};

const KEYWORDS = new Set([
  'BEGIN',
  'END',
  'function',
  'func',
  'if',
  'else',
  'while',
  'for',
  'do',
  'break',
  'continue',
  'next',
  'nextfile',
  'exit',
  'return',
  'delete',
  'in',
  'getline',
  'print',
  'printf',
]);
const BUILTINS = new Set([
  'length',
  'substr',
  'index',
  'split',
  'sub',
  'gsub',
  'match',
  'sprintf',
  'sin',
  'cos',
  'atan2',
  'exp',
  'log',
  'sqrt',
  'int',
  'rand',
  'srand',
  'tolower',
  'toupper',
  'system',
  'close',
  'fflush',
  'strftime',
  'systime',
  'mktime',
]);
const OPERATORS = [
  '**=',
  '&&',
  '||',
  '==',
  '!=',
  '<=',
  '>=',
  '++',
  '--',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '^=',
  '>>',
  '**',
  '!~',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  ',',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '!',
  '>',
  '<',
  '|',
  '?',
  ':',
  '~',
  '$',
  '=',
];

export function decodeEscapes(text: string): string {
  const decoded = text.replace(/\\([0-7]{1,3}|[\s\S])/g, (_, e: string) => {
    if (/^[0-7]/.test(e)) return rawByte(Number.parseInt(e, 8) & 255);
    return (
      { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', '/': '/', a: '\x07', b: '\b', f: '\f', v: '\v' }[e] ?? `\\${e}`
    );
  });
  return joinBytes(decoded);
}

export class Lexer {
  readonly #source: string;
  #at = 0;
  #line = 1;
  #last: Token | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  next(): Token {
    const token = this.#read();
    this.#last = token;
    return token;
  }

  #make(type: Token['type'], text: string): Token {
    return { type, text, line: this.#line };
  }

  #read(): Token {
    const source = this.#source;
    for (;;) {
      const c = source[this.#at];
      if (c === '#') while (this.#at < source.length && source[this.#at] !== '\n') this.#at++;
      else if (c === '\\' && source[this.#at + 1] === '\n') {
        this.#at += 2;
        this.#line++;
      } else if (c === ' ' || c === '\t' || c === '\r') this.#at++;
      else break;
    }
    const c = source[this.#at];
    if (c === undefined) return this.#make('end', '');
    if (c === '\n') {
      const token = this.#make('newline', '\n');
      this.#at++;
      this.#line++;
      return token;
    }
    const rest = source.slice(this.#at);
    const number = /^(?:0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/.exec(rest);
    if (number) {
      this.#at += number[0].length;
      return this.#make('number', number[0]);
    }
    if (c === '"') {
      let text = '';
      this.#at++;
      while (source[this.#at] !== '"') {
        const d = source[this.#at++];
        if (d === undefined || d === '\n')
          throw new AwkError(`line ${this.#line}: runaway string constant "${text.slice(0, 10)} ...`);
        text += d;
        if (d === '\\') text += source[this.#at++] ?? '';
      }
      this.#at++;
      return this.#make('string', decodeEscapes(text));
    }
    if (c === '/' && this.#regexAllowed()) return this.#regex();
    const name = /^[A-Za-z_]\w*/.exec(rest)?.[0];
    if (name) {
      this.#at += name.length;
      if (KEYWORDS.has(name)) return this.#make('keyword', name === 'func' ? 'function' : name);
      if (BUILTINS.has(name)) return this.#make('builtin', name);
      return this.#make(source[this.#at] === '(' ? 'function' : 'name', name);
    }
    const operator = OPERATORS.find((o) => rest.startsWith(o));
    if (!operator) throw new AwkError(`line ${this.#line}: syntax error at or near ${c}`);
    this.#at += operator.length;
    return this.#make('op', operator);
  }

  #regexAllowed(): boolean {
    const last = this.#last;
    if (!last || last.type === 'newline' || last.type === 'keyword') return true;
    return (
      last.type === 'op' &&
      last.text !== ')' &&
      last.text !== ']' &&
      last.text !== '$' &&
      last.text !== '++' &&
      last.text !== '--'
    );
  }

  #regex(): Token {
    let text = '';
    let bracket = false;
    for (this.#at++; ; this.#at++) {
      const d = this.#source[this.#at];
      if (d === undefined || d === '\n')
        throw new AwkError(`line ${this.#line}: runaway regular expression /${text.slice(0, 10)} ...`);
      if (d === '\\') {
        const e = this.#source[++this.#at] ?? '';
        text += e === '/' ? '/' : d + e;
        continue;
      }
      if (d === '[') bracket = true;
      else if (d === ']') bracket = false;
      else if (d === '/' && !bracket) break;
      text += d;
    }
    this.#at++;
    return this.#make('regex', text);
  }
}
