/** Reads basic and extended regular expressions into a tree (POSIX XBD 9, with GNU's `\w \b \< \+ \?`). */

import { parseBracket } from '../../shell/expand/pattern.ts';
import { foldCase } from './fold.ts';

export interface Syntax {
  readonly extended: boolean;
  readonly ignoreCase?: boolean;
  /** REG_NEWLINE: `.` and sets do not match a newline, anchors match around it. */
  readonly newline?: boolean;
  /** RE_INVALID_INTERVAL_ORD: a `{` that begins no interval means itself, as in grep -E. */
  readonly loneBraces?: boolean;
  /** A byte that is no character of the locale is matched by no `.` and no list (regex(7): they match characters). */
  readonly characters?: boolean;
}

export type Node =
  | { type: 'empty' }
  | { type: 'char'; code: number }
  | { type: 'any' }
  | { type: 'set'; test: (char: string) => boolean }
  | { type: 'assert'; kind: string }
  | { type: 'back'; group: number }
  | { type: 'sequence'; items: Node[] }
  | { type: 'alternation'; items: Node[] }
  | { type: 'group'; index: number; node: Node }
  | { type: 'repeat'; node: Node; min: number; max: number | undefined };

/** The messages of regerror(3). */
export class RegexError extends Error {}

export interface Parsed {
  readonly node: Node;
  readonly groups: number;
  readonly backreferences: boolean;
}

export function parseRegex(source: string, syntax: Syntax): Parsed {
  return new Parser(source, syntax).run();
}

/** RE_DUP_MAX */
const MAX_COUNT = 32767;

class Parser {
  readonly #source: string;
  readonly #extended: boolean;
  readonly #loneBraces: boolean;
  readonly #fold: boolean;
  #at = 0;
  #groups = 0;
  #open = 0;
  #backreferences = false;

  constructor(source: string, syntax: Syntax) {
    this.#source = source;
    this.#extended = syntax.extended;
    this.#loneBraces = syntax.loneBraces ?? false;
    this.#fold = syntax.ignoreCase ?? false;
  }

