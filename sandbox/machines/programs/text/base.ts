/** base64(1) and base32(1) (RFC 4648), chunk by chunk. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile, Program } from '../../process.ts';
import { parseCount } from '../format/size.ts';
import { openInput } from '../io.ts';
import { quotedIfNeeded } from '../quote.ts';
import { type Tool, tool } from '../tool.ts';
import { Rows } from './rows.ts';

interface Base {
  readonly alphabet: string;
  /** A digit's bits. */
  readonly bits: number;
  /** Bytes that make whole digits, and how many digits those are. */
  readonly bytes: number;
  readonly digits: number;
}

const BASE64: Base = {
  alphabet: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  bits: 6,
  bytes: 3,
  digits: 4,
};
const BASE32: Base = { alphabet: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', bits: 5, bytes: 5, digits: 8 };

const baseProgram = (name: string, base: Base): Program =>
  tool(
    name,
    { short: 'diw:', long: { decode: 'd', 'ignore-garbage': 'i', wrap: 'w:' }, usage: `${name} [OPTION]... [FILE]` },
    function* (tool) {
      const text = tool.get('w') ?? '76';
      const wrap = parseCount(text);
      if (typeof wrap !== 'number' && wrap.problem === '') {
        yield* tool.complain(`invalid wrap size: ${tool.quote(text)}`);
        return 1;
      }
      if (tool.operands.length > 1) return yield* tool.usage(`extra operand ${tool.quote(tool.operands[1]!)}`);
      const path = tool.operands[0] ?? '-';
      let file: OpenFile;
      try {
        file = yield* openInput(tool.process, path);
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* tool.complain(
          error.code === 'EISDIR' ? `read error: ${error.message}` : `${quotedIfNeeded(path)}: ${error.message}`,
        );
        return 1;
      }
      try {
        if (tool.has('d')) return yield* decodeAll(tool, file, base);
        yield* encodeAll(tool, path, base, typeof wrap === 'number' ? wrap : 0);
        return 0;
      } finally {
        file.release();
      }
    },
  );

export const base64 = baseProgram('base64', BASE64);
export const base32 = baseProgram('base32', BASE32);

function* encodeAll(tool: Tool, path: string, base: Base, wrap: number): Task<void> {
  const rows = new Rows(tool, [path]);
  let column = 0;
  try {
    for (;;) {
      const piece = yield* rows.next(base.bytes * 4096);
      if (piece.length === 0) break;
      yield* tool.process.spend(piece.length / 100);
      const digits = toDigits(piece, base);
      if (wrap === 0) {
        yield* tool.write(digits);
        continue;
      }
      for (let at = 0; at < digits.length; ) {
        const part = digits.slice(at, at + wrap - column);
        at += part.length;
        column += part.length;
        yield* tool.write(column === wrap ? `${part}\n` : part);
        column %= wrap;
      }
    }
    if (column > 0) yield* tool.write('\n');
  } finally {
    rows.release();
  }
}

function toDigits(bytes: Uint8Array, { alphabet, bits, digits }: Base): string {
  const out: string[] = [];
  let buffer = 0;
  let held = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffff;
    held += 8;
    while (held >= bits) {
      held -= bits;
      out.push(alphabet[(buffer >> held) & ((1 << bits) - 1)]!);
    }
  }
  if (held > 0) out.push(alphabet[(buffer << (bits - held)) & ((1 << bits) - 1)]!);
  while (out.length % digits !== 0) out.push('=');
  return out.join('');
}

/** Group by group: what stands before a wrong character is written, as far as it makes bytes. */
function* decodeAll(tool: Tool, file: OpenFile, base: Base): Task<number> {
  const values = new Int16Array(256).fill(-1);
  [...base.alphabet].forEach((char, i) => {
    values[char.charCodeAt(0)] = i;
  });
  const group: number[] = [];
  let padding = 0;
  for (;;) {
    const chunk = yield* file.read();
    yield* tool.process.spend(chunk.length / 100);
    const out: number[] = [];
    let wrong = false;
    for (const byte of chunk) {
      const value = values[byte]!;
      if (value < 0 && byte !== 61) {
        if (byte === 10 || tool.has('i')) continue;
        wrong = true;
        break;
      }
      if (byte === 61) padding++;
      else if (padding > 0) {
        wrong = true;
        break;
      } else group.push(value);
      if (group.length + padding === base.digits) {
        if (!isWhole(group, base)) {
          wrong = true;
          break;
        }
        for (const decoded of fromDigits(group, base)) out.push(decoded);
        group.length = 0;
        padding = 0;
      }
    }
    const ended = chunk.length === 0;
    const broken = wrong || (ended && (group.length > 0 || padding > 0));
    if (broken) for (const decoded of fromDigits(group, base)) out.push(decoded);
    if (out.length > 0) yield* tool.process.stdout.write(Uint8Array.from(out));
    if (broken) {
      yield* tool.complain('invalid input');
      return 1;
    }
    if (ended) return 0;
  }
}

/** Digits that do not end within a byte for nothing. */
const isWhole = (group: readonly number[], { bits }: Base): boolean =>
  group.length > 0 && (group.length * bits) % 8 < bits;

function fromDigits(group: readonly number[], { bits }: Base): number[] {
  const out: number[] = [];
  let buffer = 0;
  let held = 0;
  for (const value of group) {
    buffer = ((buffer << bits) | value) & 0xffff;
    held += bits;
    if (held < 8) continue;
    held -= 8;
    out.push((buffer >> held) & 255);
  }
  return out;
}
