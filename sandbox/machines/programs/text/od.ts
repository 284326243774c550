/** od(1) and strings(1). */

import type { Task } from '../../../sim/task.ts';
import { parseSize } from '../format/size.ts';
import { quotedIfNeeded } from '../quote.ts';
import { type Tool, tool } from '../tool.ts';
import { printable, Rows, sameBytes } from './rows.ts';

const NAMED: Readonly<Record<number, string>> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
};
const NAMES_A =
  'nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us sp'.split(
    ' ',
  );

interface Unit {
  readonly size: number;
  readonly width: number;
  readonly show: (bytes: DataView) => string;
  /** With the characters at the end of the row (`z`). */
  readonly text: boolean;
}

const SIZES: Readonly<Record<string, number>> = { C: 1, S: 2, I: 4, L: 8, F: 4, D: 8 };

function unitOf(type: string, little: boolean): Unit | undefined {
  const text = type.endsWith('z');
  const name = text ? type.slice(0, -1) : type;
  if (name === 'c')
    return {
      size: 1,
      width: 4,
      text,
      show: (v) => {
        const b = v.getUint8(0);
        return NAMED[b] ?? (b >= 32 && b < 127 ? String.fromCharCode(b) : b.toString(8).padStart(3, '0'));
      },
    };
  if (name === 'a')
    return {
      size: 1,
      width: 4,
      text,
      show: (v) => {
        const b = v.getUint8(0) & 127;
        return b === 127 ? 'del' : (NAMES_A[b] ?? String.fromCharCode(b));
      },
    };
  const match = /^([xoduf])(\d+|[CSILFD])?$/.exec(name);
  if (!match) return undefined;
  const float = match[1] === 'f';
  const size = SIZES[match[2] ?? (float ? 'D' : 'I')] ?? Number(match[2]);
  if (float) {
    if (size !== 4 && size !== 8) return undefined;
    return {
      size,
      width: size === 4 ? 16 : 25,
      text,
      show: (v) => floating(size === 4 ? v.getFloat32(0, little) : v.getFloat64(0, little), size),
    };
  }
  if (![1, 2, 4, 8].includes(size)) return undefined;
  const unsigned = (v: DataView): bigint =>
    size === 8
      ? v.getBigUint64(0, little)
      : BigInt(size === 4 ? v.getUint32(0, little) : size === 2 ? v.getUint16(0, little) : v.getUint8(0));
  const digits = match[1] === 'x' ? size * 2 : Math.ceil((size * 8) / 3);
  if (match[1] === 'x')
    return { size, width: digits + 1, text, show: (v) => unsigned(v).toString(16).padStart(digits, '0') };
  if (match[1] === 'o')
    return { size, width: digits + 1, text, show: (v) => unsigned(v).toString(8).padStart(digits, '0') };
  const signed = match[1] === 'd';
  const width = { 1: 4, 2: 6, 4: 11, 8: 21 }[size as 1 | 2 | 4 | 8] + (signed && size < 8 ? 1 : 0);
  return { size, width, text, show: (v) => String(signed ? BigInt.asIntN(size * 8, unsigned(v)) : unsigned(v)) };
}

/** The shortest digits that read back as the same number. */
function floating(value: number, size: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  let digits = 1;
  const same = (text: string) => (size === 4 ? Math.fround(Number(text)) : Number(text)) === value;
  while (digits < 17 && !same(value.toPrecision(digits))) digits++;
  const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1]);
  if (exponent >= -5 && exponent < digits)
    return Object.is(value, -0) ? '-0' : String(Number(value.toPrecision(digits)));
  return value.toExponential(digits - 1).replace(/e([-+])(\d)$/, 'e$10$2');
}

const SHORT: Readonly<Record<string, string>> = {
  a: 'a',
  b: 'o1',
  c: 'c',
  d: 'u2',
  D: 'u4',
  e: 'f8',
  f: 'f4',
  h: 'x2',
  H: 'x4',
  i: 'd4',
  I: 'd8',
  l: 'd8',
  L: 'd8',
  o: 'o2',
  O: 'o4',
  s: 'd2',
  x: 'x2',
  X: 'x4',
};

