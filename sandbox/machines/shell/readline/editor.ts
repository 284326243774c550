/** The line editor: Emacs keys, history, incremental search, completion, bracketed paste (readline(3)). */

import type { Task } from '../../../sim/task.ts';
import type { Process, TerminalModes, Tty } from '../../process.ts';
import { type Completion, commonPrefix, listColumns } from './completion.ts';
import { type Key, KeyReader } from './keys.ts';
import { DEFAULT_COLUMNS, Screen } from './screen.ts';

export type Complete = (line: string, at: number) => Task<Completion>;

type Result = { text: string } | 'interrupt' | undefined;

const RAW: TerminalModes = { canonical: false, echo: false, signals: false };

export class LineEditor {
  readonly #tty: Tty;
  readonly #keys: KeyReader;
  readonly #screen: Screen;
  readonly #history: readonly string[];
  readonly #complete: Complete;
  #text = '';
  #at = 0;
  #killed: string[] = [];
  #lastKill = false;
  #lastYank: number | undefined;
  #lastTab = false;
  /** Index in history; its length is the line being typed. */
  #entry = 0;
  #drafts = new Map<number, string>();
  #undo: { text: string; at: number }[] = [];
  readonly #pasteMarks: boolean;
  #prompt = '';

  /** `pasteMarks`: asks the terminal to bracket what is pasted, as readline does and other shells' editors do not. */
  constructor(process: Process, tty: Tty, history: readonly string[], complete: Complete, pasteMarks = true) {
    this.#tty = tty;
    this.#pasteMarks = pasteMarks;
    this.#keys = new KeyReader(process.stdin);
    this.#screen = new Screen(process.stderr, tty);
    this.#history = history;
    this.#complete = complete;
  }

  /** Undefined at the end of input. */
  *readLine(prompt: string, continues = false): Task<Result> {
    const before = { ...this.#tty.modes };
    this.#tty.modes = { ...before, ...RAW, continues };
    this.#text = '';
    this.#at = 0;
    this.#entry = this.#history.length;
    this.#drafts.clear();
    this.#undo = [];
    this.#prompt = prompt;
    try {
      if (this.#pasteMarks) yield* this.#screen.write('\x1b[?2004h');
      yield* this.#screen.begin(prompt);
      const result = yield* this.#edit();
      if (this.#pasteMarks) yield* this.#screen.write('\x1b[?2004l\r');
      return result;
    } finally {
      this.#tty.modes = before;
    }
  }

  *#edit(): Task<Result> {
    for (;;) {
      const key = yield* this.#keys.next();
      if (key === undefined) return undefined;
      const atEnd = this.#at === this.#text.length;
      const result = yield* this.#press(key);
      if (result) return result === 'end' ? undefined : result;
      this.#screen.moved = !atEnd;
      yield* this.#screen.draw(this.#text, this.#at);
    }
  }

  *#press(key: Key): Task<{ text: string } | 'interrupt' | 'end' | undefined> {
    const wasKill = this.#lastKill;
    const wasTab = this.#lastTab;
    this.#lastKill = false;
    this.#lastTab = false;
    switch (key.name) {
      case 'Enter':
      case 'C-j':
        this.#at = this.#text.length;
        yield* this.#screen.draw(this.#text, this.#at);
        yield* this.#screen.finish(this.#text);
        return { text: this.#text };
      case 'C-c':
        this.#at = this.#text.length;
        yield* this.#screen.draw(this.#text, this.#at);
        yield* this.#screen.write('^C');
        yield* this.#screen.finish(this.#text);
        return 'interrupt';
      case 'C-d':
        if (this.#text === '') return 'end';
        this.#delete(this.#at, this.#right(this.#at));
        return undefined;
      case 'Tab':
        yield* this.#tab(wasTab);
        return undefined;
      case 'C-l':
        yield* this.#screen.clear(this.#text, this.#at);
        return undefined;
      case 'C-r':
        return yield* this.#search();
      case 'C-v':
      case 'C-q': {
        const next = yield* this.#keys.next();
        if (next) this.#insert(next.text !== '' ? next.text : controlOf(next.name));
        return undefined;
      }
      default:
        if (key.text !== '') this.#insert(key.text);
        else this.#command(key.name, wasKill);
        return undefined;
    }
  }

  /** Keys that only change the line. */
  #command(name: string, wasKill: boolean): void {
    const { length } = this.#text;
    switch (name) {
      case 'C-a':
      case 'Home':
        this.#at = 0;
        return;
      case 'C-e':
      case 'End':
        this.#at = length;
        return;
      case 'C-b':
      case 'Left':
        this.#at = this.#left(this.#at);
        return;
      case 'C-f':
      case 'Right':
        this.#at = this.#right(this.#at);
        return;
      case 'M-b':
      case 'C-Left':
        this.#at = this.#wordLeft(this.#at);
        return;
      case 'M-f':
      case 'C-Right':
        this.#at = this.#wordRight(this.#at);
        return;
      case 'Backspace':
        this.#delete(this.#left(this.#at), this.#at);
        return;
      case 'Delete':
        this.#delete(this.#at, this.#right(this.#at));
        return;
      case 'C-k':
        this.#kill(this.#at, length, wasKill, false);
        return;
      case 'C-u':
        this.#kill(0, this.#at, wasKill, true);
        return;
      case 'C-w':
        this.#kill(this.#blankWordLeft(this.#at), this.#at, wasKill, true);
        return;
      case 'M-Backspace':
        this.#kill(this.#wordLeft(this.#at), this.#at, wasKill, true);
        return;
      case 'M-d':
        this.#kill(this.#at, this.#wordRight(this.#at), wasKill, false);
        return;
      case 'C-y':
        this.#lastYank = this.#at;
        this.#insert(this.#killed.at(-1) ?? '');
        return;
      case 'M-y':
        this.#yankPrevious();
        return;
      case 'C-t':
        this.#transpose();
        return;
      case 'M-u':
      case 'M-l':
      case 'M-c':
        this.#changeCase(name);
        return;
      case 'C-p':
      case 'Up':
        this.#go(this.#entry - 1);
        return;
      case 'C-n':
      case 'Down':
        this.#go(this.#entry + 1);
        return;
      case 'M-<':
        this.#go(0);
        return;
      case 'M->':
        this.#go(this.#history.length);
        return;
      case 'M-.':
      case 'M-_':
        this.#insert((this.#history.at(-1) ?? '').trim().split(/\s+/).at(-1) ?? '');
        return;
      case 'C-_': {
        const last = this.#undo.pop();
        if (last) {
          this.#text = last.text;
          this.#at = last.at;
        }
        return;
      }
      case 'Paste':
        return;
    }
  }

  #remember(): void {
    this.#undo.push({ text: this.#text, at: this.#at });
    if (this.#undo.length > 500) this.#undo.shift();
  }

  #insert(text: string): void {
    this.#remember();
    this.#text = this.#text.slice(0, this.#at) + text + this.#text.slice(this.#at);
    this.#at += text.length;
  }

  #delete(from: number, to: number): void {
    if (from === to) return;
    this.#remember();
    this.#text = this.#text.slice(0, from) + this.#text.slice(to);
    this.#at = from;
  }

