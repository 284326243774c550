/** SPDY/3 header blocks: names and values, compressed over the whole life of a connection. */

import { constants, createInflate, type Inflate } from 'node:zlib';
import { HEADER_DICTIONARY } from './dictionary.ts';

export type Headers = ReadonlyMap<string, string>;

/** Reads what the other end compressed. Blocks must come in order, one after the other's end. */
export class HeaderReader {
  readonly #inflate: Inflate = createInflate({ dictionary: HEADER_DICTIONARY, flush: constants.Z_SYNC_FLUSH });

  read(block: Buffer): Promise<Headers> {
    return new Promise((resolve, reject) => {
      this.#inflate.once('error', reject);
      this.#inflate.write(block, () => {
        this.#inflate.off('error', reject);
        resolve(decode((this.#inflate.read() as Buffer | null) ?? Buffer.alloc(0)));
      });
    });
  }
}

/** The greatest stored block of deflate. */
const STORED_MAX = 0xffff;

/** Writes valid zlib without compressing: each block stored, then flushed with an empty one, as Z_SYNC_FLUSH does. */
export class HeaderWriter {
  #begun = false;

  write(headers: Headers): Buffer {
    const parts: Buffer[] = [];
    if (!this.#begun) parts.push(ZLIB_START);
    this.#begun = true;
    const block = encode(headers);
    for (let at = 0; at < block.length; at += STORED_MAX) parts.push(stored(block.subarray(at, at + STORED_MAX)));
    parts.push(stored(Buffer.alloc(0)));
    return Buffer.concat(parts);
  }
}

/** RFC 1950: deflate with a window of 32 KiB and a preset dictionary, told by its checksum. */
const ZLIB_START = Buffer.alloc(6);
ZLIB_START.writeUInt16BE(0x7820);
ZLIB_START.writeUInt32BE(adler32(HEADER_DICTIONARY), 2);

function adler32(data: Buffer): number {
  let [a, b] = [1, 0];
  for (const byte of data) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 0x1_0000 + a;
}

function stored(data: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt16LE(data.length, 1);
  head.writeUInt16LE(~data.length & 0xffff, 3);
  return Buffer.concat([head, data]);
}

function encode(headers: Headers): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value);
    return Buffer.concat([number(bytes.length), bytes]);
  };
  return Buffer.concat([
    number(headers.size),
    ...[...headers].flatMap(([name, value]) => [text(name.toLowerCase()), text(value)]),
  ]);
}

function decode(block: Buffer): Headers {
  let at = 0;
  const next = () => {
    at += 4;
    return block.readUInt32BE(at - 4);
  };
  const text = () => {
    const length = next();
    at += length;
    return block.toString('utf8', at - length, at);
  };
  const headers = new Map<string, string>();
  for (let left = next(); left > 0; left--) headers.set(text(), text());
  return headers;
}

function number(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}
