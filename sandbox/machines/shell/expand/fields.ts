/** Collects the text of expansions into fields: what is quoted, what splits on IFS, what may be a pattern. */

import { escapePattern } from './pattern.ts';

export interface Piece {
  readonly text: string;
  readonly quoted: boolean;
}

export class Fields {
  readonly done: Piece[][] = [];
  #current: Piece[] | undefined;
  #afterSpace = false;
  readonly #splitting: boolean;
  readonly #ifs: string;

  constructor(splitting: boolean, ifs: string) {
    this.#splitting = splitting;
    this.#ifs = ifs;
  }

  get splitting(): boolean {
    return this.#splitting;
  }

  /** Text of the word itself, or of a quoted expansion: never split. A quoted empty text makes a field. */
  text(text: string, quoted: boolean): void {
    if (text === '' && !quoted) return;
    this.#current ??= [];
    this.#current.push({ text, quoted });
    this.#afterSpace = false;
  }

  /** The result of an unquoted expansion: split on IFS (POSIX 2.6.5). */
  split(text: string): void {
    if (!this.#splitting || this.#ifs === '') {
      this.text(text, false);
      return;
    }
    let from = 0;
    for (let i = 0; i <= text.length; i++) {
      const c = text[i];
      if (c !== undefined && !this.#ifs.includes(c)) continue;
      this.text(text.slice(from, i), false);
      from = i + 1;
      if (c === undefined) break;
      const space = c === ' ' || c === '\t' || c === '\n';
      if (this.#current) {
        this.end();
        this.#afterSpace = space;
      } else if (!space) {
        if (!this.#afterSpace) this.done.push([]);
        this.#afterSpace = false;
      }
    }
  }

  /** The boundary between two elements of `"$@"`. */
  end(): void {
    if (this.#current) this.done.push(this.#current);
    this.#current = undefined;
    this.#afterSpace = false;
  }

  finish(): Piece[][] {
    this.end();
    return this.done;
  }
}

export const plain = (pieces: readonly Piece[]): string =>
  pieces.length === 1 ? pieces[0]!.text : pieces.map((p) => p.text).join('');

/** The pieces as a pattern: quoted text loses its special meaning. */
export const asPattern = (pieces: readonly Piece[]): string =>
  pieces.map((p) => (p.quoted ? escapePattern(p.text) : p.text)).join('');

/** The pieces as an extended regular expression for `=~`. */
export const asRegex = (pieces: readonly Piece[]): string =>
  pieces.map((p) => (p.quoted ? p.text.replace(/[.[\]{}()*+?^$|\\]/g, '\\$&') : p.text)).join('');
