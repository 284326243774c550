/** The gzip format (RFC 1952), a piece at a time: deflate is fflate's, header, trailer and sizes are checked here. */

import { Deflate, type DeflateOptions, Gunzip } from 'fflate';

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 of the data after `crc`. */
function crc32(data: Uint8Array, crc = 0): number {
  let c = ~crc;
  for (const byte of data) c = TABLE[(c ^ byte) & 255]! ^ (c >>> 8);
  return ~c >>> 0;
}

export interface HeaderOptions {
  readonly level: number;
  /** The original name and its time in milliseconds; left out by `-n` and for standard input. */
  readonly name?: string | undefined;
  readonly mtime?: number | undefined;
}

/** Compresses what is pushed. */
export class Compressor {
  readonly #deflate: Deflate;
  #pieces: Uint8Array[] = [];
  #crc = 0;
  #size = 0;

  constructor({ level, name, mtime }: HeaderOptions) {
    const time = Math.floor((mtime ?? 0) / 1000);
    const extra = level === 9 ? 2 : level === 1 ? 4 : 0;
    const bytes = [0x1f, 0x8b, 8, name === undefined ? 0 : 8, ...littleEndian(time), extra, 3];
    this.#pieces.push(Uint8Array.from(bytes));
    if (name !== undefined) this.#pieces.push(new TextEncoder().encode(`${name}\0`));
    this.#deflate = new Deflate({ level: level as NonNullable<DeflateOptions['level']> }, (data) => {
      this.#pieces.push(data);
    });
  }

  /** What is ready to be written after `data`; with `last`, all of it. */
  push(data: Uint8Array, last = false): Uint8Array[] {
    this.#crc = crc32(data, this.#crc);
    this.#size = (this.#size + data.length) >>> 0;
    this.#deflate.push(data, last);
    if (last) this.#pieces.push(Uint8Array.from([...littleEndian(this.#crc), ...littleEndian(this.#size)]));
    return this.#pieces.splice(0).filter((piece) => piece.length > 0);
  }
}

const littleEndian = (n: number): number[] => [n & 255, (n >>> 8) & 255, (n >>> 16) & 255, n >>> 24];

export const uint32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;

/** What gzip says of a file that is not whole: after the file's name, and the exit status. */
export class GzipError extends Error {
  readonly status: number;
  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

/** How much compressed data is taken at once: deflate makes at most 1032 times as much of it. */
export const INPUT_PIECE = 1024;

const TRAILER = 8;

/** Decompresses what is pushed, member after member. Throws GzipError. */
export class Decompressor {
  readonly #gunzip: Gunzip;
  #pieces: Uint8Array[] = [];
  #crc = 0;
  #size = 0;
  /** The end of what was pushed, at least a member's trailer. */
  #tail: Uint8Array = new Uint8Array();
  #taken = 0;

  constructor() {
    this.#gunzip = new Gunzip((data) => {
      this.#crc = crc32(data, this.#crc);
      this.#size = (this.#size + data.length) >>> 0;
      this.#pieces.push(data);
    });
    // Where the second member and those after it begin.
    this.#gunzip.onmember = (offset) => this.#check(offset);
  }

  /** What `data` (at most INPUT_PIECE bytes) decompresses to. */
  push(data: Uint8Array, last = false): Uint8Array[] {
    const before = this.#tail.subarray(-TRAILER - 2);
    this.#tail = new Uint8Array(before.length + data.length);
    this.#tail.set(before);
    this.#tail.set(data, before.length);
    this.#taken += data.length;
    if (this.#taken === data.length && data.length > 1 && (data[0] !== 0x1f || data[1] !== 0x8b)) {
      throw new GzipError('not in gzip format');
    }
    try {
      this.#gunzip.push(data, last);
    } catch (error) {
      // The first header was looked at above: a member is whole, and what follows is none.
      if (/invalid gzip data/.test((error as Error).message)) {
        throw new GzipError('decompression OK, trailing garbage ignored', 2);
      }
      if (/unexpected EOF/.test((error as Error).message)) throw new GzipError('unexpected end of file');
      throw new GzipError('invalid compressed data--format violated');
    }
    if (last) {
      if (this.#taken < 18) throw new GzipError('unexpected end of file');
      this.#check(this.#taken);
    }
    return this.taken();
  }

  /** What was decompressed before an error. */
  taken(): Uint8Array[] {
    return this.#pieces.splice(0).filter((piece) => piece.length > 0);
  }

  #check(end: number): void {
    const at = this.#tail.length - (this.#taken - end) - TRAILER;
    const [crc, size] = [this.#crc, this.#size];
    this.#crc = 0;
    this.#size = 0;
    if (at < 0) return;
    if (uint32(this.#tail, at) !== crc) throw new GzipError('invalid compressed data--crc error');
    if (uint32(this.#tail, at + 4) !== size) throw new GzipError('invalid compressed data--length error');
  }
}
