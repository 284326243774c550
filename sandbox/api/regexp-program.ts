/** RE2's syntax as instructions for a machine (regexp/syntax/parse.go, compile.go). */

export type Instruction =
  | { readonly kind: 'one'; readonly is: (code: number) => boolean }
  | { readonly kind: 'if'; readonly holds: (text: string, place: number) => boolean }
  | { readonly kind: 'go'; readonly to: readonly number[] }
  | { readonly kind: 'match' };

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly U: boolean;
}

class SyntaxProblem extends Error {}

/** Undefined for what RE2 refuses. */
export function programOf(pattern: string): readonly Instruction[] | undefined {
  try {
    const parser = new Parser(pattern);
    return [...parser.whole(), { kind: 'match' }];
  } catch (error) {
    if (error instanceof SyntaxProblem) return undefined;
    throw error;
  }
}

/** Instructions jump by how far: a piece may stand anywhere. */
type Piece = readonly Instruction[];

/** maxRepeat, maxHeight, and what a program may come to (maxSize). */
const MOST_REPEATS = 1000;
const DEEPEST = 1000;
const LONGEST = 10_000;

/** Where the instructions of a piece that is put elsewhere go. */
const moved = (piece: Piece, by: number): Piece =>
  piece.map((each) => (each.kind === 'go' ? { kind: 'go', to: each.to.map((to) => to + by) } : each));

function joined(pieces: readonly Piece[]): Piece {
  const out: Instruction[] = [];
  for (const piece of pieces) {
    if (out.length + piece.length > LONGEST) throw new SyntaxProblem();
    for (const each of moved(piece, out.length)) out.push(each);
  }
  return out;
}

const go = (...to: number[]): Instruction => ({ kind: 'go', to });
const either = (a: number, b: number, lazy: boolean): Instruction => (lazy ? go(b, a) : go(a, b));

const optional = (piece: Piece, lazy: boolean): Piece => [either(1, piece.length + 1, lazy), ...moved(piece, 1)];
/** Again from its end: a way that took no character ends where it was before. */
const oneOrMore = (piece: Piece, lazy: boolean): Piece => [...piece, either(0, piece.length + 1, lazy)];
const anyNumber = (piece: Piece, lazy: boolean): Piece => optional(oneOrMore(piece, lazy), lazy);

function repeated(piece: Piece, min: number, max: number | undefined, lazy: boolean): Piece {
  if (piece.length * (max ?? min) > LONGEST) throw new SyntaxProblem();
  const needed = Array.from({ length: min }, () => piece);
  if (max === undefined)
    return joined(min === 0 ? [anyNumber(piece, lazy)] : [...needed.slice(1), oneOrMore(piece, lazy)]);
  const end = (max - min) * (piece.length + 1);
  const rest = Array.from({ length: max - min }, (_, i) => [
    either(1, end - i * (piece.length + 1), lazy),
    ...moved(piece, 1),
  ]);
  return joined([...needed, joined(rest)]);
}

const isWord = (code: number | undefined): boolean =>
  code !== undefined && code < 128 && /\w/.test(String.fromCharCode(code));
const before = (text: string, place: number) => (place > 0 ? text.charCodeAt(place - 1) : undefined);
const after = (text: string, place: number) => (place < text.length ? text.charCodeAt(place) : undefined);
const atBoundary = (text: string, place: number) => isWord(before(text, place)) !== isWord(after(text, place));
const BEGINS: Instruction = { kind: 'if', holds: (_, place) => place === 0 };
const ENDS: Instruction = { kind: 'if', holds: (text, place) => place === text.length };
const LINE_BEGINS: Instruction = { kind: 'if', holds: (text, place) => place === 0 || text[place - 1] === '\n' };
const LINE_ENDS: Instruction = { kind: 'if', holds: (text, place) => place === text.length || text[place] === '\n' };
const PLACES: Readonly<Record<string, Instruction>> = {
  A: BEGINS,
  z: ENDS,
  b: { kind: 'if', holds: atBoundary },
  B: { kind: 'if', holds: (text, place) => !atBoundary(text, place) },
};

class Parser {
  readonly #pattern: string;
  #at = 0;
  #flags: Flags = { i: false, m: false, s: false, U: false };
  #depth = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  whole(): Piece {
    const piece = this.#alternatives();
    if (this.#at < this.#pattern.length) throw new SyntaxProblem();
    return piece;
  }

