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
      a = d;
      d = c;
      c = b;
      b = (b + rotl(sum, MD5_SHIFTS[round * 4 + (i & 3)]!)) | 0;
    }
    this.#state = [(a0 + a) | 0, (b0 + b) | 0, (c0 + c) | 0, (d0 + d) | 0];
  }

  protected result(): string {
    const swap = (w: number) => ((w & 255) << 24) | ((w & 0xff00) << 8) | ((w >>> 8) & 0xff00) | (w >>> 24);
    return hex(this.#state.map(swap));
  }
}

export const md5 = (): Digest => new Md5();

const SHA1_CONSTANTS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc | 0, 0xca62c1d6 | 0];

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
      const f = i < 20 ? (b & c) | (~b & d) : i < 40 || i >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
      const sum = (rotl(a, 5) + f + e + SHA1_CONSTANTS[Math.floor(i / 20)]! + w[i]!) | 0;
      e = d;
      d = c;
      c = rotl(b, 30);
      b = a;
      a = sum;
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

const knownRoots = new Map<string, readonly bigint[]>();

/** The fractional bits of the roots of the first primes: reckoned once, which takes a thousand times as long as to digest a block. */
function primeRoots(count: number, root: 2 | 3, bits: bigint): readonly bigint[] {
  const key = `${count} ${root} ${bits}`;
  const known = knownRoots.get(key);
  if (known) return known;
  const out: bigint[] = [];
  knownRoots.set(key, out);
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
      hh = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
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

let sha512Constants: Int32Array | undefined;
/** Roots of the ninth to sixteenth primes. */
const sha384Start = (): readonly bigint[] => primeRoots(16, 2, 64n).slice(8);

/** Numbers of 64 bits, each as its high and its low half. */
const halves = (values: readonly bigint[]): Int32Array =>
  Int32Array.from(values.flatMap((x) => [Number(x >> 32n) | 0, Number(x & 0xffffffffn) | 0]));
/** What the sum of low halves carries into the high ones. */
const carry = (sum: number): number => Math.floor(sum / 2 ** 32);
/** The low half of a number of 64 bits turned right by n; its high half is that of the number with its halves swapped. */
const turned = (high: number, low: number, n: number): number =>
  n < 32 ? (low >>> n) | (high << (32 - n)) : (high >>> (n - 32)) | (low << (64 - n));

/** In halves of 32 bits, because a BigInt costs forty times as much. */
class Sha512 extends Blocks {
  readonly #h: Int32Array;
  readonly #k: Int32Array;
  readonly #w = new Int32Array(160);
  /** a to h of the standard, in halves. */
  readonly #s = new Int32Array(16);
  readonly #length: number;

  constructor(h: readonly bigint[], length: number) {
    super(128, 16, false);
    this.#h = halves(h);
    this.#length = length;
    sha512Constants ??= halves(primeRoots(80, 3, 64n));
    this.#k = sha512Constants;
  }

  protected compress(view: DataView, at: number): void {
    const w = this.#w;
    for (let i = 0; i < 32; i++) w[i] = view.getInt32(at + i * 4);
    for (let i = 32; i < 160; i += 2) {
      const xh = w[i - 30]!;
      const xl = w[i - 29]!;
      const yh = w[i - 4]!;
      const yl = w[i - 3]!;
      const low =
        ((turned(xh, xl, 1) ^ turned(xh, xl, 8) ^ ((xl >>> 7) | (xh << 25))) >>> 0) +
        ((turned(yh, yl, 19) ^ turned(yh, yl, 61) ^ ((yl >>> 6) | (yh << 26))) >>> 0) +
        (w[i - 31]! >>> 0) +
        (w[i - 13]! >>> 0);
      w[i + 1] = low | 0;
      w[i] =
        ((turned(xl, xh, 1) ^ turned(xl, xh, 8) ^ (xh >>> 7)) +
          (turned(yl, yh, 19) ^ turned(yl, yh, 61) ^ (yh >>> 6)) +
          w[i - 32]! +
          w[i - 14]! +
          carry(low)) |
        0;
    }
    const s = this.#s;
    s.set(this.#h);
    for (let i = 0; i < 160; i += 2) this.#round(s, i);
    const h = this.#h;
    for (let i = 0; i < 16; i += 2) {
      const low = (h[i + 1]! >>> 0) + (s[i + 1]! >>> 0);
      h[i + 1] = low | 0;
      h[i] = (h[i]! + s[i]! + carry(low)) | 0;
    }
  }

  #round(s: Int32Array, i: number): void {
    const [k, w] = [this.#k, this.#w];
    const eh = s[8]!;
    const el = s[9]!;
    const ah = s[0]!;
    const al = s[1]!;
    const low1 =
      (s[15]! >>> 0) +
      ((turned(eh, el, 14) ^ turned(eh, el, 18) ^ turned(eh, el, 41)) >>> 0) +
      (((el & s[11]!) ^ (~el & s[13]!)) >>> 0) +
      (k[i + 1]! >>> 0) +
      (w[i + 1]! >>> 0);
    const high1 =
      (s[14]! +
        (turned(el, eh, 14) ^ turned(el, eh, 18) ^ turned(el, eh, 41)) +
        ((eh & s[10]!) ^ (~eh & s[12]!)) +
        k[i]! +
        w[i]! +
        carry(low1)) |
      0;
    const low2 =
      ((turned(ah, al, 28) ^ turned(ah, al, 34) ^ turned(ah, al, 39)) >>> 0) +
      (((al & s[3]!) ^ (al & s[5]!) ^ (s[3]! & s[5]!)) >>> 0) +
      (low1 >>> 0);
    const high2 =
      (turned(al, ah, 28) ^ turned(al, ah, 34) ^ turned(al, ah, 39)) +
      ((ah & s[2]!) ^ (ah & s[4]!) ^ (s[2]! & s[4]!)) +
      high1 +
      carry(low2);
    s.copyWithin(2, 0, 14);
    const lowE = (s[9]! >>> 0) + (low1 >>> 0);
    s[9] = lowE | 0;
    s[8] = (s[8]! + high1 + carry(lowE)) | 0;
    s[1] = low2 | 0;
    s[0] = high2 | 0;
  }

  protected result(): string {
    return hex(this.#h).slice(0, this.#length);
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
