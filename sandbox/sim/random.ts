/** Seeded chance: every part of the world draws from its own stream, so that one more draw here changes nothing there. */

/** Kubernetes' alphabet for generated names: no vowels, no 0 1 3 (apimachinery/pkg/util/rand/rand.go). */
export const NAME_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** Each byte in two hexadecimal digits. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** sfc32, seeded from a 32-bit seed and a label by FNV-1a. */
export class Random {
  readonly seed: number;
  readonly label: string;
  #a: number;
  #b: number;
  #c: number;
  #d = 1;

  constructor(seed: number, label = '') {
    this.seed = seed >>> 0;
    this.label = label;
    this.#a = 0x9e3779b9 ^ this.seed;
    this.#b = fnv1a(label);
    this.#c = (this.seed * 0x85ebca6b) >>> 0;
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** An independent stream that depends on the seed and on the label only. */
  fork(label: string): Random {
    return new Random(this.seed, `${this.label}/${label}`);
  }

  uint32(): number {
    const t = (((this.#a + this.#b) >>> 0) + this.#d) >>> 0;
    this.#d = (this.#d + 1) >>> 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) >>> 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) >>> 0;
    this.#c = (this.#c + t) >>> 0;
    return t;
  }

  /** In [0, 1). */
  fraction(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** A whole number in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  /** A whole number in [low, high]. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** What Kubernetes appends to generateName. */
  nameSuffix(length = 5): string {
    let out = '';
    for (let i = 0; i < length; i++) out += NAME_LETTERS[this.below(NAME_LETTERS.length)];
    return out;
  }

  hex(digits: number): string {
    let out = '';
    while (out.length < digits) {
      const word = this.uint32();
      out += BYTES[word >>> 24]! + BYTES[(word >>> 16) & 0xff]! + BYTES[(word >>> 8) & 0xff]! + BYTES[word & 0xff]!;
    }
    return out.slice(0, digits);
  }

  /** A version 4 UUID (RFC 9562). */
  uuid(): string {
    const h = this.hex(32);
    const variant = '89ab'[Number.parseInt(h[16]!, 16) & 3];
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`;
  }
}

/** rand.SafeEncodeString: each character as a letter that spells no word. */
export const safeEncoded = (text: string): string =>
  [...text].map((character) => NAME_LETTERS[character.charCodeAt(0) % NAME_LETTERS.length]).join('');

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
