/** How diff(1) shows what changed: normal, unified, in context, side by side. */

import { widthOf } from '../../shell/readline/screen.ts';
import type { Hunk } from './difference.ts';

/** The last hunk whose context touches that of the ones before. */
function groupEnd(hunks: readonly Hunk[], from: number, context: number): number {
  let end = from;
  while (end + 1 < hunks.length && hunks[end + 1]!.from - hunks[end]!.to <= context * 2) end++;
  return end;
}

const show = (sign: string, line: string): string =>
  line.endsWith('\n') ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`;

export function normalHunk(h: Hunk, left: readonly string[], right: readonly string[]): string {
  const span = (from: number, to: number) => (to - from <= 1 ? `${to}` : `${from + 1},${to}`);
  const letter = h.from === h.to ? 'a' : h.first === h.last ? 'd' : 'c';
  const head = `${h.from === h.to ? h.from : span(h.from, h.to)}${letter}${h.first === h.last ? h.first : span(h.first, h.last)}\n`;
  const removed = left
    .slice(h.from, h.to)
    .map((l) => show('< ', l))
    .join('');
  const added = right
    .slice(h.first, h.last)
    .map((l) => show('> ', l))
    .join('');
  return head + removed + (letter === 'c' ? '---\n' : '') + added;
}

export function* unifiedHunks(
  hunks: readonly Hunk[],
  left: readonly string[],
  right: readonly string[],
  context: number,
): Generator<string> {
  for (let i = 0; i < hunks.length; ) {
    const j = groupEnd(hunks, i, context);
    const group = hunks.slice(i, j + 1);
    const start = Math.max(0, group[0]!.from - context);
    const end = Math.min(left.length, group.at(-1)!.to + context);
    const otherStart = group[0]!.first - (group[0]!.from - start);
    const otherEnd = group.at(-1)!.last + (end - group.at(-1)!.to);
    const range = (from: number, to: number) =>
      to - from === 1 ? `${from + 1}` : `${to === from ? from : from + 1},${to - from}`;
    let out = `@@ -${range(start, end)} +${range(otherStart, otherEnd)} @@\n`;
    let at = start;
    for (const h of group) {
      for (; at < h.from; at++) out += show(' ', left[at]!);
      for (; at < h.to; at++) out += show('-', left[at]!);
      for (let k = h.first; k < h.last; k++) out += show('+', right[k]!);
    }
    for (; at < end; at++) out += show(' ', left[at]!);
    i = j + 1;
    yield out;
  }
}

/** -c and -C. */
export function* contextHunks(
  hunks: readonly Hunk[],
  left: readonly string[],
  right: readonly string[],
  context: number,
): Generator<string> {
  for (let i = 0; i < hunks.length; ) {
    const j = groupEnd(hunks, i, context);
    const group = hunks.slice(i, j + 1);
    const start = Math.max(0, group[0]!.from - context);
    const end = Math.min(left.length, group.at(-1)!.to + context);
    const otherStart = Math.max(0, group[0]!.first - context);
    const otherEnd = Math.min(right.length, group.at(-1)!.last + context);
    const range = (from: number, to: number) => (to - from <= 1 ? `${to}` : `${from + 1},${to}`);
    let out = `***************\n*** ${range(start, end)} ****\n`;
    if (group.some((h) => h.to > h.from)) {
      let at = start;
      for (const h of group) {
        for (; at < h.from; at++) out += show('  ', left[at]!);
        for (; at < h.to; at++) out += show(h.last > h.first ? '! ' : '- ', left[at]!);
      }
      for (; at < end; at++) out += show('  ', left[at]!);
    }
    out += `--- ${range(otherStart, otherEnd)} ----\n`;
    if (group.some((h) => h.last > h.first)) {
      let at = otherStart;
      for (const h of group) {
        for (; at < h.first; at++) out += show('  ', right[at]!);
        for (; at < h.last; at++) out += show(h.to > h.from ? '! ' : '+ ', right[at]!);
      }
      for (; at < otherEnd; at++) out += show('  ', right[at]!);
    }
    i = j + 1;
    yield out;
  }
}

/** -e: commands for ed(1), from the last change to the first. */
export function edHunk(h: Hunk, right: readonly string[]): string {
  const range = h.to - h.from <= 1 ? `${h.to}` : `${h.from + 1},${h.to}`;
  if (h.first === h.last) return `${range}d\n`;
  const added = right.slice(h.first, h.last).map((line) => line.replace(/\n?$/, '\n'));
  return `${range}${h.from === h.to ? 'a' : 'c'}\n${added.join('')}.\n`;
}

const TAB = 8;
const GUTTER = 3;

/** -y: two columns of `width` in all, with `|`, `<` and `>` between lines that differ (side.c). */
export class SideBySide {
  readonly #half: number;
  readonly #second: number;
  readonly #expand: boolean;

  constructor(width: number, expand: boolean) {
    const unit = expand ? 1 : TAB;
    const offset = Math.floor((width + unit + GUTTER) / (2 * unit)) * unit;
    this.#half = Math.max(0, Math.min(offset - GUTTER, width - offset));
    this.#second = this.#half > 0 ? offset : width;
    this.#expand = expand;
  }

  line(left: string | undefined, separator: string, right: string | undefined): string {
    let out = '';
    let column = 0;
    if (left !== undefined) {
      const [text, width] = this.#cut(left.replace(/\n$/, ''));
      out += text;
      column = width;
    }
    if (separator !== ' ') {
      const at = Math.floor((this.#half + this.#second - 1) / 2);
      out += this.#tabs(column, at) + separator;
      column = at + 1;
    }
    const other = right?.replace(/\n$/, '') ?? '';
    if (other !== '') out += this.#tabs(column, this.#second) + this.#cut(other)[0];
    else if (right !== undefined) out += this.#tabs(column, this.#second);
    return `${out}\n`;
  }

  #tabs(from: number, to: number): string {
    let at = from;
    let out = '';
    if (!this.#expand)
      for (let tab = at + TAB - (at % TAB); tab <= to; tab += TAB) {
        out += '\t';
        at = tab;
      }
    return out + ' '.repeat(Math.max(0, to - at));
  }

  #cut(text: string): [string, number] {
    let out = '';
    let column = 0;
    for (const char of text) {
      const width = char === '\t' ? TAB - (column % TAB) : widthOf(char);
      if (column + width > this.#half) break;
      out += char === '\t' && this.#expand ? ' '.repeat(width) : char;
      column += width;
    }
    return [out, column];
  }
}
