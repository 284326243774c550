/**
 * Which lines changed between two texts: Myers' algorithm in linear space, bounded as in GNU diff (diffseq.h), after the lines that
 * stand in one file only are set aside; then the changes are shifted as analyze.c does.
 */

import { call, type Task } from '../../../sim/task.ts';
import type { Process } from '../../process.ts';

/** Lines [from, to) of the left are replaced by lines [first, last) of the right. */
export interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

export function* difference(process: Process, a: readonly string[], b: readonly string[]): Task<Hunk[]> {
  yield* process.spend((a.length + b.length) * 0.5);
  process.hold((a.length + b.length) * 16);
  const numbers = new Map<string, number>();
  const numbered = (lines: readonly string[]) =>
    Int32Array.from(lines, (line) => {
      let number = numbers.get(line);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(line, number);
      }
      return number;
    });
  const left = numbered(a);
  const right = numbered(b);
  // A line before the first and one after the last never change: index i is kept at i + 1.
  const changed = [new Uint8Array(a.length + 2), new Uint8Array(b.length + 2)] as const;
  const inLeft = countsOf(left, numbers.size);
  const inRight = countsOf(right, numbers.size);
  const kept = [keptOf(left, inRight, changed[0]), keptOf(right, inLeft, changed[1])] as const;
  const search = new Search(process, pick(left, kept[0]), pick(right, kept[1]), (side, i) => {
    changed[side]![kept[side]![i]! + 1] = 1;
  });
  yield* search.run();
  shift(changed[0], changed[1], left);
  shift(changed[1], changed[0], right);
  process.hold(-(a.length + b.length) * 16);
  return hunksOf(changed[0], changed[1], a.length, b.length);
}

function countsOf(lines: Int32Array, size: number): Int32Array {
  const counts = new Int32Array(size);
  for (const line of lines) counts[line]!++;
  return counts;
}

/** Where the lines stand that the other file has too; the others have changed for certain. */
function keptOf(lines: Int32Array, others: Int32Array, changed: Uint8Array): Int32Array {
  const kept = new Int32Array(lines.length);
  let size = 0;
  lines.forEach((line, i) => {
    if (others[line]! > 0) kept[size++] = i;
    else changed[i + 1] = 1;
  });
  return kept.subarray(0, size);
}

const pick = (lines: Int32Array, at: Int32Array): Int32Array => at.map((i) => lines[i]!);

/** What is looked at before a search settles for less than the best. */
const LEAST_LIMIT = 1024;

class Search {
  readonly #process: Process;
  readonly #a: Int32Array;
  readonly #b: Int32Array;
  readonly #mark: (side: 0 | 1, at: number) => void;
  readonly #forward: Int32Array;
  readonly #backward: Int32Array;
  readonly #base: number;
  readonly #limit: number;

  constructor(process: Process, a: Int32Array, b: Int32Array, mark: (side: 0 | 1, at: number) => void) {
    this.#process = process;
    this.#a = a;
    this.#b = b;
    this.#mark = mark;
    this.#base = b.length + 1;
    const diagonals = a.length + b.length + 3;
    this.#forward = new Int32Array(diagonals);
    this.#backward = new Int32Array(diagonals);
    this.#limit = Math.max(LEAST_LIMIT, Math.floor(Math.sqrt(diagonals)));
  }

  run(): Task<void> {
    return this.#compare(0, this.#a.length, 0, this.#b.length);
  }