  #kill(from: number, to: number, join: boolean, backward: boolean): void {
    const text = this.#text.slice(from, to);
    if (join && this.#killed.length > 0) {
      const last = this.#killed.pop()!;
      this.#killed.push(backward ? text + last : last + text);
    } else if (text !== '') this.#killed.push(text);
    this.#delete(from, to);
    this.#lastKill = true;
  }

  #yankPrevious(): void {
    if (this.#lastYank === undefined || this.#killed.length < 2) return;
    const current = this.#killed.pop()!;
    this.#killed.unshift(current);
    this.#delete(this.#lastYank, this.#lastYank + current.length);
    this.#insert(this.#killed.at(-1)!);
  }

  #left(at: number): number {
    if (at === 0) return 0;
    const code = this.#text.charCodeAt(at - 1);
    return at - (code >= 0xdc00 && code < 0xe000 ? 2 : 1);
  }

  #right(at: number): number {
    return at + (this.#text.codePointAt(at) === undefined ? 0 : this.#text.codePointAt(at)! > 0xffff ? 2 : 1);
  }

  #wordLeft(from: number): number {
    let at = from;
    while (at > 0 && !isWord(this.#text[at - 1]!)) at--;
    while (at > 0 && isWord(this.#text[at - 1]!)) at--;
    return at;
  }

  #wordRight(from: number): number {
    let at = from;
    while (at < this.#text.length && !isWord(this.#text[at]!)) at++;
    while (at < this.#text.length && isWord(this.#text[at]!)) at++;
    return at;
  }

  #blankWordLeft(from: number): number {
    let at = from;
    while (at > 0 && /\s/.test(this.#text[at - 1]!)) at--;
    while (at > 0 && !/\s/.test(this.#text[at - 1]!)) at--;
    return at;
  }

  #transpose(): void {
    if (this.#text.length < 2 || this.#at === 0) return;
    const at = this.#at === this.#text.length ? this.#at - 1 : this.#at;
    this.#remember();
    this.#text = this.#text.slice(0, at - 1) + this.#text[at] + this.#text[at - 1] + this.#text.slice(at + 1);
    this.#at = at + 1;
  }

  #changeCase(name: string): void {
    const end = this.#wordRight(this.#at);
    const word = this.#text.slice(this.#at, end);
    const changed =
      name === 'M-u'
        ? word.toUpperCase()
        : name === 'M-l'
          ? word.toLowerCase()
          : word.toLowerCase().replace(/\w/, (c) => c.toUpperCase());
    this.#remember();
    this.#text = this.#text.slice(0, this.#at) + changed + this.#text.slice(end);
    this.#at = end;
  }

  #go(entry: number): void {
    if (entry < 0 || entry > this.#history.length) return;
    this.#drafts.set(this.#entry, this.#text);
    this.#entry = entry;
    this.#text = this.#drafts.get(entry) ?? this.#history[entry] ?? '';
    this.#at = this.#text.length;
  }

  *#tab(again: boolean): Task<void> {
    const { from, candidates, suffix } = yield* this.#complete(this.#text, this.#at);
    this.#lastTab = true;
    if (candidates.length === 0) {
      yield* this.#screen.write('\x07');
      return;
    }
    const typed = this.#text.slice(from, this.#at);
    const common = commonPrefix(candidates.map((c) => c.insert));
    if (candidates.length === 1) {
      this.#delete(from, this.#at);
      this.#at = from;
      this.#insert(candidates[0]!.insert + (candidates[0]!.directory ? '' : suffix));
      this.#lastTab = false;
      return;
    }
    if (common.length > typed.length) {
      this.#delete(from, this.#at);
      this.#at = from;
      this.#insert(common);
      return;
    }
    if (!again) {
      yield* this.#screen.write('\x07');
      return;
    }
    const shown = candidates.map((c) => c.shown);
    if (shown.length > 100 && !(yield* this.#confirm(shown.length))) return;
    yield* this.#screen.finish(this.#text);
    yield* this.#screen.write(listColumns(shown, this.#tty.columns || DEFAULT_COLUMNS));
    yield* this.#screen.again(this.#text, this.#at);
  }

  *#confirm(count: number): Task<boolean> {
    yield* this.#screen.finish(this.#text);
    yield* this.#screen.write(`Display all ${count} possibilities? (y or n)`);
    for (;;) {
      const key = yield* this.#keys.next();
      if (!key || key.name === 'n' || key.name === 'C-c' || key.name === 'Backspace') {
        yield* this.#screen.write('\n');
        yield* this.#screen.again(this.#text, this.#at);
        return false;
      }
      if (key.name === 'y' || key.name === ' ' || key.name === 'Tab') return true;
    }
  }

  /** ^R. */
  *#search(): Task<{ text: string } | 'interrupt' | 'end' | undefined> {
    const original = { text: this.#text, at: this.#at };
    let wanted = '';
    let index = this.#history.length;
    let failing = false;
    const find = (from: number): void => {
      for (let i = from; i >= 0; i--) {
        const at = (this.#history[i] ?? '').lastIndexOf(wanted);
        if (at >= 0) {
          index = i;
          this.#text = this.#history[i]!;
          this.#at = at;
          failing = false;
          return;
        }
      }
      failing = true;
    };
    const leave = (): void => {
      this.#screen.prompt = this.#prompt;
      this.#screen.moved = true;
    };
    for (;;) {
      this.#screen.prompt = `(${failing ? 'failed ' : ''}reverse-i-search)\`${wanted}': `;
      this.#screen.moved = true;
      yield* this.#screen.draw(this.#text, this.#at);
      const key = yield* this.#keys.next();
      if (!key) return 'end';
      if (key.name === 'C-r') {
        if (wanted !== '') find(index - 1);
        continue;
      }
      if (key.name === 'Backspace') {
        wanted = [...wanted].slice(0, -1).join('');
        if (wanted === '') this.#text = original.text;
        else find(this.#history.length - 1);
        continue;
      }
      if (key.text !== '' && key.name !== 'Paste') {
        wanted += key.text;
        find(Math.min(index, this.#history.length - 1));
        continue;
      }
      if (key.name === 'C-g') {
        this.#text = original.text;
        this.#at = original.at;
        leave();
        return undefined;
      }
      leave();
      this.#entry = Math.min(index, this.#history.length);
      yield* this.#screen.draw(this.#text, this.#at);
      if (key.name === 'Escape' || key.name === 'Unknown') return undefined;
      return yield* this.#press(key);
    }
  }
}

const isWord = (char: string): boolean => /[\p{L}\p{N}]/u.test(char);

const controlOf = (name: string): string => {
  if (name === 'Tab') return '\t';
  if (name === 'Enter') return '\r';
  if (name === 'Escape') return '\x1b';
  if (name === 'Backspace') return '\x7f';
  return name.startsWith('C-') ? String.fromCharCode(name.charCodeAt(2) & 31) : '';
};
