/** Go's regular expressions: RE2's syntax, matched in a time that grows with the text and the pattern, however they are written (regexp, regexp/syntax). */

import { type Instruction, programOf } from './regexp-program.ts';

const compiled = new Map<string, Regexp | undefined>();
/** Patterns live in definitions and policies, of which a lab has few; those of ones long gone may go. */
const REMEMBERED = 256;

/** Undefined for what cannot be read. */
export function regexp(pattern: string): Regexp | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  const program = programOf(pattern);
  const made = program && new Regexp(program);
  if (compiled.size >= REMEMBERED) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

/** The ways a match may go on, best first: at which instruction, and where it began. */
interface Threads {
  readonly at: number[];
  readonly from: number[];
}

interface Match {
  readonly start: number;
  readonly end: number;
}

/** Pike's machine: all ways at once, one character after another. */
export class Regexp {
  readonly #program: readonly Instruction[];
  /** The last place at which an instruction was reached: once is enough. */
  readonly #reached: Float64Array;
  #generation = 0;

  constructor(program: readonly Instruction[]) {
    this.#program = program;
    this.#reached = new Float64Array(program.length);
  }

  test(text: string): boolean {
    return this.#match(text, 0, true) !== undefined;
  }

  /** The leftmost, and of those the one that the pattern prefers. */
  find(text: string): string | undefined {
    const found = this.#match(text, 0, false);
    return found && text.slice(found.start, found.end);
  }

  findAll(text: string, limit = Number.POSITIVE_INFINITY): readonly string[] {
    const found: string[] = [];
    let last = -1;
    for (let from = 0; from <= text.length && found.length < limit; ) {
      const match = this.#match(text, from, false);
      if (!match) break;
      const { start, end } = match;
      // Nothing is not found right behind what was.
      if (end > start || start !== last) found.push(text.slice(start, end));
      last = end;
      from = end > from ? end : from + width(text, from);
    }
    return found;
  }

  #match(text: string, from: number, any: boolean): Match | undefined {
    let threads: Threads = { at: [], from: [] };
    let found: Match | undefined;
    for (let place = from; ; ) {
      this.#generation++;
      const ready: Threads = { at: [], from: [] };
      for (const [i, at] of threads.at.entries()) this.#follow(ready, at, threads.from[i]!, text, place);
      if (!found) this.#follow(ready, 0, place, text, place);
      const code = text.codePointAt(place);
      const next: Threads = { at: [], from: [] };
      for (const [i, at] of ready.at.entries()) {
        const instruction = this.#program[at]!;
        if (instruction.kind === 'match') {
          found = { start: ready.from[i]!, end: place };
          if (any) return found;
          break;
        }
        if (code === undefined || instruction.kind !== 'one' || !instruction.is(code)) continue;
        next.at.push(at + 1);
        next.from.push(ready.from[i]!);
      }
      if (code === undefined || (found && next.at.length === 0)) return found;
      threads = next;
      place += width(text, place);
    }
  }

  /** To where a character is looked at, or a match is whole. */
  #follow({ at: reached, from: begun }: Threads, first: number, from: number, text: string, place: number): void {
    const left = [first];
    while (left.length > 0) {
      const at = left.pop()!;
      if (this.#reached[at] === this.#generation) continue;
      this.#reached[at] = this.#generation;
      const instruction = this.#program[at]!;
      switch (instruction.kind) {
        case 'go':
          // The first is preferred, so it comes off last.
          for (const to of instruction.to.toReversed()) left.push(to);
          break;
        case 'if':
          if (instruction.holds(text, place)) left.push(at + 1);
          break;
        default:
          reached.push(at);
          begun.push(from);
      }
    }
  }
}

const width = (text: string, place: number): number => ((text.codePointAt(place) ?? 0) > 0xffff ? 2 : 1);
