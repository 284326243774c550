/** less(1) and more(1): a pager on the terminal, cat elsewhere. */

import type { Task } from '../../../sim/task.ts';
import { type Errno, isErrno } from '../../errno.ts';
import type { OpenFile, Process, Program, Tty } from '../../process.ts';
import { type Key, KeyReader } from '../../shell/readline/keys.ts';
import { columnsOf } from '../../tty/width.ts';
import { readInputText, splitLines } from '../io.ts';
import { compileRegex, type Match, matchingCost, type Regex, RegexError, withinSteps } from '../regex/regex.ts';

/** Steps of matching that one line may take. */
const MOST_MATCHING = 500_000;

interface Source {
  readonly name: string;
  readonly lines: string[];
}

const pager = (name: 'less' | 'more'): Program =>
  function* (process, argv) {
    const options = argv.slice(1).filter((a) => /^[-+]./.test(a));
    const paths = argv.slice(1).filter((a) => !/^[-+]./.test(a));
    if (paths.length === 0 && process.stdin.tty) {
      yield* process.error(
        name === 'less'
          ? 'Missing filename ("less --help" for help)\n'
          : "more: bad usage\nTry 'more --help' for more information.\n",
      );
      return 1;
    }
    // Where less is no pager it is cat, its messages with the rest (filename.c, error): its status is then 0.
    const tty = process.stdout.tty;
    const sources: Source[] = [];
    for (const path of paths.length > 0 ? paths : ['-']) {
      try {
        sources.push({ name: path === '-' ? '' : path, lines: splitLines(yield* readInputText(process, path)) });
      } catch (error) {
        if (!isErrno(error)) throw error;
        const words = unread(name, path, error);
        yield* tty || name === 'more' ? process.error(words) : process.print(words);
      }
    }
    if (sources.length === 0) return tty && name === 'less' ? 1 : 0;
    if (!tty) {
      for (const source of sources) yield* process.print(source.lines.map((l) => `${l}\n`).join(''));
      return 0;
    }
    const keyboard = process.stdin.tty ? process.stdin : yield* process.open('/dev/tty', { read: true, write: true });
    const before = { ...tty.modes };
    tty.modes = { ...before, canonical: false, echo: false, signals: false };
    try {
      return yield* new Pager(process, tty, keyboard, sources, options, name).run();
    } finally {
      tty.modes = before;
    }
  };

function unread(name: 'less' | 'more', path: string, error: Errno): string {
  if (error.code === 'EISDIR') return name === 'less' ? `${path} is a directory\n` : `\n*** ${path}: directory ***\n\n`;
  return name === 'less' ? `${path}: ${error.message}\n` : `more: cannot open ${path}: ${error.message}\n`;
}

export const less = pager('less');
export const more = pager('more');

class Pager {
  readonly #process: Process;
  readonly #tty: Tty;
  readonly #keys: KeyReader;
  readonly #sources: readonly Source[];
  readonly #more: boolean;
  #numbers: boolean;
  #chop: boolean;
  #file = 0;
  #top = 0;
  #pattern: Regex | undefined;
  #backward = false;
  #message = '';
  #first = true;
  readonly #quitAtEnd: boolean;

  constructor(
    process: Process,
    tty: Tty,
    keyboard: OpenFile,
    sources: readonly Source[],
    options: readonly string[],
    name: string,
  ) {
    this.#process = process;
    this.#tty = tty;
    this.#keys = new KeyReader(keyboard, process.machine.clock);
    this.#sources = sources;
    this.#more = name === 'more';
    // more.c only takes the new size (sigwinch_handler); less draws again (signal.c, screen_size_changed).
    if (!this.#more) this.#keys.watchSize(process);
    const letters = options.filter((o) => /^-[a-zA-Z]+$/.test(o)).join('');
    this.#numbers = letters.includes('N');
    this.#chop = letters.includes('S');
    this.#quitAtEnd = letters.includes('F') || this.#more;
    if (options.includes('+G')) this.#top = Number.POSITIVE_INFINITY;
  }

  get #lines(): string[] {
    return this.#sources[this.#file]!.lines;
  }

  get #height(): number {
    return Math.max(1, this.#tty.rows - 1);
  }

