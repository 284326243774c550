/** cut(1), tr(1), seq(1), column(1). */

import type { Task } from '../../../sim/task.ts';
import { CHARACTER_CLASSES } from '../../shell/expand/pattern.ts';
import { widthOf } from '../../shell/readline/screen.ts';
import { printf } from '../format/printf.ts';
import { allLines, eachInput, LineReader, Output } from '../io.ts';
import { quoted, type Tool, tool } from '../tool.ts';

export const cut = tool(
  'cut',
  {
    short: 'b:c:d:f:nsz',
    long: {
      bytes: 'b:',
      characters: 'c:',
      delimiter: 'd:',
      fields: 'f:',
      'only-delimited': 's',
      complement: 'complement',
      'output-delimiter': 'output:',
    },
    usage: 'cut OPTION... [FILE]...',
  },
  function* (tool) {
    const list = tool.get('f') ?? tool.get('c') ?? tool.get('b');
    if (list === undefined) return yield* tool.usage('you must specify a list of bytes, characters, or fields');
    const delimiter = tool.get('d') ?? '\t';
    if ([...delimiter].length > 1) return yield* tool.usage('the delimiter must be a single character');
    if (tool.get('d') !== undefined && tool.get('f') === undefined) {
      return yield* tool.usage('an input delimiter may be specified only when operating on fields');
    }
    const ranges = parseRanges(list);
    if (typeof ranges === 'string')
      return yield* tool.usage(ranges.replace('%', tool.get('f') === undefined ? 'byte/character position' : 'field'));
    const chosen = (n: number) => ranges.some(([a, b]) => n >= a && n <= b) !== tool.has('complement');
    const fields = tool.get('f') !== undefined;
    const glue = tool.get('output') ?? (fields ? delimiter : '');
    const out = new Output(tool.process.stdout);
    yield* eachInput(tool, function* (file) {
      const reader = new LineReader(file);
      for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
        if (fields && !line.includes(delimiter)) {
          if (!tool.has('s')) yield* out.write(`${line}\n`);
          continue;
        }
        const parts = fields ? line.split(delimiter) : [...line];
        yield* out.write(`${parts.filter((_, i) => chosen(i + 1)).join(glue)}\n`);
      }
      yield* out.flush();
    });
    return tool.status;
  },
);

function parseRanges(list: string): [number, number][] | string {
  const ranges: [number, number][] = [];
  for (const part of list.split(/[, ]/)) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (!match || part === '' || part === '-')
      return part === '-' ? 'invalid range with no endpoint: -' : `invalid % value ${quoted(part)}`;
    if (match[1] === '0' || (match[3] !== '' && match[3] === '0')) return 'fields are numbered from 1';
    const from = match[1] === '' ? 1 : Number(match[1]);
    const to = match[2] === '' ? from : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (to < from) return 'invalid decreasing range';
    ranges.push([from, to]);
  }
  return ranges;
}