export const od = tool(
  'od',
  {
    short: 'A:abcdDefhHiIj:lLN:oOsS:t:vw::xX',
    long: {
      'address-radix': 'A:',
      endian: 'endian:',
      format: 't:',
      'read-bytes': 'N:',
      'skip-bytes': 'j:',
      strings: 'S:',
      'output-duplicates': 'v',
      width: 'w::',
    },
    usage: 'od [OPTION]... [FILE]...',
  },
  function* (tool) {
    const radix = tool.get('A') ?? 'o';
    if (!/^[doxn]/.test(radix)) {
      yield* tool.complain(`invalid output address radix '${radix[0] ?? ''}'; it must be one character from [doxn]`);
      return 1;
    }
    const numbers: Record<string, number> = {};
    for (const letter of ['j', 'N', 'S', 'w']) {
      const text = tool.get(letter);
      if (text === undefined || text === '') continue;
      const value = /^0[xX][\da-fA-F]+$/.test(text)
        ? Number(text)
        : /^0[0-7]+$/.test(text)
          ? Number.parseInt(text, 8)
          : parseSize(text);
      if (value === undefined || value >= 2 ** 63) {
        yield* tool.complain(
          value === undefined ? `invalid -${letter} argument '${text}'` : `-${letter} argument '${text}' too large`,
        );
        return 1;
      }
      numbers[letter] = value;
    }
    const rows = new Rows(tool, tool.operands, numbers.N, (path, words) => `${quotedIfNeeded(path)}: ${words}`);
    try {
      const skip = numbers.j ?? 0;
      const skipped = yield* rows.skip(skip);
      if (skipped < skip) {
        yield* tool.complain('cannot skip past end of combined input');
        return 1;
      }
      if (tool.has('S')) return yield* findStrings(tool, rows, numbers.S ?? 3, radix[0]!, skip);
      const units = yield* unitsOf(tool);
      return units ? yield* dump(tool, rows, units, radix[0]!, skip, numbers.w ?? (tool.has('w') ? 32 : undefined)) : 1;
    } finally {
      rows.release();
    }
  },
);

function* unitsOf(tool: Tool): Task<Unit[] | undefined> {
  const little = tool.get('endian') !== 'big';
  const units: Unit[] = [];
  for (const [name, value] of tool.options.list) {
    const types =
      name === 't' ? (value.match(/[acdoufx](?:\d+|[CSILFD])?z?|./gs) ?? []) : SHORT[name] ? [SHORT[name]] : [];
    for (const type of types) {
      const unit = unitOf(type, little);
      if (unit) {
        units.push(unit);
        continue;
      }
      const size = /^[doufx](\d+)/.exec(type)?.[1];
      const kind = type[0] === 'f' ? 'floating point' : 'integral';
      yield* tool.complain(
        size === undefined
          ? `invalid character '${type[0]}' in type string ${tool.quote(value)}`
          : `invalid type string ${tool.quote(value)};\nthis system doesn't provide a ${size}-byte ${kind} type`,
      );
      return undefined;
    }
  }
  return units.length > 0 ? units : [unitOf('o2', little)!];
}

function addressIn(radix: string): (n: number) => string {
  if (radix === 'n') return () => '';
  if (radix === 'x') return (n) => n.toString(16).padStart(6, '0');
  return radix === 'd' ? (n) => String(n).padStart(7, '0') : (n) => n.toString(8).padStart(7, '0');
}

/** A row is at most this long. */
const WIDEST = 2 ** 20;

