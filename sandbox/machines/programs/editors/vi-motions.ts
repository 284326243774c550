/** vi's motions and text objects: from a place and a count to a place, and how an operator takes the way. */

import { own } from '../../../sim/own.ts';
import { compileRegex } from '../regex/regex.ts';
import { indentOf, type Place, type ViText } from './vi-text.ts';

export interface Target extends Place {
  /** Operators take whole lines. */
  readonly linewise?: boolean;
  /** Operators take the character at the target too. */
  readonly inclusive?: boolean;
  /** Of text objects: where the taking begins. */
  readonly from?: Place;
  /** Keeps the wanted column. */
  readonly vertical?: boolean;
}

type Motion = (text: ViText, count: number, given: boolean) => Target | undefined;

const kind = (c: string | undefined, big: boolean): number =>
  c === undefined || /\s/.test(c) ? 0 : big || /[\w\u0080-\uffff]/.test(c) ? 1 : 2;

function nextWord(text: ViText, from: Place, big: boolean): Place {
  let { row, column } = from;
  const line = () => text.lines[row] ?? '';
  const start = kind(line()[column], big);
  while (column < line().length && start !== 0 && kind(line()[column], big) === start) column++;
  for (;;) {
    while (column < line().length && kind(line()[column], big) === 0) column++;
    if (column < line().length) return { row, column };
    if (row >= text.lines.length - 1) return { row, column: line().length };
    row++;
    column = 0;
    if (line() === '') return { row, column };
  }
}

function wordBack(text: ViText, from: Place, big: boolean): Place {
  let { row, column } = from;
  const line = () => text.lines[row] ?? '';
  column--;
  for (;;) {
    while (column >= 0 && kind(line()[column], big) === 0) column--;
    if (column >= 0) break;
    if (row === 0) return { row, column: 0 };
    row--;
    column = line().length - 1;
    if (line() === '') return { row, column: 0 };
  }
  const of = kind(line()[column], big);
  while (column > 0 && kind(line()[column - 1], big) === of) column--;
  return { row, column };
}

function wordEnd(text: ViText, from: Place, big: boolean): Place {
  let { row, column } = from;
  const line = () => text.lines[row] ?? '';
  column++;
  for (;;) {
    while (column < line().length && kind(line()[column], big) === 0) column++;
    if (column < line().length) break;
    if (row >= text.lines.length - 1) return { row, column: Math.max(0, line().length - 1) };
    row++;
    column = 0;
  }
  const of = kind(line()[column], big);
  while (column + 1 < line().length && kind(line()[column + 1], big) === of) column++;
  return { row, column };
}

const repeat = (count: number, from: Place, step: (place: Place) => Place): Place => {
  let place = from;
  for (let i = 0; i < count; i++) place = step(place);
  return place;
};

const vertical =
  (direction: 1 | -1): Motion =>
  (text, count) => {
    const row = text.row + direction * count;
    if (row < 0 || row >= text.lines.length) {
      if (count === 1) return undefined;
    }
    const to = Math.max(0, Math.min(text.lines.length - 1, row));
    return {
      row: to,
      column: Math.min(text.wanted, Math.max(0, (text.lines[to] ?? '').length)),
      linewise: true,
      vertical: true,
    };
  };

const toLine = (text: ViText, row: number): Target => {
  const to = Math.max(0, Math.min(text.lines.length - 1, row));
  return { row: to, column: indentOf(text.lines[to] ?? ''), linewise: true };
};

function paragraph(text: ViText, from: number, direction: 1 | -1): number {
  let row = from + direction;
  while (row > 0 && row < text.lines.length - 1 && text.lines[row] === '') row += direction;
  while (row > 0 && row < text.lines.length - 1 && text.lines[row] !== '') row += direction;
  return Math.max(0, Math.min(text.lines.length - 1, row));
}

