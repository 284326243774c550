/** sort(1), shuf(1), comm(1), join(1). */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import { byBytes } from '../../shell/expand/glob.ts';
import { compareVersions } from '../files/ls.ts';
import { allLines, readInputText, splitLines } from '../io.ts';
import { quoted, type Tool, tool } from '../tool.ts';

interface Key {
  readonly from: readonly [field: number, char: number];
  readonly to: readonly [field: number, char: number] | undefined;
  readonly flags: string;
  readonly skipFrom: boolean;
  readonly skipTo: boolean;
}

export const sort = tool(
  'sort',
  {
    short: 'bcCdfghik:mMno:rRsS:t:T:uVz',
    long: {
      'ignore-leading-blanks': 'b',
      'dictionary-order': 'd',
      'ignore-case': 'f',
      'general-numeric-sort': 'g',
      'human-numeric-sort': 'h',
      key: 'k:',
      'month-sort': 'M',
      'numeric-sort': 'n',
      output: 'o:',
      reverse: 'r',
      'random-sort': 'R',
      stable: 's',
      'field-separator': 't:',
      unique: 'u',
      'version-sort': 'V',
      check: 'c',
      merge: 'm',
    },
    usage: 'sort [OPTION]... [FILE]...',
    usageStatus: 2,
  },
  function* (tool) {
    const separator = tool.get('t')?.replace('\\t', '\t').replace(/^\\0$/, '\0');
    if (separator !== undefined && separator.length > 1) {
      yield* tool.complain(`multi-character tab ${quoted(separator)}`, 2);
      return 2;
    }
    const global = ['b', 'd', 'f', 'g', 'h', 'i', 'M', 'n', 'r', 'R', 'V'].filter((l) => tool.has(l)).join('');
    const keys: Key[] = [];
    for (const spec of tool.options.all('k')) {
      const key = parseKey(spec, global);
      if (!key) {
        yield* tool.complain(`field number is zero: invalid field specification ${quoted(spec)}`, 2);
        return 2;
      }
      keys.push(key);
    }
    const lines = yield* allLines(tool, (path, words) => `cannot read: ${path}: ${words}`);
    if (tool.status !== 0) return 2;
    yield* tool.process.spend(lines.length * 4);
    const compare = comparator(keys, global, separator, tool);
    if (tool.has('c', 'C')) return yield* check(tool, lines, compare);
    const random = global.includes('R') ? new Map(lines.map((l) => [l, tool.process.random.fraction()])) : undefined;
    if (random) lines.sort((a, b) => random.get(a)! - random.get(b)!);
    else lines.sort(compare);
    const unique = tool.has('u') ? dedupe(lines, equality(keys, global, separator)) : lines;
    const text = unique.map((l) => `${l}\n`).join('');
    const output = tool.get('o');
    if (output !== undefined) yield* tool.process.writeFile(output, text);
    else yield* tool.print(text);
    return 0;
  },
);

function dedupe(lines: readonly string[], same: (a: string, b: string) => number): string[] {
  const out: string[] = [];
  for (const line of lines) if (out.length === 0 || same(out.at(-1)!, line) !== 0) out.push(line);
  return out;
}

function* check(tool: Tool, lines: readonly string[], compare: (a: string, b: string) => number): Task<number> {
  for (let i = 1; i < lines.length; i++) {
    const order = compare(lines[i - 1]!, lines[i]!);
    if (order > 0 || (tool.has('u') && order === 0)) {
      if (tool.has('c'))
        yield* tool.process.error(`sort: ${tool.operands[0] ?? '-'}:${i + 1}: disorder: ${lines[i]}\n`);
      return 1;
    }
  }
  return 0;
}

function parseKey(spec: string, global: string): Key | undefined {
  const match = /^(\d+)(?:\.(\d+))?([bdfghiMnrRV]*)(?:,(\d+)(?:\.(\d+))?([bdfghiMnrRV]*))?$/.exec(spec);
  if (!match || match[1] === '0') return undefined;
  const own = (match[3] ?? '') + (match[6] ?? '');
  return {
    from: [Number(match[1]), Number(match[2] ?? 1)],
    to: match[4] === undefined ? undefined : [Number(match[4]), Number(match[5] ?? 0)],
    flags: own === '' ? global : own,
    skipFrom: (match[3] ?? '').includes('b') || (own === '' && global.includes('b')),
    skipTo: (match[6] ?? '').includes('b'),
  };
}

