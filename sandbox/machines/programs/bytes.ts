/** Bytes as text and back without loss: a byte that is no UTF-8 becomes a lone surrogate U+DC80–U+DCFF (PEP 383). */

const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

const EMPTY: Uint8Array = new Uint8Array(0);
/** Characters that are made of codes in one call. */
const PORTION = 8192;

export function encode(text: string): Uint8Array {
  return /[\ud800-\udfff]/.test(text) ? encodeEscaped(text) : encoder.encode(text);
}

function encodeEscaped(text: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  const add = (part: Uint8Array) => {
    parts.push(part);
    size += part.length;
  };
  for (const piece of text.matchAll(
    /(?<![\ud800-\udbff])[\udc80-\udcff]+|(?:[^\udc80-\udcff]|(?<=[\ud800-\udbff])[\udc80-\udcff])+/g,
  )) {
    const code = piece[0].charCodeAt(0);
    if (code < 0xdc80 || code > 0xdcff) add(encoder.encode(piece[0]));
    else add(Uint8Array.from(piece[0], (c) => c.charCodeAt(0) & 0xff));
  }
  return joined(parts, size);
}

export function decode(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeEscaped(bytes);
  }
}

function decodeEscaped(bytes: Uint8Array): string {
  let out = '';
  let codes: number[] = [];
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceAt(bytes, i);
    if (length > 1) {
      const code = codePoint(bytes, i, length);
      if (code > 0xffff) codes.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
      else codes.push(code);
      i += length;
    } else {
      const byte = bytes[i++]!;
      codes.push(byte < 128 ? byte : 0xdc00 + byte);
    }
    if (codes.length >= PORTION) {
      out += String.fromCharCode.apply(null, codes);
      codes = [];
    }
  }
  return out + String.fromCharCode.apply(null, codes);
}

/** The length of the well-formed sequence that begins at `i`, 0 if there is none, -1 if the bytes end within one. */
function sequenceAt(bytes: Uint8Array, i: number): number {
  const lead = bytes[i]!;
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 0;
  if (length === 0) return 0;
  for (let k = 1; k < length; k++) {
    const byte = bytes[i + k];
    if (byte === undefined) return -1;
    if ((byte & 0xc0) !== 0x80) return 0;
    if (k > 1) continue;
    if ((lead === 0xe0 && byte < 0xa0) || (lead === 0xed && byte >= 0xa0)) return 0;
    if ((lead === 0xf0 && byte < 0x90) || (lead === 0xf4 && byte >= 0x90)) return 0;
  }
  return length;
}

function codePoint(bytes: Uint8Array, i: number, length: number): number {
  let code = bytes[i]! & (0x7f >> length);
  for (let k = 1; k < length; k++) code = (code << 6) | (bytes[i + k]! & 0x3f);
  return code;
}

/** Decodes chunk by chunk; a character cut in two waits for its rest. */
export class TextStream {
  #rest: Uint8Array = EMPTY;

  decode(chunk: Uint8Array): string {
    const bytes = this.#rest.length === 0 ? chunk : joined([this.#rest, chunk]);
    let end = bytes.length;
    for (let i = Math.max(0, bytes.length - 3); i < bytes.length; i++) {
      if (sequenceAt(bytes, i) === -1) {
        end = i;
        break;
      }
    }
    this.#rest = bytes.slice(end);
    return decode(bytes.subarray(0, end));
  }

  /** What is left when no more bytes come. */
  end(): string {
    const text = decode(this.#rest);
    this.#rest = EMPTY;
    return text;
  }
}

export function joined(
  parts: readonly Uint8Array[],
  size = parts.reduce((sum, part) => sum + part.length, 0),
): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