const MOTIONS: Readonly<Record<string, Motion>> = {
  h: (t, n) => ({ row: t.row, column: Math.max(0, t.column - n) }),
  l: (t, n) => ({ row: t.row, column: Math.min(t.line.length, t.column + n) }),
  ' ': (t, n) => ({ row: t.row, column: Math.min(t.line.length, t.column + n) }),
  j: vertical(1),
  k: vertical(-1),
  '+': (t, n) => toLine(t, t.row + n),
  '-': (t, n) => toLine(t, t.row - n),
  '0': (t) => ({ row: t.row, column: 0 }),
  '^': (t) => ({ row: t.row, column: indentOf(t.line) }),
  $: (t, n) => {
    const row = Math.min(t.lines.length - 1, t.row + n - 1);
    return { row, column: Math.max(0, (t.lines[row] ?? '').length - 1), inclusive: true };
  },
  w: (t, n) => repeat(n, t.place, (p) => nextWord(t, p, false)),
  W: (t, n) => repeat(n, t.place, (p) => nextWord(t, p, true)),
  b: (t, n) => repeat(n, t.place, (p) => wordBack(t, p, false)),
  B: (t, n) => repeat(n, t.place, (p) => wordBack(t, p, true)),
  e: (t, n) => ({ ...repeat(n, t.place, (p) => wordEnd(t, p, false)), inclusive: true }),
  E: (t, n) => ({ ...repeat(n, t.place, (p) => wordEnd(t, p, true)), inclusive: true }),
  G: (t, n, given) => toLine(t, given ? n - 1 : t.lines.length - 1),
  gg: (t, n, given) => toLine(t, given ? n - 1 : 0),
  '{': (t, n) => ({ row: Array.from({ length: n }).reduce<number>((r) => paragraph(t, r, -1), t.row), column: 0 }),
  '}': (t, n) => ({ row: Array.from({ length: n }).reduce<number>((r) => paragraph(t, r, 1), t.row), column: 0 }),
  '%': (t) => {
    const found = matchBracket(t);
    return found && { ...found, inclusive: true };
  },
};

/** Keys that move as others do. */
const SAME: Readonly<Record<string, string>> = {
  Left: 'h',
  Right: 'l',
  Up: 'k',
  Down: 'j',
  Home: '0',
  End: '$',
  Backspace: 'h',
  'C-n': 'j',
  'C-p': 'k',
  Enter: '+',
  'C-j': 'j',
};

export const motionOf = (key: string): Motion | undefined => own(MOTIONS, own(SAME, key) ?? key);

const PAIRS = '()[]{}';

function matchBracket(text: ViText): Place | undefined {
  const start = [...text.line].findIndex((c, i) => i >= text.column && PAIRS.includes(c));
  if (start < 0) return undefined;
  const open = text.line[start]!;
  const at = PAIRS.indexOf(open);
  const forward = at % 2 === 0;
  const other = PAIRS[forward ? at + 1 : at - 1]!;
  let depth = 0;
  let row = text.row;
  let column = start;
  for (;;) {
    const c = text.lines[row]![column];
    if (c === open) depth++;
    else if (c === other && --depth === 0) return { row, column };
    column += forward ? 1 : -1;
    while (column < 0 || column >= text.lines[row]!.length) {
      row += forward ? 1 : -1;
      if (row < 0 || row >= text.lines.length) return undefined;
      column = forward ? 0 : text.lines[row]!.length - 1;
      if (text.lines[row]!.length > 0) break;
    }
  }
}

/** f F t T. */
export function findInLine(text: ViText, name: string, char: string, count: number): Target | undefined {
  const forward = name === 'f' || name === 't';
  let at = text.column;
  for (let i = 0; i < count; i++) {
    const from = forward ? at + 1 : at - 1;
    at = forward ? text.line.indexOf(char, from) : from < 0 ? -1 : text.line.lastIndexOf(char, from);
    if (at < 0) return undefined;
  }
  const column = name === 't' ? at - 1 : name === 'T' ? at + 1 : at;
  return { row: text.row, column, inclusive: forward };
}

