/** comm(1) and join(1): two sorted files, read side by side. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import { LineReader, openInput } from '../io.ts';
import { quotedIfNeeded } from '../quote.ts';
import { quoted, type Tool, tool } from '../tool.ts';

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Opens both, runs `body` on them, and closes them. */
function* withTwo(tool: Tool, end: string, body: (left: LineReader, right: LineReader) => Task<number>): Task<number> {
  const readers: LineReader[] = [];
  try {
    for (const path of tool.operands.slice(0, 2)) {
      try {
        readers.push(new LineReader(tool.process, yield* openInput(tool.process, path), end));
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* tool.complain(`${quotedIfNeeded(path)}: ${error.message}`);
        return 1;
      }
    }
    return yield* body(readers[0]!, readers[1]!);
  } finally {
    for (const reader of readers) reader.release();
  }
}

export const comm = tool(
  'comm',
  {
    short: '123z',
    long: {
      'check-order': 'check',
      'nocheck-order': 'nocheck',
      'output-delimiter': 'output:',
      total: 'total',
      'zero-terminated': 'z',
    },
    usage: 'comm [OPTION]... FILE1 FILE2',
  },
  function* (tool) {
    const { operands } = tool;
    if (operands.length === 0) return yield* tool.usage('missing operand');
    if (operands.length === 1) return yield* tool.usage(`missing operand after ${tool.quote(operands[0]!)}`);
    if (operands.length > 2) return yield* tool.usage(`extra operand ${tool.quote(operands[2]!)}`);
    return yield* withTwo(tool, tool.has('z') ? '\0' : '\n', (left, right) => compareLines(tool, left, right));
  },
);

function* compareLines(tool: Tool, left: LineReader, right: LineReader): Task<number> {
  const end = tool.has('z') ? '\0' : '\n';
  const gap = tool.get('output') ?? '\t';
  const prefix = ['', tool.has('1') ? '' : gap, (tool.has('1') ? '' : gap) + (tool.has('2') ? '' : gap)];
  const counts = [0, 0, 0];
  const sides = [left, right].map((reader) => ({ reader, line: undefined as string | undefined, warned: false }));
  let unpaired = false;
  const advance = function* (n: number): Task<boolean> {
    const side = sides[n]!;
    const before = side.line;
    side.line = yield* side.reader.next();
    if (before === undefined || side.line === undefined || side.warned || tool.has('nocheck')) return true;
    if (byText(before, side.line) <= 0 || !(unpaired || tool.has('check'))) return true;
    side.warned = true;
    yield* tool.complain(`file ${n + 1} is not in sorted order`);
    return !tool.has('check');
  };
  if (!(yield* advance(0)) || !(yield* advance(1))) return 1;
  for (;;) {
    const [a, b] = [sides[0]!.line, sides[1]!.line];
    if (a === undefined && b === undefined) break;
    const order = a === undefined ? 1 : b === undefined ? -1 : byText(a, b);
    if (order !== 0) unpaired = true;
    const column = order < 0 ? 0 : order > 0 ? 1 : 2;
    const line = order <= 0 ? a! : b!;
    counts[column]!++;
    yield* tool.process.spend(0.5 + line.length / 500);
    if (!tool.has(String(column + 1))) yield* tool.write(prefix[column]! + line + end);
    if (order <= 0 && !(yield* advance(0))) return 1;
    if (order >= 0 && !(yield* advance(1))) return 1;
  }
  if (tool.has('total')) yield* tool.write(`${counts.join(gap)}${gap}total${end}`);
  if (sides.some((side) => side.warned)) yield* tool.complain('input is not in sorted order');
  return tool.status;
}

export const join = tool(
  'join',
  {
    short: 'a:e:ij:o:t:v:1:2:z',
    long: {
      'check-order': 'check',
      'nocheck-order': 'nocheck',
      header: 'header',
      'ignore-case': 'i',
      'zero-terminated': 'z',
    },
    usage: 'join [OPTION]... FILE1 FILE2',
  },
  function* (tool) {
    const settings = yield* settingsOf(tool);
    if (!settings) return 1;
    const { operands } = tool;
    if (operands.length === 0) return yield* tool.usage('missing operand');
    if (operands.length === 1) return yield* tool.usage(`missing operand after ${tool.quote(operands[0]!)}`);
    if (operands.length > 2) return yield* tool.usage(`extra operand ${quoted(operands[2]!)}`);
    return yield* withTwo(tool, settings.end, (left, right) => new Joiner(tool, settings, left, right).run());
  },
);

interface Settings {
  /** Of the join fields, counted from 0. */
  readonly fields: readonly [number, number];
  readonly separator: string | undefined;
  /** `0`, `1.2` …; undefined for all fields. */
  readonly output: readonly (readonly [file: number, field: number])[] | undefined;
  readonly auto: boolean;
  readonly unpaired: ReadonlySet<string>;
  readonly pairs: boolean;
  readonly end: string;
}

