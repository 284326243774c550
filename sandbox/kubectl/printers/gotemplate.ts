/** Go's text/template, as much as `-o go-template` needs: actions, pipelines, range, with, if, variables, functions. */

import { fromBase64 } from '../config/connection.ts';
import { decode } from '../text.ts';
import { formatGo } from './gofmt.ts';
import { sprintf } from './sprintf.ts';

export type Template = (data: unknown, allowMissing: boolean) => string;

interface Action {
  readonly type: 'action';
  readonly words: readonly Token[];
}
type Piece =
  | { readonly type: 'text'; readonly text: string }
  | Action
  | {
      readonly type: 'block';
      readonly kind: 'if' | 'range' | 'with';
      readonly condition: readonly Token[];
      readonly body: readonly Piece[];
      readonly otherwise: readonly Piece[];
    };

interface Token {
  readonly type: 'field' | 'string' | 'number' | 'word' | 'variable' | '|' | '(' | ')' | ',' | ':=' | '=';
  readonly text: string;
}

class Break extends Error {}
class Continue extends Error {}

/** Throws `error parsing template …`. */
export function parseGoTemplate(text: string): Template {
  let pieces: readonly Piece[];
  try {
    pieces = new TemplateParser(text).parse();
  } catch (error) {
    throw new Error(`error parsing template ${text}, template: output:1: ${(error as Error).message}`);
  }
  return (data, allowMissing) => {
    const scope = new Map<string, unknown>([['$', data]]);
    try {
      return new Execution(allowMissing).run(pieces, data, scope);
    } catch (error) {
      throw new Error(
        `error executing template ${JSON.stringify(text)}: template: output:1: ${(error as Error).message}`,
      );
    }
  };
}

class TemplateParser {
  readonly #parts: { text: string; code: boolean }[] = [];
  #at = 0;

  constructor(source: string) {
    let rest = source;
    for (;;) {
      const open = rest.indexOf('{{');
      if (open < 0) break;
      const close = endOfAction(rest, open + 2);
      if (close < 0)
        throw new Error(isUnterminated(rest.slice(open + 2)) ? 'unterminated quoted string' : 'unclosed action');
      let before = rest.slice(0, open);
      let code = rest.slice(open + 2, close);
      rest = rest.slice(close + 2);
      if (/^-\s/.test(code)) {
        before = before.trimEnd();
        code = code.slice(1);
      }
      if (/\s-$/.test(code)) {
        code = code.slice(0, -1);
        rest = rest.trimStart();
      }
      if (before) this.#parts.push({ text: before, code: false });
      if (!/^\s*\/\*.*\*\/\s*$/s.test(code)) this.#parts.push({ text: code.trim(), code: true });
    }
    if (rest) this.#parts.push({ text: rest, code: false });
  }

  parse(): Piece[] {
    const [pieces, end] = this.#list();
    if (end) throw new Error(`unexpected {{${end}}}`);
    checkNames(pieces, new Set(['$']));
    return pieces;
  }

  #list(): [pieces: Piece[], end: string] {
    const pieces: Piece[] = [];
    while (this.#at < this.#parts.length) {
      const { text, code } = this.#parts[this.#at++]!;
      if (!code) {
        pieces.push({ type: 'text', text });
        continue;
      }
      const [, keyword = ''] = /^(\w+)\b/.exec(text) ?? [];
      if (keyword === 'end' || keyword === 'else') return [pieces, text];
      if (keyword === 'if' || keyword === 'range' || keyword === 'with')
        pieces.push(this.#block(keyword, text.slice(keyword.length)));
      else {
        if (text === '') throw new Error('missing value for command');
        pieces.push({ type: 'action', words: tokens(text) });
      }
    }
    return [pieces, ''];
  }

  #block(kind: 'if' | 'range' | 'with', condition: string): Piece {
    if (condition.trim() === '') throw new Error(`missing value for ${kind}`);
    const [body, end] = this.#list();
    let otherwise: Piece[] = [];
    let closed = end;
    if (/^else\s+(if|with)\b/.test(end)) {
      const [, inner] = /^else\s+(if|with)\b/.exec(end)!;
      return {
        type: 'block',
        kind,
        condition: tokens(condition),
        body,
        otherwise: [this.#block(inner as 'if' | 'with', end.replace(/^else\s+\w+/, ''))],
      };
    }
    if (end === 'else') [otherwise, closed] = this.#list();
    if (closed !== 'end') throw new Error('unexpected EOF');
    return { type: 'block', kind, condition: tokens(condition), body, otherwise };
  }
}

