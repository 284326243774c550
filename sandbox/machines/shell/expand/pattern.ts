/** Shell patterns (`*`, `?`, `[…]`, extglob) matched against strings; a backslash quotes the next character. */

import { own } from '../../../sim/own.ts';
import { Automaton } from './automaton.ts';

export type Node =
  | { type: 'char'; char: string }
  | { type: 'any' }
  | { type: 'star' }
  | { type: 'set'; test: (char: string) => boolean }
  | { type: 'group'; operator: string; alternatives: Node[][] };

export interface PatternOptions {
  readonly extglob?: boolean;
  readonly ignoreCase?: boolean;
}

const compiled = new Map<string, Pattern>();
const CACHE = 1000;

/** The compiled form of a pattern, kept for the next time. */
export function patternOf(source: string, options: PatternOptions = {}): Pattern {
  const key = `${(options.extglob ?? true) ? 'x' : '-'}${options.ignoreCase ? 'i' : '-'}${source}`;
  let pattern = compiled.get(key);
  if (!pattern) {
    if (compiled.size >= CACHE) compiled.clear();
    pattern = new Pattern(source, options);
    if (source.length < 1000) compiled.set(key, pattern);
  }
  return pattern;
}

/** A compiled pattern. Whatever it is asked takes time in proportion to pattern × text (with `!(…)`, to its square). */
export class Pattern {
  readonly #nodes: Node[];
  readonly #fold: boolean;
  /** What it stands for if nothing in it is special. */
  readonly #literal: string | undefined;
  #forward: Automaton | undefined;
  #backward: Automaton | undefined;

  constructor(source: string, options: PatternOptions = {}) {
    this.#fold = options.ignoreCase ?? false;
    this.#nodes = new PatternParser(this.#fold ? source.toLowerCase() : source, options.extglob ?? true).parse();
    this.#literal = this.#nodes.every((n) => n.type === 'char') ? this.#nodes.map((n) => n.char).join('') : undefined;
  }

