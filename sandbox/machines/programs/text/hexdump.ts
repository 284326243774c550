/** hexdump(1) (util-linux) and xxd(1). */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile } from '../../process.ts';
import { printf } from '../format/printf.ts';
import { parseSize } from '../format/size.ts';
import { LineReader, Output, openInput } from '../io.ts';
import { type Tool, tool } from '../tool.ts';
import { printable, Rows, sameBytes } from './rows.ts';

const ESCAPED: Readonly<Record<number, string>> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
};

/** How many bytes a unit has, and how it is shown with the blanks before it. */
interface Form {
  readonly size: number;
  readonly show: (value: number) => string;
}

const FORMS: Readonly<Record<string, Form>> = {
  b: { size: 1, show: (b) => ` ${b.toString(8).padStart(3, '0')}` },
  c: {
    size: 1,
    show: (b) =>
      (ESCAPED[b] ?? (b >= 32 && b < 127 ? String.fromCharCode(b) : b.toString(8).padStart(3, '0'))).padStart(4),
  },
  d: { size: 2, show: (w) => `   ${String(w).padStart(5, '0')}` },
  o: { size: 2, show: (w) => `  ${w.toString(8).padStart(6, '0')}` },
  x: { size: 2, show: (w) => `    ${w.toString(16).padStart(4, '0')}` },
  plain: { size: 2, show: (w) => ` ${w.toString(16).padStart(4, '0')}` },
};

export const hexdump = tool(
  'hexdump',
  {
    short: 'bcCde:f:n:os:vx',
    long: {
      canonical: 'C',
      'one-byte-octal': 'b',
      'one-byte-char': 'c',
      'two-bytes-decimal': 'd',
      'two-bytes-octal': 'o',
      'two-bytes-hex': 'x',
      format: 'e:',
      length: 'n:',
      skip: 's:',
      'no-squeezing': 'v',
    },
    usage: 'hexdump [options] <file>...',
    version: 'hexdump from util-linux 2.38.1',
  },
  function* (tool) {
    const numbers: Record<string, number> = {};
    for (const [letter, what] of [
      ['n', 'length'],
      ['s', 'offset'],
    ] as const) {
      const text = tool.get(letter);
      if (text === undefined) continue;
      const value = /^0x[\da-f]+$/i.test(text) ? Number(text) : parseSize(text);
      if (value === undefined || value >= 2 ** 63) {
        yield* tool.complain(
          `failed to parse ${what}: '${text}'${value === undefined ? ': Invalid argument' : ': Numerical result out of range'}`,
        );
        return 1;
      }
      numbers[letter] = value;
    }
    const rows = new Rows(tool, tool.operands, numbers.n);
    try {
      const skipped = yield* rows.skip(numbers.s ?? 0);
      const canonical = tool.has('C') || tool.process.argv[0]!.endsWith('hd');
      const formats = tool.options.all('e');
      if (formats.length > 0) yield* byFormat(tool, rows, formats[0]!);
      else yield* dumpRows(tool, rows, skipped, canonical);
      if (rows.opened === 0) yield* tool.complain('all input file arguments failed');
      return tool.status;
    } finally {
      rows.release();
    }
  },
);

function* dumpRows(tool: Tool, rows: Rows, skip: number, canonical: boolean): Task<void> {
  const letter = tool.options.list.findLast(([name]) => 'bcdox'.includes(name))?.[0];
  const form = FORMS[letter ?? 'plain']!;
  const address = (n: number) => n.toString(16).padStart(canonical ? 8 : 7, '0');
  const width = (16 / form.size) * form.show(0).length;
  let at = skip;
  let last: Uint8Array | undefined;
  let starred = false;
  for (;;) {
    const row = yield* rows.next(16);
    if (row.length === 0) break;
    yield* tool.process.spend(row.length / 10);
    if (!tool.has('v') && row.length === 16 && sameBytes(row, last)) {
      if (!starred) yield* tool.write('*\n');
      starred = true;
    } else {
      starred = false;
      last = row;
      if (canonical) yield* tool.write(`${address(at)}  ${canonicalRow(row)}\n`);
      else {
        let line = '';
        for (let i = 0; i < row.length; i += form.size)
          line += form.show(form.size === 1 ? row[i]! : row[i]! + 256 * (row[i + 1] ?? 0));
        yield* tool.write(`${address(at)}${line.padEnd(width)}\n`);
      }
    }
    at += row.length;
  }
  if (at > skip) yield* tool.write(`${address(at)}\n`);
}

