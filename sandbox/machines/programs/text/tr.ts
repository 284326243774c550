/** tr(1): bytes, as GNU's works on bytes whatever the locale. */

import { own } from '../../../sim/own.ts';
import type { Task } from '../../../sim/task.ts';
import { CHARACTER_CLASSES } from '../../shell/expand/pattern.ts';
import { encode } from '../bytes.ts';
import { type Tool, tool } from '../tool.ts';

export const tr = tool(
  'tr',
  {
    short: '+cCdst',
    long: { complement: 'c', delete: 'd', 'squeeze-repeats': 's', 'truncate-set1': 't' },
    usage: 'tr [OPTION]... STRING1 [STRING2]',
  },
  function* (tool) {
    const [first, second, third] = tool.operands;
    const deletes = tool.has('d');
    const squeezes = tool.has('s');
    if (first === undefined) return yield* tool.usage('missing operand');
    const least = deletes === squeezes ? 2 : 1;
    const most = deletes && !squeezes ? 1 : 2;
    const hint = (message: string, more: string) => tool.usage(more === '' ? message : `${message}\n${more}`);
    if (second === undefined && least === 2) {
      return yield* hint(
        `missing operand after ${tool.quote(first)}`,
        squeezes
          ? 'Two strings must be given when both deleting and squeezing repeats.'
          : 'Two strings must be given when translating.',
      );
    }
    const extra = most === 1 ? second : third;
    if (extra !== undefined) {
      return yield* hint(
        `extra operand ${tool.quote(extra)}`,
        most === 1 ? 'Only one string may be given when deleting without squeezing repeats.' : '',
      );
    }
    let work: Work;
    try {
      work = prepare(tool, first, second, deletes, squeezes);
    } catch (error) {
      if (!(error instanceof SetError)) throw error;
      yield* tool.complain(error.message);
      return 1;
    }
    return yield* run(tool, work);
  },
);

class SetError extends Error {}

interface Work {
  /** What each byte becomes; -1 where it is deleted. */
  readonly map: Int16Array;
  readonly squeeze: Uint8Array;
}

function* run(tool: Tool, { map, squeeze }: Work): Task<number> {
  let last = -1;
  for (;;) {
    const chunk = yield* tool.process.stdin.read();
    if (chunk.length === 0) return 0;
    yield* tool.process.spend(chunk.length / 500);
    const out = new Uint8Array(chunk.length);
    let size = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = map[chunk[i]!]!;
      if (byte < 0 || (byte === last && squeeze[byte] === 1)) continue;
      last = byte;
      out[size++] = byte;
    }
    if (size > 0) yield* tool.process.stdout.write(out.subarray(0, size));
  }
}

function prepare(tool: Tool, first: string, second: string | undefined, deletes: boolean, squeezes: boolean): Work {
  const quote = (text: string) => tool.quote(text);
  const translates = !deletes && second !== undefined;
  const one = parseSet(first, quote);
  if (one.some((item) => item.type === 'repeat'))
    throw new SetError('the [c*] repeat construct may not appear in string1');
  const listed = expandSet(one, 0);
  const members = new Set(listed);
  const set1 = tool.has('c', 'C')
    ? Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !members.has(byte))
    : listed;
  const two = second === undefined ? [] : parseSet(second, quote);
  if (translates) checkSecond(tool, one, two, set1.length);
  const set2 = expandSet(two, set1.length);
  const map = Int16Array.from({ length: 256 }, (_, byte) => byte);
  if (translates) {
    if (set2.length === 0 && !tool.has('t') && set1.length > 0)
      throw new SetError('when not truncating set1, string2 must be non-empty');
    set1.forEach((byte, i) => {
      if (i < set2.length) map[byte] = set2[i]!;
      else if (!tool.has('t')) map[byte] = set2.at(-1)!;
    });
  } else if (deletes) for (const byte of set1) map[byte] = -1;
  const squeeze = new Uint8Array(256);
  if (squeezes) for (const byte of second === undefined ? set1 : set2) squeeze[byte] = 1;
  return { map, squeeze };
}

type Item =
  | { type: 'byte'; byte: number }
  | { type: 'range'; from: number; to: number }
  | { type: 'class'; name: string }
  | { type: 'equal'; byte: number }
  | { type: 'repeat'; byte: number; count: number };

function checkSecond(tool: Tool, one: readonly Item[], two: readonly Item[], length: number): void {
  if (two.filter((item) => item.type === 'repeat' && item.count === 0).length > 1)
    throw new SetError('only one [c*] repeat construct may appear in string2');
  if (two.some((item) => item.type === 'equal'))
    throw new SetError('[=c=] expressions may not appear in string2 when translating');
  const classes = two.filter((item) => item.type === 'class');
  if (classes.some((item) => item.name !== 'lower' && item.name !== 'upper'))
    throw new SetError(
      "when translating, the only character classes that may appear in\nstring2 are 'upper' and 'lower'",
    );
  const cased = one.filter((item) => item.type === 'class' && (item.name === 'lower' || item.name === 'upper'));
  if (classes.length > cased.length) throw new SetError('misaligned [:upper:] and/or [:lower:] construct');
  if (tool.has('c', 'C') && one.some((item) => item.type === 'class') && new Set(expandSet(two, length)).size > 1)
    throw new SetError(
      'when translating with complemented character classes,\nstring2 must map all characters in the domain to one',
    );
}

