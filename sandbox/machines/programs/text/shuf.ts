/** shuf(1). */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import { parseCount } from '../format/size.ts';
import { allLines, Output } from '../io.ts';
import { quotedIfNeeded } from '../quote.ts';
import { type Tool, tool } from '../tool.ts';

export const shuf = tool(
  'shuf',
  {
    short: 'ei:n:o:rz',
    long: {
      echo: 'e',
      'input-range': 'i:',
      'head-count': 'n:',
      output: 'o:',
      'random-source': 'source:',
      repeat: 'r',
      'zero-terminated': 'z',
    },
    usage: 'shuf [OPTION]... [FILE]\n  or:  shuf -e [OPTION]... [ARG]...\n  or:  shuf -i LO-HI [OPTION]...',
    noMemory: 'read error: Cannot allocate memory',
  },
  function* (tool) {
    const { operands, process } = tool;
    const end = tool.has('z') ? '\0' : '\n';
    let most = Number.POSITIVE_INFINITY;
    for (const text of tool.options.all('n')) {
      const count = parseCount(text);
      if (typeof count === 'number') most = Math.min(most, count);
      else if (count.problem === '') {
        yield* tool.complain(`invalid line count: ${tool.quote(text)}`);
        return 1;
      }
    }
    const range = tool.get('i');
    if (tool.has('e') && range !== undefined) return yield* tool.usage('cannot combine -e and -i options');
    const extra = tool.has('e') ? undefined : operands[range === undefined ? 1 : 0];
    if (extra !== undefined) return yield* tool.usage(`extra operand ${tool.quote(extra)}`);
    const numbers = range === undefined ? undefined : yield* rangeOf(tool, range);
    if (range !== undefined && !numbers) return 1;
    const lines = numbers ? undefined : tool.has('e') ? operands : yield* allLines(tool, undefined, end);
    if (tool.status !== 0) return tool.status;
    const size = numbers ? numbers.size : lines!.length;
    const item = (i: number) => (numbers ? String(numbers.first + i) : lines![i]!);
    let file = process.stdout;
    const path = tool.get('o');
    if (path !== undefined) {
      try {
        file = yield* process.open(path, { write: true, create: true, truncate: true });
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* tool.complain(`${quotedIfNeeded(path)}: ${error.message}`);
        return 1;
      }
    }
    try {
      const out = new Output(file);
      if (tool.has('r')) {
        if (size === 0 && most > 0) {
          yield* tool.complain('no lines to repeat');
          return 1;
        }
        for (let n = 0; n < most; n++) {
          yield* process.spend(0.5);
          yield* out.write(item(process.random.below(size)) + end);
        }
      } else yield* draw(tool, size, Math.min(size, most), (i) => out.write(item(i) + end));
      yield* out.flush();
      return 0;
    } finally {
      if (path !== undefined) file.release();
    }
  },
);

/** Some of 0 … size−1 in an order of chance; only what was moved is remembered (Fisher and Yates). */
function* draw(tool: Tool, size: number, count: number, body: (i: number) => Task<void>): Task<void> {
  const moved = new Map<number, number>();
  for (let n = 0; n < count; n++) {
    yield* tool.process.spend(0.5);
    const at = n + Math.floor(tool.process.random.fraction() * (size - n));
    if ((n & 255) === 0) tool.process.hold(256 * 16);
    const chosen = moved.get(at) ?? at;
    moved.set(at, moved.get(n) ?? n);
    moved.delete(n);
    yield* body(chosen);
  }
}

function* rangeOf(tool: Tool, text: string): Task<{ first: number; size: number } | undefined> {
  const [low, high] = text.split(/-(.*)/s);
  const fail = function* (part: string, problem: string): Task<undefined> {
    yield* tool.complain(`invalid input range: ${tool.quote(part)}${problem}`);
    return undefined;
  };
  if (high === undefined) return yield* fail(text, '');
  const [first, last] = [parseCount(low!), parseCount(high)];
  if (typeof first !== 'number') return yield* fail(low!, first.problem);
  if (typeof last !== 'number') return yield* fail(high, last.problem);
  if (last < first - 1) return yield* fail(text, '');
  return { first, size: last - first + 1 };
}
