/**
 * The content of a file as extents: holes and runs of repeated bytes cost nothing, plain data is held in pieces. What is
 * allocated on the disk is counted beside it, in blocks, as a filesystem with extents does (fallocate(2), fiemap).
 */

import { Errno, isErrno } from '../errno.ts';
import { type Pattern, patternOf, samePattern, stretch, ZERO, zeros } from './patterns.ts';
import { Ranges } from './ranges.ts';

/** Plain data is held in pieces of at most this. */
const PIECE = 65_536;

/** A run of a pattern (`data` absent), or plain data. Extents do not overlap and are in order; what lies between is a hole. */
interface Extent {
  from: number;
  to: number;
  pattern?: Pattern;
  /** Which byte of the pattern is the first one. */
  phase: number;
  /** Its first bytes are the extent's; there may be room for more behind. */
  data?: Uint8Array;
  /** Somebody else holds the same data: copy before writing. */
  shared?: boolean;
}

/** Counts bytes that are really held (see memory.ts); `take` throws ENOSPC when there may be no more. */
export interface Held {
  take(bytes: number): void;
}

const EMPTY = new Uint8Array(0);

export class Extents {
  readonly #held: Held;
  #list: Extent[] = [];
  /** Bytes of the buffers that are this file's own. */
  #own = 0;

  constructor(held: Held) {
    this.#held = held;
  }

  read(from: number, to: number): Uint8Array {
    if (to <= from) return EMPTY;
    const first = this.#at(from);
    const only = this.#list[first];
    if (!only || only.from >= to) return zeros(to - from);
    if (only.from <= from && only.to >= to) {
      if (only.pattern) return stretch(only.pattern, phaseAt(only, from), to - from);
      return only.data!.slice(from - only.from, to - only.from);
    }
    const whole = new Uint8Array(to - from);
    for (let i = first; i < this.#list.length && this.#list[i]!.from < to; i++) {
      const one = this.#list[i]!;
      const start = Math.max(from, one.from);
      const end = Math.min(to, one.to);
      if (one.data) whole.set(one.data.subarray(start - one.from, end - one.from), start - from);
      else if (one.pattern !== ZERO) whole.set(stretch(one.pattern!, phaseAt(one, start), end - start), start - from);
    }
    return whole;
  }

  /** Says how many bytes it took: fewer when too much would be held. */
  write(at: number, data: Uint8Array): number {
    if (data.length === 0) return 0;
    const pattern = patternOf(data);
    if (pattern) {
      this.#place({ from: at, to: at + data.length, pattern, phase: 0 });
      return data.length;
    }
    let done = 0;
    while (done < data.length) {
      const from = at + done;
      const room = this.#room(from);
      const part = data.subarray(done, done + Math.min(PIECE, room?.length ?? PIECE));
      try {
        if (room) room.write(part);
        else {
          this.#held.take(part.length);
          this.#own += part.length;
          this.#place({ from, to: from + part.length, data: part.slice(), phase: 0 });
        }
      } catch (error) {
        if (isErrno(error, 'ENOSPC')) break;
        throw error;
      }
      done += part.length;
    }
    return done;
  }

  /** Makes a hole. */
  clear(from: number, to: number): void {
    if (to > from) this.#carve(from, to);
  }

  /** The same content; data is shared until one of the two changes it. */
  clone(held: Held): Extents {
    const copy = new Extents(held);
    for (const one of this.#list) {
      if (one.data) one.shared = true;
      copy.#list.push({ ...one });
    }
    return copy;
  }

  /** Gives back what is held. */
  drop(): void {
    this.#held.take(-this.#own);
    this.#own = 0;
    this.#list = [];
  }

  /**
   * Where plain data at `from` can be written in place: over data that is there, or into the room behind it, as far as
   * that goes. A piece grows by doubling, so that many small writes at the end cost what they write.
   */
  #room(from: number): { length: number; write(part: Uint8Array): void } | undefined {
    let index = this.#at(from);
    let one = this.#list[index];
    // The end of the one before is where an append goes.
    if (!(one && one.from <= from) && index > 0 && this.#list[index - 1]!.to === from) one = this.#list[--index];
    if (!one?.data || one.from > from) return undefined;
    const extent = one;
    const offset = from - extent.from;
    const length = (offset < extent.to - extent.from ? extent.to - extent.from : PIECE) - offset;
    if (length <= 0) return undefined;
    return {
      length,
      write: (part) => {
        this.#makeOwn(extent, offset + part.length);
        if (from + part.length > extent.to) {
          this.#carve(extent.to, from + part.length);
          extent.to = from + part.length;
        }
        extent.data!.set(part, offset);
      },
    };
  }

