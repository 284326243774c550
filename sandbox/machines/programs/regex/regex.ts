/** POSIX regular expressions (BRE and ERE with GNU's additions): leftmost-longest, in time bounded by pattern × text. */

import { Errno } from '../../errno.ts';
import { foldCase } from './fold.ts';
import { type Node, parseRegex, RegexError, type Syntax } from './parse.ts';

export { RegexError } from './parse.ts';

export interface Match {
  readonly index: number;
  readonly end: number;
  /** The whole match, then each group. */
  readonly groups: readonly (string | undefined)[];
  /** Start and end of each, -1 if it took no part. */
  readonly offsets: readonly number[];
}

export interface ExecOptions {
  /** The text does not begin (end) at a line's beginning (end). */
  readonly notBol?: boolean;
  readonly notEol?: boolean;
}

export interface Regex {
  /** Throws ENOMEM where the expression takes more than there is. */
  exec(text: string, from?: number, options?: ExecOptions): Match | undefined;
  test(text: string): boolean;
  readonly groups: number;
}

const compiled = new Map<string, Regex>();

/** Throws RegexError with the words of regcomp(3). */
export function compileRegex(source: string, syntax: Syntax): Regex {
  const key = `${syntax.extended ? 'E' : 'B'}${syntax.ignoreCase ? 'i' : ''}${syntax.newline ? 'n' : ''}${syntax.loneBraces ? 'b' : ''}${syntax.characters ? 'c' : ''}/${source}`;
  let regex = compiled.get(key);
  if (!regex) {
    const { node, groups, backreferences } = parseRegex(source, syntax);
    regex = new Machine(new Compiler().compile(node), groups, backreferences, syntax);
    if (compiled.size > 500) compiled.clear();
    compiled.set(key, regex);
  }
  return regex;
}

/** What regcomp(3) says of an expression that is none. */
export function regexMistake(source: string, syntax: Syntax): string | undefined {
  try {
    compileRegex(source, syntax);
    return undefined;
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    return error.message;
  }
}

type Instruction =
  | { op: 'char'; code: number }
  | { op: 'any' }
  | { op: 'set'; test: (char: string) => boolean }
  | { op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  | { op: 'save'; slot: number }
  | { op: 'assert'; kind: string }
  | { op: 'back'; group: number }
  | { op: 'mark'; slot: number }
  | { op: 'progress'; slot: number }
  | { op: 'match' };

/** More instructions than this, and the expression is refused as regcomp refuses it. */
const MAX_PROGRAM = 50_000;

class Compiler {
  #code: Instruction[] = [];
  #loops = 0;

  compile(node: Node): Instruction[] {
    this.#emit(node);
    this.#code.push({ op: 'match' });
    return this.#code;
  }

  #push(instruction: Instruction): number {
    if (this.#code.length > MAX_PROGRAM) throw new RegexError('Regular expression too big');
    return this.#code.push(instruction) - 1;
  }

  #emit(node: Node): void {
    switch (node.type) {
      case 'char':
        this.#push({ op: 'char', code: node.code });
        return;
      case 'any':
        this.#push({ op: 'any' });
        return;
      case 'set':
        this.#push({ op: 'set', test: node.test });
        return;
      case 'assert':
        this.#push({ op: 'assert', kind: node.kind });
        return;
      case 'back':
        this.#push({ op: 'back', group: node.group });
        return;
      case 'empty':
        return;
      case 'sequence':
        for (const item of node.items) this.#emit(item);
        return;
      case 'group':
        this.#push({ op: 'save', slot: node.index * 2 });
        this.#emit(node.node);
        this.#push({ op: 'save', slot: node.index * 2 + 1 });
        return;
      case 'alternation':
        this.#alternation(node.items);
        return;
      case 'repeat':
        this.#repeat(node.node, node.min, node.max);
        return;
    }
  }

  #alternation(items: readonly Node[]): void {
    const jumps: number[] = [];
    items.forEach((item, i) => {
      if (i === items.length - 1) {
        this.#emit(item);
        return;
      }
      const split = this.#push({ op: 'split', first: 0, second: 0 });
      this.#emit(item);
      jumps.push(this.#push({ op: 'jump', to: 0 }));
      this.#code[split] = { op: 'split', first: split + 1, second: this.#code.length };
    });
    for (const jump of jumps) this.#code[jump] = { op: 'jump', to: this.#code.length };
  }

  #repeat(node: Node, min: number, max: number | undefined): void {
    for (let i = 0; i < min; i++) this.#emit(node);
    if (max === undefined) {
      const slot = this.#loops++;
      const split = this.#push({ op: 'split', first: 0, second: 0 });
      this.#push({ op: 'mark', slot });
      this.#emit(node);
      this.#push({ op: 'progress', slot });
      this.#push({ op: 'jump', to: split });
      this.#code[split] = { op: 'split', first: split + 1, second: this.#code.length };
      return;
    }
    const splits: number[] = [];
    for (let i = min; i < max; i++) {
      splits.push(this.#push({ op: 'split', first: 0, second: 0 }));
      this.#emit(node);
    }
    for (const split of splits) this.#code[split] = { op: 'split', first: split + 1, second: this.#code.length };
  }
}