  matches(text: string): boolean {
    const subject = this.#subject(text);
    if (this.#literal !== undefined) return subject === this.#literal;
    return this.#automaton().run(subject, 0, 'whole') >= 0;
  }

  /** The end of the shortest or longest match that begins at `start`; -1 if there is none. */
  matchAt(text: string, start: number, longest: boolean): number {
    const subject = this.#subject(text);
    if (this.#literal !== undefined)
      return subject.startsWith(this.#literal, start) ? start + this.#literal.length : -1;
    return this.#automaton().run(subject, start, longest ? 'longest' : 'shortest');
  }

  /** The beginning of the shortest or longest match that ends with the text; -1 if there is none. */
  matchEnd(text: string, longest: boolean): number {
    const subject = this.#subject(text);
    if (this.#literal !== undefined)
      return subject.endsWith(this.#literal) ? subject.length - this.#literal.length : -1;
    return this.#reverse().run(subject, subject.length, longest ? 'longest' : 'shortest');
  }

  /** For each position whether a match begins there. */
  starts(text: string): (position: number) => boolean {
    const subject = this.#subject(text);
    if (this.#literal !== undefined) return (position) => subject.startsWith(this.#literal!, position);
    const found = this.#reverse().everyEnd(subject);
    return found ? (position) => found[position] === 1 : () => true;
  }

  #automaton(): Automaton {
    this.#forward ??= new Automaton(this.#nodes, 1);
    return this.#forward;
  }

  #reverse(): Automaton {
    this.#backward ??= new Automaton(this.#nodes, -1);
    return this.#backward;
  }

  #subject(text: string): string {
    return this.#fold ? text.toLowerCase() : text;
  }
}

/** Whether the text has an unquoted special character. */
export function isPattern(source: string): boolean {
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!;
    if (c === '\\') i++;
    else if (c === '*' || c === '?') return true;
    else if (c === '[' && source.indexOf(']', i + 1) > 0) return true;
    else if ('+@!'.includes(c) && source[i + 1] === '(') return true;
  }
  return false;
}

export const escapePattern = (text: string): string => text.replace(/[\\*?[\]()|!+@^-]/g, '\\$&');

/** The text a pattern without special characters stands for. */
export const unescapePattern = (source: string): string => source.replace(/\\(.)/gs, '$1');

class PatternParser {
  readonly #source: string;
  readonly #extglob: boolean;
  #at = 0;

  constructor(source: string, extglob: boolean) {
    this.#source = source;
    this.#extglob = extglob;
  }

  parse(): Node[] {
    return this.#sequence('');
  }

  #sequence(stop: string): Node[] {
    const nodes: Node[] = [];
    while (this.#at < this.#source.length) {
      const c = this.#source[this.#at]!;
      if (stop.includes(c) && stop !== '') break;
      if (this.#extglob && '?*+@!'.includes(c) && this.#source[this.#at + 1] === '(' && this.#closes(this.#at + 1)) {
        nodes.push(this.#group(c));
        continue;
      }
      this.#at++;
      if (c === '*') {
        if (nodes.at(-1)?.type !== 'star') nodes.push({ type: 'star' });
      } else if (c === '?') nodes.push({ type: 'any' });
      else if (c === '[') nodes.push(this.#set() ?? { type: 'char', char: '[' });
      else if (c === '\\' && this.#at < this.#source.length) {
        nodes.push({ type: 'char', char: this.#character() });
      } else {
        this.#at--;
        nodes.push({ type: 'char', char: this.#character() });
      }
    }
    return nodes;
  }

  #character(): string {
    const char = String.fromCodePoint(this.#source.codePointAt(this.#at)!);
    this.#at += char.length;
    return char;
  }

  #closes(open: number): boolean {
    let depth = 0;
    for (let i = open; i < this.#source.length; i++) {
      const c = this.#source[i];
      if (c === '\\') i++;
      else if (c === '(') depth++;
      else if (c === ')' && --depth === 0) return true;
    }
    return false;
  }

  #group(operator: string): Node {
    this.#at += 2;
    const alternatives: Node[][] = [this.#sequence('|)')];
    while (this.#source[this.#at] === '|') {
      this.#at++;
      alternatives.push(this.#sequence('|)'));
    }
    this.#at++;
    return { type: 'group', operator, alternatives };
  }

  #set(): Node | undefined {
    const parsed = parseBracket(this.#source, this.#at, true);
    if (!parsed) return undefined;
    this.#at = parsed.end;
    return { type: 'set', test: parsed.test };
  }
}

/** POSIX character classes in the C locale. */
export const CHARACTER_CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[\x21-\x7e]/,
  lower: /[a-z]/,
  print: /[\x20-\x7e]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  word: /[A-Za-z0-9_]/,
  xdigit: /[0-9A-Fa-f]/,
};

/**
 * A bracket expression whose `[` stands before `start`: shared by patterns (`!` negates, backslash quotes) and regular
 * expressions (only `^` negates, backslash is literal).
 */
export function parseBracket(
  source: string,
  start: number,
  shell: boolean,
): { test: (char: string) => boolean; end: number } | undefined {
  let at = start;
  const negated = source[at] === '^' || (shell && source[at] === '!');
  if (negated) at++;
  const ranges: [string, string][] = [];
  const classes: RegExp[] = [];
  const take = (): string | undefined => {
    if (source.startsWith('[.', at) || source.startsWith('[=', at)) {
      const close = source.indexOf(`${source[at + 1]}]`, at + 2);
      if (close < 0) return undefined;
      const char = source.slice(at + 2, close);
      at = close + 2;
      return char;
    }
    if (shell && source[at] === '\\' && at + 1 < source.length) at++;
    const char = String.fromCodePoint(source.codePointAt(at)!);
    at += char.length;
    return char;
  };
  for (let first = true; ; first = false) {
    if (at >= source.length) return undefined;
    if (source[at] === ']' && !first) {
      at++;
      break;
    }
    const named = source.startsWith('[:', at) ? /^\[:(\w+):\]/.exec(source.slice(at, at + 12)) : null;
    if (named) {
      const test = own(CHARACTER_CLASSES, named[1]!);
      if (!test) return undefined;
      classes.push(test);
      at += named[0].length;
      continue;
    }
    const low = take();
    if (low === undefined) return undefined;
    if (source[at] === '-' && at + 1 < source.length && source[at + 1] !== ']') {
      at++;
      const high = take();
      if (high === undefined) return undefined;
      ranges.push([low, high]);
    } else ranges.push([low, low]);
  }
  const test = (char: string): boolean => {
    const code = char.codePointAt(0)!;
    const hit =
      ranges.some(([low, high]) => code >= low.codePointAt(0)! && code <= high.codePointAt(0)!) ||
      classes.some((c) => c.test(char));
    return hit !== negated;
  };
  return { test, end: at };
}
