/** Draws the prompt and the line being edited, over as many rows as they take. */

import type { Task } from '../../../sim/task.ts';
import type { OpenFile, Tty } from '../../process.ts';
import { columnsOf } from '../../tty/width.ts';

/** Of a terminal that does not know its size (readline's rltty.c falls back so). */
export const DEFAULT_COLUMNS = 80;

/** Columns of a text without control characters. */
export const widthOf = (text: string): number => {
  let width = 0;
  for (const char of text) width += columnsOf(char);
  return width;
};

interface Position {
  readonly row: number;
  readonly column: number;
}

export class Screen {
  readonly #out: OpenFile;
  readonly #tty: Tty;
  #prompt = '';
  /** Where the cursor stands, counted from the prompt's last line. */
  #row = 0;
  /** What was drawn last. */
  #shown = '';

  constructor(out: OpenFile, tty: Tty) {
    this.#out = out;
    this.#tty = tty;
  }

  *write(text: string): Task<void> {
    if (text !== '') yield* this.#out.write(new TextEncoder().encode(text));
  }

  /** A new line to edit: `\x01…\x02` in the prompt take no room. */
  *begin(prompt: string): Task<void> {
    const lines = prompt.split('\n');
    this.#prompt = lines.pop()!;
    this.#row = 0;
    this.#shown = '';
    const before = lines.map((line) => `${printable(line)}\n`).join('');
    yield* this.write(before + printable(this.#prompt));
  }

  set prompt(prompt: string) {
    this.#prompt = prompt.slice(prompt.lastIndexOf('\n') + 1);
  }

  /** Shows `text` with the cursor before its character `at`. */
  *draw(text: string, at: number): Task<void> {
    if (text === this.#shown && at === text.length && !this.#cursorMoved) return;
    if (yield* this.#append(text, at)) return;
    const end = this.#layout(text);
    const cursor = this.#layout(text.slice(0, at));
    let out = `${this.#row > 0 ? `\x1b[${this.#row}A` : ''}\r`;
    out += `${printable(this.#prompt)}${visible(text)}`;
    // A line that just fills its row leaves the cursor in it: go on to the next.
    if (end.column === 0 && end.row > 0 && !text.endsWith('\n')) out += ' \r';
    out += '\x1b[J';
    if (end.row > cursor.row) out += `\x1b[${end.row - cursor.row}A`;
    out += '\r';
    if (cursor.column > 0) out += `\x1b[${cursor.column}C`;
    this.#row = cursor.row;
    this.#shown = text;
    yield* this.write(out);
  }

  /** The common case: characters typed at the end, or nothing but the cursor moved. */
  *#append(text: string, at: number): Task<boolean> {
    if (at !== text.length || text.length <= this.#shown.length || !begins(text, this.#shown)) return false;
    const added = text.slice(this.#shown.length);
    if (/[\x00-\x1f\x7f]/.test(added)) return false;
    const before = this.#layout(this.#shown);
    const after = this.#layout(text);
    if (this.#row !== before.row || before.row !== after.row || after.column === 0) return false;
    if (this.#cursorMoved) return false;
    this.#shown = text;
    yield* this.write(added);
    return true;
  }

  #cursorMoved = false;

  /** Told by the editor whether the cursor stood at the end before. */
  set moved(moved: boolean) {
    this.#cursorMoved = moved;
  }

  /** Leaves the line: the cursor goes under it. */
  *finish(text: string): Task<void> {
    const end = this.#layout(text);
    const down = end.row - this.#row;
    yield* this.write(`${down > 0 ? `\x1b[${down}B` : ''}\r\n`.replace('\r\n', '\n'));
    this.#row = 0;
    this.#shown = '';
  }

  *clear(text: string, at: number): Task<void> {
    yield* this.write('\x1b[H\x1b[2J');
    this.#row = 0;
    this.#shown = '';
    yield* this.write(printable(this.#prompt));
    yield* this.draw(text, at);
  }

  /** Something was printed under the line: draw it all again where the cursor is now. */
  *again(text: string, at: number): Task<void> {
    this.#row = 0;
    this.#shown = '';
    yield* this.write(printable(this.#prompt));
    yield* this.draw(text, at);
  }

  /** What was laid out last: a line that grows is not measured from its beginning again at every key. */
  #measured:
    | { readonly prompt: string; readonly columns: number; readonly text: string; readonly end: Position }
    | undefined;

  /** Where the cursor stands after prompt and text. */
  #layout(text: string): Position {
    const columns = Math.max(2, this.#tty.columns || DEFAULT_COLUMNS);
    const prompt = this.#prompt;
    const last = this.#measured;
    const known = last?.prompt === prompt && last.columns === columns && begins(text, last.text) ? last : undefined;
    let { row, column } = known?.end ?? { row: 0, column: 0 };
    const put = (width: number) => {
      if (column + width > columns) {
        row++;
        column = 0;
      }
      column += width;
      if (column === columns) {
        row++;
        column = 0;
      }
    };
    if (!known) for (const char of visibleOf(prompt)) put(columnsOf(char));
    for (const char of known ? text.slice(known.text.length) : text) {
      if (char === '\n') {
        row++;
        column = 0;
      } else if (char < ' ' || char === '\x7f') {
        put(1);
        put(1);
      } else put(columnsOf(char));
    }
    this.#measured = { prompt, columns, text, end: { row, column } };
    return { row, column };
  }
}

/** As startsWith, which compares character by character: a whole page pasted on one line would wait for it at every key. */
const begins = (text: string, start: string): boolean => text.slice(0, start.length) === start;

const printable = (prompt: string): string => prompt.replace(/[\x01\x02]/g, '');

/** What of a prompt takes room. */
const visibleOf = (prompt: string): string =>
  prompt
    .replace(/\x01[^\x02]*\x02/g, '')
    .replace(/\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07/g, '')
    .replace(/[\x01\x02\x07]/g, '');

/** Control characters as `^X`. */
const visible = (text: string): string =>
  text.replace(/[\x00-\x09\x0b-\x1f\x7f]/g, (c) => `^${String.fromCharCode(c.charCodeAt(0) ^ 64)}`);