/** An expression that needs more steps than these and those for each character needs more memory than regexec(3) has (REG_ESPACE). */
const MOST_STEPS = 5_000_000;
const STEPS_PER_CHARACTER = 50;

/** What it takes to try one beginning, before its first instruction. */
const STEPS_OF_A_START = 6;

/** Characters that cannot begin a match are passed by faster than others are looked at. */
const PASSED_IN_A_STEP = 4;

/** Steps since `matchingCost` was asked. */
let work = 0;

/** Where `work` must end, beside what each matching may take. */
let allowance = Number.POSITIVE_INFINITY;

/** Matches again and again within `steps`, for what is not interrupted meanwhile. Throws ENOMEM beyond them. */
export function withinSteps<T>(steps: number, match: () => T): T {
  const before = allowance;
  allowance = Math.min(before, work + steps);
  try {
    return match();
  } finally {
    allowance = before;
  }
}

/** What the matching since the last call costs, in microseconds of CPU time. To be spent at once by whoever matched. */
export function matchingCost(): number {
  const cost = work / 50;
  work = 0;
  return cost;
}

/** Positions whose states are remembered together. */
const BLOCK = 256;

/** The states that were explored, by instruction and position; only where a search has been is there memory for it. */
class Visited {
  readonly #size: number;
  readonly #blocks = new Map<number, Uint8Array>();
  #last: Uint8Array | undefined;
  #lastNumber = -1;
  /** The first block that may be there. */
  #forgotten = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** False the second time. */
  enter(pc: number, pos: number): boolean {
    const number = Math.floor(pos / BLOCK);
    if (number !== this.#lastNumber) {
      this.#last = this.#blocks.get(number);
      if (!this.#last) {
        this.#last = new Uint8Array(BLOCK * this.#size);
        this.#blocks.set(number, this.#last);
      }
      this.#lastNumber = number;
    }
    const key = (pos % BLOCK) * this.#size + pc;
    if (this.#last![key] === 1) return false;
    this.#last![key] = 1;
    return true;
  }

  /** A search never goes back before where it starts. */
  forget(before: number): void {
    const number = Math.floor(before / BLOCK);
    if (this.#blocks.size > 0) for (let old = this.#forgotten; old < number; old++) this.#blocks.delete(old);
    this.#forgotten = Math.max(this.#forgotten, number);
  }
}

class Machine implements Regex {
  readonly groups: number;
  readonly #code: readonly Instruction[];
  readonly #backreferences: boolean;
  readonly #fold: boolean;
  readonly #newline: boolean;
  readonly #characters: boolean;
  /** What every match begins with, where that is one character, a set of them, or an anchor. */
  readonly #first: number | undefined;
  readonly #firstSet: ((char: string) => boolean) | undefined;
  readonly #anchor: string | undefined;
  /** The text that was folded last. */
  #text = '';
  #foldedText = '';

  constructor(code: readonly Instruction[], groups: number, backreferences: boolean, syntax: Syntax) {
    this.#code = code;
    this.groups = groups;
    this.#backreferences = backreferences;
    this.#fold = syntax.ignoreCase ?? false;
    this.#newline = syntax.newline ?? false;
    this.#characters = syntax.characters ?? false;
    const start = code.find((i) => i.op !== 'save');
    this.#first = start?.op === 'char' && !this.#fold ? start.code : undefined;
    this.#firstSet = start?.op === 'set' ? start.test : undefined;
    this.#anchor = start?.op === 'assert' && !this.#newline ? start.kind : undefined;
  }

  test(text: string): boolean {
    return this.exec(text) !== undefined;
  }

  #folded(text: string): string {
    if (text !== this.#text) {
      this.#text = text;
      this.#foldedText = foldCase(text);
    }
    return this.#foldedText;
  }

  exec(text: string, from = 0, options: ExecOptions = {}): Match | undefined {
    const subject = this.#fold ? this.#folded(text) : text;
    const visited = this.#backreferences ? undefined : new Visited(this.#code.length);
    const limit = Math.min(allowance, work + MOST_STEPS + STEPS_PER_CHARACTER * subject.length);
    for (let start = this.#anchor === '$' ? Math.max(from, text.length) : from; start <= text.length; start++) {
      if (this.#anchor === '^' && start > 0) return undefined;
      if (this.#first !== undefined) {
        const passed = start;
        start = subject.indexOf(String.fromCodePoint(this.#first), start);
        work += ((start < 0 ? subject.length : start) - passed) / PASSED_IN_A_STEP;
        if (start < 0) return undefined;
      }
      work++;
      if (this.#firstSet && !this.#inSet(this.#firstSet, charAt(subject, start))) {
        if (isSurrogate(subject, start)) start++;
        continue;
      }
      work += STEPS_OF_A_START;
      visited?.forget(start);
      const found = this.#at(subject, start, visited, options, limit);
      if (found) {
        const groups: (string | undefined)[] = [];
        for (let g = 0; g <= this.groups; g++) {
          const [a, b] = [found[g * 2]!, found[g * 2 + 1]!];
          groups.push(a < 0 || b < 0 ? undefined : text.slice(a, b));
        }
        return { index: found[0]!, end: found[1]!, groups, offsets: found };
      }
      if (isSurrogate(subject, start)) start++;
    }
    return undefined;
  }

  /** Explores every state once, and keeps the longest match. */
  #at(
    text: string,
    start: number,
    visited: Visited | undefined,
    options: ExecOptions,
    limit: number,
  ): number[] | undefined {
    const code = this.#code;
    let best: number[] | undefined;
    const slots = new Array<number>((this.groups + 1) * 2).fill(-1);
    const marks: number[] = [];
    // A stack of states to try, and of values to put back on the way there.
    const stack: number[] = [0, start];
    const undo: [kind: 'slot' | 'mark', at: number, value: number][] = [];
    const depths: number[] = [0];
    while (stack.length > 0) {
      let pos = stack.pop()!;
      let pc = stack.pop()!;
      const depth = depths.pop()!;
      while (undo.length > depth) {
        const [kind, at, value] = undo.pop()!;
        if (kind === 'slot') slots[at] = value;
        else marks[at] = value;
      }
      for (;;) {
        if (work++ > limit) throw new Errno('ENOMEM');
        // With back-references memory of the states that were visited is unsound.
        if (visited && !visited.enter(pc, pos)) break;
        const instruction = code[pc]!;
        if (instruction.op === 'match') {
          if (!best || pos > best[1]!) {
            best = [...slots];
            best[0] = start;
            best[1] = pos;
          }
          break;
        }
        if (instruction.op === 'split') {
          stack.push(instruction.second, pos);
          depths.push(undo.length);
          pc = instruction.first;
          continue;
        }
        if (instruction.op === 'jump') {
          pc = instruction.to;
          continue;
        }
        if (instruction.op === 'save') {
          undo.push(['slot', instruction.slot, slots[instruction.slot]!]);
          slots[instruction.slot] = pos;
          pc++;
          continue;
        }
        if (instruction.op === 'mark') {
          undo.push(['mark', instruction.slot, marks[instruction.slot] ?? -1]);
          marks[instruction.slot] = pos;
          pc++;
          continue;
        }
        if (instruction.op === 'progress') {
          if (marks[instruction.slot] === pos) break;
          pc++;
          continue;
        }
        const next = this.#advance(instruction, text, pos, slots, options);
        if (next < 0) break;
        pos = next;
        pc++;
      }
    }
    return best;
  }

  /** The position after a character or assertion; -1 if it does not hold. */
  #advance(
    instruction: Instruction,
    text: string,
    pos: number,
    slots: readonly number[],
    options: ExecOptions,
  ): number {
    switch (instruction.op) {
      case 'char': {
        const length = instruction.code > 0xffff ? 2 : 1;
        return text.codePointAt(pos) === instruction.code ? pos + length : -1;
      }
      case 'any':
      case 'set': {
        const code = text.codePointAt(pos);
        if (code === undefined || (this.#newline && code === 10)) return -1;
        if (this.#characters && code >= 0xdc80 && code <= 0xdcff) return -1;
        const char = String.fromCodePoint(code);
        if (instruction.op === 'set' && !this.#inSet(instruction.test, char)) return -1;
        return pos + char.length;
      }
      case 'assert':
        return this.#holds(instruction.kind, text, pos, options) ? pos : -1;
      case 'back': {
        const [a, b] = [slots[instruction.group * 2]!, slots[instruction.group * 2 + 1]!];
        if (a < 0 || b < 0) return -1;
        const part = text.slice(a, b);
        return text.startsWith(part, pos) ? pos + part.length : -1;
      }
      default:
        return -1;
    }
  }

  #inSet(test: (char: string) => boolean, char: string): boolean {
    return test(char) || (this.#fold && test(char.toUpperCase()));
  }

  #holds(kind: string, text: string, pos: number, options: ExecOptions): boolean {
    const word = (i: number) => /\w/.test(text[i] ?? '');
    switch (kind) {
      case '^':
        return (pos === 0 && !options.notBol) || (this.#newline && text[pos - 1] === '\n');
      case '$':
        return (pos === text.length && !options.notEol) || (this.#newline && text[pos] === '\n');
      case 'b':
        return word(pos - 1) !== word(pos);
      case 'B':
        return word(pos - 1) === word(pos);
      case '<':
        return !word(pos - 1) && word(pos);
      case '>':
        return word(pos - 1) && !word(pos);
      case '`':
        return pos === 0;
      default:
        return pos === text.length;
    }
  }
}

const charAt = (text: string, at: number): string => {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
};

/** Whether a character begins there that takes two places. */
function isSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code < 0xdc00;
}
