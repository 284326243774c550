/** A pattern as a nondeterministic automaton that is run over a text, forwards or backwards, in one pass. */

import type { Node } from './pattern.ts';

type Instruction =
  | { op: 'char'; char: string }
  | { op: 'any' }
  | { op: 'set'; test: (char: string) => boolean }
  | { op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  /** `!(…)`: whatever the inner automaton does not match. */
  | { op: 'not'; inner: Automaton }
  | { op: 'match' };

export class Automaton {
  readonly #code: Instruction[] = [];
  readonly #step: 1 | -1;
  readonly #hasNot: boolean;

  constructor(nodes: readonly Node[], step: 1 | -1) {
    this.#step = step;
    this.#sequence(nodes);
    this.#code.push({ op: 'match' });
    this.#hasNot = this.#code.some((c) => c.op === 'not');
  }

  #sequence(nodes: readonly Node[]): void {
    for (let i = 0; i < nodes.length; i++) this.#node(nodes[this.#step === 1 ? i : nodes.length - 1 - i]!);
  }

  #node(node: Node): void {
    const code = this.#code;
    switch (node.type) {
      case 'char':
      case 'any':
      case 'set':
        code.push(
          node.type === 'char'
            ? { op: 'char', char: node.char }
            : node.type === 'set'
              ? { op: 'set', test: node.test }
              : { op: 'any' },
        );
        return;
      case 'star': {
        const start = code.length;
        code.push({ op: 'split', first: start + 1, second: start + 3 }, { op: 'any' }, { op: 'jump', to: start });
        return;
      }
      case 'group':
        this.#group(node);
    }
  }

  #group(node: Node & { type: 'group' }): void {
    const code = this.#code;
    const { operator, alternatives } = node;
    if (operator === '!') {
      code.push({ op: 'not', inner: new Automaton([{ ...node, operator: '@' }], this.#step) });
      return;
    }
    const start = code.length;
    const skip = { op: 'split' as const, first: start + 1, second: 0 };
    const optional = operator === '?' || operator === '*';
    if (optional) code.push(skip);
    const body = code.length;
    const exits: { op: 'jump'; to: number }[] = [];
    alternatives.forEach((alternative, i) => {
      const last = i === alternatives.length - 1;
      const split = { op: 'split' as const, first: code.length + 1, second: 0 };
      if (!last) code.push(split);
      this.#sequence(alternative);
      if (last) return;
      const exit = { op: 'jump' as const, to: 0 };
      code.push(exit);
      exits.push(exit);
      split.second = code.length;
    });
    for (const exit of exits) exit.to = code.length;
    if (operator === '*' || operator === '+') code.push({ op: 'split', first: body, second: code.length + 1 });
    skip.second = code.length;
  }

  /** Where the match that begins at `start` ends; -1 if there is none. `whole`: only at the text's end. */
  run(text: string, start: number, wanted: 'longest' | 'shortest' | 'whole'): number {
    let best = -1;
    this.#simulate(text, start, false, (position) => {
      if (wanted === 'whole' && position !== text.length) return false;
      best = position;
      return wanted === 'shortest';
    });
    return best;
  }

  /** For each position whether a match ends there that began anywhere; undefined if that would take too long. */
  everyEnd(text: string): Uint8Array | undefined {
    if (this.#hasNot) return undefined;
    const ends = new Uint8Array(text.length + 1);
    this.#simulate(text, this.#step === 1 ? 0 : text.length, true, (position) => {
      ends[position] = 1;
      return false;
    });
    return ends;
  }

  #endsFrom(text: string, start: number): Set<number> {
    const ends = new Set<number>();
    this.#simulate(text, start, false, (position) => {
      ends.add(position);
      return false;
    });
    return ends;
  }

  /** Follows all states at once; `accept` is told each end and may stop it. With `everywhere`, matches begin at each position. */
  #simulate(text: string, start: number, everywhere: boolean, accept: (position: number) => boolean): void {
    const code = this.#code;
    const marks = new Int32Array(code.length).fill(-1);
    const later = new Map<number, number[]>();
    let current: number[] = [];
    let next: number[] = [];
    let ended = false;
    const add = (to: number[], from: number, position: number): void => {
      const stack = [from];
      while (stack.length > 0) {
        const pc = stack.pop()!;
        if (marks[pc] === position) continue;
        marks[pc] = position;
        const instruction = code[pc]!;
        if (instruction.op === 'jump') stack.push(instruction.to);
        else if (instruction.op === 'split') stack.push(instruction.second, instruction.first);
        else if (instruction.op === 'match') ended = accept(position) || ended;
        else if (instruction.op === 'not') {
          for (const end of this.#others(instruction.inner, text, position)) {
            if (end === position) stack.push(pc + 1);
            else later.set(end, [...(later.get(end) ?? []), pc + 1]);
          }
        } else to.push(pc);
      }
    };
    add(current, 0, start);
    const last = this.#step === 1 ? text.length : 0;
    for (let position = start; !ended && position !== last; ) {
      if (current.length === 0 && later.size === 0 && !everywhere) return;
      const width = this.#width(text, position);
      const at = this.#step === 1 ? position : position - width;
      const char = width === 1 ? text[at]! : text.slice(at, at + width);
      position += this.#step * width;
      next = [];
      for (const pc of current) {
        const instruction = code[pc]!;
        if (
          instruction.op === 'char' ? instruction.char !== char : instruction.op === 'set' && !instruction.test(char)
        ) {
          continue;
        }
        add(next, pc + 1, position);
      }
      const due = later.get(position);
      if (due) {
        later.delete(position);
        for (const pc of due) add(next, pc, position);
      }
      if (everywhere) add(next, 0, position);
      current = next;
    }
  }

  /** The positions that the inner automaton does not reach from here. */
  *#others(inner: Automaton, text: string, start: number): Generator<number> {
    const ends = inner.#endsFrom(text, start);
    const last = this.#step === 1 ? text.length : 0;
    for (let position = start; ; position += this.#step * this.#width(text, position)) {
      if (!ends.has(position)) yield position;
      if (position === last) return;
    }
  }

  /** UTF-16 units of the character before (or behind) a position. */
  #width(text: string, position: number): 1 | 2 {
    const high = this.#step === 1 ? position : position - 2;
    if (high < 0 || high + 1 >= text.length) return 1;
    const first = text.charCodeAt(high);
    const second = text.charCodeAt(high + 1);
    return first >= 0xd800 && first < 0xdc00 && second >= 0xdc00 && second < 0xe000 ? 2 : 1;
  }
}