/** Offsets of each field: with a separator between them, or each with the blanks before it. */
function fieldsOf(line: string, separator: string | undefined): [number, number][] {
  const fields: [number, number][] = [];
  if (separator !== undefined) {
    let at = 0;
    for (;;) {
      const end = line.indexOf(separator, at);
      fields.push([at, end < 0 ? line.length : end]);
      if (end < 0) return fields;
      at = end + 1;
    }
  }
  for (const match of line.matchAll(/[ \t]*[^ \t]+|[ \t]+$/g))
    fields.push([match.index, match.index + match[0].length]);
  return fields;
}

function extract(line: string, key: Key, separator: string | undefined): string {
  const fields = fieldsOf(line, separator);
  const blanks = (at: number) => at + /^[ \t]*/.exec(line.slice(at))![0].length;
  const first = fields[key.from[0] - 1];
  if (!first) return '';
  const start = Math.min((key.skipFrom ? blanks(first[0]) : first[0]) + key.from[1] - 1, line.length);
  if (!key.to) return line.slice(start);
  const last = fields[key.to[0] - 1];
  if (!last) return line.slice(start);
  const end = key.to[1] === 0 ? last[1] : (key.skipTo ? blanks(last[0]) : last[0]) + key.to[1];
  return line.slice(start, Math.max(start, end));
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

function compareBy(flags: string, x: string, y: string): number {
  let [a, b] = [x, y];
  if (flags.includes('b')) [a, b] = [a.trimStart(), b.trimStart()];
  if (flags.includes('n')) return numberOf(a) - numberOf(b);
  if (flags.includes('g')) return generalOf(a) - generalOf(b);
  if (flags.includes('h')) return humanOf(a) - humanOf(b);
  if (flags.includes('M'))
    return MONTHS.indexOf(a.trim().slice(0, 3).toUpperCase()) - MONTHS.indexOf(b.trim().slice(0, 3).toUpperCase());
  if (flags.includes('d')) [a, b] = [a.replace(/[^A-Za-z0-9 \t]/g, ''), b.replace(/[^A-Za-z0-9 \t]/g, '')];
  if (flags.includes('i')) [a, b] = [a.replace(/[^ -~]/g, ''), b.replace(/[^ -~]/g, '')];
  if (flags.includes('f')) [a, b] = [a.toUpperCase(), b.toUpperCase()];
  if (flags.includes('V')) return compareVersions(a, b);
  return byBytes(a, b);
}

const numberOf = (text: string): number =>
  Number(
    /^\s*(-?\d*\.?\d*)/
      .exec(text)?.[1]
      ?.replace(/^-?$/, '0')
      .replace(/^(-?)\.$/, '0') ?? 0,
  ) || 0;
const generalOf = (text: string): number => {
  const value = Number.parseFloat(text);
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
};
const humanOf = (text: string): number => {
  const match = /^\s*(-?\d*\.?\d+)([kKMGTPE]?)/.exec(text);
  if (!match) return 0;
  return Number(match[1]) * 1024 ** ' KMGTPE'.indexOf(match[2] === '' ? ' ' : match[2]!.toUpperCase());
};

function equality(
  keys: readonly Key[],
  global: string,
  separator: string | undefined,
): (a: string, b: string) => number {
  if (keys.length === 0) return (a, b) => compareBy(global, a, b);
  return (a, b) => {
    for (const key of keys) {
      const order = compareBy(key.flags, extract(a, key, separator), extract(b, key, separator));
      if (order !== 0) return key.flags.includes('r') ? -order : order;
    }
    return 0;
  };
}

function comparator(
  keys: readonly Key[],
  global: string,
  separator: string | undefined,
  tool: Tool,
): (a: string, b: string) => number {
  const same = equality(keys, global, separator);
  const reverse = global.includes('r');
  return (a, b) => {
    const order = same(a, b);
    if (order !== 0) return keys.length === 0 && reverse ? -order : order;
    if (tool.has('s', 'u')) return 0;
    return reverse ? -byBytes(a, b) : byBytes(a, b);
  };
}

export const shuf = tool(
  'shuf',
  {
    short: 'ei:n:o:rz',
    long: { echo: 'e', 'input-range': 'i:', 'head-count': 'n:', repeat: 'r' },
    usage: 'shuf [OPTION]... [FILE]',
  },
  function* (tool) {
    const range = /^(\d+)-(\d+)$/.exec(tool.get('i') ?? '');
    let lines: string[];
    if (range)
      lines = Array.from({ length: Number(range[2]) - Number(range[1]) + 1 }, (_, i) => String(Number(range[1]) + i));
    else if (tool.has('e')) lines = [...tool.operands];
    else lines = yield* allLines(tool);
    for (let i = lines.length - 1; i > 0; i--) {
      const j = tool.process.random.below(i + 1);
      [lines[i], lines[j]] = [lines[j]!, lines[i]!];
    }
    const count = tool.get('n') === undefined ? lines.length : Number(tool.get('n'));
    yield* tool.print(
      lines
        .slice(0, count)
        .map((l) => `${l}\n`)
        .join(''),
    );
    return tool.status;
  },
);

function* twoFiles(tool: Tool): Task<[string[], string[]] | undefined> {
  const lists: string[][] = [];
  for (const path of tool.operands.slice(0, 2)) {
    try {
      lists.push(splitLines(yield* readInputText(tool.process, path)));
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`${path}: ${error.message}`);
      return undefined;
    }
  }
  return [lists[0]!, lists[1]!];
}

