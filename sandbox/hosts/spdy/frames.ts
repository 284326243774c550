/** SPDY/3 frames as bytes (SPDY protocol draft 3.1, section 2.2); of their kinds those that Kubernetes' streams use. */

export const CONTROL = { SYN_STREAM: 1, SYN_REPLY: 2, RST_STREAM: 3, SETTINGS: 4, PING: 6, GOAWAY: 7, HEADERS: 8 };

/** The last frame of a stream in its direction. */
const FIN = 1;
const HEAD = 8;
const VERSION = 3;

export type Frame =
  | { readonly stream: number; readonly fin: boolean; readonly data: Buffer }
  | { readonly control: number; readonly fin: boolean; readonly body: Buffer };

/** Takes whole frames off the front; what is left waits for more. */
export function takeFrames(bytes: Buffer): { frames: Frame[]; rest: Buffer } {
  const frames: Frame[] = [];
  let rest = bytes;
  while (rest.length >= HEAD) {
    const length = rest.readUIntBE(5, 3);
    if (rest.length < HEAD + length) break;
    const body = rest.subarray(HEAD, HEAD + length);
    const first = rest.readUInt32BE();
    const fin = (rest[4]! & FIN) !== 0;
    frames.push(first >>> 31 ? { control: first & 0xffff, fin, body } : { stream: first, fin, data: body });
    rest = rest.subarray(HEAD + length);
  }
  return { frames, rest };
}

export function dataFrame(stream: number, data: Uint8Array, fin = false): Buffer {
  return Buffer.concat([head(stream, fin ? FIN : 0, data.length), data]);
}

export function controlFrame(type: number, ...fields: (number | Buffer)[]): Buffer {
  const body = Buffer.concat(fields.map((field) => (typeof field === 'number' ? word(field) : field)));
  return Buffer.concat([head(((0x8000 | VERSION) << 16) | type, 0, body.length), body]);
}

function head(first: number, flags: number, length: number): Buffer {
  const buffer = Buffer.alloc(HEAD);
  buffer.writeUInt32BE(first >>> 0);
  buffer[4] = flags;
  buffer.writeUIntBE(length, 5, 3);
  return buffer;
}

function word(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value >>> 0);
  return buffer;
}