export const tr = tool(
  'tr',
  {
    short: '+cCdst',
    long: { complement: 'c', delete: 'd', 'squeeze-repeats': 's', 'truncate-set1': 't' },
    usage: 'tr [OPTION]... SET1 [SET2]',
  },
  function* (tool) {
    const [first, second] = tool.operands;
    if (first === undefined) return yield* tool.usage('missing operand');
    const deletes = tool.has('d');
    const squeezes = tool.has('s');
    if (second === undefined && !deletes && !squeezes) {
      yield* tool.process.error(
        `tr: missing operand after ${quoted(first)}\nTwo strings must be given when translating.\nTry 'tr --help' for more information.\n`,
      );
      return 1;
    }
    if (second !== undefined && deletes && !squeezes) {
      yield* tool.process.error(
        `tr: extra operand ${quoted(second)}\nOnly one string may be given when deleting without squeezing repeats.\nTry 'tr --help' for more information.\n`,
      );
      return 1;
    }
    let set1 = charactersOf(first);
    if (tool.has('c', 'C'))
      set1 = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).filter((c) => !set1.includes(c));
    const complement = tool.has('c', 'C') ? new Set(charactersOf(first)) : undefined;
    const set2 = second === undefined ? [] : charactersOf(second, set1.length);
    const map = new Map<string, string>();
    if (!deletes && second !== undefined) {
      set1.forEach((c, i) => {
        if (!tool.has('t') || i < set2.length) map.set(c, set2[Math.min(i, set2.length - 1)] ?? c);
      });
    }
    const inFirst = complement
      ? (c: string) => !complement.has(c)
      : (
          (s) => (c: string) =>
            s.has(c)
        )(new Set(set1));
    const squeezed = new Set(second === undefined ? [] : set2);
    const inSqueezed = second === undefined ? inFirst : (c: string) => squeezed.has(c);
    let last = '';
    const decoder = new TextDecoder();
    for (;;) {
      const chunk = yield* tool.process.stdin.read();
      let out = '';
      for (const c of chunk.length === 0 ? decoder.decode() : decoder.decode(chunk, { stream: true })) {
        if (deletes && inFirst(c)) continue;
        const mapped = deletes
          ? c
          : (map.get(c) ?? (complement && second !== undefined && inFirst(c) ? (set2.at(-1) ?? c) : c));
        if (squeezes && mapped === last && inSqueezed(mapped)) continue;
        last = mapped;
        out += mapped;
      }
      if (out !== '') yield* tool.print(out);
      if (chunk.length === 0) return 0;
    }
  },
);

/** A set of tr: ranges, classes, repeats, escapes. */
function charactersOf(set: string, fill = 0): string[] {
  const units: string[] = [];
  const literal = set.replace(/\\([0-7]{1,3}|.)/gs, (_, e: string) => {
    const named: Readonly<Record<string, string>> = {
      n: '\n',
      t: '\t',
      r: '\r',
      a: '\x07',
      b: '\b',
      f: '\f',
      v: '\v',
      '\\': '\\',
    };
    const char = /^[0-7]/.test(e) ? String.fromCharCode(Number.parseInt(e, 8)) : (named[e] ?? e);
    return `\u{F0000}${char}`;
  });
  const chars = [...literal];
  for (let i = 0; i < chars.length; i++) {
    const rest = chars.slice(i).join('');
    const named = /^\[:(\w+):\]/.exec(rest);
    if (named && CHARACTER_CLASSES[named[1]!]) {
      const test = CHARACTER_CLASSES[named[1]!]!;
      for (let code = 0; code < 128; code++)
        if (test.test(String.fromCharCode(code))) units.push(String.fromCharCode(code));
      i += named[0].length - 1;
      continue;
    }
    const repeat = /^\[(.)\*(\d*)\]/su.exec(rest);
    if (repeat) {
      const count =
        repeat[2] === '' || repeat[2] === '0'
          ? Math.max(0, fill - units.length)
          : Number.parseInt(repeat[2]!, repeat[2]!.startsWith('0') ? 8 : 10);
      for (let n = 0; n < count; n++) units.push(repeat[1]!);
      i += [...repeat[0]].length - 1;
      continue;
    }
    let char = chars[i]!;
    if (char === '\u{F0000}') char = chars[++i] ?? '';
    if (chars[i + 1] === '-' && i + 2 < chars.length) {
      let end = chars[i + 2]!;
      i += 2;
      if (end === '\u{F0000}') end = chars[++i] ?? '';
      for (let code = char.codePointAt(0)!; code <= end.codePointAt(0)!; code++) units.push(String.fromCodePoint(code));
    } else units.push(char);
  }
  return units;
}

export const seq = tool(
  'seq',
  {
    short: '+f:s:w',
    long: { format: 'f:', separator: 's:', 'equal-width': 'w' },
    usage: 'seq [OPTION]... LAST\n  or:  seq [OPTION]... FIRST LAST\n  or:  seq [OPTION]... FIRST INCREMENT LAST',
  },
  sequence,
);