/** The next match of a pattern, around the end of the text. Throws RegexError. */
export function searchText(
  text: ViText,
  pattern: string,
  forward: boolean,
  count: number,
): { place: Place; wrapped: boolean } | undefined {
  const regex = compileRegex(pattern.replace(/\\c/g, ''), { extended: false, ignoreCase: pattern.includes('\\c') });
  let place = text.place;
  let wrapped = false;
  for (let n = 0; n < count; n++) {
    let found: Place | undefined;
    const total = text.lines.length;
    for (let i = 0; i <= total && !found; i++) {
      const row = (((place.row + (forward ? i : -i)) % total) + total) % total;
      const columns: number[] = [];
      const line = text.lines[row]!;
      for (let from = forward && i === 0 ? place.column + 1 : 0; from <= line.length; ) {
        const match = regex.exec(line, from);
        if (!match) break;
        columns.push(match.index);
        if (forward) break;
        from = match.index + 1;
      }
      const usable = i === 0 ? columns.filter((c) => (forward ? c > place.column : c < place.column)) : columns;
      const column = forward ? usable[0] : usable.at(-1);
      if (column !== undefined) {
        found = { row, column };
        if (forward ? row < place.row || (row === place.row && i > 0) : row > place.row || (row === place.row && i > 0))
          wrapped = true;
      }
    }
    if (!found) return undefined;
    place = found;
  }
  return { place, wrapped };
}

/** `iw`, `a"`, `i(`, `ip` … */
export function textObject(text: ViText, around: boolean, name: string): Target | undefined {
  const { row, column, line } = text;
  if (name === 'w' || name === 'W') {
    const of = kind(line[column], name === 'W');
    let from = column;
    let to = column;
    while (from > 0 && kind(line[from - 1], name === 'W') === of) from--;
    while (to + 1 < line.length && kind(line[to + 1], name === 'W') === of) to++;
    if (around) {
      const before = to;
      while (to + 1 < line.length && /\s/.test(line[to + 1]!)) to++;
      if (to === before) while (from > 0 && /\s/.test(line[from - 1]!)) from--;
    }
    return { row, column: to, from: { row, column: from }, inclusive: true };
  }
  if (name === '"' || name === "'" || name === '`') {
    const quotes = [...line].flatMap((c, i) => (c === name ? [i] : []));
    for (let i = 0; i + 1 < quotes.length; i += 2) {
      const [a, b] = [quotes[i]!, quotes[i + 1]!];
      if (column > b) continue;
      if (!around) return { row, column: b, from: { row, column: a + 1 } };
      // With the blanks after it, or else those before.
      const after = /^\s*/.exec(line.slice(b + 1))![0].length;
      const before = after > 0 ? 0 : /\s*$/.exec(line.slice(0, a))![0].length;
      return { row, column: b + after, from: { row, column: a - before }, inclusive: true };
    }
    return undefined;
  }
  if (name === 'p') {
    const blank = line === '';
    let from = row;
    let to = row;
    while (from > 0 && (text.lines[from - 1] === '') === blank) from--;
    while (to + 1 < text.lines.length && (text.lines[to + 1] === '') === blank) to++;
    if (around) while (to + 1 < text.lines.length && text.lines[to + 1] === '') to++;
    return { row: to, column: 0, from: { row: from, column: 0 }, linewise: true };
  }
  const pair = {
    b: '()',
    '(': '()',
    ')': '()',
    B: '{}',
    '{': '{}',
    '}': '{}',
    '[': '[]',
    ']': '[]',
    '<': '<>',
    '>': '<>',
  }[name];
  if (!pair) return undefined;
  let depth = 0;
  let from = column;
  for (; from >= 0; from--) {
    if (line[from] === pair[1] && from !== column) depth++;
    else if (line[from] === pair[0] && depth-- === 0) break;
  }
  depth = 0;
  let to = from + 1;
  for (; to < line.length; to++) {
    if (line[to] === pair[0]) depth++;
    else if (line[to] === pair[1] && depth-- === 0) break;
  }
  if (from < 0 || to >= line.length) return undefined;
  return around
    ? { row, column: to, from: { row, column: from }, inclusive: true }
    : { row, column: to, from: { row, column: from + 1 } };
}

/** What each key of visual mode does to what is selected. */
export const VISUAL_OPERATORS: Readonly<Record<string, string>> = {
  d: 'd',
  x: 'd',
  Delete: 'd',
  D: 'd',
  X: 'd',
  y: 'y',
  Y: 'y',
  c: 'c',
  s: 'c',
  '<': '<',
  '>': '>',
};
