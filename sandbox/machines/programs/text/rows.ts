/** The bytes of all operands, one after another, in pieces of a given size: no more is read than is asked for. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile } from '../../process.ts';
import { joined } from '../bytes.ts';
import { openInput } from '../io.ts';
import type { Tool } from '../tool.ts';

const EMPTY = new Uint8Array(0);
/** What is read at once where there is no limit. */
const CHUNK = 65_536;

export class Rows {
  readonly #tool: Tool;
  readonly #paths: string[];
  readonly #complaint: (path: string, words: string) => string;
  #file: OpenFile | undefined;
  #buffer: Uint8Array = EMPTY;
  #left: number;
  /** How many inputs could be opened. */
  opened = 0;

  constructor(
    tool: Tool,
    paths: readonly string[],
    limit = Number.POSITIVE_INFINITY,
    complaint = (path: string, words: string) => `${path}: ${words}`,
  ) {
    this.#tool = tool;
    this.#paths = paths.length > 0 ? [...paths] : ['-'];
    this.#left = limit;
    this.#complaint = complaint;
  }

  /** Throws bytes away; says how many there were. A file that can be sought is not read. */
  *skip(bytes: number): Task<number> {
    let left = bytes;
    while (left > 0 && (yield* this.#open())) {
      const file = this.#file!;
      if (file.seek && file.tell) {
        const stat = yield* file.stat();
        if (stat.type === 'file' && stat.size > 0) {
          const step = Math.min(left, Math.max(0, stat.size - file.tell()));
          file.seek(file.tell() + step);
          left -= step;
          if (left > 0) this.#next();
          continue;
        }
      }
      const chunk = yield* file.read(Math.min(left, CHUNK));
      if (chunk.length === 0) this.#next();
      left -= chunk.length;
    }
    return bytes - left;
  }

  /** A row of `size` bytes; the last may be shorter, after it they are empty. */
  *next(size: number): Task<Uint8Array> {
    const parts: Uint8Array[] = [];
    let have = 0;
    while (have < size) {
      if (this.#buffer.length === 0 && !(yield* this.#fill())) break;
      const part = this.#buffer.subarray(0, size - have);
      this.#buffer = this.#buffer.subarray(part.length);
      parts.push(part);
      have += part.length;
    }
    return parts.length === 0 ? EMPTY : joined(parts, have);
  }

  release(): void {
    this.#file?.release();
    this.#file = undefined;
  }

  #next(): void {
    this.#file?.release();
    this.#file = undefined;
    this.#paths.shift();
  }

  *#open(): Task<boolean> {
    while (!this.#file) {
      const path = this.#paths[0];
      if (path === undefined) return false;
      try {
        this.#file = yield* openInput(this.#tool.process, path);
        this.opened++;
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* this.#tool.complain(this.#complaint(path, error.message));
        this.#paths.shift();
      }
    }
    return true;
  }

  *#fill(): Task<boolean> {
    while (this.#left > 0 && (yield* this.#open())) {
      const chunk = yield* this.#file!.read(Math.min(this.#left, CHUNK));
      if (chunk.length > 0) {
        this.#left -= chunk.length;
        this.#buffer = chunk;
        return true;
      }
      this.#next();
    }
    return false;
  }
}

/** Whether two rows are the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array | undefined): boolean {
  if (!b || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export const printable = (byte: number): string => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.');
