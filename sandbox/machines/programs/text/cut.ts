/** cut(1): bytes, or fields, of each line. */

import type { Task } from '../../../sim/task.ts';
import { decode, encode } from '../bytes.ts';
import { eachInput, LineReader } from '../io.ts';
import { quotedIfNeeded } from '../quote.ts';
import { tool } from '../tool.ts';

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
      'zero-terminated': 'z',
    },
    usage: 'cut OPTION... [FILE]...',
  },
  function* (tool) {
    const lists = tool.options.list.filter(([name]) => 'bcf'.includes(name));
    if (lists.length === 0) return yield* tool.usage('you must specify a list of bytes, characters, or fields');
    if (lists.length > 1) return yield* tool.usage('only one type of list may be specified');
    const fields = lists[0]![0] === 'f';
    const delimiter = tool.get('d') ?? '\t';
    if (encode(delimiter).length > 1) return yield* tool.usage('the delimiter must be a single character');
    if (tool.get('d') !== undefined && !fields)
      return yield* tool.usage('an input delimiter may be specified only when operating on fields');
    if (tool.has('s') && !fields)
      return yield* tool.usage('suppressing non-delimited lines makes sense\n\tonly when operating on fields');
    const ranges = parseRanges(lists[0]![1], fields, (text) => tool.quote(text));
    if (typeof ranges === 'string') return yield* tool.usage(ranges);
    const selection = tool.has('complement') ? complementOf(ranges) : ranges;
    const end = tool.has('z') ? '\0' : '\n';
    const glue = tool.get('output') ?? (fields ? delimiter || '\0' : '');
    const separator = delimiter || '\0';
    yield* eachInput(
      tool,
      function* (file): Task<void> {
        const reader = new LineReader(tool.process, file, end);
        for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
          yield* tool.process.spend(0.3 + line.length / 500);
          if (!fields) yield* tool.write(bytesOf(line, selection, glue) + end);
          else if (line.includes(separator)) yield* tool.write(fieldsOf(line, separator, selection, glue) + end);
          else if (!tool.has('s')) yield* tool.write(line + end);
        }
      },
      (path, words) => `${quotedIfNeeded(path)}: ${words}`,
    );
    return tool.status;
  },
);

/** From and to, both inclusive and counted from 1; in order, without overlaps. */
type Ranges = readonly (readonly [from: number, to: number])[];

function bytesOf(line: string, ranges: Ranges, glue: string): string {
  if (/^[\x00-\x7f]*$/.test(line)) return pieces(line.length, ranges, (from, to) => line.slice(from, to)).join(glue);
  const bytes = encode(line);
  return pieces(bytes.length, ranges, (from, to) => decode(bytes.subarray(from, to))).join(glue);
}

function pieces(length: number, ranges: Ranges, slice: (from: number, to: number) => string): string[] {
  const out: string[] = [];
  for (const [from, to] of ranges) {
    if (from > length) break;
    out.push(slice(from - 1, to));
  }
  return out;
}

function fieldsOf(line: string, separator: string, ranges: Ranges, glue: string): string {
  const parts = line.split(separator);
  const out: string[] = [];
  for (const [from, to] of ranges) {
    if (from > parts.length) break;
    for (let n = from; n <= to && n <= parts.length; n++) out.push(parts[n - 1]!);
  }
  return out.join(glue);
}

function parseRanges(list: string, fields: boolean, quote: (text: string) => string): Ranges | string {
  const ranges: [number, number][] = [];
  for (const part of list.split(/[, \t]/)) {
    const match = /^(\d*)(-?)(\d*)(.*)$/s.exec(part)!;
    if (match[4] !== '')
      return `invalid ${fields ? 'field value' : 'byte/character position'} ${quote(match[4]!.startsWith('-') ? part : part.slice(part.search(/[^\d-]/)))}`;
    if (part === '-') return 'invalid range with no endpoint: -';
    for (const digits of [match[1]!, match[3]!])
      if (digits !== '' && Number(digits) >= 2 ** 64 - 1)
        return `${fields ? 'field number' : 'byte/character offset'} ${quote(digits)} is too large`;
    if (part === '' || /^0+$/.test(match[1]!) || /^0+$/.test(match[3]!))
      return fields ? 'fields are numbered from 1' : 'byte/character positions are numbered from 1';
    const from = match[1] === '' ? 1 : Number(match[1]);
    const to = match[2] === '' ? from : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (to < from) return 'invalid decreasing range';
    ranges.push([from, to]);
  }
  ranges.sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

function complementOf(ranges: Ranges): Ranges {
  const out: [number, number][] = [];
  let next = 1;
  for (const [from, to] of ranges) {
    if (from > next) out.push([next, from - 1]);
    next = to + 1;
  }
  if (next < Number.POSITIVE_INFINITY) out.push([next, Number.POSITIVE_INFINITY]);
  return out;
}
