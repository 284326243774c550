/** vi(1): modes, motions, counts, operators, visual mode, search, undo, dot; ex commands are in vi-ex.ts. */

import { own } from '../../../sim/own.ts';
import type { Task } from '../../../sim/task.ts';
import type { Process, Program, Tty } from '../../process.ts';
import { type Key, KeyReader } from '../../shell/readline/keys.ts';
import { matchingCost, RegexError } from '../regex/regex.ts';
import { type ExContext, ExError, fileMessage, loadFile, matching, runEx, shift } from './vi-ex.ts';
import { insertKey } from './vi-insert.ts';
import { findInLine, motionOf, searchText, type Target, textObject, VISUAL_OPERATORS } from './vi-motions.ts';
import { type LineEdit, promptKey } from './vi-prompt.ts';
import { ViScreen } from './vi-screen.ts';
import { indentOf, type Place, ViText } from './vi-text.ts';

export const vi: Program = function* (process, argv) {
  const tty = process.stdin.tty ?? process.stdout.tty;
  if (!tty) {
    yield* process.error('Vim: Warning: Output is not to a terminal\nVim: Warning: Input is not from a terminal\n');
    return 1;
  }
  const args = argv.slice(1);
  const path = args.find((a) => !/^[-+]./.test(a));
  const start = args.find((a) => a.startsWith('+'))?.slice(1);
  const before = { ...tty.modes };
  tty.modes = { ...before, canonical: false, echo: false, signals: false };
  try {
    return yield* new Vi(process, tty, path).run(start);
  } finally {
    tty.modes = before;
  }
};

type Mode = 'normal' | 'insert' | 'replace' | 'visual' | 'visual-line';

const MODE_MESSAGES: Readonly<Record<Exclude<Mode, 'normal'>, string>> = {
  insert: '-- INSERT --',
  replace: '-- REPLACE --',
  visual: '-- VISUAL --',
  'visual-line': '-- VISUAL LINE --',
};

/** Thrown when a command cannot be done: the rest of it is dropped. */
class Beep extends Error {}

class Vi implements ExContext {
  readonly process: Process;
  readonly text = new ViText();
  path: string | undefined;
  pattern = '';
  lastSubstitution: ExContext['lastSubstitution'];
  readonly settings = new Map<string, boolean>([['ruler', true]]);
  visual: readonly [number, number] | undefined;
  readonly marks = new Map<string, Place>();
  readonly #screen: ViScreen;
  readonly #keys: KeyReader;
  #mode: Mode = 'normal';
  #message = '';
  #anchor: Place = { row: 0, column: 0 };
  #status: number | undefined;
  #forward = true;
  #find: [string, string] | undefined;
  /** Keys of the change being made, and of the last one for `.`. */
  #recording: Key[] = [];
  #lastChange: Key[] = [];
  #replay: Key[] = [];
  #replaying = false;
  #changing = false;
  #history: string[] = [];
  #insertStart: Place = { row: 0, column: 0 };
  #insertCount = 1;

  constructor(process: Process, tty: Tty, path: string | undefined) {
    this.process = process;
    this.path = path;
    this.#screen = new ViScreen(process, tty);
    this.#keys = new KeyReader(process.stdin, process.machine.clock);
    this.#keys.watchSize(process);
  }

  *run(start: string | undefined): Task<number> {
    yield* this.#screen.open();
    this.#message = yield* loadFile(this);
    if (start === '') this.text.go(this.text.lines.length - 1, 0);
    else if (start !== undefined) yield* this.#handleEx(start);
    try {
      while (this.#status === undefined) {
        yield* this.#draw();
        const key = yield* this.#key();
        if (!key) return 1;
        yield* this.#handle(key);
      }
      return this.#status;
    } finally {
      yield* this.#screen.close();
    }
  }

