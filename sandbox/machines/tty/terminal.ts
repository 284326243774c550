/** A pseudo-terminal with Linux' line discipline (termios(3), drivers/tty/n_tty.c): what is typed is edited, echoed and turned into signals here. */

import type { Cause } from '../../sim/cause.ts';
import type { Resume, Task, Wait } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import { caller, costs, mayRaise } from '../kernel/current.ts';
import { Description } from '../kernel/description.ts';
import type { WindowSize } from '../machine.ts';
import type { Signal, Stat, TerminalModes, Tty } from '../process.ts';
import { columnsOf } from './width.ts';

const SIGNALS: Readonly<Record<string, Signal>> = { '\x03': 'SIGINT', '\x1c': 'SIGQUIT', '\x1a': 'SIGTSTP' };
const ERASE = ['\x7f', '\b'];
const KILL = '\x15';
const WORD_ERASE = '\x17';
const END_OF_FILE = '\x04';
const REPRINT = '\x12';
const LITERAL_NEXT = '\x16';

/** A terminal shows some 4 MB a second: so many times less than is copied in memory. */
const SLOWER = 500;
/** A line being edited takes no more (MAX_CANON, N_TTY_BUF_SIZE less its newline). */
const LONGEST_LINE = 4_095;
/** What was written before anybody listened: as much as a screen's history needs. */
const UNHEARD = 256 * 1024;

const encoder = new TextEncoder();
const EMPTY = new Uint8Array(0);

/** A character on the line being typed, and the columns its echo took. */
interface Typed {
  readonly character: string;
  readonly columns: number;
}

export interface TerminalOwner {
  /** Sends a signal to a process group of the terminal's session. */
  signal(group: number, signal: Signal): void;
  stat(): Stat;
}

export class TerminalDevice implements Tty {
  readonly name: string;
  columns: number;
  rows: number;
  modes: TerminalModes = { canonical: true, echo: true, signals: true };
  foreground = 0;
  typed: Cause | undefined;
  readonly #owner: TerminalOwner;
  /** The line being edited. */
  #line: Typed[] = [];
  #literalNext = false;
  /** Whole lines, for the program to read; an empty chunk is an end of file. */
  #input: Uint8Array[] = [];
  /** Typed while the terminal was raw, and not read yet. */
  #raw = '';
  #readers: Resume[] = [];
  #column = 0;
  #decoder = new TextDecoder();
  #inputDecoder = new TextDecoder();
  #pending = '';
  #listener: ((data: string) => void) | undefined;
  #hungUp = false;

  constructor(name: string, size: WindowSize, owner: TerminalOwner) {
    this.name = name;
    this.columns = size.columns;
    this.rows = size.rows;
    this.#owner = owner;
  }

  get hungUp(): boolean {
    return this.#hungUp;
  }

  /** Somebody waits for input. */
  get awaited(): boolean {
    return this.#readers.length > 0;
  }

  /** Key strokes or pasted text, from the keyboard's end. */
  type(text: string): void {
    for (const character of text) this.#key(character);
  }

  /** The same as bytes, which may split a character. */
  typeBytes(data: Uint8Array): void {
    this.type(this.#inputDecoder.decode(data, { stream: true }));
  }

  resize(size: WindowSize): void {
    if (size.columns === this.columns && size.rows === this.rows) return;
    this.columns = size.columns;
    this.rows = size.rows;
    this.#owner.signal(this.foreground, 'SIGWINCH');
  }

  get unheard(): string {
    return this.#pending;
  }

  /** The screen's end. What was written before there was a listener comes first. */
  onOutput(listener: (data: string) => void): void {
    this.#listener = listener;
    const pending = this.#pending;
    this.#pending = '';
    if (pending) listener(pending);
  }

  /** The keyboard's end goes away: readers see an end of file, writers an I/O error. */
  hangUp(): void {
    if (this.#hungUp) return;
    this.#hungUp = true;
    this.#wake();
    this.#owner.signal(this.foreground, 'SIGHUP');
    this.#owner.signal(this.foreground, 'SIGCONT');
  }

  *read(max: number): Task<Uint8Array> {
    yield* this.#inForeground('SIGTTIN');
    while (!this.#ready()) {
      if (this.#hungUp) return EMPTY;
      yield this.readable;
      yield* this.#inForeground('SIGTTIN');
    }
    const first = this.#input[0]!;
    if (first.length <= max) {
      this.#input.shift();
      return first;
    }
    this.#input[0] = first.subarray(max);
    return first.subarray(0, max);
  }

  write(data: Uint8Array): void {
    if (this.#hungUp) throw new Errno('EIO');
    this.#emit(this.#decoder.decode(data, { stream: true }));
  }

  readonly readable: Wait = (resume) => {
    if (this.#ready() || this.#hungUp) {
      resume();
      return undefined;
    }
    this.#readers.push(resume);
    return () => {
      this.#readers = this.#readers.filter((reader) => reader !== resume);
    };
  };

  stat(): Stat {
    return this.#owner.stat();
  }

  open(): TerminalFile {
    return new TerminalFile(this);
  }

  /** A background job that reads its terminal is stopped; an orphaned or deaf one gets EIO. */
  *#inForeground(signal: Signal): Task<void> {
    for (let who = caller(); who && who.group !== this.foreground && this.foreground !== 0; who = caller()) {
      if (who.ignores(signal)) throw new Errno('EIO');
      yield* mayRaise(signal);
      yield (resume) => {
        resume();
        return undefined;
      };
    }
  }

  /** Whether there is input, once what came while the modes were others is treated as the modes now say. */
  #ready(): boolean {
    if (this.modes.canonical) {
      const early = this.#raw;
      this.#raw = '';
      for (const character of early) this.#key(character);
    } else if (this.#input.length === 0) {
      const early = this.#line.map((typed) => typed.character).join('') + this.#raw;
      this.#line = [];
      this.#raw = '';
      if (early) this.#input.push(encoder.encode(early));
    }
    return this.#input.length > 0;
  }

  #key(typed: string): void {
    const { canonical, signals } = this.modes;
    const signal = signals && !this.#literalNext ? SIGNALS[typed] : undefined;
    if (signal) this.#interrupt(typed, signal);
    else if (canonical) this.#edit(typed === '\r' ? '\n' : typed);
    else {
      this.#raw += typed;
      this.#wake();
    }
  }

  /** ISIG without NOFLSH: what was typed ahead is lost. */
  #interrupt(typed: string, signal: Signal): void {
    this.#line = [];
    this.#input = [];
    this.#raw = '';
    if (this.modes.echo) this.#emit(caret(typed));
    this.#owner.signal(this.foreground, signal);
  }