  *run(): Task<number> {
    if (this.#quitAtEnd && this.#sources.length === 1 && this.#rowsOf(0, this.#lines.length).length <= this.#height) {
      yield* this.#process.print(this.#lines.map((l) => `${l}\n`).join(''));
      return 0;
    }
    if (!this.#more) yield* this.#process.print('\x1b[?1049h\x1b[22;0;0t\x1b[?1h\x1b=');
    this.#clamp();
    try {
      for (;;) {
        yield* this.#draw();
        const key = yield* this.#key();
        yield* this.#process.spend(matchingCost());
        if (!key || (yield* this.#press(key))) return 0;
      }
    } finally {
      yield* this.#process.print(this.#more ? '\r\x1b[K' : '\r\x1b[K\x1b[?1l\x1b>\x1b[?1049l\x1b[23;0;0t');
    }
  }

  /** The next key. Another size draws all again, and the line that is being asked for. */
  *#key(asked = ''): Task<Key | undefined> {
    for (;;) {
      const key = yield* this.#keys.next();
      if (key?.name !== 'Resize') return key;
      this.#clamp();
      yield* this.#draw();
      if (asked !== '') yield* this.#process.print(asked);
    }
  }

  /** Screen rows of lines from `from` on, wrapped. */
  #rowsOf(from: number, to: number): string[] {
    const rows: string[] = [];
    const width = this.#tty.columns;
    for (let i = from; i < to && rows.length <= this.#height * 4; i++) {
      const prefix = this.#numbers ? `${String(i + 1).padStart(7)} ` : '';
      let row = prefix;
      let column = prefix.length;
      for (const char of this.#highlight(this.#lines[i]!)) {
        const cell = char.length > 2 ? 0 : char === '\t' ? 8 - (column % 8) : char < ' ' ? 2 : columnsOf(char);
        if (column + cell > width) {
          if (this.#chop) break;
          rows.push(row);
          row = '';
          column = 0;
        }
        row +=
          char === '\t'
            ? ' '.repeat(cell)
            : char.length === 1 && char < ' '
              ? `^${String.fromCharCode(char.charCodeAt(0) ^ 64)}`
              : char;
        column += cell;
      }
      rows.push(row);
    }
    return rows;
  }

  /** Characters, with the escape sequences of colour and of what was searched as units of no width. */
  #highlight(line: string): string[] {
    const units = line.match(/\x1b\[[0-9;]*[mK]|[\s\S]/gu) ?? [];
    if (!this.#pattern) return units;
    const out: string[] = [];
    let at = 0;
    const plain = units.filter((u) => u.length <= 2).join('');
    for (let from = 0; from <= plain.length; ) {
      const match = this.#match(plain, from);
      if (!match || match.end === match.index) break;
      out.push(...plain.slice(at, match.index), '\x1b[7m', ...plain.slice(match.index, match.end), '\x1b[27m');
      at = match.end;
      from = match.end;
    }
    return [...out, ...plain.slice(at)];
  }

  get #last(): number {
    let rows = 0;
    let top = this.#lines.length;
    while (top > 0) {
      rows += this.#rowsOf(top - 1, top).length;
      if (rows > this.#height) break;
      top--;
    }
    return top;
  }

  #clamp(): void {
    this.#top = Math.max(0, Math.min(this.#top, this.#last));
  }

  get #atEnd(): boolean {
    return this.#top >= this.#last;
  }

  *#draw(): Task<void> {
    const rows = this.#rowsOf(this.#top, this.#lines.length).slice(0, this.#height);
    const source = this.#sources[this.#file]!;
    let status: string;
    if (this.#message !== '') status = `\x1b[7m${this.#message}\x1b[27m`;
    else if (this.#more)
      status = this.#atEnd
        ? '\x1b[7m--More--(END)\x1b[27m'
        : `\x1b[7m--More--(${Math.floor(((this.#top + this.#height) * 100) / this.#lines.length)}%)\x1b[27m`;
    else if (this.#atEnd) status = '\x1b[7m(END)\x1b[27m';
    else if (this.#first && source.name !== '')
      status = `\x1b[7m${source.name}${this.#sources.length > 1 ? ` (file ${this.#file + 1} of ${this.#sources.length})` : ''}\x1b[27m`;
    else status = ':';
    this.#first = false;
    this.#message = '';
    const filler = Array.from({ length: this.#height - rows.length }, () => '~');
    const body = [...rows, ...(this.#more ? filler.map(() => '') : filler)].map((r) => `${r}\x1b[K\r\n`).join('');
    yield* this.#process.print(`\x1b[H${body.replaceAll('\r\n', '\n')}${status}\x1b[K`);
  }

  *#press(key: Key): Task<boolean> {
    const page = this.#height;
    switch (key.name) {
      case 'q':
      case 'Q':
      case 'C-c':
        return true;
      case ' ':
      case 'f':
      case 'C-f':
      case 'C-v':
      case 'PageDown':
        if (this.#more && this.#atEnd) return true;
        this.#top += page;
        break;
      case 'b':
      case 'C-b':
      case 'PageUp':
        this.#top -= page;
        break;
      case 'd':
      case 'C-d':
        this.#top += page >> 1;
        break;
      case 'u':
      case 'C-u':
        this.#top -= page >> 1;
        break;
      case 'j':
      case 'e':
      case 'Enter':
      case 'Down':
      case 'C-n':
        if (this.#more && this.#atEnd) return true;
        this.#top++;
        break;
      case 'k':
      case 'y':
      case 'Up':
      case 'C-p':
        this.#top--;
        break;
      case 'g':
      case '<':
      case 'Home':
        this.#top = 0;
        break;
      case 'G':
      case '>':
      case 'End':
        this.#top = Number.POSITIVE_INFINITY;
        break;
      case '/':
      case '?':
        yield* this.#askPattern(key.name);
        break;
      case 'n':
        this.#search(!this.#backward);
        break;
      case 'N':
        this.#search(this.#backward);
        break;
      case '-': {
        const option = yield* this.#key();
        if (option?.name === 'N') this.#numbers = !this.#numbers;
        else if (option?.name === 'S') this.#chop = !this.#chop;
        break;
      }
      case ':': {
        const next = yield* this.#key();
        if (next?.name === 'q') return true;
        if (next?.name === 'n' || next?.name === 'p') this.#switchFile(next.name === 'n' ? 1 : -1);
        break;
      }
      case '=':
      case 'C-g': {
        const name = this.#sources[this.#file]!.name;
        this.#message =
          `${name} lines ${this.#top + 1}-${Math.min(this.#lines.length, this.#top + page)}/${this.#lines.length}`.trim();
        break;
      }
      case 'h':
        this.#message = 'SPACE b: page  j k: line  g G: ends  /pattern n N: search  q: quit';
        break;
    }
    this.#clamp();
    return false;
  }

  #switchFile(step: number): void {
    const next = this.#file + step;
    if (!this.#sources[next]) {
      this.#message = step > 0 ? 'No next file  (press RETURN)' : 'No previous file  (press RETURN)';
      return;
    }
    this.#file = next;
    this.#top = 0;
    this.#first = true;
  }

  *#askPattern(sign: string): Task<void> {
    let typed = '';
    for (;;) {
      const asked = `\r${sign}${typed}\x1b[K`;
      yield* this.#process.print(asked);
      const key = yield* this.#key(asked);
      if (!key || key.name === 'Escape' || key.name === 'C-c') return;
      if (key.name === 'Enter') break;
      if (key.name === 'Backspace') {
        if (typed === '') return;
        typed = [...typed].slice(0, -1).join('');
      } else typed += key.text;
    }
    this.#backward = sign === '?';
    if (typed !== '') {
      try {
        this.#pattern = compileRegex(typed, { extended: true, ignoreCase: false });
      } catch (error) {
        if (!(error instanceof RegexError)) throw error;
        this.#message = `${error.message}  (press RETURN)`;
        return;
      }
    }
    this.#search(!this.#backward, true);
  }

  /** What takes more than there is has no match (less does not look at why regexec(3) failed). */
  #match(line: string, from = 0): Match | undefined {
    try {
      return withinSteps(MOST_MATCHING, () => this.#pattern!.exec(line, from));
    } catch (error) {
      if (!isErrno(error, 'ENOMEM')) throw error;
      return undefined;
    }
  }

  #search(forward: boolean, here = false): void {
    if (!this.#pattern) {
      this.#message = 'No previous search pattern  (press RETURN)';
      return;
    }
    const step = forward ? 1 : -1;
    for (let i = this.#top + (here && forward ? 0 : step); i >= 0 && i < this.#lines.length; i += step) {
      if (this.#match(this.#lines[i]!)) {
        this.#top = i;
        return;
      }
    }
    this.#message = 'Pattern not found  (press RETURN)';
  }
}