function canonicalRow(row: Uint8Array): string {
  const hex = Array.from(row, (b) => b.toString(16).padStart(2, '0'));
  const left = `${hex.slice(0, 8).join(' ')}  ${hex.slice(8).join(' ')}`.padEnd(48);
  return `${left}  |${Array.from(row, printable).join('')}|`;
}

/** `-e '4/1 "%02x " "\n"'`: units of iterations, byte counts and a format, over and over until the input ends. */
function* byFormat(tool: Tool, rows: Rows, text: string): Task<void> {
  const units: { times: number; size: number; format: string }[] = [];
  for (const match of text.matchAll(/\s*(?:(\d+)?(?:\/(\d+))?\s*)"((?:[^"\\]|\\.)*)"/g)) {
    const format = match[3]!.replace(
      /\\(.)/g,
      (_, c: string) => ({ n: '\n', t: '\t', '\\': '\\', '"': '"', '0': '\0' })[c] ?? c,
    );
    const default_ = /%[-+ #0\d.]*[xXdiou]/.test(format) ? 4 : /%/.test(format) ? 1 : 0;
    units.push({ times: Number(match[1] ?? 1), size: match[2] === undefined ? default_ : Number(match[2]), format });
  }
  if (!units.some((unit) => unit.format.includes('%') && unit.size > 0 && unit.times > 0)) {
    yield* tool.complain(`bad format {${text}}`);
    tool.status = 1;
    return;
  }
  for (;;) {
    for (const unit of units) {
      if (!unit.format.includes('%')) {
        for (let n = 0; n < unit.times; n++) yield* tool.write(unit.format);
        continue;
      }
      for (let n = 0; n < unit.times; n++) {
        const piece = yield* rows.next(unit.size);
        yield* tool.process.spend(1);
        if (piece.length === 0) {
          if (n > 0 && n < unit.times) yield* tool.write('');
          return;
        }
        let value = 0n;
        for (let i = piece.length - 1; i >= 0; i--) value = value * 256n + BigInt(piece[i]!);
        const last = n === unit.times - 1 && unit.times > 1;
        const shown = unit.format.replace(/%([-+ #0\d.]*)(_?[a-zA-Z])/g, (_, flags: string, letter: string) => {
          if (letter === '_p') return [...piece].map(printable).join('');
          if (letter === '_c') return [...piece].map((b) => FORMS.c!.show(b).trimStart()).join('');
          if (letter === 'c') return printf(`%${flags}c`, [String.fromCharCode(Number(value & 255n))], 0).text;
          return printf(`%${flags}${letter}`, [String(value)], 0).text;
        });
        // The blanks after the last of several iterations are left out (hexdump(1)).
        yield* tool.write(last ? shown.replace(/[ \t]+$/, '') : shown);
      }
    }
  }
}

export const xxd = tool(
  'xxd',
  {
    short: 'abc:eg:il:n:o:prs:u',
    long: { plain: 'p', postscript: 'p', revert: 'r', reverse: 'r', uppercase: 'u', bits: 'b', include: 'i' },
    usage: 'xxd [options] [infile [outfile]]',
    version: 'xxd 2022-01-14 by Juergen Weigert et al.',
  },
  function* (tool) {
    const [path = '-', target] = tool.operands;
    let out = tool.process.stdout;
    let input: OpenFile;
    try {
      input = yield* openInput(tool.process, path);
      if (target !== undefined) out = yield* tool.process.open(target, { write: true, create: true, truncate: true });
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`${path}: ${error.message}`);
      return 2;
    }
    try {
      if (tool.has('r')) yield* revert(tool, input, out);
      else yield* xxdRows(tool, input, new Output(out), path);
      return 0;
    } finally {
      input.release();
      if (target !== undefined) out.release();
    }
  },
);