  /** What stands here, if it looks so. */
  #take(shape: RegExp): RegExpExecArray | undefined {
    const sticky = new RegExp(shape.source, 'suy');
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#pattern);
    if (found) this.#at = sticky.lastIndex;
    return found ?? undefined;
  }

  #alternatives(): Piece {
    if (++this.#depth > DEEPEST) throw new SyntaxProblem();
    const flags = this.#flags;
    const all = [this.#sequence()];
    while (this.#take(/\|/)) all.push(this.#sequence());
    this.#flags = flags;
    this.#depth--;
    return all.reduceRight((rest, piece) => [
      go(1, piece.length + 2),
      ...moved(piece, 1),
      go(piece.length + 2 + rest.length),
      ...moved(rest, piece.length + 2),
    ]);
  }

  #sequence(): Piece {
    const pieces: Piece[] = [];
    while (this.#at < this.#pattern.length && !/[|)]/.test(this.#pattern[this.#at]!)) {
      const flags = this.#take(/\(\?([imsU]*)(?:-([imsU]+))?\)/);
      if (flags) this.#setFlags(flags[1]!, flags[2]);
      else pieces.push(this.#repeats(this.#atom()));
    }
    return joined(pieces);
  }

  #setFlags(on: string, off = ''): void {
    const set = (names: string, value: boolean) => Object.fromEntries([...names].map((name) => [name, value]));
    this.#flags = { ...this.#flags, ...set(on, true), ...set(off, false) };
  }

  #repeats(piece: Piece): Piece {
    const counts = this.#take(/([*+?])|\{(\d+)(?:(,)(\d*))?\}/);
    if (!counts) return piece;
    const lazy = (this.#take(/\?/) !== undefined) !== this.#flags.U;
    if (this.#take(/[*+?]|\{\d+(?:,\d*)?\}/)) throw new SyntaxProblem();
    const [, sign, least, comma, most] = counts;
    if (sign === '*') return anyNumber(piece, lazy);
    if (sign === '+') return oneOrMore(piece, lazy);
    if (sign === '?') return optional(piece, lazy);
    const min = Number(least);
    const max = comma ? (most ? Number(most) : undefined) : min;
    if (min > MOST_REPEATS || (max !== undefined && (max > MOST_REPEATS || max < min))) throw new SyntaxProblem();
    return repeated(piece, min, max, lazy);
  }

  #atom(): Piece {
    if (this.#take(/\(/)) return this.#group();
    const { i, m, s } = this.#flags;
    if (this.#take(/\^/)) return [m ? LINE_BEGINS : BEGINS];
    if (this.#take(/\$/)) return [m ? LINE_ENDS : ENDS];
    if (this.#take(/\./)) return [{ kind: 'one', is: (code) => s || code !== 10 }];
    const place = this.#take(/\\([AzbB])/);
    if (place) return [PLACES[place[1]!]!];
    const quoted = this.#take(/\\Q(.*?)(?:\\E|$)/);
    if (quoted) return [...quoted[1]!].map((each) => one(literal(each), i));
    const set = this.#take(/\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]/);
    if (set) return [one(classOf(set[0]), i)];
    const special = this.#take(ESCAPE);
    if (special) return [one(escaped(special[0]), i)];
    const plain = this.#take(/[^\\*+?[()|]/);
    if (plain) return [one(literal(plain[0]), i)];
    throw new SyntaxProblem();
  }

  #group(): Piece {
    const flags = this.#flags;
    const special = this.#take(/\?(?:P?<\w+>|([imsU]*)(?:-([imsU]+))?:)/);
    if (special?.[1] !== undefined) this.#setFlags(special[1], special[2]);
    else if (!special && this.#take(/\?/)) throw new SyntaxProblem();
    const piece = this.#alternatives();
    this.#flags = flags;
    if (!this.#take(/\)/)) throw new SyntaxProblem();
    return piece;
  }
}

const ESCAPE = /\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|[pP]\{\^?\w+\}|[pP][A-Z]|0[0-7]{0,2}|[dDsSwWafnrtv]|[^\w])/;

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** As ECMAScript writes it: of one character, where nothing is tried twice. */
function escaped(text: string): string {
  const code = /^\\x\{?([0-9A-Fa-f]+)/.exec(text)?.[1];
  if (code) return `\\u{${code}}`;
  const octal = /^\\(0[0-7]*)$/.exec(text)?.[1];
  if (octal) return `\\u{${Number.parseInt(octal, 8).toString(16)}}`;
  const property = /^\\([pP])\{?(\^?)(\w+)\}?$/.exec(text);
  if (property) {
    const [, sign, not, name] = property as unknown as [string, string, string, string];
    const p = not ? (sign === 'p' ? 'P' : 'p') : sign;
    return name.length <= 2 ? `\\${p}{${name}}` : `\\${p}{Script=${name}}`;
  }
  if (text === '\\a') return '\\u{7}';
  if (text === '\\s') return '\\t\\n\\f\\r\\u{20}';
  if (text === '\\S') return '\\u{0}-\\u{8}\\u{b}\\u{e}-\\u{1f}\\u{21}-\\u{10ffff}';
  return /^\\[^\w]$/s.test(text) ? literal(text.slice(1)) : text;
}

const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\u{0}-\\u{7f}',
  blank: '\\t ',
  cntrl: '\\u{0}-\\u{1f}\\u{7f}',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

function classOf(set: string): string {
  const not = set.startsWith('[^') ? '^' : '';
  const parts =
    set.slice(1 + not.length, -1).match(new RegExp(`\\[:\\^?\\w+:\\]|${ESCAPE.source}|[\\s\\S]`, 'gu')) ?? [];
  const source = parts.map((part) => {
    const posix = /^\[:(\^?)(\w+):\]$/.exec(part);
    if (posix) {
      const known = Object.hasOwn(POSIX, posix[2]!) && !posix[1] ? POSIX[posix[2]!]! : undefined;
      if (known === undefined) throw new SyntaxProblem();
      return known;
    }
    if (part === '-') return part;
    return part.length > 1 && part.startsWith('\\') ? escaped(part) : literal(part);
  });
  // A hyphen at an end, or behind a class, is one.
  const hyphens = source.map((part, i) =>
    part === '-' && (i === 0 || i === source.length - 1 || /^(?:\\[dDwWsSpP]|.-)/.test(source[i - 1]!)) ? '\\-' : part,
  );
  return `${not}${hyphens.join('')}`;
}

/** ECMAScript's own class, and for the first characters what it said of them. */
function one(source: string, ignoringCase: boolean): Instruction {
  let shape: RegExp;
  try {
    shape = new RegExp(`^[${source}]$`, ignoringCase ? 'iu' : 'u');
  } catch {
    throw new SyntaxProblem();
  }
  const known: (boolean | undefined)[] = [];
  return {
    kind: 'one',
    is: (code) => {
      if (code >= 128) return shape.test(String.fromCodePoint(code));
      known[code] ??= shape.test(String.fromCodePoint(code));
      return known[code]!;
    },
  };
}