  *#compare(fromA: number, toA: number, fromB: number, toB: number): Task<void> {
    const [a, b] = [this.#a, this.#b];
    let [x0, x1, y0, y1] = [fromA, toA, fromB, toB];
    while (x0 < x1 && y0 < y1 && a[x0] === b[y0]) {
      x0++;
      y0++;
    }
    while (x0 < x1 && y0 < y1 && a[x1 - 1] === b[y1 - 1]) {
      x1--;
      y1--;
    }
    if (x0 === x1) for (; y0 < y1; y0++) this.#mark(1, y0);
    else if (y0 === y1) for (; x0 < x1; x0++) this.#mark(0, x0);
    else {
      const [x, y] = yield* this.#middle(x0, x1, y0, y1);
      yield* call(this.#compare(x0, x, y0, y));
      yield* call(this.#compare(x, x1, y, y1));
    }
  }

  /** A point on a shortest way, found from both ends at once; past the limit, the furthest that was reached. */
  *#middle(x0: number, x1: number, y0: number, y1: number): Task<[number, number]> {
    const [a, b, base] = [this.#a, this.#b, this.#base];
    const [fd, bd] = [this.#forward, this.#backward];
    const [least, most] = [x0 - y1, x1 - y0];
    const [fmid, bmid] = [x0 - y0, x1 - y1];
    let [fmin, fmax, bmin, bmax] = [fmid, fmid, bmid, bmid];
    const odd = ((fmid - bmid) & 1) !== 0;
    fd[base + fmid] = x0;
    bd[base + bmid] = x1;
    for (let cost = 1; ; cost++) {
      if ((cost & 15) === 0) yield* this.#process.spend(Math.min(cost, most - least) * 0.05);
      if (fmin > least) fd[base + --fmin - 1] = -1;
      else fmin++;
      if (fmax < most) fd[base + ++fmax + 1] = -1;
      else fmax--;
      for (let d = fmax; d >= fmin; d -= 2) {
        const [low, high] = [fd[base + d - 1]!, fd[base + d + 1]!];
        let x = low < high ? high : low + 1;
        let y = x - d;
        while (x < x1 && y < y1 && a[x] === b[y]) {
          x++;
          y++;
        }
        fd[base + d] = x;
        if (odd && bmin <= d && d <= bmax && bd[base + d]! <= x) return [x, y];
      }
      if (bmin > least) bd[base + --bmin - 1] = 0x7fffffff;
      else bmin++;
      if (bmax < most) bd[base + ++bmax + 1] = 0x7fffffff;
      else bmax--;
      for (let d = bmax; d >= bmin; d -= 2) {
        const [low, high] = [bd[base + d - 1]!, bd[base + d + 1]!];
        let x = low < high ? low : high - 1;
        let y = x - d;
        while (x0 < x && y0 < y && a[x - 1] === b[y - 1]) {
          x--;
          y--;
        }
        bd[base + d] = x;
        if (!odd && fmin <= d && d <= fmax && x <= fd[base + d]!) return [x, y];
      }
      if (cost >= this.#limit) return this.#furthest(x0, x1, y0, y1, [fmin, fmax, bmin, bmax]);
    }
  }

  #furthest(
    x0: number,
    x1: number,
    y0: number,
    y1: number,
    [fmin, fmax, bmin, bmax]: [number, number, number, number],
  ): [number, number] {
    const base = this.#base;
    let [best, at, found] = [-1, 0, 0];
    for (let d = fmax; d >= fmin; d -= 2) {
      let x = Math.min(this.#forward[base + d]!, x1);
      if (x - d > y1) x = y1 + d;
      if (x + x - d > best) [best, at, found] = [x + x - d, x, x - d];
    }
    let [least, bx, by] = [0x7fffffff, 0, 0];
    for (let d = bmax; d >= bmin; d -= 2) {
      let x = Math.max(x0, this.#backward[base + d]!);
      if (x - d < y0) x = y0 + d;
      if (x + x - d < least) [least, bx, by] = [x + x - d, x, x - d];
    }
    return x1 + y1 - least < best - (x0 + y0) ? [at, found] : [bx, by];
  }
}

/** Slides each run of changes to where it joins others, else as far down as it goes (GNU diff, shift_boundaries). */
function shift(changed: Uint8Array, other: Uint8Array, lines: Int32Array): void {
  const end = lines.length;
  // Both are read one line before the first and after the last.
  const is = (i: number) => changed[i + 1] === 1;
  const otherIs = (j: number) => other[j + 1] === 1;
  const set = (i: number, value: number) => {
    changed[i + 1] = value;
  };
  let [i, j] = [0, 0];
  for (;;) {
    while (i < end && !is(i)) {
      while (otherIs(j++));
      i++;
    }
    if (i === end) return;
    let start = i;
    while (is(++i));
    while (otherIs(j)) j++;
    let length: number;
    let corresponding: number;
    do {
      length = i - start;
      while (start > 0 && lines[start - 1] === lines[i - 1]) {
        set(--start, 1);
        set(--i, 0);
        while (is(start - 1)) start--;
        while (otherIs(--j));
      }
      corresponding = otherIs(j - 1) ? i : end;
      while (i !== end && lines[start] === lines[i]) {
        set(start++, 0);
        set(i++, 1);
        while (is(i)) i++;
        while (otherIs(++j)) corresponding = i;
      }
    } while (length !== i - start);
    while (corresponding < i) {
      set(--start, 1);
      set(--i, 0);
      while (otherIs(--j));
    }
  }
}

function hunksOf(left: Uint8Array, right: Uint8Array, leftEnd: number, rightEnd: number): Hunk[] {
  const hunks: Hunk[] = [];
  let [i, j] = [0, 0];
  while (i < leftEnd || j < rightEnd) {
    if (left[i + 1] === 0 && right[j + 1] === 0) {
      i++;
      j++;
      continue;
    }
    const [from, first] = [i, j];
    while (left[i + 1] === 1) i++;
    while (right[j + 1] === 1) j++;
    hunks.push({ from, to: i, first, last: j });
  }
  return hunks;
}
