/** The text under vi: lines, the cursor, undo, registers. */

export interface Place {
  readonly row: number;
  readonly column: number;
}

interface State {
  readonly lines: readonly string[];
  readonly place: Place;
}

export interface Register {
  readonly text: string;
  /** Whole lines. */
  readonly linewise: boolean;
}

export class ViText {
  lines: string[] = [''];
  row = 0;
  column = 0;
  /** Where the cursor wants to be when it goes up and down. */
  wanted = 0;
  changed = false;
  #past: State[] = [];
  #future: State[] = [];
  readonly registers = new Map<string, Register>();

  get line(): string {
    return this.lines[this.row] ?? '';
  }

  get place(): Place {
    return { row: this.row, column: this.column };
  }

  load(text: string): void {
    this.lines = text === '' ? [''] : text.replace(/\n$/, '').split('\n');
    this.row = 0;
    this.column = 0;
    this.changed = false;
    this.#past = [];
    this.#future = [];
  }

  /** Before a change that one `u` takes back. */
  checkpoint(): void {
    this.#past.push({ lines: [...this.lines], place: this.place });
    if (this.#past.length > 500) this.#past.shift();
    this.#future = [];
    this.changed = true;
  }

  /** Takes back a checkpoint after which nothing was changed. */
  forget(): void {
    const last = this.#past.at(-1);
    if (last && last.lines.length === this.lines.length && last.lines.every((l, i) => l === this.lines[i]))
      this.#past.pop();
  }

  undo(): boolean {
    const state = this.#past.pop();
    if (!state) return false;
    this.#future.push({ lines: [...this.lines], place: this.place });
    this.#restore(state);
    return true;
  }

  redo(): boolean {
    const state = this.#future.pop();
    if (!state) return false;
    this.#past.push({ lines: [...this.lines], place: this.place });
    this.#restore(state);
    return true;
  }

  #restore(state: State): void {
    const first = state.lines.findIndex((line, i) => line !== this.lines[i]);
    this.lines = [...state.lines];
    this.go(first < 0 ? state.place.row : Math.min(first, state.lines.length - 1), state.place.column);
    this.changed = true;
  }

  go(row: number, column: number): void {
    this.row = Math.max(0, Math.min(row, this.lines.length - 1));
    this.column = Math.max(0, Math.min(column, this.line.length));
    this.wanted = this.column;
  }

  /** In normal mode the cursor stands on a character. */
  settle(): void {
    if (this.column >= this.line.length) this.column = Math.max(0, this.line.length - 1);
  }

  insert(text: string): void {
    const before = this.line.slice(0, this.column);
    const after = this.line.slice(this.column);
    const parts = text.split('\n');
    if (parts.length === 1) {
      this.lines[this.row] = before + text + after;
      this.column += text.length;
    } else {
      const last = parts.at(-1)!;
      this.lines.splice(this.row, 1, before + parts[0]!, ...parts.slice(1, -1), last + after);
      this.row += parts.length - 1;
      this.column = last.length;
    }
    this.wanted = this.column;
  }

  /** The text from one place up to, not including, another. */
  between(from: Place, to: Place): string {
    if (from.row === to.row) return (this.lines[from.row] ?? '').slice(from.column, to.column);
    const first = (this.lines[from.row] ?? '').slice(from.column);
    const last = (this.lines[to.row] ?? '').slice(0, to.column);
    return [first, ...this.lines.slice(from.row + 1, to.row), last].join('\n');
  }

  remove(from: Place, to: Place): void {
    const head = (this.lines[from.row] ?? '').slice(0, from.column);
    const tail = (this.lines[to.row] ?? '').slice(to.column);
    this.lines.splice(from.row, to.row - from.row + 1, head + tail);
    this.go(from.row, from.column);
  }

  removeLines(first: number, last: number): void {
    this.lines.splice(first, last - first + 1);
    if (this.lines.length === 0) this.lines.push('');
    this.go(Math.min(first, this.lines.length - 1), 0);
    this.column = indentOf(this.line);
  }

  /** Puts a register after (or before) the cursor, `count` times. */
  put(register: Register, after: boolean, count: number): void {
    if (register.linewise) {
      const block = Array.from({ length: count }, () => register.text.replace(/\n$/, '').split('\n')).flat();
      const at = after ? this.row + 1 : this.row;
      this.lines.splice(at, 0, ...block);
      this.go(at, 0);
      this.column = indentOf(this.line);
      return;
    }
    const text = register.text.repeat(count);
    const { row } = this;
    if (after && this.line.length > 0) this.column++;
    const { column } = this;
    this.insert(text);
    if (text.includes('\n')) this.go(row, column);
    else this.column = Math.max(0, this.column - 1);
  }

  /** What is written to the file. */
  get content(): string {
    return this.lines.length === 1 && this.lines[0] === '' ? '' : `${this.lines.join('\n')}\n`;
  }
}

export const indentOf = (line: string): number => {
  const at = line.search(/\S/);
  return at < 0 ? Math.max(0, line.length - 1) : at;
};