  #edit(typed: string): void {
    if (this.#literalNext) this.#appendLiterally(typed);
    else if (ERASE.includes(typed)) this.#erase(1);
    else if (typed === KILL) this.#erase(this.#line.length);
    else if (typed === WORD_ERASE) this.#erase(this.#lastWord());
    else if (typed === REPRINT) this.#reprint();
    else if (typed === LITERAL_NEXT) {
      this.#literalNext = true;
      if (this.modes.echo) this.#emit('^\b');
    } else if (typed === END_OF_FILE) this.#deliver('');
    else if (typed === '\n') {
      if (this.modes.echo) this.#emit('\n');
      this.#deliver('\n');
    } else this.#append(typed);
  }

  #appendLiterally(typed: string): void {
    this.#literalNext = false;
    this.#append(typed);
  }

  #append(character: string): void {
    if (this.#line.length >= LONGEST_LINE) return;
    const before = this.#column;
    const shown = isControl(character) && character !== '\t' ? caret(character) : character;
    const columns = character === '\t' ? 8 - (before % 8) : [...shown].reduce((sum, one) => sum + columnsOf(one), 0);
    this.#line.push({ character, columns });
    if (this.modes.echo) this.#emit(shown);
  }

  #erase(count: number): void {
    for (let i = 0; i < count; i++) {
      const typed = this.#line.pop();
      if (!typed) return;
      // A character without columns of its own goes with the one it stands on.
      if (typed.columns === 0 && this.#line.length > 0) count++;
      if (this.modes.echo)
        this.#emit(typed.character === '\t' ? '\b'.repeat(typed.columns) : '\b \b'.repeat(typed.columns));
    }
  }

  #lastWord(): number {
    let at = this.#line.length;
    while (at > 0 && /\s/.test(this.#line[at - 1]!.character)) at--;
    while (at > 0 && !/\s/.test(this.#line[at - 1]!.character)) at--;
    return this.#line.length - at;
  }

  #reprint(): void {
    if (!this.modes.echo) return;
    this.#emit('^R\n');
    const line = this.#line;
    this.#line = [];
    for (const { character } of line) this.#append(character);
  }

  #deliver(end: string): void {
    const text = this.#line.map((typed) => typed.character).join('') + end;
    this.#line = [];
    this.#offer(encoder.encode(text));
  }

  #offer(data: Uint8Array): void {
    this.#input.push(data);
    this.#wake();
  }

  #wake(): void {
    const readers = this.#readers;
    this.#readers = [];
    for (const resume of readers) resume();
  }

  /** OPOST and ONLCR: a new line also returns the carriage. */
  #emit(text: string): void {
    for (const character of text) this.#advance(character);
    const shown = this.modes.output === false ? text : text.replaceAll('\n', '\r\n');
    if (this.#listener) this.#listener(shown);
    else this.#pending = (this.#pending + shown).slice(-UNHEARD);
  }

  #advance(character: string): void {
    if (character === '\n' || character === '\r') this.#column = 0;
    else if (character === '\b') this.#column = Math.max(0, this.#column - 1);
    else if (character === '\t') this.#column += 8 - (this.#column % 8);
    else this.#column += columnsOf(character);
  }
}

/** A terminal opened by a program. */
export class TerminalFile extends Description {
  readonly tty: TerminalDevice;
  readonly path: string;
  readonly readable: Wait;

  constructor(tty: TerminalDevice) {
    super();
    this.tty = tty;
    this.path = `/dev/${tty.name}`;
    this.readable = tty.readable;
  }

  read(max = 4096): Task<Uint8Array> {
    return this.tty.read(max);
  }

  *write(data: Uint8Array): Task<void> {
    this.tty.write(data);
    if (costs(data.length, SLOWER)) yield* caller()!.pay();
  }

  *stat(): Task<Stat> {
    return this.tty.stat();
  }
}

const isControl = (character: string): boolean => character < ' ' || character === '\x7f';

const caret = (character: string): string => `^${String.fromCharCode(character.charCodeAt(0) ^ 0x40)}`;