export const comm = tool(
  'comm',
  { short: '123', long: { 'output-delimiter': 'output:' }, usage: 'comm [OPTION]... FILE1 FILE2' },
  function* (tool) {
    if (tool.operands.length === 0) return yield* tool.usage('missing operand');
    if (tool.operands.length === 1) return yield* tool.usage(`missing operand after ${quoted(tool.operands[0]!)}`);
    const lists = yield* twoFiles(tool);
    if (!lists) return 1;
    const [left, right] = lists;
    const gap = tool.get('output') ?? '\t';
    const prefix = ['', tool.has('1') ? '' : gap, (tool.has('1') ? '' : gap) + (tool.has('2') ? '' : gap)];
    let [i, j] = [0, 0];
    while (i < left.length || j < right.length) {
      const order = i >= left.length ? 1 : j >= right.length ? -1 : byBytes(left[i]!, right[j]!);
      const column = order < 0 ? 1 : order > 0 ? 2 : 3;
      const line = order <= 0 ? left[i]! : right[j]!;
      if (order <= 0) i++;
      if (order >= 0) j++;
      if (!tool.has(String(column))) yield* tool.print(`${prefix[column - 1]}${line}\n`);
    }
    return 0;
  },
);

export const join = tool(
  'join',
  { short: 'a:e:ij:o:t:v:1:2:', usage: 'join [OPTION]... FILE1 FILE2' },
  function* (tool) {
    if (tool.operands.length < 2) return yield* tool.usage('missing operand');
    const lists = yield* twoFiles(tool);
    if (!lists) return 1;
    const separator = tool.get('t');
    const split = (line: string) => (separator === undefined ? line.trim().split(/[ \t]+/) : line.split(separator));
    const fields = [
      Number(tool.get('1') ?? tool.get('j') ?? 1) - 1,
      Number(tool.get('2') ?? tool.get('j') ?? 1) - 1,
    ] as const;
    const rows = lists.map((list) => list.map(split)) as [string[][], string[][]];
    const keyOf = (row: readonly string[], side: 0 | 1) =>
      tool.has('i') ? (row[fields[side]] ?? '').toLowerCase() : (row[fields[side]] ?? '');
    const unpaired = tool.options.all('a').concat(tool.options.all('v'));
    const glue = separator ?? ' ';
    const print = function* (a: string[] | undefined, b: string[] | undefined): Task<void> {
      const key = a ? a[fields[0]]! : b![fields[1]]!;
      const spec = tool.get('o');
      const out = spec
        ? spec
            .split(/[ ,]/)
            .map((f) => (f === '0' ? key : ((f[0] === '1' ? a : b)?.[Number(f.slice(2)) - 1] ?? tool.get('e') ?? '')))
        : [key, ...(a ?? []).filter((_, i) => i !== fields[0]), ...(b ?? []).filter((_, i) => i !== fields[1])];
      yield* tool.print(`${out.join(glue)}\n`);
    };
    const used = new Set<number>();
    for (const a of rows[0]) {
      let paired = false;
      for (const [i, b] of rows[1].entries()) {
        if (keyOf(a, 0) !== keyOf(b, 1)) continue;
        paired = true;
        used.add(i);
        if (tool.options.all('v').length === 0) yield* print(a, b);
      }
      if (!paired && unpaired.includes('1')) yield* print(a, undefined);
    }
    if (unpaired.includes('2')) for (const [i, b] of rows[1].entries()) if (!used.has(i)) yield* print(undefined, b);
    return 0;
  },
);