  /** Makes the extent's data its own and at least so long. */
  #makeOwn(extent: Extent, length: number): void {
    const data = extent.data!;
    if (!extent.shared && data.length >= length) return;
    const size = data.length >= length ? length : Math.min(PIECE, Math.max(length, data.length * 2));
    const needed = Math.max(size, extent.to - extent.from);
    const before = extent.shared ? 0 : data.length;
    this.#held.take(needed - before);
    this.#own += needed - before;
    const grown = new Uint8Array(needed);
    grown.set(data.subarray(0, Math.min(needed, extent.to - extent.from)));
    extent.data = grown;
    extent.shared = false;
  }

  /** Puts an extent where there is nothing any more, joined with a run that it continues. */
  #place(extent: Extent): void {
    this.#carve(extent.from, extent.to);
    const index = this.#at(extent.from);
    const before = this.#list[index - 1];
    if (
      extent.pattern &&
      before?.pattern &&
      before.to === extent.from &&
      samePattern(before.pattern, extent.pattern) &&
      phaseAt(before, before.to) === extent.phase
    )
      before.to = extent.to;
    else this.#list.splice(index, 0, extent);
  }

  #carve(from: number, to: number): void {
    const first = this.#at(from);
    let last = first;
    const kept: Extent[] = [];
    while (last < this.#list.length && this.#list[last]!.from < to) {
      const one = this.#list[last++]!;
      const [left, right] = [one.from < from, one.to > to];
      if (right) kept.push(this.#tail(one, to, left));
      if (left) {
        one.to = from;
        kept.unshift(one);
      } else if (!right) this.#forget(one);
    }
    if (last > first) this.#list.splice(first, last - first, ...kept);
  }

  /** The part of an extent from `to` on, in a buffer of its own if the other part keeps the old one. */
  #tail(one: Extent, to: number, split: boolean): Extent {
    const offset = to - one.from;
    if (one.pattern) return { ...one, from: to, phase: phaseAt(one, to) };
    const data = one.data!.slice(offset, one.to - one.from);
    if (!split) this.#forget(one);
    this.#held.take(data.length);
    this.#own += data.length;
    return { from: to, to: one.to, data, phase: 0 };
  }

  #forget(one: Extent): void {
    if (!one.data || one.shared) return;
    this.#held.take(-one.data.length);
    this.#own -= one.data.length;
  }

  /** The index of the first extent that ends after `at`. */
  #at(at: number): number {
    let low = 0;
    let high = this.#list.length;
    // Most writes go to the end.
    if (high > 0 && this.#list[high - 1]!.to <= at) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#list[middle]!.to <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const phaseAt = (one: Extent, at: number): number => (one.phase + at - one.from) % one.pattern!.length;

/** Which blocks of a file are allocated. A file without holes, as almost all are, is known by its length alone. */
export class Allocation {
  readonly #block: number;
  #dense = 0;
  #ranges: Ranges | undefined;

  constructor(block: number) {
    this.#block = block;
  }

  /** Bytes on the disk. */
  get bytes(): number {
    return (this.#ranges?.total ?? this.#dense) * this.#block;
  }

  /** Bytes that the disk must still give for `from` to `to`. */
  missing(from: number, to: number): number {
    const [first, last] = this.#blocks(from, to);
    return (
      (this.#ranges ? this.#ranges.missing(first, last) : Math.max(0, last - Math.max(first, this.#dense))) *
      this.#block
    );
  }

  /** How far one can write from `from`, at most to `to`, when the disk gives `free` bytes. */
  reach(from: number, to: number, free: number): number {
    const [first, last] = this.#blocks(from, to);
    const allowed = Math.max(0, Math.floor(free / this.#block));
    const end = this.#ranges
      ? this.#ranges.reach(first, last, allowed)
      : Math.min(last, Math.max(first, this.#dense) + allowed);
    return Math.min(to, end * this.#block);
  }

  add(from: number, to: number): void {
    const [first, last] = this.#blocks(from, to);
    if (!this.#ranges && first <= this.#dense) this.#dense = Math.max(this.#dense, last);
    else this.#sparse().add(first, last);
  }

  /** Takes the blocks away that lie wholly between the two. */
  remove(from: number, to: number): void {
    const first = Math.ceil(from / this.#block);
    const last = to === Number.POSITIVE_INFINITY ? to : Math.floor(to / this.#block);
    if (!this.#ranges && last >= this.#dense) this.#dense = Math.min(this.#dense, first);
    else if (last > first) this.#sparse().remove(first, last);
    if (this.#ranges?.total === 0) {
      this.#ranges = undefined;
      this.#dense = 0;
    }
  }

  clone(): Allocation {
    const copy = new Allocation(this.#block);
    copy.#dense = this.#dense;
    copy.#ranges = this.#ranges?.clone();
    return copy;
  }

  #sparse(): Ranges {
    if (!this.#ranges) {
      this.#ranges = new Ranges();
      this.#ranges.add(0, this.#dense);
    }
    return this.#ranges;
  }

  #blocks(from: number, to: number): [number, number] {
    return [Math.floor(from / this.#block), Math.ceil(to / this.#block)];
  }
}

/** 2^63 − 1, the longest file (s_maxbytes). Throws EFBIG. */
export function demandLength(length: number): void {
  if (length >= 2 ** 63) throw new Errno('EFBIG');
}

/** What a file holds, and the blocks it takes for that. */
export interface Content {
  readonly extents: Extents;
  readonly allocation: Allocation;
}

export const newContent = (held: Held, block: number): Content => ({
  extents: new Extents(held),
  allocation: new Allocation(block),
});
