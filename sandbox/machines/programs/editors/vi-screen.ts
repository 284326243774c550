/** vi's screen: wrapped lines, tildes, the status line; only rows that changed are drawn again. */

import type { Task } from '../../../sim/task.ts';
import type { Process, Tty } from '../../process.ts';
import { columnsOf } from '../../tty/width.ts';
import type { ViText } from './vi-text.ts';

export interface View {
  readonly message: string;
  readonly numbers: boolean;
  /** Where the cursor stands in the message (an ex command being typed). */
  readonly messageCursor: number | undefined;
  /** Selected columns of a row, end excluded. */
  readonly selected: (row: number) => readonly [number, number] | undefined;
  readonly ruler: boolean;
}

/** Each character of such a line takes one column. */
const PLAIN = /^[ -~]*$/;

export class ViScreen {
  readonly #process: Process;
  readonly #tty: Tty;
  #top = 0;
  #drawn: string[] = [];
  #size = '';

  constructor(process: Process, tty: Tty) {
    this.#process = process;
    this.#tty = tty;
  }

  get rows(): number {
    return Math.max(1, this.#tty.rows - 1);
  }

  get top(): number {
    return this.#top;
  }

  *open(): Task<void> {
    yield* this.#process.print('\x1b[?1049h\x1b[22;0;0t\x1b[H\x1b[2J');
  }

  *close(): Task<void> {
    yield* this.#process.print(`\x1b[${this.#tty.rows};1H\x1b[K\x1b[?1049l\x1b[23;0;0t`);
  }

  invalidate(): void {
    this.#drawn = [];
  }

  /** `^F`, `^D` … move the window. */
  scroll(text: ViText, rows: number): void {
    this.#top = Math.max(0, Math.min(text.lines.length - 1, this.#top + rows));
  }

  place(text: ViText, top: number): void {
    this.#top = Math.max(0, Math.min(text.lines.length - 1, top));
  }

  *draw(text: ViText, view: View): Task<void> {
    const { columns } = this.#tty;
    const size = `${columns}x${this.#tty.rows}`;
    if (size !== this.#size) {
      this.#size = size;
      this.#drawn = [];
    }
    const gutter = view.numbers ? Math.max(4, String(text.lines.length).length + 1) : 0;
    const width = Math.max(1, columns - gutter);
    this.#follow(text, width);
    const screen: string[] = [];
    let cursor: [number, number] = [0, 0];
    let row = this.#top;
    for (; row < text.lines.length && screen.length < this.rows; row++) {
      const cells = wrap(text.lines[row]!, width, view.selected(row));
      if (screen.length + cells.length > this.rows && row > text.row) break;
      if (row === text.row) cursor = this.#cursor(text, width, screen.length, gutter);
      cells.forEach((cell, i) => {
        const number =
          gutter === 0 ? '' : i === 0 ? `\x1b[33m${String(row + 1).padStart(gutter - 1)} \x1b[m` : ' '.repeat(gutter);
        screen.push(number + cell);
      });
    }
    const filler = row < text.lines.length ? '@' : '~';
    while (screen.length < this.rows) screen.push(`\x1b[94m${filler}\x1b[m`);
    screen.length = this.rows;
    screen.push(this.#status(text, view, columns));
    let out = '';
    screen.forEach((line, i) => {
      if (this.#drawn[i] !== line) out += `\x1b[${i + 1};1H${line}\x1b[K`;
    });
    this.#drawn = screen;
    const [y, x] = view.messageCursor === undefined ? cursor : [this.rows, Math.min(columns - 1, view.messageCursor)];
    yield* this.#process.print(`\x1b[?25l${out}\x1b[${y + 1};${x + 1}H\x1b[?25h`);
  }

  #status(text: ViText, view: View, columns: number): string {
    const message = [...view.message].slice(0, columns - 1).join('');
    if (!view.ruler || view.messageCursor !== undefined) return message;
    const line =
      text.lines.length === 1 && text.line === ''
        ? '0,0-1'
        : `${text.row + 1},${text.line === '' ? '0-1' : text.column + 1}`;
    const where =
      text.lines.length <= this.rows
        ? 'All'
        : this.#top === 0
          ? 'Top'
          : this.#top + this.rows >= text.lines.length
            ? 'Bot'
            : `${Math.floor((this.#top * 100) / (text.lines.length - this.rows))}%`;
    const at = columns - 18;
    if (at < 0 || message.length >= at) return message;
    return `${message}${' '.repeat(at - message.length)}${line.padEnd(14)}${where}`;
  }

  /** Scrolls so that the cursor's line shows. */
  #follow(text: ViText, width: number): void {
    if (text.row < this.#top)
      this.#top = text.row < this.#top - this.rows ? Math.max(0, text.row - (this.rows >> 1)) : text.row;
    const height = (row: number) => wrap(text.lines[row]!, width, undefined).length;
    let used = 0;
    for (let row = this.#top; row <= text.row; row++) used += height(row);
    if (used > this.rows * 2) {
      this.#top = Math.max(0, text.row - (this.rows >> 1));
      used = 0;
      for (let row = this.#top; row <= text.row; row++) used += height(row);
    }
    while (used > this.rows && this.#top < text.row) used -= height(this.#top++);
  }

  #cursor(text: ViText, width: number, start: number, gutter: number): [number, number] {
    if (PLAIN.test(text.line)) {
      const at = Math.min(text.column, text.line.length);
      return [start + Math.floor(at / width), (at % width) + gutter];
    }
    let row = start;
    let column = 0;
    let last: [number, number] = [row, column];
    let offset = 0;
    for (const char of text.line) {
      const cell = widthAt(char, column);
      if (column + cell > width) {
        row++;
        column = 0;
      }
      last = [row, column];
      if (offset >= text.column) return [row, column + gutter];
      column += cell;
      offset += char.length;
    }
    if (column >= width) return [row + 1, gutter];
    return text.column >= text.line.length ? [row, column + gutter] : [last[0], last[1] + gutter];
  }
}

const widthAt = (char: string, column: number): number =>
  char === '\t' ? 8 - (column % 8) : char < ' ' || char === '\x7f' ? 2 : columnsOf(char);

function wrap(line: string, width: number, selected: readonly [number, number] | undefined): string[] {
  const rows: string[] = [];
  // A long line of plain characters is wrapped for every key that is typed in it.
  if (!selected && PLAIN.test(line)) {
    for (let at = 0; at < Math.max(1, line.length); at += width) rows.push(line.slice(at, at + width));
    return rows;
  }
  let row = '';
  let column = 0;
  let offset = 0;
  let marked = false;
  for (const char of line) {
    const inside = selected !== undefined && offset >= selected[0] && offset < selected[1];
    const cell = widthAt(char, column);
    if (column + cell > width) {
      rows.push(marked ? `${row}\x1b[m` : row);
      row = marked ? '\x1b[7m' : '';
      column = 0;
    }
    if (inside !== marked) {
      row += inside ? '\x1b[7m' : '\x1b[m';
      marked = inside;
    }
    row +=
      char === '\t'
        ? ' '.repeat(cell)
        : char < ' ' || char === '\x7f'
          ? `^${String.fromCharCode(char.charCodeAt(0) ^ 64)}`
          : char;
    column += cell;
    offset += char.length;
  }
  if (selected !== undefined && line === '') row = '\x1b[7m \x1b[m';
  rows.push(marked ? `${row}\x1b[m` : row);
  return rows;
}