/** Functions and variables must be known before anything runs (text/template/parse). */
function checkNames(pieces: readonly Piece[], variables: ReadonlySet<string>): void {
  const known = new Set(variables);
  for (const piece of pieces) {
    if (piece.type === 'text') continue;
    const words = piece.type === 'action' ? piece.words : piece.condition;
    const inner = piece.type === 'action' ? known : new Set(known);
    const declares = words.findIndex(({ type }) => type === ':=');
    words.forEach(({ type, text }, i) => {
      if (type === 'word' && !text.startsWith('.') && !Object.hasOwn(FUNCTIONS, text) && !KEYWORDS.has(text))
        throw new Error(`function ${JSON.stringify(text)} not defined`);
      if (type !== 'variable') return;
      const [name = ''] = text.split('.');
      if (i < declares) inner.add(name);
      else if (!inner.has(name)) throw new Error(`undefined variable ${JSON.stringify(name)}`);
    });
    if (piece.type !== 'block') continue;
    checkNames(piece.body, inner);
    checkNames(piece.otherwise, inner);
  }
}

const KEYWORDS = new Set(['true', 'false', 'nil', 'break', 'continue']);

const isUnterminated = (text: string): boolean => {
  const code = text.split('\n')[0]!.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '');
  return /["`]/.test(code);
};

function endOfAction(text: string, from: number): number {
  let inString = '';
  for (let i = from; i < text.length; i++) {
    const c = text[i]!;
    if (inString) {
      if (c === '\\' && inString === '"') i++;
      else if (c === inString) inString = '';
    } else if (c === '"' || c === '`') inString = c;
    else if (c === '}' && text[i + 1] === '}') return i;
  }
  return -1;
}

function tokens(text: string): Token[] {
  const out: Token[] = [];
  let rest = text.trim();
  while (rest) {
    const match =
      /^"(?:[^"\\]|\\.)*"|^`[^`]*`|^:=|^[|(),=]|^-?\d[\w.]*|^\$\w*(?:\.\w+)*|^\.(?:[\p{L}_][\p{L}\p{N}_]*)?(?:\.[\p{L}_][\p{L}\p{N}_]*)*|^[\p{L}_]\w*/u.exec(
        rest,
      );
    if (!match || match[0] === '') throw new Error(`unexpected ${JSON.stringify(rest[0])} in operand`);
    const [word] = match;
    rest = rest.slice(word.length);
    const spaced = /^\s/.test(rest);
    rest = rest.trimStart();
    out.push(tokenOf(word));
    // `(index .a 0).name`: a field right after a bracket belongs to it.
    if (word === ')' && !spaced && rest.startsWith('.')) out.push({ type: 'word', text: '.chain' });
  }
  return out;
}

