/** The one reader of what was typed: lines, as far as a log's keys tell them, and which of them were commands of their own. */

import type { Input } from './inputs.ts';

/** An input, and what the sandbox noted of its keys (LogEntry's `inside`), where it has. */
export type Noted = Input & { readonly inside?: boolean | undefined };

export interface TypedLine {
  /** The terminal. */
  readonly host: string;
  /** The entries of its first key and of its Enter, by their positions. */
  readonly from: number;
  readonly to: number;
  /** Without what history, completion and the arrow keys made of it. */
  readonly text: string;
  /** They made something of it: the text is not all of it. */
  readonly edited: boolean;
  /** It went to what an earlier line had begun: a program that reads the terminal, a document in the shell. */
  readonly inside: boolean;
}

const ENTER = /[\r\n]/;
/** What moves or empties nothing that was typed. */
const MOVE_TO_END = '\x05';
const CLEAR_LINE = '\x15';
const INTERRUPT = '\x03';
const ERASE = /[\x7f\b]/;

/** Escape sequences of keys: arrows, Home, Alt and a letter. */
const SEQUENCE = /^\x1b(?:\[[0-9;?]*[A-Za-z~]|O[A-Za-z]|[^\r\n])?/;
const ESCAPE = '\x1b';
const LONGEST_SEQUENCE = 32;
/** No here-string, and no shift in an arithmetic expression. */
const HEREDOC = /(?<!<)<<-?\s*(['"]?)(\w+)\1/;
const ARITHMETIC = /\(\(.*?\)\)/g;

/** Whether keys end a line, at a prompt or elsewhere. */
export const endsLine = (input: Input): boolean => input.type === 'keys' && ENTER.test(input.data);

/** All lines that were ended, in that order; of several terminals side by side. */
export function* typedLines(entries: readonly Noted[]): Generator<TypedLine> {
  const lines = new Map<string, Line>();
  for (const [position, entry] of entries.entries()) {
    if (entry.type !== 'keys') continue;
    const line = lines.get(entry.host) ?? new Line(entry.host);
    lines.set(entry.host, line);
    yield* line.type(position, entry);
  }
}

/** Whether it was a command: an empty line is none. */
export const isCommand = ({ inside, edited, text }: TypedLine): boolean => !inside && (edited || text.trim() !== '');

/** What is being typed in one terminal. */
class Line {
  readonly #host: string;
  #from = -1;
  #text = '';
  #edited = false;
  /** What the sandbox noted last. */
  #noted: boolean | undefined;
  /** The word that ends the document which is being typed, as far as its lines tell. */
  #until: string | undefined;

  constructor(host: string) {
    this.#host = host;
  }

  *type(position: number, { data, inside }: Extract<Noted, { type: 'keys' }>): Generator<TypedLine> {
    // What went to a program without an Enter (`q`, Ctrl-D) is no beginning of the next line.
    if (inside !== undefined && inside !== this.#noted) this.#begin();
    if (inside === false) this.#until = undefined;
    this.#noted = inside;
    for (let at = 0; at < data.length; ) {
      const sequence = data[at] === ESCAPE ? SEQUENCE.exec(data.slice(at, at + LONGEST_SEQUENCE))![0] : undefined;
      if (this.#from < 0) this.#from = position;
      if (sequence) this.#edited = true;
      else if (ENTER.test(data[at]!)) yield this.#enter(position);
      else this.#key(data[at]!);
      at += sequence?.length ?? 1;
    }
  }

  #key(key: string): void {
    if (key === INTERRUPT) {
      this.#begin();
      this.#until = undefined;
    } else if (key === CLEAR_LINE) {
      this.#text = '';
      this.#edited = false;
    } else if (ERASE.test(key)) this.#text = this.#text.slice(0, -1);
    else if (key >= ' ') this.#text += key;
    else if (key !== MOVE_TO_END) this.#edited = true;
  }

  #enter(to: number): TypedLine {
    const inside = this.#noted === true || this.#until !== undefined;
    const line = { host: this.#host, from: this.#from, to, text: this.#text, edited: this.#edited, inside };
    this.#begin();
    if (!inside) this.#until = HEREDOC.exec(line.text.replaceAll(ARITHMETIC, ''))?.[2];
    else if (line.text.trim() === this.#until) this.#until = undefined;
    return line;
  }

  #begin(): void {
    this.#from = -1;
    this.#text = '';
    this.#edited = false;
  }
}