  run(): Parsed {
    const node = this.#alternation();
    if (this.#at < this.#source.length)
      throw new RegexError(this.#extended ? 'Unmatched ) or \\)' : 'Unmatched ( or \\(');
    return { node, groups: this.#groups, backreferences: this.#backreferences };
  }

  #looking(token: string): boolean {
    return this.#source.startsWith(this.#extended ? token : `\\${token}`, this.#at);
  }

  #eat(token: string): boolean {
    if (!this.#looking(token)) return false;
    this.#at += this.#extended ? token.length : token.length + 1;
    return true;
  }

  #alternation(): Node {
    const items = [this.#sequence()];
    while (this.#eat('|')) items.push(this.#sequence());
    return items.length === 1 ? items[0]! : { type: 'alternation', items };
  }

  #sequence(): Node {
    const items: Node[] = [];
    while (this.#at < this.#source.length) {
      if (this.#looking('|')) break;
      if (this.#looking(')') && (this.#open > 0 || !this.#extended)) {
        if (this.#open > 0) break;
        throw new RegexError('Unmatched ) or \\)');
      }
      const atom = this.#atom(items.length === 0);
      items.push(this.#quantified(atom, items.length === 0));
    }
    return items.length === 1 ? items[0]! : items.length === 0 ? { type: 'empty' } : { type: 'sequence', items };
  }

  #atom(first: boolean): Node {
    const c = String.fromCodePoint(this.#source.codePointAt(this.#at)!);
    if (this.#eat('(')) return this.#group();
    if (c === '\\') return this.#escape();
    this.#at += c.length;
    if (c === '.') return { type: 'any' };
    if (c === '[') {
      checkBracket(this.#source.slice(this.#at));
      const set = parseBracket(this.#source, this.#at, false);
      if (!set) throw new RegexError(bracketProblem(this.#source.slice(this.#at)));
      this.#at = set.end;
      return { type: 'set', test: set.test };
    }
    if (c === '^' && (this.#extended || first)) return { type: 'assert', kind: '^' };
    if (c === '$' && (this.#extended || this.#atEnd())) return { type: 'assert', kind: '$' };
    if (this.#extended && first && '*+?'.includes(c)) {
      // GNU takes a leading star as an ordinary character, and leading + and ? as nothing.
      if (c !== '*') return { type: 'empty' };
    }
    return this.#char(c);
  }

  #atEnd(): boolean {
    return (
      this.#at >= this.#source.length ||
      this.#source.startsWith('\\)', this.#at) ||
      this.#source.startsWith('\\|', this.#at)
    );
  }

  #char(c: string): Node {
    return { type: 'char', code: (this.#fold ? foldCase(c) : c).codePointAt(0)! };
  }

  #group(): Node {
    const index = ++this.#groups;
    // Deeper than this and it is refused, as regcomp refuses what takes too much memory.
    if (++this.#open > 1000) throw new RegexError('Regular expression too big');
    const node = this.#alternation();
    if (!this.#eat(')')) throw new RegexError('Unmatched ( or \\(');
    this.#open--;
    return { type: 'group', index, node };
  }

  #escape(): Node {
    const c = this.#source[this.#at + 1];
    if (c === undefined) throw new RegexError('Trailing backslash');
    const char = String.fromCodePoint(this.#source.codePointAt(this.#at + 1)!);
    this.#at += 1 + char.length;
    switch (c) {
      case 'w':
        return { type: 'set', test: (x) => /[A-Za-z0-9_]/.test(x) };
      case 'W':
        return { type: 'set', test: (x) => !/[A-Za-z0-9_]/.test(x) };
      case 's':
        return { type: 'set', test: (x) => /[ \t\n\v\f\r]/.test(x) };
      case 'S':
        return { type: 'set', test: (x) => !/[ \t\n\v\f\r]/.test(x) };
      case 'b':
      case 'B':
      case '<':
      case '>':
      case '`':
      case "'":
        return { type: 'assert', kind: c };
      case 'n':
        return this.#char('\n');
      case 't':
        return this.#char('\t');
    }
    if (/[1-9]/.test(c)) {
      const group = Number(c);
      if (group > this.#groups) throw new RegexError('Invalid back reference');
      this.#backreferences = true;
      return { type: 'back', group };
    }
    return this.#char(char);
  }

  #quantified(atom: Node, first: boolean): Node {
    let node = atom;
    const anchor = atom.type === 'assert' && atom.kind === '^';
    for (;;) {
      const c = this.#source[this.#at];
      if (c === '*' && !(anchor && !this.#extended)) {
        this.#at++;
        node = { type: 'repeat', node, min: 0, max: undefined };
      } else if (this.#eat('+')) node = { type: 'repeat', node, min: 1, max: undefined };
      else if (this.#eat('?')) node = { type: 'repeat', node, min: 0, max: 1 };
      else if (this.#looking('{')) {
        const counted = this.#counted(node);
        if (!counted) return node;
        node = counted;
      } else {
        if (c === '*' && anchor && first) {
          this.#at++;
          return { type: 'sequence', items: [node, this.#char('*')] };
        }
        return node;
      }
    }
  }

  #counted(node: Node): Node | undefined {
    const rest = this.#source.slice(this.#at + (this.#extended ? 1 : 2));
    const match = (this.#extended ? /^(\d*)(,?)(\d*)\}/ : /^(\d*)(,?)(\d*)\\\}/).exec(rest);
    if (!match || (match[1] === '' && match[2] === '')) {
      if (this.#extended && (this.#loneBraces || !/^\d/.test(rest))) {
        this.#at++;
        return { type: 'sequence', items: [node, this.#char('{')] };
      }
      throw new RegexError(/[}]/.test(rest) ? 'Invalid content of \\{\\}' : 'Unmatched \\{');
    }
    this.#at += match[0].length + (this.#extended ? 1 : 2);
    const min = Number(match[1]);
    const max = match[2] === '' ? min : match[3] === '' ? undefined : Number(match[3]);
    if (max !== undefined && max < min) throw new RegexError('Invalid content of \\{\\}');
    if (min > MAX_COUNT || (max ?? 0) > MAX_COUNT) throw new RegexError('Regular expression too big');
    return { type: 'repeat', node, min, max };
  }
}

/** A range from its end to its beginning. */
function checkBracket(rest: string): void {
  const body = /^\^?\]?(?:\[[:.=].*?[:.=]\]|[^\]])*/s.exec(rest)![0].replace(/\[([:.=]).*?\1\]/gs, '');
  for (const [, low, high] of body.replace(/^\^/, '').matchAll(/(.)-(.)/gsu))
    if (low!.codePointAt(0)! > high!.codePointAt(0)!) throw new RegexError('Invalid range end');
}

const bracketProblem = (rest: string): string =>
  rest === ''
    ? 'Invalid regular expression'
    : /\[:\w*:\]/.test(rest) &&
        rest.includes(']') &&
        /\[:(?!(alnum|alpha|blank|cntrl|digit|graph|lower|print|punct|space|upper|xdigit):\])/.test(rest)
      ? 'Invalid character class name'
      : 'Unmatched [, [^, [:, [., or [=';