function tokenOf(word: string): Token {
  if (word.startsWith('"')) return { type: 'string', text: JSON.parse(word.replace(/\\'/g, "'")) as string };
  if (word.startsWith('`')) return { type: 'string', text: word.slice(1, -1) };
  if (['|', '(', ')', ',', ':=', '='].includes(word)) return { type: word as Token['type'], text: word };
  if (word.startsWith('$')) return { type: 'variable', text: word };
  if (word.startsWith('.')) return { type: 'field', text: word };
  if (/^-?\d/.test(word)) return { type: 'number', text: word };
  return { type: 'word', text: word };
}

class Execution {
  readonly #allowMissing: boolean;

  constructor(allowMissing: boolean) {
    this.#allowMissing = allowMissing;
  }

  run(pieces: readonly Piece[], dot: unknown, scope: Map<string, unknown>): string {
    let out = '';
    for (const piece of pieces) {
      if (piece.type === 'text') out += piece.text;
      else if (piece.type === 'action') {
        if (piece.words[0]?.text === 'break') throw new Break();
        if (piece.words[0]?.text === 'continue') throw new Continue();
        const assigns = piece.words[1]?.type === ':=' || piece.words[1]?.type === '=';
        if (assigns) scope.set(piece.words[0]!.text, this.#pipeline(piece.words.slice(2), dot, scope));
        else out += show(this.#pipeline(piece.words, dot, scope));
      } else out += this.#block(piece, dot, scope);
    }
    return out;
  }

  #block(piece: Piece & { type: 'block' }, dot: unknown, outer: Map<string, unknown>): string {
    const scope = new Map(outer);
    const assign = piece.condition.findIndex((t) => t.type === ':=' || t.type === '=');
    const names =
      assign < 0
        ? []
        : piece.condition
            .slice(0, assign)
            .filter((t) => t.type === 'variable')
            .map((t) => t.text);
    const value = this.#pipeline(piece.condition.slice(assign + 1), dot, scope);
    if (piece.kind === 'range') return this.#range(piece, value, names, dot, scope);
    if (names[0]) scope.set(names[0], value);
    if (!truthy(value)) return this.run(piece.otherwise, dot, scope);
    return this.run(piece.body, piece.kind === 'with' ? value : dot, scope);
  }

  #range(
    piece: Piece & { type: 'block' },
    value: unknown,
    names: readonly string[],
    dot: unknown,
    scope: Map<string, unknown>,
  ): string {
    const entries: [unknown, unknown][] = Array.isArray(value)
      ? value.map((item, i) => [i, item])
      : typeof value === 'number'
        ? Array.from({ length: value }, (_, i) => [i, i])
        : typeof value === 'object' && value !== null
          ? Object.keys(value)
              .sort()
              .map((key) => [key, (value as Record<string, unknown>)[key]])
          : [];
    if (value !== null && value !== undefined && typeof value !== 'object' && typeof value !== 'number') {
      throw new Error(`range can't iterate over ${formatGo(value)}`);
    }
    if (entries.length === 0) return this.run(piece.otherwise, dot, scope);
    let out = '';
    for (const [key, item] of entries) {
      if (names.length === 1) scope.set(names[0]!, item);
      if (names.length === 2) {
        scope.set(names[0]!, key);
        scope.set(names[1]!, item);
      }
      try {
        out += this.run(piece.body, item, scope);
      } catch (error) {
        if (error instanceof Break) break;
        if (!(error instanceof Continue)) throw error;
      }
    }
    return out;
  }

  #pipeline(words: readonly Token[], dot: unknown, scope: Map<string, unknown>): unknown {
    let value: unknown;
    let piped = false;
    for (const command of splitPipes(words)) {
      value = this.#command(command, dot, scope, piped ? [value] : []);
      piped = true;
    }
    return value;
  }

  #command(words: readonly Token[], dot: unknown, scope: Map<string, unknown>, piped: readonly unknown[]): unknown {
    const operands: unknown[] = [];
    const [first] = words;
    const name = first?.type === 'word' && !['true', 'false', 'nil'].includes(first.text) ? first.text : undefined;
    let i = name ? 1 : 0;
    while (i < words.length) {
      const token = words[i]!;
      if (token.type === '(') {
        const end = closing(words, i);
        let value = this.#pipeline(words.slice(i + 1, end), dot, scope);
        i = end + 1;
        if (words[i]?.text === '.chain') {
          value = this.#fields(value, words[i + 1]!.text);
          i += 2;
        }
        operands.push(value);
      } else {
        operands.push(this.#operand(token, dot, scope));
        i++;
      }
    }
    operands.push(...piped);
    if (!name) return operands[0];
    const fn = FUNCTIONS[name];
    if (!fn) throw new Error(`function ${JSON.stringify(name)} not defined`);
    return fn(...operands);
  }

  #operand(token: Token, dot: unknown, scope: Map<string, unknown>): unknown {
    if (token.type === 'string') return token.text;
    if (token.type === 'number') return Number(token.text);
    if (token.type === 'word') return { true: true, false: false, nil: null }[token.text];
    if (token.type === 'variable') {
      const [name = '', ...path] = token.text.split('.');
      if (!scope.has(name)) throw new Error(`undefined variable ${JSON.stringify(name)}`);
      return this.#fields(scope.get(name), path.length > 0 ? `.${path.join('.')}` : '.');
    }
    return this.#fields(dot, token.text);
  }

  #fields(from: unknown, path: string): unknown {
    let value = from;
    for (const name of path.split('.').filter(Boolean)) {
      if (value === null || value === undefined) {
        if (value === null) throw new Error(`nil pointer evaluating interface {}.${name}`);
        return undefined;
      }
      if (typeof value !== 'object' || Array.isArray(value))
        throw new Error(`can't evaluate field ${name} in type ${goType(value)}`);
      if (!Object.hasOwn(value, name)) {
        if (!this.#allowMissing) throw new Error(`map has no entry for key ${JSON.stringify(name)}`);
        value = undefined;
      } else value = (value as Record<string, unknown>)[name];
    }
    return value;
  }
}

const goType = (value: unknown): string =>
  Array.isArray(value)
    ? '[]interface {}'
    : typeof value === 'string'
      ? 'string'
      : typeof value === 'number'
        ? 'int64'
        : typeof value === 'boolean'
          ? 'bool'
          : 'interface {}';

function closing(words: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < words.length; i++) {
    if (words[i]!.type === '(') depth++;
    else if (words[i]!.type === ')' && --depth === 0) return i;
  }
  throw new Error('unclosed left paren');
}

