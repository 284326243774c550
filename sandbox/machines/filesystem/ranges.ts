/** A set of whole numbers kept as ranges: the blocks that a file has on its disk. */

interface Range {
  /** First, and one after the last. */
  from: number;
  to: number;
}

export class Ranges {
  #ranges: Range[] = [];
  #total = 0;

  /** How many numbers are in it. */
  get total(): number {
    return this.#total;
  }

  /** Adds from `from` to before `to`. */
  add(from: number, to: number): void {
    if (to <= from) return;
    const first = this.#touching(from);
    let last = first;
    let whole: Range = { from, to };
    while (last < this.#ranges.length && this.#ranges[last]!.from <= to) {
      const one = this.#ranges[last++]!;
      this.#total -= one.to - one.from;
      whole = { from: Math.min(whole.from, one.from), to: Math.max(whole.to, one.to) };
    }
    this.#ranges.splice(first, last - first, whole);
    this.#total += whole.to - whole.from;
  }

  remove(from: number, to: number): void {
    if (to <= from) return;
    const first = this.#touching(from);
    const kept: Range[] = [];
    let last = first;
    while (last < this.#ranges.length && this.#ranges[last]!.from < to) {
      const one = this.#ranges[last++]!;
      this.#total -= one.to - one.from;
      if (one.from < from) kept.push({ from: one.from, to: Math.min(one.to, from) });
      if (one.to > to) kept.push({ from: Math.max(one.from, to), to: one.to });
    }
    for (const one of kept) this.#total += one.to - one.from;
    this.#ranges.splice(first, last - first, ...kept);
  }

  /** How many of `from` to before `to` are not in it. */
  missing(from: number, to: number): number {
    let count = Math.max(0, to - from);
    for (let i = this.#touching(from); i < this.#ranges.length && this.#ranges[i]!.from < to; i++) {
      const { from: start, to: end } = this.#ranges[i]!;
      count -= Math.max(0, Math.min(end, to) - Math.max(start, from));
    }
    return count;
  }

  /** How far one comes from `from`, at most to `to`, with `allowed` numbers that are not in it. */
  reach(from: number, to: number, allowed: number): number {
    let at = from;
    let left = allowed;
    for (let i = this.#touching(from); at < to; i++) {
      const next = this.#ranges[i];
      const gap = Math.min(to, Math.max(at, next?.from ?? to)) - at;
      if (gap > left) return at + left;
      left -= gap;
      at = next ? Math.max(at + gap, Math.min(to, next.to)) : to;
    }
    return to;
  }

  clone(): Ranges {
    const copy = new Ranges();
    copy.#ranges = this.#ranges.map((one) => ({ ...one }));
    copy.#total = this.#total;
    return copy;
  }

  /** The index of the first range that ends at `at` or later. */
  #touching(at: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ranges[middle]!.to < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
