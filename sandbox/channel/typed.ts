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
const MOVE_TO_END = '\x05';
/** All before the caret. */
const CLEAR_LINE = '\x15';
const CLEAR_SCREEN = '\x0c';
const COMPLETE = '\t';
/** The next key is meant as it is. */
const QUOTE = '\x16';
const INTERRUPT = '\x03';
const ERASE = /[\x7f\b]/;
/** Around what is pasted. */
const PASTE = /^\x1b\[20[01]~$/;

/** Escape sequences of keys: arrows, Home, Alt and a letter. */
const SEQUENCE = /^\x1b(?:\[[0-9;?]*[A-Za-z~]|O[A-Za-z]|[^\r\n])?/;
const ESCAPE = '\x1b';
const LONGEST_SEQUENCE = 32;
/** No here-string, and no shift in an arithmetic expression. */
const HEREDOC = /(?<!<)<<-?\s*(['"]?)(\w+)\1/;
const ARITHMETIC = /\(\(.*?\)\)/g;
/** Longer lines are not looked through for a document. */
const LONGEST_OPENER = 1_000;

/** Whether keys end a line, at a prompt or elsewhere. */
export const endsLine = (input: Input): boolean => input.type === 'keys' && ENTER.test(input.data);

/** All lines that were ended, in that order; of several terminals side by side. */
export function* typedLines(entries: readonly Noted[]): Generator<TypedLine> {
  const lines = new Map<string, Line>();
  for (const [position, entry] of entries.entries()) {
    // These leave no line half typed: a solution clears them, the others end what they were typed into.
    if (entry.type === 'solve') lines.clear();
    if (entry.type === 'interrupt' || entry.type === 'close') lines.delete(entry.host);
    if (entry.type === 'power') for (const host of lines.keys()) if (hostOf(host) === entry.host) lines.delete(host);
    if (entry.type !== 'keys') continue;
    const line = lines.get(entry.host) ?? new Line(entry.host);
    lines.set(entry.host, line);
    yield* line.type(position, entry);
  }
}

/** Whether it was a command: an empty line is none. */
export const isCommand = ({ inside, edited, text }: TypedLine): boolean => !inside && (edited || text.trim() !== '');

/** The machine that a terminal is of: `master01:2` is the second one of its host. */
export const hostOf = (terminal: string): string => terminal.replace(/:.*/, '');

/** What is being typed in one terminal. */
class Line {
  readonly #host: string;
  #from = -1;
  #text = '';
  #edited = false;
  /** The caret may not be at the end. */
  #moved = false;
  #quoted = false;
  /** What the sandbox noted last. */
  #noted: boolean | undefined;
  /** The entry in which a line was ended last. */
  #ended = -1;
  /** The document that a line of the shell began: the word that ends it, and the entry. */
  #document: { readonly end: string; readonly opened: number } | undefined;

  constructor(host: string) {
    this.#host = host;
  }

  *type(position: number, { data, inside }: Extract<Noted, { type: 'keys' }>): Generator<TypedLine> {
    // What went to a program without an Enter (`q`, Ctrl-D) is no beginning of the next line; what was pasted after one is.
    if (inside !== undefined && inside !== this.#noted && this.#ended < this.#from) this.#begin();
    this.#noted = inside;
    for (let at = 0; at < data.length; ) {
      const sequence = data[at] === ESCAPE ? SEQUENCE.exec(data.slice(at, at + LONGEST_SEQUENCE))![0] : undefined;
      if (this.#from < 0) this.#from = position;
      if (this.#quoted) {
        this.#quoted = false;
        this.#edited = true;
      } else if (sequence) this.#sequence(sequence);
      else if (ENTER.test(data[at]!)) yield this.#enter(position);
      else this.#key(data[at]!);
      at += sequence?.length ?? 1;
    }
  }

  #sequence(sequence: string): void {
    if (PASTE.test(sequence)) return;
    this.#edited = this.#moved = true;
  }

  #key(key: string): void {
    if (key === INTERRUPT) this.#begin();
    // With the caret elsewhere something may remain.
    else if (key === CLEAR_LINE && !this.#moved) {
      this.#text = '';
      this.#edited = false;
    } else if (ERASE.test(key)) this.#text = this.#text.slice(0, -1);
    else if (key >= ' ') this.#text += key;
    else if (key === MOVE_TO_END) this.#moved = false;
    else if (key === QUOTE) this.#quoted = true;
    else if (key !== CLEAR_SCREEN) {
      this.#edited = true;
      this.#moved ||= key !== COMPLETE;
    }
  }

  #enter(to: number): TypedLine {
    // A note is of an entry's first key: of several lines at once the words tell where a document begins and ends.
    const inside = this.#noted === true || this.#document?.opened === to;
    const line = { host: this.#host, from: this.#from, to, text: this.#text, edited: this.#edited, inside };
    this.#begin();
    this.#ended = to;
    if (!inside) this.#document = documentOf(line.text, to);
    else if (line.text.trim() === this.#document?.end) {
      this.#document = undefined;
      this.#noted = false;
    }
    return line;
  }

  #begin(): void {
    this.#from = -1;
    this.#text = '';
    this.#edited = this.#moved = this.#quoted = false;
  }
}

function documentOf(line: string, opened: number): { readonly end: string; readonly opened: number } | undefined {
  const end = line.length <= LONGEST_OPENER && HEREDOC.exec(line.replaceAll(ARITHMETIC, ''))?.[2];
  return end ? { end, opened } : undefined;
}