function splitPipes(words: readonly Token[]): Token[][] {
  const out: Token[][] = [[]];
  let depth = 0;
  for (const word of words) {
    if (word.type === '(') depth++;
    if (word.type === ')') depth--;
    if (word.type === '|' && depth === 0) out.push([]);
    else out[out.length - 1]!.push(word);
  }
  return out;
}

function truthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

const show = (value: unknown): string => (value === undefined || value === null ? '<no value>' : formatGo(value));

function index(value: unknown, ...keys: unknown[]): unknown {
  let current = value;
  for (const key of keys) {
    if (Array.isArray(current)) {
      if (typeof key !== 'number' || key < 0 || key >= current.length)
        throw new Error(`error calling index: index out of range: ${formatGo(key)}`);
      current = current[key];
    } else if (typeof current === 'object' && current !== null)
      current = (current as Record<string, unknown>)[String(key)];
    else throw new Error('error calling index: index of untyped nil');
  }
  return current;
}

const order = (a: unknown, b: unknown): number =>
  (a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0;

/** template.JSEscape. */
const JS_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

/** fmt.Sprint: a space only between two that are no strings. */
function sprint(args: readonly unknown[]): string {
  let out = '';
  args.forEach((arg, i) => {
    if (i > 0 && typeof arg !== 'string' && typeof args[i - 1] !== 'string') out += ' ';
    out += formatGo(arg);
  });
  return out;
}

function decoded(text: string): string {
  const bad = /[^A-Za-z0-9+/=\r\n]/.exec(text);
  if (bad)
    throw new Error(`error calling base64decode: base64 decode failed: illegal base64 data at input byte ${bad.index}`);
  return decode(fromBase64(text));
}

const FUNCTIONS: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
  and: (...args) => args.find((a) => !truthy(a)) ?? args[args.length - 1],
  or: (...args) => args.find(truthy) ?? args[args.length - 1],
  not: (a) => !truthy(a),
  eq: (a, ...rest) => rest.some((b) => a === b),
  ne: (a, b) => a !== b,
  lt: (a, b) => order(a, b) < 0,
  le: (a, b) => order(a, b) <= 0,
  gt: (a, b) => order(a, b) > 0,
  ge: (a, b) => order(a, b) >= 0,
  len: (a) => (Array.isArray(a) || typeof a === 'string' ? a.length : Object.keys((a as object) ?? {}).length),
  index,
  slice: (a, from = 0, to) => (a as string | unknown[]).slice(from as number, to as number | undefined),
  print: (...args) => sprint(args),
  println: (...args) => `${args.map(formatGo).join(' ')}\n`,
  printf: (format, ...args) => sprintf(String(format), args),
  html: (a) =>
    formatGo(a).replace(
      /[&<>"']/g,
      (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' })[c]!,
    ),
  urlquery: (a) => encodeURIComponent(formatGo(a)).replaceAll('%20', '+'),
  js: (a) => formatGo(a).replace(/[\\'"<>&=]/g, (c) => JS_ESCAPES[c]!),
  exists: (a, ...keys) => {
    try {
      return index(a, ...keys) !== undefined;
    } catch {
      return false;
    }
  },
  base64decode: (a) => decoded(String(a)),
};
