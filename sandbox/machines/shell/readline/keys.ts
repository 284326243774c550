/** Key strokes from the bytes a terminal sends: characters, control keys, Meta, and escape sequences by name. */

import type { Clock } from '../../../sim/clock.ts';
import { firstOf, type Task } from '../../../sim/task.ts';
import type { OpenFile, Process } from '../../process.ts';

/**
 * A printable character stands for itself; others are named: `C-a`, `M-b`, `Up`, `Delete`, `Paste`. `Resize` is what ncurses calls
 * KEY_RESIZE: the terminal has another size.
 */
export interface Key {
  readonly name: string;
  /** The character, or the pasted text. */
  readonly text: string;
}

const NAMED: Readonly<Record<string, string>> = {
  '[A': 'Up',
  '[B': 'Down',
  '[C': 'Right',
  '[D': 'Left',
  '[H': 'Home',
  '[F': 'End',
  '[1~': 'Home',
  '[2~': 'Insert',
  '[3~': 'Delete',
  '[4~': 'End',
  '[5~': 'PageUp',
  '[6~': 'PageDown',
  '[7~': 'Home',
  '[8~': 'End',
  '[Z': 'BackTab',
  '[1;5C': 'C-Right',
  '[1;5D': 'C-Left',
  '[1;3C': 'M-f',
  '[1;3D': 'M-b',
  '[3;5~': 'M-d',
  OA: 'Up',
  OB: 'Down',
  OC: 'Right',
  OD: 'Left',
  OH: 'Home',
  OF: 'End',
};

/** Milliseconds between the bytes of one escape sequence, at most. */
const ESCAPE_TIME = 25;

const PASTE_END = '\x1b[201~';

/** Reads keys one byte at a time, so that what follows a command's Enter stays for the command. */
export class KeyReader {
  readonly #file: OpenFile;
  readonly #clock: Clock | undefined;
  #held: Key | undefined;
  #resized: (() => void) | undefined;
  #unseenSize = false;

  /** With a clock, an Escape that nothing follows at once is a key of its own, and so is what follows it later. */
  constructor(file: OpenFile, clock?: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  /** From now on a SIGWINCH of the process is a key, as for a program of ncurses (resizeterm(3x)). */
  watchSize(process: Process): void {
    process.trap('SIGWINCH', () => {
      this.#unseenSize = true;
      this.#resized?.();
    });
  }

  /** Undefined at the end of input. */
  *next(): Task<Key | undefined> {
    const held = this.#held;
    this.#held = undefined;
    if (held) return held;
    if (yield* this.#sizeFirst()) return { name: 'Resize', text: '' };
    const char = yield* this.#char();
    if (char === undefined) return undefined;
    if (char !== '\x1b') return plainKey(char);
    if (yield* this.#alone()) return { name: 'Escape', text: '' };
    return yield* this.#escape();
  }

  /** Waits for a byte or, where that is a key, another size; whether it was the size. */
  *#sizeFirst(): Task<boolean> {
    const { readable } = this.#file;
    if (!this.#unseenSize && readable) {
      yield* firstOf(readable, (resume) => {
        this.#resized = resume;
        return () => {
          this.#resized = undefined;
        };
      });
    }
    const seen = this.#unseenSize;
    this.#unseenSize = false;
    return seen;
  }

  /** Whether nothing follows the Escape for a moment. */
  *#alone(): Task<boolean> {
    const clock = this.#clock;
    const { readable } = this.#file;
    if (!clock || !readable) return false;
    const { index } = yield* firstOf(readable, (resume) => {
      const timer = clock.after(ESCAPE_TIME, resume);
      return () => timer.cancel();
    });
    return index === 1;
  }

  *#escape(): Task<Key | undefined> {
    const char = yield* this.#char();
    if (char === undefined) return undefined;
    if (char !== '[' && char !== 'O') {
      const key = plainKey(char);
      if (!this.#clock) return { name: `M-${key.name}`, text: '' };
      this.#held = key;
      return { name: 'Escape', text: '' };
    }
    let sequence = char;
    for (;;) {
      const next = yield* this.#char();
      if (next === undefined) return undefined;
      sequence += next;
      if (/[A-Za-z~]/.test(next)) break;
      if (sequence.length > 12) break;
    }
    if (sequence === '[200~') return { name: 'Paste', text: yield* this.#paste() };
    return { name: NAMED[sequence] ?? 'Unknown', text: '' };
  }

  *#paste(): Task<string> {
    let text = '';
    while (!text.endsWith(PASTE_END)) {
      const char = yield* this.#char();
      if (char === undefined) return text;
      text += char;
    }
    return text.slice(0, -PASTE_END.length).replace(/\r\n?/g, '\n');
  }

  /** One character of UTF-8. */
  *#char(): Task<string | undefined> {
    const first = (yield* this.#file.read(1))[0];
    if (first === undefined) return undefined;
    const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    const bytes = [first];
    while (bytes.length < length) {
      const next = (yield* this.#file.read(1))[0];
      if (next === undefined) return undefined;
      bytes.push(next);
    }
    return length === 1 ? String.fromCharCode(first) : new TextDecoder().decode(new Uint8Array(bytes));
  }
}

function plainKey(char: string): Key {
  const code = char.charCodeAt(0);
  if (code === 0x7f || code === 8) return { name: 'Backspace', text: '' };
  if (code === 13 || code === 10) return { name: 'Enter', text: '' };
  if (code === 9) return { name: 'Tab', text: '' };
  if (code === 27) return { name: 'Escape', text: '' };
  if (code < 32) return { name: `C-${String.fromCharCode(code + 96)}`, text: '' };
  return { name: char, text: char };
}