function* settingsOf(tool: Tool): Task<Settings | undefined> {
  const fail = function* (message: string): Task<undefined> {
    yield* tool.complain(message);
    return undefined;
  };
  const fields: [number, number] = [0, 0];
  for (const [name, value] of tool.options.list) {
    if (name === '1' || name === '2' || name === 'j') {
      if (!/^\d+$/.test(value) || Number(value) === 0) return yield* fail(`invalid field number: ${tool.quote(value)}`);
      if (name !== '2') fields[0] = Number(value) - 1;
      if (name !== '1') fields[1] = Number(value) - 1;
    }
    if ((name === 'a' || name === 'v') && !/^[12]$/.test(value))
      return yield* fail(`invalid field number: ${tool.quote(value)}`);
  }
  let output: [number, number][] | undefined;
  const spec = tool.options.all('o');
  const auto = spec.includes('auto');
  if (spec.length > 0 && !auto) {
    output = [];
    for (const part of spec.flatMap((text) => text.split(/[ ,\t]+/)).filter((text) => text !== '')) {
      if (part === '0') output.push([0, 0]);
      else if (/^[12]\.[1-9]\d*$/.test(part)) output.push([Number(part[0]), Number(part.slice(2)) - 1]);
      else if (/^[12]\./.test(part)) return yield* fail(`invalid field number: ${tool.quote(part.slice(2))}`);
      else if (/^0/.test(part)) return yield* fail(`invalid field specifier: ${tool.quote(part)}`);
      else return yield* fail(`invalid file number in field spec: ${tool.quote(part)}`);
    }
  }
  const separator = tool.get('t') === '\\0' ? '\0' : tool.get('t');
  if (separator !== undefined && [...separator].length > 1)
    return yield* fail(`multi-character tab ${tool.quote(separator)}`);
  const only = tool.options.all('v');
  return {
    fields,
    separator: separator === '' ? '\n' : separator,
    output,
    auto,
    unpaired: new Set([...only, ...tool.options.all('a')]),
    pairs: only.length === 0,
    end: tool.has('z') ? '\0' : '\n',
  };
}

type Row = readonly string[];

interface Side {
  readonly reader: LineReader;
  row: Row | undefined;
  /** Of its line, from 1. */
  number: number;
  key: string;
  warned: boolean;
}

class Joiner {
  readonly #tool: Tool;
  readonly #settings: Settings;
  readonly #sides: readonly [Side, Side];
  #unpaired = false;
  #widths: [number, number] = [0, 0];

  constructor(tool: Tool, settings: Settings, left: LineReader, right: LineReader) {
    this.#tool = tool;
    this.#settings = settings;
    const side = (reader: LineReader): Side => ({ reader, row: undefined, number: 0, key: '', warned: false });
    this.#sides = [side(left), side(right)];
  }

  *run(): Task<number> {
    const [left, right] = this.#sides;
    yield* this.#advance(0);
    yield* this.#advance(1);
    this.#widths = [left.row?.length ?? 0, right.row?.length ?? 0];
    if (this.#tool.has('header') && (left.row || right.row)) {
      yield* this.#print(left.row, right.row);
      if (left.row) yield* this.#advance(0, true);
      if (right.row) yield* this.#advance(1, true);
    }
    while (left.row || right.row) {
      const order = !left.row ? 1 : !right.row ? -1 : byText(left.key, right.key);
      if (order !== 0) {
        this.#unpaired = true;
        const n = order < 0 ? 0 : 1;
        if (this.#settings.unpaired.has(String(n + 1)))
          yield* order < 0 ? this.#print(left.row, undefined) : this.#print(undefined, right.row);
        yield* this.#advance(n);
      } else yield* this.#pair(left.key);
      if (this.#tool.has('check') && this.#sides.some((side) => side.warned)) return 1;
    }
    if (this.#sides.some((side) => side.warned)) yield* this.#tool.complain('input is not in sorted order');
    return this.#tool.status;
  }

  /** All rows of one key: those of the right are held while the left's go by. */
  *#pair(key: string): Task<void> {
    const [left, right] = this.#sides;
    const rows: Row[] = [];
    let held = 0;
    try {
      for (; right.row && right.key === key; yield* this.#advance(1)) {
        const size = right.row.reduce((sum, field) => sum + field.length + 16, 0);
        this.#tool.process.hold(size);
        held += size;
        rows.push(right.row);
      }
      for (; left.row && left.key === key; yield* this.#advance(0)) {
        if (this.#settings.pairs) for (const row of rows) yield* this.#print(left.row, row);
      }
    } finally {
      this.#tool.process.hold(-held);
    }
  }

  *#advance(n: 0 | 1, header = false): Task<void> {
    const side = this.#sides[n]!;
    const before = side.row ? side.key : undefined;
    const line: string | undefined = yield* side.reader.next();
    side.number++;
    if (line === undefined) {
      side.row = undefined;
      return;
    }
    yield* this.#tool.process.spend(1 + line.length / 200);
    const { separator } = this.#settings;
    side.row = separator === undefined ? line.replace(/^[ \t]+/, '').split(/[ \t]+/) : line.split(separator);
    if (separator === undefined && side.row.at(-1) === '' && side.row.length > 1) (side.row as string[]).pop();
    const key = side.row[this.#settings.fields[n]] ?? '';
    side.key = this.#tool.has('i') ? key.toUpperCase() : key;
    if (header || before === undefined || side.warned || this.#tool.has('nocheck') || byText(before, side.key) <= 0)
      return;
    if (!this.#unpaired && !this.#tool.has('check')) return;
    side.warned = true;
    yield* this.#tool.complain(`${this.#tool.operands[n]}:${side.number}: is not sorted: ${line}`);
  }

  *#print(a: Row | undefined, b: Row | undefined): Task<void> {
    const { fields, output, auto, separator, end } = this.#settings;
    const empty = this.#tool.get('e') ?? '';
    const key = (a ? a[fields[0]] : b?.[fields[1]]) || empty;
    const take = (row: Row | undefined, n: 0 | 1): string[] => {
      const filled = auto ? Array.from({ length: this.#widths[n] }, (_, i) => row?.[i] ?? '') : (row ?? []);
      return filled.filter((_, i) => i !== fields[n]).map((field) => field || empty);
    };
    const out = output
      ? output.map(([file, field]) => (file === 0 ? key : (file === 1 ? a : b)?.[field] || empty))
      : [key, ...take(a, 0), ...take(b, 1)];
    yield* this.#tool.write(out.join(separator ?? ' ') + end);
  }
}
