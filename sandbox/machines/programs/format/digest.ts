/** MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4), and POSIX' cksum, each fed chunk by chunk. */

export interface Digest {
  update(bytes: Uint8Array): void;
  /** In hexadecimal digits; the last call. */
  finish(): string;
}

const hex = (words: Iterable<number>): string =>
  [...words].map((w) => (w >>> 0).toString(16).padStart(8, '0')).join('');
const rotl = (x: number, n: number): number => (x << n) | (x >>> (32 - n));
const rotr = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

/** The message in blocks, and at its end the padding: a one bit, zeros, the length in bits. */
abstract class Blocks implements Digest {
  readonly #block: Uint8Array;
  readonly #view: DataView;
  readonly #lengthBytes: number;
  readonly #little: boolean;
  #filled = 0;
  #length = 0;

  constructor(block: number, lengthBytes: number, little: boolean) {
    this.#block = new Uint8Array(block);
    this.#view = new DataView(this.#block.buffer);
    this.#lengthBytes = lengthBytes;
    this.#little = little;
  }

  protected abstract compress(view: DataView, at: number): void;
  protected abstract result(): string;

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let at = 0;
    const size = this.#block.length;
    if (this.#filled > 0) {
      at = Math.min(size - this.#filled, bytes.length);
      this.#block.set(bytes.subarray(0, at), this.#filled);
      this.#filled += at;
      if (this.#filled < size) return;
      this.compress(this.#view, 0);
      this.#filled = 0;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (; at + size <= bytes.length; at += size) this.compress(view, at);
    this.#block.set(bytes.subarray(at));
    this.#filled = bytes.length - at;
  }

  finish(): string {
    const bits = BigInt(this.#length) * 8n;
    const size = this.#block.length;
    const zeros = (2 * size - this.#filled - 1 - this.#lengthBytes) % size;
    const tail = new Uint8Array(1 + zeros + this.#lengthBytes);
    tail[0] = 0x80;
    new DataView(tail.buffer).setBigUint64(tail.length - 8, bits, this.#little);
    this.update(tail);
    return this.result();
  }
}

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const MD5_SINES = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);

class Md5 extends Blocks {
  #state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476] as [number, number, number, number];

  constructor() {
    super(64, 8, true);
  }

  protected compress(view: DataView, at: number): void {
    const [a0, b0, c0, d0] = this.#state;
    let [a, b, c, d] = [a0, b0, c0, d0];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const f =
        round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
      const g = round === 0 ? i : round === 1 ? (5 * i + 1) % 16 : round === 2 ? (3 * i + 5) % 16 : (7 * i) % 16;
      const sum = (a + f + MD5_SINES[i]! + view.getInt32(at + g * 4, true)) | 0;
      [a, d, c, b] = [d, c, b, (b + rotl(sum, MD5_SHIFTS[round * 4 + (i & 3)]!)) | 0];
    }
    this.#state = [(a0 + a) | 0, (b0 + b) | 0, (c0 + c) | 0, (d0 + d) | 0];
  }

  protected result(): string {
    const swap = (w: number) => ((w & 255) << 24) | ((w & 0xff00) << 8) | ((w >>> 8) & 0xff00) | (w >>> 24);
    return hex(this.#state.map(swap));
  }
}

export const md5 = (): Digest => new Md5();

class Sha1 extends Blocks {
  readonly #h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0].map((x) => x | 0);
  readonly #w = new Int32Array(80);

  constructor() {
    super(64, 8, false);
  }

  protected compress(view: DataView, at: number): void {
    const h = this.#h;
    const w = this.#w;
    for (let i = 0; i < 80; i++)
      w[i] = i < 16 ? view.getInt32(at + i * 4) : rotl(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1);
    let [a, b, c, d, e] = h as [number, number, number, number, number];
    for (let i = 0; i < 80; i++) {
      const [f, k] =
        i < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : i < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      const sum = (rotl(a, 5) + f + e + k + w[i]!) | 0;
      [e, d, c, b, a] = [d, c, rotl(b, 30), a, sum];
    }
    [a, b, c, d, e].forEach((x, i) => {
      h[i] = (h[i]! + x) | 0;
    });
  }

  protected result(): string {
    return hex(this.#h);
  }
}

export const sha1 = (): Digest => new Sha1();

/** The fractional bits of the roots of the first primes. */
function primeRoots(count: number, root: 2 | 3, bits: bigint): bigint[] {
  const out: bigint[] = [];
  for (let n = 2; out.length < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (prime) out.push(integerRoot(BigInt(n) << (bits * BigInt(root)), BigInt(root)) & ((1n << bits) - 1n));
  }
  return out;
}

function integerRoot(value: bigint, degree: bigint): bigint {
  let low = 0n;
  let high = 1n << (BigInt(value.toString(2).length) / degree + 1n);
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** degree <= value) low = middle;
    else high = middle - 1n;
  }
  return low;
}

let sha256Constants: Int32Array | undefined;

class Sha256 extends Blocks {
  readonly #h: Int32Array;
  readonly #k: Int32Array;
  readonly #w = new Int32Array(64);
  readonly #length: number;

  constructor(h: Int32Array, length: number) {
    super(64, 8, false);
    this.#h = h;
    this.#length = length;
    sha256Constants ??= Int32Array.from(primeRoots(64, 3, 32n), (x) => Number(x) | 0);
    this.#k = sha256Constants;
  }

  protected compress(view: DataView, at: number): void {
    const h = this.#h;
    const k = this.#k;
    const w = this.#w;
    for (let i = 0; i < 64; i++) {
      if (i < 16) w[i] = view.getInt32(at + i * 4);
      else {
        const [x, y] = [w[i - 15]!, w[i - 2]!];
        const s0 = rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3);
        const s1 = rotr(y, 17) ^ rotr(y, 19) ^ (y >>> 10);
        w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
      }
    }
    let [a, b, c, d, e, f, g, hh] = h as unknown as [number, number, number, number, number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const t1 = (hh + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + k[i]! + w[i]!) | 0;
      const t2 = ((rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [hh, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, hh].forEach((x, i) => {
      h[i] = (h[i]! + x) | 0;
    });
  }

  protected result(): string {
    return hex(this.#h).slice(0, this.#length);
  }
}

export const sha256 = (): Digest =>
  new Sha256(
    Int32Array.from(primeRoots(8, 2, 32n), (x) => Number(x) | 0),
    64,
  );
/** Its beginnings are the second halves of SHA-384's. */
export const sha224 = (): Digest =>
  new Sha256(
    Int32Array.from(sha384Start(), (x) => Number(x & 0xffffffffn) | 0),
    56,
  );

const M64 = (1n << 64n) - 1n;
const rotr64 = (x: bigint, n: bigint): bigint => ((x >> n) | (x << (64n - n))) & M64;

let sha512Constants: bigint[] | undefined;
/** Roots of the ninth to sixteenth primes. */
const sha384Start = (): bigint[] => primeRoots(16, 2, 64n).slice(8);

class Sha512 extends Blocks {
  readonly #h: bigint[];
  readonly #k: bigint[];
  readonly #length: number;

  constructor(h: bigint[], length: number) {
    super(128, 16, false);
    this.#h = h;
    this.#length = length;
    sha512Constants ??= primeRoots(80, 3, 64n);
    this.#k = sha512Constants;
  }

  protected compress(view: DataView, at: number): void {
    const h = this.#h;
    const k = this.#k;
    const w: bigint[] = [];
    for (let i = 0; i < 80; i++) {
      if (i < 16) w.push(view.getBigUint64(at + i * 8));
      else {
        const [x, y] = [w[i - 15]!, w[i - 2]!];
        const s0 = rotr64(x, 1n) ^ rotr64(x, 8n) ^ (x >> 7n);
        const s1 = rotr64(y, 19n) ^ rotr64(y, 61n) ^ (y >> 6n);
        w.push((w[i - 16]! + s0 + w[i - 7]! + s1) & M64);
      }
    }
    let [a, b, c, d, e, f, g, hh] = h as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
    for (let i = 0; i < 80; i++) {
      const t1 =
        (hh + (rotr64(e, 14n) ^ rotr64(e, 18n) ^ rotr64(e, 41n)) + ((e & f) ^ (~e & M64 & g)) + k[i]! + w[i]!) & M64;
      const t2 = ((rotr64(a, 28n) ^ rotr64(a, 34n) ^ rotr64(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c))) & M64;
      [hh, g, f, e, d, c, b, a] = [g, f, e, (d + t1) & M64, c, b, a, (t1 + t2) & M64];
    }
    [a, b, c, d, e, f, g, hh].forEach((x, i) => {
      h[i] = (h[i]! + x) & M64;
    });
  }

  protected result(): string {
    return this.#h
      .map((x) => x.toString(16).padStart(16, '0'))
      .join('')
      .slice(0, this.#length);
  }
}

export const sha512 = (): Digest => new Sha512(primeRoots(8, 2, 64n), 128);
export const sha384 = (): Digest => new Sha512(sha384Start(), 96);

/** POSIX cksum: CRC-32 with the length appended. */
export class Crc {
  #crc = 0;
  length = 0;

  update(bytes: Uint8Array): void {
    this.length += bytes.length;
    for (const byte of bytes) this.#feed(byte);
  }

  finish(): number {
    for (let length = this.length; length > 0; length = Math.floor(length / 256)) this.#feed(length % 256);
    return ~this.#crc >>> 0;
  }

  #feed(byte: number): void {
    this.#crc = (this.#crc << 8) ^ CRC_TABLE[((this.#crc >>> 24) ^ byte) & 255]!;
  }
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});