function* sequence(tool: Tool): Task<number> {
  const { operands } = tool;
  if (operands.length === 0) return yield* tool.usage('missing operand');
  if (operands.length > 3) return yield* tool.usage(`extra operand ${quoted(operands[3]!)}`);
  for (const operand of operands) {
    if (!/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(operand))
      return yield* tool.usage(`invalid floating point argument: ${quoted(operand)}`);
  }
  const [first, step, last] =
    operands.length === 1
      ? ['1', '1', operands[0]!]
      : operands.length === 2
        ? [operands[0]!, '1', operands[1]!]
        : (operands as [string, string, string]);
  const by = Number(step);
  if (by === 0) return yield* tool.usage(`invalid Zero increment value: ${quoted(step)}`);
  const decimals = Math.max(...[first, step].map((s) => /\.(\d*)/.exec(s)?.[1]?.length ?? 0));
  const count = Math.floor((Number(last) - Number(first)) / by + 1e-10);
  const format = tool.get('f');
  const text = (n: number): string =>
    format === undefined ? n.toFixed(decimals) : printf(format, [String(n)], 0).text;
  const width = tool.has('w')
    ? Math.max(
        text(Number(first)).length,
        text(Number(first) + count * by).length,
        Number(last).toFixed(decimals).length,
      )
    : 0;
  const pad = (s: string) => (s.startsWith('-') ? `-${s.slice(1).padStart(width - 1, '0')}` : s.padStart(width, '0'));
  const separator = tool.get('s') ?? '\n';
  const out = new Output(tool.process.stdout);
  for (let i = 0; i <= count; i++) {
    yield* tool.process.spend(1);
    yield* out.write((i === 0 ? '' : separator) + pad(text(Number(first) + i * by)));
  }
  if (count >= 0) yield* out.write('\n');
  yield* out.flush();
  return 0;
}

export const column = tool(
  'column',
  {
    short: 'c:s:to:N:R:x',
    long: { table: 't', separator: 's:', 'output-separator': 'o:', 'output-width': 'c:' },
    usage: 'column [options] [<file>...]',
    version: 'column from util-linux 2.38.1',
  },
  function* (tool) {
    const lines = (yield* allLines(tool, (path, words) => `cannot open ${path}: ${words}`)).filter(
      (l) => l.trim() !== '',
    );
    if (tool.has('t')) {
      const separators = tool.get('s');
      const rows = lines.map((line) =>
        separators === undefined
          ? line.trim().split(/[ \t]+/)
          : line.split(new RegExp(`[${separators.replace(/[\]\\^-]/g, '\\$&')}]`)),
      );
      const widths: number[] = [];
      for (const row of rows)
        row.forEach((cell, i) => {
          widths[i] = Math.max(widths[i] ?? 0, widthOf(cell));
        });
      const glue = tool.get('o') ?? '  ';
      for (const row of rows) {
        yield* tool.print(
          `${row.map((cell, i) => (i === row.length - 1 ? cell : cell + ' '.repeat(widths[i]! - widthOf(cell)))).join(glue)}\n`,
        );
      }
      return 0;
    }
    const total = Number(tool.get('c') ?? tool.process.stdout.tty?.columns ?? 80);
    const width = (Math.floor(Math.max(0, ...lines.map(widthOf)) / 8) + 1) * 8;
    const columns = Math.max(1, Math.floor(total / width));
    const rows = Math.ceil(lines.length / columns);
    for (let r = 0; r < rows; r++) {
      let out = '';
      for (let c = 0; c < columns; c++) {
        const item = lines[tool.has('x') ? r * columns + c : c * rows + r];
        if (item === undefined) break;
        const more = lines[tool.has('x') ? r * columns + c + 1 : (c + 1) * rows + r] !== undefined && c < columns - 1;
        out += item + (more ? '\t'.repeat(Math.ceil((width - widthOf(item)) / 8)) : '');
      }
      yield* tool.print(`${out}\n`);
    }
    return 0;
  },
);
