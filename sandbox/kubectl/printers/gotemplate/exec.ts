/** Executes the pieces of a Go template on data (text/template/exec.go). */

import { formatGo } from '../../../api/gofmt.ts';
import { FUNCTIONS, truthy } from './funcs.ts';
import type { Piece, Token } from './parse.ts';

class Break extends Error {}
class Continue extends Error {}

export class Execution {
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

const show = (value: unknown): string => (value === undefined || value === null ? '<no value>' : formatGo(value));