function* dump(
  tool: Tool,
  rows: Rows,
  units: readonly Unit[],
  radix: string,
  skip: number,
  width: number | undefined,
): Task<number> {
  const least = Math.max(...units.map((unit) => unit.size));
  let perLine = Math.max(16, least);
  if (width !== undefined) {
    if (width > 0 && width % least === 0 && width <= WIDEST) perLine = width;
    else {
      perLine = least;
      yield* tool.process.error(`od: warning: invalid width ${width}; using ${least} instead\n`);
    }
  }
  const address = addressIn(radix);
  const indent = ' '.repeat(address(0).length);
  const largest = Math.max(...units.map((unit) => unit.width / unit.size));
  let at = skip;
  let last: Uint8Array | undefined;
  let starred = false;
  for (;;) {
    const row = yield* rows.next(perLine);
    if (row.length === 0) break;
    yield* tool.process.spend(row.length / 10);
    if (row.length === perLine && !tool.has('v') && sameBytes(row, last)) {
      if (!starred) yield* tool.write('*\n');
      starred = true;
      at += row.length;
      continue;
    }
    starred = false;
    last = row;
    for (const [i, unit] of units.entries()) {
      const cell = Math.ceil(largest * unit.size);
      let line = i === 0 ? address(at) : indent;
      for (let j = 0; j < perLine; j += unit.size) {
        if (j >= row.length) {
          if (unit.text) line += ' '.repeat(cell);
          continue;
        }
        const piece = new Uint8Array(unit.size);
        piece.set(row.subarray(j, j + unit.size));
        line += unit.show(new DataView(piece.buffer)).padStart(cell);
      }
      if (unit.text) line += `  >${Array.from(row, printable).join('')}<`;
      yield* tool.write(`${line}\n`);
    }
    at += row.length;
  }
  if (radix !== 'n' && (rows.opened > 0 || tool.operands.length === 0)) yield* tool.write(`${address(at)}\n`);
  return tool.status;
}

/** Strings that end with a zero byte. */
function* findStrings(tool: Tool, rows: Rows, least: number, radix: string, skip: number): Task<number> {
  const address = addressIn(radix);
  yield* eachRun(tool, rows, skip, function* (text, at, next) {
    if (next === 0 && text.length >= least) yield* tool.write(`${radix === 'n' ? '' : `${address(at)} `}${text}\n`);
  });
  return tool.status;
}

/** Runs of printable characters, with where each begins and the byte after it (-1 at the end). */
function* eachRun(
  tool: Tool,
  rows: Rows,
  skip: number,
  body: (text: string, at: number, next: number) => Task<void>,
): Task<void> {
  let parts: string[] = [];
  let begun = 0;
  let held = 0;
  let at = skip;
  for (;;) {
    const row = yield* rows.next(4096);
    yield* tool.process.spend(row.length / 20);
    let from = -1;
    for (let i = 0; i <= row.length; i++) {
      const byte = row[i];
      const inside = byte !== undefined && ((byte >= 32 && byte < 127) || byte === 9);
      if (inside && from < 0) {
        from = i;
        if (parts.length === 0) begun = at + i;
      }
      if (inside) continue;
      if (from >= 0) parts.push(String.fromCharCode(...row.subarray(from, i)));
      from = -1;
      if (i === row.length && row.length > 0) {
        // It may go on in the next row.
        if (parts.length > 1) {
          tool.process.hold(4096);
          held += 4096;
        }
        break;
      }
      if (parts.length > 0) yield* body(parts.join(''), begun, byte ?? -1);
      parts = [];
      tool.process.hold(-held);
      held = 0;
    }
    if (row.length === 0) return;
    at += row.length;
  }
}

export const strings = tool(
  'strings',
  {
    short: 'afn:ot:',
    long: { all: 'a', bytes: 'n:', radix: 't:', 'print-file-name': 'f' },
    usage: 'strings [option(s)] [file(s)]',
    version: 'GNU strings (GNU Binutils for Debian) 2.40',
  },
  function* (tool) {
    const text = tool.get('n') ?? '4';
    const least = Number(text);
    if (!/^(0x[\da-f]+|\d+)$/i.test(text) || least < 1) {
      yield* tool.complain(
        /^\d+$/.test(text) ? `minimum string length is too small: ${text}` : `invalid integer argument ${text}`,
      );
      return 1;
    }
    const radix = tool.has('o') ? 'o' : tool.get('t');
    for (const path of tool.operands.length > 0 ? tool.operands : ['-']) {
      const rows = new Rows(tool, [path], undefined, (name, words) =>
        words === 'Is a directory'
          ? `Warning: '${name}' is a directory`
          : `'${name}': ${words.replace(' or directory', '')}`,
      );
      try {
        yield* eachRun(tool, rows, 0, function* (run, at) {
          if (run.length < least) return;
          const place = radix === undefined ? '' : `${at.toString({ o: 8, d: 10, x: 16 }[radix] ?? 10).padStart(7)} `;
          yield* tool.write(`${tool.has('f') ? `${path}: ` : ''}${place}${run}\n`);
        });
      } finally {
        rows.release();
      }
    }
    return tool.status;
  },
);
