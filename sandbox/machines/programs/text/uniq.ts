/** uniq(1): compares each line with the one before; only one line of a group is kept. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile } from '../../process.ts';
import { parseCount } from '../format/size.ts';
import { LineReader, Output, openInput } from '../io.ts';
import { quotedIfNeeded } from '../quote.ts';
import { type Tool, tool } from '../tool.ts';

export const uniq = tool(
  'uniq',
  {
    short: 'cdDf:is:uw:z',
    long: {
      count: 'c',
      repeated: 'd',
      'all-repeated': 'all::',
      group: 'group::',
      'skip-fields': 'f:',
      'ignore-case': 'i',
      'skip-chars': 's:',
      unique: 'u',
      'check-chars': 'w:',
      'zero-terminated': 'z',
    },
    usage: 'uniq [OPTION]... [INPUT [OUTPUT]]',
  },
  function* (tool) {
    const { process, operands } = tool;
    if (operands.length > 2) return yield* tool.usage(`extra operand ${tool.quote(operands[2]!)}`);
    const keyOf = yield* keyFunction(tool);
    if (!keyOf) return 1;
    const all = tool.has('D', 'all');
    if (all && tool.has('c'))
      return yield* tool.usage('printing all duplicated lines and repeat counts is meaningless');
    if (tool.has('group') && (all || tool.has('c', 'd', 'u')))
      return yield* tool.usage('--group is mutually exclusive with -c/-d/-D/-u');
    const opened: OpenFile[] = [];
    try {
      let out = process.stdout;
      const input = yield* openInput(process, operands[0] ?? '-');
      opened.push(input);
      if (operands[1] !== undefined && operands[1] !== '-') {
        out = yield* process.open(operands[1], { write: true, create: true, truncate: true });
        opened.push(out);
      }
      const end = tool.has('z') ? '\0' : '\n';
      yield* run(tool, new LineReader(process, input, end), new Output(out), keyOf, end);
      return 0;
    } catch (error) {
      if (
        !isErrno(error) ||
        error.code === 'ENOMEM' ||
        opened.length > 1 ||
        (opened.length === 1 && operands[1] === undefined)
      )
        throw error;
      yield* tool.complain(
        `${quotedIfNeeded(opened.length === 0 ? (operands[0] ?? '-') : operands[1]!)}: ${error.message}`,
      );
      return 1;
    } finally {
      for (const file of opened) file.release();
    }
  },
);

function* keyFunction(tool: Tool): Task<((line: string) => string) | undefined> {
  const numbers = { f: 0, s: 0, w: Number.POSITIVE_INFINITY };
  for (const [letter, what] of [
    ['f', 'fields to skip'],
    ['s', 'bytes to skip'],
    ['w', 'bytes to compare'],
  ] as const) {
    const text = tool.get(letter);
    if (text === undefined) continue;
    const value = parseCount(text);
    // Too many is as good as all.
    if (typeof value !== 'number' && value.problem === '') {
      yield* tool.complain(`${text}: invalid number of ${what}`);
      return undefined;
    }
    numbers[letter] = typeof value === 'number' ? value : Number.MAX_SAFE_INTEGER;
  }
  const fold = tool.has('i');
  if (numbers.f === 0 && numbers.s === 0 && numbers.w === Number.POSITIVE_INFINITY && !fold) return (line) => line;
  return (line) => {
    let at = 0;
    for (let n = numbers.f; n > 0 && at < line.length; n--) {
      while (at < line.length && (line[at] === ' ' || line[at] === '\t')) at++;
      while (at < line.length && line[at] !== ' ' && line[at] !== '\t') at++;
    }
    const from = at + numbers.s;
    const key = line.slice(from, from + numbers.w);
    return fold ? key.toUpperCase() : key;
  };
}

function* run(tool: Tool, reader: LineReader, out: Output, keyOf: (line: string) => string, end: string): Task<void> {
  const all = tool.has('D', 'all');
  const grouped = tool.has('group') ? tool.get('group') || 'separate' : undefined;
  const spaced = all ? tool.get('all') || 'none' : 'none';
  const print = (line: string) => out.write(line + end);
  let groups = 0;
  let first: string | undefined;
  let firstKey = '';
  let count = 0;
  const ended = function* (): Task<void> {
    if (first === undefined || all || grouped !== undefined) return;
    if ((tool.has('d') && count === 1) || (tool.has('u') && count > 1)) return;
    yield* print(tool.has('c') ? `${String(count).padStart(7)} ${first}` : first);
  };
  for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
    yield* tool.process.spend(0.3 + line.length / 500);
    const key = keyOf(line);
    if (first !== undefined && key === firstKey) {
      count++;
      if (grouped !== undefined) yield* print(line);
      if (all && !(tool.has('u') && !tool.has('d'))) {
        if (count === 2) {
          if (spaced === 'prepend' || (spaced === 'separate' && groups > 0)) yield* out.write(end);
          groups++;
          yield* print(first);
        }
        yield* print(line);
      }
      continue;
    }
    yield* ended();
    if (grouped !== undefined) {
      if (grouped === 'prepend' || grouped === 'both' || (first !== undefined && grouped !== 'prepend'))
        yield* out.write(end);
      yield* print(line);
    }
    first = line;
    firstKey = key;
    count = 1;
  }
  yield* ended();
  if (grouped !== undefined && first !== undefined && (grouped === 'append' || grouped === 'both'))
    yield* out.write(end);
  yield* out.flush();
}
