/** Tar archives in the ustar format (POSIX.1-1988). */

import { decode, encode } from '../text.ts';

export interface TarEntry {
  readonly name: string;
  readonly directory: boolean;
  readonly mode: number;
  readonly data: Uint8Array;
}

const BLOCK = 512;

export function tarOf(entries: readonly TarEntry[], now: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    parts.push(header(entry, now), entry.data, new Uint8Array((BLOCK - (entry.data.length % BLOCK)) % BLOCK));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function header({ name, directory, mode, data }: TarEntry, now: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (text: string, at: number) => block.set(encode(text), at);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`;
  const long = encode(name).length > 100;
  const split = long ? name.lastIndexOf('/', 154) : -1;
  put(long ? name.slice(split + 1) : name, 0);
  put(octal(mode, 8), 100);
  put(octal(0, 8), 108);
  put(octal(0, 8), 116);
  put(octal(data.length, 12), 124);
  put(octal(Math.floor(now / 1000), 12), 136);
  put('        ', 148);
  put(directory ? '5' : '0', 156);
  put('ustar\x0000', 257);
  if (long) put(name.slice(0, split), 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

export function* entriesOfTar(archive: Uint8Array): Generator<TarEntry, void> {
  const text = (at: number, length: number) => decode(archive.subarray(at, at + length)).replace(/\0.*$/s, '');
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8) || 0;
    const prefix = text(at + 257, 5) === 'ustar' ? text(at + 345, 155) : '';
    const name = (prefix ? `${prefix}/` : '') + text(at, 100);
    const type = text(at + 156, 1);
    const data = archive.slice(at + BLOCK, at + BLOCK + size);
    if (type === '5' || type === '0' || type === '') {
      yield { name, directory: type === '5', mode: Number.parseInt(text(at + 100, 8), 8) & 0o7777, data };
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}