  *#handleEx(line: string): Task<void> {
    try {
      yield* this.#ex(line);
    } catch (error) {
      if (!(error instanceof ExError)) throw error;
      this.#message = error.message;
    }
  }

  // What ex commands ask for

  quit(status: number): void {
    this.#status = status;
  }

  *suspendScreen(run: () => Task<void>): Task<void> {
    yield* this.#screen.close();
    yield* run();
    yield* this.process.print('\nPress ENTER or type command to continue');
    while ((yield* this.#keys.next())?.name === 'Resize');
    yield* this.#screen.open();
    this.#screen.invalidate();
  }

  *normal(keys: string): Task<void> {
    const saved = this.#replay;
    this.#replay = [...keys].map((c): Key => (c === '\x1b' ? { name: 'Escape', text: '' } : { name: c, text: c }));
    while (this.#replay.length > 0) yield* this.#handle(this.#replay.shift()!);
    this.#replay = saved;
    if (this.#mode !== 'normal') this.#leaveInsert();
  }

  // Keys

  *#key(prompt?: LineEdit): Task<Key | undefined> {
    const queued = this.#replay.shift();
    let key = queued ?? (yield* this.#keys.next());
    while (key?.name === 'Resize') {
      yield* this.#draw(prompt);
      key = yield* this.#keys.next();
    }
    if (key && !queued) this.#recording.push(key);
    yield* this.process.spend(20 + matchingCost());
    return key;
  }

  /** The next key of a command; Escape gives it up. */
  *#need(): Task<Key> {
    const key = yield* this.#key();
    if (!key || key.name === 'Escape' || key.name === 'C-c') throw new Beep();
    return key;
  }

  *#handle(key: Key): Task<void> {
    try {
      if (this.#mode === 'insert' || this.#mode === 'replace') yield* this.#insert(key);
      else yield* this.#command(key);
    } catch (error) {
      if (error instanceof Beep) this.#mode = this.#mode === 'insert' ? 'insert' : 'normal';
      else if (error instanceof ExError) this.#message = error.message;
      else throw error;
      this.#recording = [];
      this.#replay = [];
    }
    if (this.#mode !== 'normal') return;
    this.text.settle();
    if (this.#replaying) return;
    if (this.#changing) this.#lastChange = this.#recording;
    this.#changing = false;
    this.#recording = [];
  }

  *#insert(key: Key): Task<void> {
    if (key.name === 'Escape' || key.name === 'C-c') {
      this.#leaveInsert();
      return;
    }
    if (key.name === 'C-v') {
      const next = yield* this.#key();
      if (next) this.text.insert(next.text || (next.name === 'Tab' ? '\t' : ''));
      return;
    }
    insertKey(this.text, key, this.#mode === 'replace', this.settings);
  }

  #leaveInsert(): void {
    const { text } = this;
    const from = this.#insertStart;
    // `3ix` puts what was typed two times more.
    if (this.#insertCount > 1 && (text.row > from.row || (text.row === from.row && text.column > from.column))) {
      text.insert(text.between(from, text.place).repeat(this.#insertCount - 1));
    }
    this.#insertCount = 1;
    this.#mode = 'normal';
    if (this.text.column > 0) this.text.column--;
    this.text.wanted = this.text.column;
  }

  #startInsert(mode: 'insert' | 'replace' = 'insert'): void {
    this.#mode = mode;
    this.#insertStart = this.text.place;
    this.#message = '';
    this.#changing = true;
  }

  /** The start of a change: one undo step, repeated by `.`. */
  #change(): void {
    this.text.checkpoint();
    this.#changing = true;
  }

  *#draw(prompt?: LineEdit): Task<void> {
    const message = this.#mode === 'normal' ? this.#message : MODE_MESSAGES[this.#mode];
    yield* this.#screen.draw(this.text, {
      message: prompt ? prompt.sign + prompt.line : message,
      numbers: this.settings.get('number') ?? false,
      messageCursor: prompt && prompt.at + 1,
      ruler: !prompt && (this.settings.get('ruler') ?? true),
      selected: (row) => this.#selected(row),
    });
  }

  #selected(row: number): readonly [number, number] | undefined {
    if (this.#mode !== 'visual' && this.#mode !== 'visual-line') return undefined;
    const [from, to] = this.#ordered();
    if (row < from.row || row > to.row) return undefined;
    if (this.#mode === 'visual-line') return [0, Number.POSITIVE_INFINITY];
    return [row === from.row ? from.column : 0, row === to.row ? to.column + 1 : Number.POSITIVE_INFINITY];
  }

  #ordered(): [Place, Place] {
    const here = this.text.place;
    const first = this.#anchor.row < here.row || (this.#anchor.row === here.row && this.#anchor.column <= here.column);
    return first ? [this.#anchor, here] : [here, this.#anchor];
  }

  // Normal and visual mode

  *#command(first: Key): Task<void> {
    let key = first;
    let digits = '';
    let register = '"';
    for (;;) {
      if (key.name === '"') {
        register = (yield* this.#need()).text;
        key = yield* this.#need();
      } else if (/^[1-9]$/.test(key.name) || (digits !== '' && key.name === '0')) {
        digits += key.name;
        key = yield* this.#need();
      } else break;
    }
    const count = digits === '' ? 1 : Math.min(Number(digits), 99_999);
    const given = digits !== '';
    if (key.name === 'Escape' || key.name === 'C-c') {
      this.#mode = 'normal';
      return;
    }
    if (this.#mode !== 'normal' && (yield* this.#visualCommand(key, register))) return;
    const target = yield* this.#motion(key, count, given);
    if (target) this.#goTo(target);
    else if (key.name.length === 1 && 'dcy<>'.includes(key.name))
      yield* this.#operator(key.name, count, given, register);
    else if (!(yield* this.#scrolling(key, count))) {
      yield* this.#action(key, count, given, register);
      this.text.wanted = this.text.column;
    }
  }

  #goTo(target: Target): void {
    const { text } = this;
    const { wanted } = text;
    text.go(target.row, target.column);
    if (target.vertical) text.wanted = wanted;
    if (this.#mode !== 'normal') return;
    const kept = text.wanted;
    text.settle();
    text.wanted = kept;
  }

  /** A motion, with the keys it needs; undefined if the key is none. */
  *#motion(key: Key, count: number, given: boolean): Task<Target | undefined> {
    const { text } = this;
    const { name } = key;
    if (name === 'g') {
      const second = (yield* this.#need()).name;
      if (second === 'J') {
        this.#change();
        this.#join(Math.max(2, count) - 1, false);
        return text.place;
      }
      if (second !== 'g') throw new Beep();
      return motionOf('gg')!(text, count, given);
    }
    if (name === 'f' || name === 'F' || name === 't' || name === 'T') {
      this.#find = [name, (yield* this.#need()).text];
      return orBeep(findInLine(text, name, this.#find[1], count));
    }
    if ((name === ';' || name === ',') && this.#find) {
      const [kind, char] = this.#find;
      const turned = kind === kind.toLowerCase() ? kind.toUpperCase() : kind.toLowerCase();
      return orBeep(findInLine(text, name === ',' ? turned : kind, char, count));
    }
    if (name === '/' || name === '?') {
      const typed = yield* this.#prompt(name);
      if (typed === undefined) throw new Beep();
      const end = typed.search(name === '/' ? /(?<!\\)\// : /(?<!\\)\?/);
      const pattern = end < 0 ? typed : typed.slice(0, end);
      if (pattern !== '') this.pattern = pattern;
      this.#forward = name === '/';
      return this.#search(this.#forward, count);
    }
    if (name === 'n' || name === 'N') return this.#search(this.#forward === (name === 'n'), count);
    if (name === '*' || name === '#') {
      const word = wordAt(text);
      if (!word) throw new ExError('E348: No string under cursor');
      this.pattern = `\\<${word}\\>`;
      this.#forward = name === '*';
      return this.#search(this.#forward, count);
    }
    if (name === "'" || name === '`') {
      const mark = this.marks.get((yield* this.#need()).text);
      if (!mark) throw new ExError('E20: Mark not set');
      return name === '`' ? mark : { row: mark.row, column: indentOf(text.lines[mark.row] ?? ''), linewise: true };
    }
    if (name === 'H' || name === 'M' || name === 'L') {
      const bottom = Math.min(text.lines.length - 1, this.#screen.top + this.#screen.rows - 1);
      const row = name === 'H' ? this.#screen.top : name === 'L' ? bottom : (this.#screen.top + bottom) >> 1;
      return { row, column: indentOf(text.lines[row] ?? ''), linewise: true };
    }
    const motion = motionOf(name);
    return motion && orBeep(motion(text, count, given));
  }

  #search(forward: boolean, count: number): Target {
    if (this.pattern === '') throw new ExError('E35: No previous regular expression');
    try {
      const pattern = this.pattern + (this.settings.get('ignorecase') ? '\\c' : '');
      const found = matching(() => searchText(this.text, pattern, forward, count));
      if (!found) throw new ExError(`E486: Pattern not found: ${this.pattern}`);
      const around = forward ? 'search hit BOTTOM, continuing at TOP' : 'search hit TOP, continuing at BOTTOM';
      this.#message = found.wrapped ? around : `${forward ? '/' : '?'}${this.pattern}`;
      return found.place;
    } catch (error) {
      if (!(error instanceof RegexError)) throw error;
      throw new ExError(`E383: Invalid search string: ${this.pattern}`);
    }
  }

  *#operator(name: string, count: number, given: boolean, register: string): Task<void> {
    const { text } = this;
    let key = yield* this.#need();
    let digits = '';
    while (/^[1-9]$/.test(key.name) || (digits !== '' && key.name === '0')) {
      digits += key.name;
      key = yield* this.#need();
    }
    const total = count * (digits === '' ? 1 : Number(digits));
    if (key.name === name) return this.#applyLines(name, total, register);
    if (key.name === 'i' || key.name === 'a') {
      const object = textObject(text, key.name === 'a', (yield* this.#need()).text);
      if (!object) throw new Beep();
      return this.#apply(name, object.from!, object, register);
    }
    const from = text.place;
    const wordwise = /^[wW]$/.test(key.name);
    if (name === 'c' && wordwise && /\S/.test(text.line[text.column] ?? ' ')) {
      // `cw` changes to the end of the word, not to the next one.
      const end =
        total === 1 && endsWord(text) ? from : orBeep(motionOf(key.name === 'w' ? 'e' : 'E')!(text, total, true));
      return this.#apply(name, from, { row: end.row, column: end.column, inclusive: true }, register);
    }
    let target = orBeep(yield* this.#motion(key, total, given || digits !== ''));
    if (wordwise && target.row > from.row && target.column <= indentOf(text.lines[target.row] ?? '')) {
      // A word motion does not take the line's end with it.
      target = { row: target.row - 1, column: (text.lines[target.row - 1] ?? '').length };
    }
    this.#apply(name, from, target, register);
  }

  #applyLines(name: string, count: number, register: string): void {
    const { text } = this;
    const last = Math.min(text.lines.length - 1, text.row + count - 1);
    this.#apply(name, { row: text.row, column: 0 }, { row: last, column: 0, linewise: true }, register);
  }

  /** An operator over the way from one place to another. */
  #apply(name: string, start: Place, target: Target, register: string): void {
    const { text } = this;
    let from: Place = start;
    let to: Place = target;
    if (to.row < from.row || (to.row === from.row && to.column < from.column)) [from, to] = [to, from];
    if (target.inclusive) to = { row: to.row, column: to.column + 1 };
    if (name !== 'y') this.#change();
    if (name === '<' || name === '>') {
      for (let row = from.row; row <= to.row; row++) text.lines[row] = shift(text.lines[row]!, name === '>');
      text.go(from.row, indentOf(text.lines[from.row]!));
    } else if (target.linewise) this.#applyWhole(name, from.row, to.row, register);
    else {
      this.#store(register, text.between(from, to), false);
      if (name === 'y') text.go(from.row, from.column);
      else text.remove(from, to);
      if (name === 'c') this.#startInsert();
    }
  }

  #applyWhole(name: string, first: number, last: number, register: string): void {
    const { text } = this;
    const lines = text.lines.slice(first, last + 1);
    this.#store(register, `${lines.join('\n')}\n`, true);
    if (name === 'y') {
      if (first !== text.row) text.go(first, text.column);
      if (lines.length > 2) this.#message = `${lines.length} lines yanked`;
    } else if (name === 'd') {
      text.removeLines(first, last);
      if (lines.length > 2) this.#message = `${lines.length} fewer lines`;
    } else {
      const indent = this.settings.get('autoindent') ? /^[ \t]*/.exec(lines[0]!)![0] : '';
      text.lines.splice(first, lines.length, indent);
      text.go(first, indent.length);
      this.#startInsert();
    }
  }

  #store(register: string, value: string, linewise: boolean): void {
    const { registers } = this.text;
    registers.set('"', { text: value, linewise });
    if (/^[A-Z]$/.test(register)) {
      const old = registers.get(register.toLowerCase());
      registers.set(register.toLowerCase(), {
        text: (old?.text ?? '') + value,
        linewise: linewise || (old?.linewise ?? false),
      });
    } else if (register !== '"') registers.set(register, { text: value, linewise });
  }

  *#scrolling(key: Key, count: number): Task<boolean> {
    const { text } = this;
    const screen = this.#screen;
    const page = Math.max(1, screen.rows - 2);
    const half = Math.max(1, screen.rows >> 1);
    const bottom = () => screen.top + screen.rows - 1;
    switch (key.name) {
      case 'C-f':
      case 'PageDown':
        screen.scroll(text, page * count);
        text.go(Math.max(text.row, screen.top), 0);
        return true;
      case 'C-b':
      case 'PageUp':
        screen.scroll(text, -page * count);
        text.go(Math.min(text.row, bottom()), 0);
        return true;
      case 'C-d':
      case 'C-u': {
        const rows = key.name === 'C-d' ? half : -half;
        screen.scroll(text, rows);
        text.go(text.row + rows, 0);
        return true;
      }
      case 'C-e':
        screen.scroll(text, count);
        text.go(Math.max(text.row, screen.top), text.column);
        return true;
      case 'C-y':
        screen.scroll(text, -count);
        text.go(Math.min(text.row, bottom()), text.column);
        return true;
      case 'C-l':
        screen.invalidate();
        return true;
      case 'z': {
        const where = (yield* this.#need()).name;
        if (where === 't' || where === 'Enter') screen.place(text, text.row);
        else if (where === 'z' || where === '.') screen.place(text, text.row - half);
        else if (where === 'b' || where === '-') screen.place(text, text.row - screen.rows + 1);
        return true;
      }
      default:
        return false;
    }
  }

  *#action(key: Key, count: number, given: boolean, register: string): Task<void> {
    const { text } = this;
    const here = text.place;
    switch (key.name) {
      case 'i':
      case 'Insert':
      case 'a':
      case 'I':
      case 'A':
        this.#change();
        this.#insertCount = count;
        if (key.name === 'a') text.column = Math.min(text.line.length, text.column + 1);
        else if (key.name === 'A') text.column = text.line.length;
        else if (key.name === 'I') text.column = text.line.trim() === '' ? text.line.length : indentOf(text.line);
        return this.#startInsert();
      case 'o':
      case 'O': {
        this.#change();
        const indent = this.settings.get('autoindent') ? /^[ \t]*/.exec(text.line)![0] : '';
        const row = key.name === 'o' ? text.row + 1 : text.row;
        text.lines.splice(row, 0, indent);
        text.go(row, indent.length);
        return this.#startInsert();
      }
      case 'R':
        this.#change();
        return this.#startInsert('replace');
      case 'x':
      case 'Delete':
        if (text.line === '') throw new Beep();
        return this.#apply(
          'd',
          here,
          { row: text.row, column: Math.min(text.line.length, text.column + count) },
          register,
        );
      case 'X':
        if (text.column === 0) throw new Beep();
        return this.#apply('d', { row: text.row, column: Math.max(0, text.column - count) }, here, register);
      case 'D':
      case 'C': {
        const row = Math.min(text.lines.length - 1, text.row + count - 1);
        return this.#apply(key.name.toLowerCase(), here, { row, column: (text.lines[row] ?? '').length }, register);
      }
      case 's':
        return this.#apply(
          'c',
          here,
          { row: text.row, column: Math.min(text.line.length, text.column + count) },
          register,
        );
      case 'S':
        return this.#applyLines('c', count, register);
      case 'Y':
        return this.#applyLines('y', count, register);
      case 'p':
      case 'P': {
        const stored = text.registers.get(register);
        if (!stored) throw new ExError(`E353: Nothing in register ${register}`);
        this.#change();
        return text.put(stored, key.name === 'p', count);
      }
      case 'r': {
        const next = yield* this.#need();
        const char = next.name === 'Enter' ? '\n' : next.text;
        if (text.column + count > text.line.length || char === '') throw new Beep();
        this.#change();
        text.remove(here, { row: text.row, column: text.column + count });
        text.insert(char === '\n' ? char : char.repeat(count));
        text.column = Math.max(0, text.column - 1);
        return;
      }
      case '~': {
        if (text.line === '') throw new Beep();
        this.#change();
        const end = Math.min(text.line.length, text.column + count);
        text.lines[text.row] =
          text.line.slice(0, text.column) + swapCase(text.line.slice(text.column, end)) + text.line.slice(end);
        text.column = end;
        return;
      }
      case 'J':
        this.#change();
        return this.#join(Math.max(2, count) - 1);
      case 'u':
        for (let i = 0; i < count; i++) if (!text.undo()) this.#message = 'Already at oldest change';
        return;
      case 'C-r':
        for (let i = 0; i < count; i++) if (!text.redo()) this.#message = 'Already at newest change';
        return;
      case '.':
        return yield* this.#repeat(given ? count : undefined);
      case 'v':
      case 'V':
        this.#mode = key.name === 'v' ? 'visual' : 'visual-line';
        this.#anchor = here;
        return;
      case 'm':
        this.marks.set((yield* this.#need()).text, here);
        return;
      case ':': {
        const line = yield* this.#prompt(':', given ? (count === 1 ? '.' : `.,.+${count - 1}`) : '');
        if (line !== undefined) yield* this.#ex(line);
        return;
      }
      case 'Z': {
        const second = (yield* this.#need()).name;
        if (second === 'Z') yield* this.#ex('x');
        else if (second === 'Q') yield* this.#ex('q!');
        return;
      }
      case 'C-g':
        this.#message = fileMessage(this);
        return;
      case 'C-z':
        return yield* this.#suspend();
      case '&':
        return yield* this.#ex('s');
      default:
        throw new Beep();
    }
  }

  #join(times: number, spaced = true): void {
    const { text } = this;
    for (let i = 0; i < times && text.row < text.lines.length - 1; i++) {
      const next = text.lines[text.row + 1]!;
      const left = spaced ? text.line.trimEnd() : text.line;
      const right = spaced ? next.trimStart() : next;
      const glue = !spaced || right === '' || left === '' || right.startsWith(')') ? '' : ' ';
      text.lines.splice(text.row, 2, left + glue + right);
      text.column = left.length;
    }
  }

  *#repeat(count: number | undefined): Task<void> {
    if (this.#lastChange.length === 0 || this.#replaying) return;
    const digits = count === undefined ? [] : [...String(count)].map((c): Key => ({ name: c, text: c }));
    const keys =
      count === undefined
        ? this.#lastChange
        : this.#lastChange.slice(this.#lastChange.findIndex((k) => !/^\d$/.test(k.name)));
    this.#replaying = true;
    this.#replay = [...digits, ...keys];
    while (this.#replay.length > 0) yield* this.#handle(this.#replay.shift()!);
    this.#replaying = false;
    this.#changing = false;
  }

  *#suspend(): Task<void> {
    yield* this.#screen.close();
    const tty = this.process.stdin.tty;
    const modes = tty && { ...tty.modes };
    if (tty) tty.modes = { ...tty.modes, canonical: true, echo: true, signals: true };
    this.process.kill(0, 'SIGTSTP');
    yield* this.process.sleep(0);
    if (tty && modes) tty.modes = modes;
    yield* this.#screen.open();
    this.#screen.invalidate();
  }

  /** True if the key was a command of visual mode. */
  *#visualCommand(key: Key, register: string): Task<boolean> {
    const { text } = this;
    const linewise = this.#mode === 'visual-line';
    const [from, to] = this.#ordered();
    const operator = own(VISUAL_OPERATORS, key.name);
    if (operator) {
      this.#mode = 'normal';
      this.marks.set('<', from);
      this.marks.set('>', to);
      const whole = linewise || /^[DYX]$/.test(key.name);
      if (whole)
        this.#apply(operator, { row: from.row, column: 0 }, { row: to.row, column: 0, linewise: true }, register);
      else this.#apply(operator, from, { ...to, inclusive: true }, register);
      return true;
    }
    switch (key.name) {
      case 'v':
      case 'V': {
        const mode: Mode = key.name === 'v' ? 'visual' : 'visual-line';
        this.#mode = this.#mode === mode ? 'normal' : mode;
        return true;
      }
      case 'o': {
        const anchor = this.#anchor;
        this.#anchor = text.place;
        text.go(anchor.row, anchor.column);
        return true;
      }
      case 'i':
      case 'a': {
        const object = textObject(text, key.name === 'a', (yield* this.#need()).text);
        if (!object) throw new Beep();
        this.#anchor = object.from!;
        text.go(object.row, object.inclusive ? object.column : object.column - 1);
        return true;
      }
      case 'J':
        this.#mode = 'normal';
        this.#change();
        text.go(from.row, 0);
        this.#join(Math.max(1, to.row - from.row));
        return true;
      case 'p':
      case 'P': {
        const stored = text.registers.get(register);
        this.#mode = 'normal';
        if (!stored) return true;
        if (linewise) this.#apply('d', { row: from.row, column: 0 }, { row: to.row, column: 0, linewise: true }, '"');
        else this.#apply('d', from, { ...to, inclusive: true }, '"');
        text.put(stored, linewise && from.row >= text.lines.length, 1);
        return true;
      }
      case '~':
      case 'u':
      case 'U': {
        const turn = { '~': swapCase, u: (s: string) => s.toLowerCase(), U: (s: string) => s.toUpperCase() }[key.name];
        this.#mode = 'normal';
        this.#change();
        for (let row = from.row; row <= to.row; row++) {
          const line = text.lines[row]!;
          const a = linewise || row > from.row ? 0 : from.column;
          const b = linewise || row < to.row ? line.length : to.column + 1;
          text.lines[row] = line.slice(0, a) + turn(line.slice(a, b)) + line.slice(b);
        }
        text.go(from.row, from.column);
        return true;
      }
      case ':': {
        this.#mode = 'normal';
        this.visual = [from.row, to.row];
        const line = yield* this.#prompt(':', "'<,'>");
        if (line !== undefined) yield* this.#ex(line);
        return true;
      }
      default:
        return false;
    }
  }

  *#ex(line: string): Task<void> {
    if (line.trim() === '') return;
    this.#history.push(line);
    this.#message = '';
    this.#message = yield* runEx(this, line);
    this.text.go(this.text.row, this.text.column);
  }

  /** A line typed at the bottom; undefined if given up. */
  *#prompt(sign: string, initial = ''): Task<string | undefined> {
    const edit: LineEdit = { sign, line: initial, at: initial.length, entry: this.#history.length };
    for (;;) {
      if (this.#replay.length === 0) yield* this.#draw(edit);
      const key = yield* this.#key(edit);
      const state = key ? promptKey(edit, key, sign === ':' ? this.#history : []) : 'abandoned';
      if (state === 'done') return edit.line;
      if (state === 'abandoned') {
        this.#message = '';
        return undefined;
      }
    }
  }
}

function orBeep(target: Target | undefined): Target {
  if (!target) throw new Beep();
  return target;
}

const swapCase = (s: string): string =>
  [...s].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join('');

function wordAt(text: ViText): string | undefined {
  const before = /\w*$/.exec(text.line.slice(0, text.column))![0];
  return /\w+/.exec(text.line.slice(text.column - before.length))?.[0];
}

/** Whether the cursor stands on the last character of a word: `cw` there changes that one. */
const endsWord = (text: ViText): boolean => {
  const [here, next] = [text.line[text.column] ?? ' ', text.line[text.column + 1] ?? ' '];
  return /\s/.test(next) || /\w/.test(here) !== /\w/.test(next);
};