function numberOf(text: string): number {
  const value = Number(text.replace(/^\+/, ''));
  return Number.isSafeInteger(value) ? value : 0;
}

function* xxdRows(tool: Tool, input: OpenFile, out: Output, path: string): Task<void> {
  const stat = yield* input.stat();
  let from = numberOf(tool.get('s') ?? '0');
  if (from < 0) from = Math.max(0, stat.size + from);
  const lower = (b: number) => b.toString(16).padStart(2, '0');
  const digits = tool.has('u') ? (b: number) => lower(b).toUpperCase() : lower;
  const bits = tool.has('b');
  const plain = tool.has('p');
  const little = tool.has('e');
  const columns = Math.min(
    Math.max(1, numberOf(tool.get('c') ?? (plain ? '30' : tool.has('i') ? '12' : bits ? '6' : '16')) || 1),
    65_536,
  );
  const group = numberOf(tool.get('g') ?? (bits ? '1' : little ? '4' : '2')) || columns;
  const cell = bits ? 8 : 2;
  const show = bits ? (b: number) => b.toString(2).padStart(8, '0') : digits;
  const width = columns * cell + Math.ceil(columns / group) - 1;
  const limit = tool.get('l') === undefined ? Number.POSITIVE_INFINITY : Math.max(0, numberOf(tool.get('l')!));
  const rows = new Rows(tool, [path], limit);
  try {
    yield* rows.skip(from);
    let at = from;
    const name = tool.get('n') ?? path.replace(/[^A-Za-z0-9]/g, '_').replace(/^(?=\d)/, '__');
    const named = tool.has('i') && path !== '-';
    if (named) yield* out.write(`unsigned char ${name}[] = {\n`);
    for (;;) {
      const row = yield* rows.next(columns);
      if (row.length === 0) break;
      yield* tool.process.spend(row.length / 10);
      if (tool.has('i')) {
        yield* out.write(`${at > from ? ',\n' : ''}  ${Array.from(row, (b) => `0x${digits(b)}`).join(', ')}`);
      } else if (plain) yield* out.write(`${Array.from(row, digits).join('')}\n`);
      else {
        let shown = '';
        for (let i = 0; i < row.length; i += group) {
          const piece = Array.from(row.subarray(i, i + group), show);
          shown +=
            (i > 0 ? ' ' : '') +
            (little
              ? piece
                  .reverse()
                  .join('')
                  .padStart(group * 2)
              : piece.join(''));
        }
        const address = `${at.toString(16).padStart(8, '0')}: `;
        yield* out.write(
          `${address}${shown.padEnd(little ? width + 1 : width)}  ${Array.from(row, printable).join('')}\n`,
        );
      }
      at += row.length;
    }
    if (tool.has('i')) yield* out.write(at > from ? '\n' : '');
    if (named) yield* out.write(`};\nunsigned int ${name}_len = ${at - from};\n`);
    yield* out.flush();
  } finally {
    rows.release();
  }
}

function* revert(tool: Tool, input: OpenFile, out: OpenFile): Task<void> {
  const reader = new LineReader(tool.process, input);
  let at = 0;
  for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
    yield* tool.process.spend(1 + line.length / 50);
    const match = tool.has('p') ? null : /^\s*([\da-fA-F]+):\s?(.*?)(?: {2}.*)?$/s.exec(line);
    if (!tool.has('p') && !match) continue;
    if (match) {
      // What lies between is filled with zeros.
      const to = Number.parseInt(match[1]!, 16);
      for (; at < to; ) {
        const step = Math.min(to - at, 65_536);
        yield* out.write(new Uint8Array(step));
        at += step;
      }
    }
    const hex = (match ? match[2]! : line).replace(/[^\da-fA-F]/g, '');
    const bytes = new Uint8Array(Math.floor(hex.length / 2));
    for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
    at += bytes.length;
    yield* out.write(bytes);
  }
}