function expandSet(items: readonly Item[], fill: number): number[] {
  const bytes: number[] = [];
  const fixed = items.reduce((sum, item) => sum + sizeOf(item), 0);
  for (const item of items) {
    if (item.type === 'byte' || item.type === 'equal') bytes.push(item.byte);
    else if (item.type === 'range') for (let byte = item.from; byte <= item.to; byte++) bytes.push(byte);
    else if (item.type === 'class') for (const byte of classBytes(item.name)) bytes.push(byte);
    else {
      // No set is longer than there are bytes: what is beyond does nothing.
      const count = item.count === 0 ? Math.max(0, fill - fixed) : item.count;
      for (let n = 0; n < Math.min(count, 256); n++) bytes.push(item.byte);
    }
  }
  return bytes;
}

const sizeOf = (item: Item): number =>
  item.type === 'range'
    ? item.to - item.from + 1
    : item.type === 'class'
      ? classBytes(item.name).length
      : item.type === 'repeat'
        ? item.count
        : 1;

const classBytes = (name: string): number[] =>
  Array.from({ length: 128 }, (_, byte) => byte).filter((byte) =>
    own(CHARACTER_CLASSES, name)!.test(String.fromCharCode(byte)),
  );

const NAMED: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };

/** The bytes of a set with its escapes read; `escaped` bytes have no other meaning. */
function withoutEscapes(set: string): { bytes: number[]; escaped: boolean[] } {
  const raw = encode(set);
  const bytes: number[] = [];
  const escaped: boolean[] = [];
  for (let i = 0; i < raw.length; i++) {
    if (raw[i] !== 92 || i + 1 >= raw.length) {
      bytes.push(raw[i]!);
      escaped.push(false);
      continue;
    }
    let value = 0;
    let digits = 0;
    while (digits < 3 && raw[i + 1 + digits]! >= 48 && raw[i + 1 + digits]! <= 55) {
      const next = value * 8 + raw[i + 1 + digits]! - 48;
      if (next > 255) break;
      value = next;
      digits++;
    }
    const char = String.fromCharCode(raw[i + 1]!);
    bytes.push(digits > 0 ? value : (NAMED[char] ?? raw[i + 1]!));
    escaped.push(true);
    i += digits > 0 ? digits : 1;
  }
  return { bytes, escaped };
}

function parseSet(set: string, quote: (text: string) => string): Item[] {
  const { bytes, escaped } = withoutEscapes(set);
  const items: Item[] = [];
  const is = (at: number, char: string) => !escaped[at] && bytes[at] === char.charCodeAt(0);
  const text = (from: number, to: number) => String.fromCharCode(...bytes.slice(from, Math.min(to, from + 1000)));
  /** Where `mark]` stands after `from`; -1 if it does not. */
  const closing = (from: number, mark: string) => {
    for (let at = from; at + 1 < bytes.length; at++) if (is(at, mark) && is(at + 1, ']')) return at;
    return -1;
  };
  for (let i = 0; i < bytes.length; ) {
    if (is(i, '[') && (is(i + 1, ':') || is(i + 1, '='))) {
      const mark = is(i + 1, ':') ? ':' : '=';
      const end = closing(i + 2, mark);
      const name = text(i + 2, end);
      if (end > i + 2 || (end === i + 2 && mark === ':')) {
        if (mark === ':') {
          if (!own(CHARACTER_CLASSES, name) || name === 'word')
            throw new SetError(
              name === '' ? "missing character class name '[::]'" : `invalid character class ${quote(name)}`,
            );
          items.push({ type: 'class', name });
        } else {
          if (end !== i + 3) throw new SetError(`${name}: equivalence class operand must be a single character`);
          items.push({ type: 'equal', byte: bytes[i + 2]! });
        }
        i = end + 2;
        continue;
      }
    }
    if (is(i, '[') && i + 2 < bytes.length && is(i + 2, '*')) {
      let end = i + 3;
      while (end < bytes.length && !is(end, ']')) end++;
      if (end < bytes.length) {
        const digits = text(i + 3, end);
        if (/^\d*$/.test(digits)) {
          const count = digits === '' ? 0 : Number.parseInt(digits, digits.startsWith('0') ? 8 : 10);
          items.push({ type: 'repeat', byte: bytes[i + 1]!, count });
          i = end + 1;
          continue;
        }
        throw new SetError(`invalid repeat count ${quote(digits)} in [c*n] construct`);
      }
    }
    if (is(i + 1, '-') && i + 2 < bytes.length) {
      const [from, to] = [bytes[i]!, bytes[i + 2]!];
      if (to < from)
        throw new SetError(`range-endpoints of '${shown(from)}-${shown(to)}' are in reverse collating sequence order`);
      items.push({ type: 'range', from, to });
      i += 3;
      continue;
    }
    items.push({ type: 'byte', byte: bytes[i]! });
    i++;
  }
  return items;
}

const shown = (byte: number): string =>
  byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
