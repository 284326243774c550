/**
 * Bytes as text and back without loss: what is not UTF-8 stands as U+DC80..U+DCFF, one for each byte (Python's `surrogateescape`), so
 * that file names, variables and arguments may hold any bytes.
 */

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
/** Characters that are made of codes in one call. */
const PORTION = 8192;
const ESCAPED = /[\udc80-\udcff]/u;
const ESCAPED_RUN = /[\udc80-\udcff]+/gu;

/** Whether some bytes of it are not UTF-8. */
export const hasRawBytes = (text: string): boolean => ESCAPED.test(text);

export function decodeBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeLoosely(bytes);
  }
}

function decodeLoosely(bytes: Uint8Array): string {
  let out = '';
  let codes: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length > 1) {
      const code = codePoint(bytes, at, length);
      if (code > 0xffff) codes.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
      else codes.push(code);
      at += length;
    } else {
      const byte = bytes[at++]!;
      codes.push(byte < 0x80 ? byte : 0xdc00 + byte);
    }
    if (codes.length >= PORTION) {
      out += String.fromCharCode.apply(null, codes);
      codes = [];
    }
  }
  return out + String.fromCharCode.apply(null, codes);
}

function codePoint(bytes: Uint8Array, at: number, length: number): number {
  let code = bytes[at]! & (0x7f >> length);
  for (let i = 1; i < length; i++) code = (code << 6) | (bytes[at + i]! & 0x3f);
  return code;
}

/** Of the UTF-8 sequence at `at` (RFC 3629); 0 if none stands there whole. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? (first < 0xf5 ? 4 : 0) : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  const second = bytes[at + 1]!;
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xed && second > 0x9f) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  if (first === 0xf4 && second > 0x8f) return 0;
  for (let i = 1; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  return length;
}

/** A byte on its own, as text. */
export const rawByte = (byte: number): string =>
  byte < 0x80 ? String.fromCharCode(byte) : String.fromCharCode(0xdc00 + byte);

export function encodeBytes(text: string): Uint8Array {
  if (!ESCAPED.test(text)) return encoder.encode(text);
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const { index, 0: run } of text.matchAll(ESCAPED_RUN)) {
    if (index > from) parts.push(encoder.encode(text.slice(from, index)));
    parts.push(Uint8Array.from(run, (c) => c.charCodeAt(0) & 0xff));
    from = index + run.length;
  }
  if (from < text.length) parts.push(encoder.encode(text.slice(from)));
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Bytes that have come together as UTF-8 become the characters they are. */
export const joinBytes = (text: string): string =>
  ESCAPED.test(text) ? text.replace(ESCAPED_RUN, (run) => decodeBytes(encodeBytes(run))) : text;

/** Each byte as a character of its own: what the C locale sees. */
export const splitBytes = (text: string): string =>
  /[^\x00-\x7f]/.test(text) ? Array.from(encodeBytes(text), rawByte).join('') : text;

/** Decodes chunk by chunk: a sequence may be cut by the end of one. */
export class ByteDecoder {
  #rest: Uint8Array = new Uint8Array();

  write(chunk: Uint8Array): string {
    let bytes = chunk;
    if (this.#rest.length > 0) {
      bytes = new Uint8Array(this.#rest.length + chunk.length);
      bytes.set(this.#rest);
      bytes.set(chunk, this.#rest.length);
    }
    const end = completeEnd(bytes);
    this.#rest = bytes.slice(end);
    return decodeBytes(bytes.subarray(0, end));
  }

  end(): string {
    const rest = decodeBytes(this.#rest);
    this.#rest = new Uint8Array();
    return rest;
  }
}

/** Where a sequence begins that the next chunk may complete. */
function completeEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
    return needs > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
