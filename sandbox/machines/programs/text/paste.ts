/** paste(1): a line of each file at a time. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import { LineReader, openInput } from '../io.ts';
import { quotedIfNeeded } from '../quote.ts';
import { type Tool, tool } from '../tool.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '',
  '\\': '\\',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

export const paste = tool(
  'paste',
  {
    short: 'd:sz',
    long: { delimiters: 'd:', serial: 's', 'zero-terminated': 'z' },
    usage: 'paste [OPTION]... [FILE]...',
  },
  function* (tool) {
    const given = tool.get('d') ?? '\t';
    if (/(?:^|[^\\])(?:\\\\)*\\$/.test(given)) {
      yield* tool.complain(`delimiter list ends with an unescaped backslash: ${given}`);
      return 1;
    }
    const delimiters = [...given.matchAll(/\\(.)|([^\\])/gsu)].map((m) =>
      m[1] === undefined ? m[2]! : (ESCAPES[m[1]] ?? m[1]),
    );
    if (delimiters.length === 0) delimiters.push('');
    const end = tool.has('z') ? '\0' : '\n';
    const readers: LineReader[] = [];
    const paths = tool.operands.length > 0 ? tool.operands : ['-'];
    let shared: LineReader | undefined;
    try {
      for (const path of paths) {
        if (path === '-' && shared) {
          readers.push(shared);
          continue;
        }
        try {
          const reader = new LineReader(tool.process, yield* openInput(tool.process, path), end);
          if (path === '-') shared = reader;
          readers.push(reader);
        } catch (error) {
          if (!isErrno(error)) throw error;
          yield* tool.complain(`${quotedIfNeeded(path)}: ${error.message}`);
          if (!tool.has('s')) return 1;
        }
      }
      yield* tool.has('s') ? serially(tool, readers, delimiters, end) : inParallel(tool, readers, delimiters, end);
    } finally {
      for (const reader of readers) reader.release();
    }
    return tool.status;
  },
);

function* serially(tool: Tool, readers: readonly LineReader[], delimiters: readonly string[], end: string): Task<void> {
  for (const reader of readers) {
    let n = 0;
    for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
      if (n > 0) yield* tool.write(delimiters[(n - 1) % delimiters.length]!);
      yield* tool.write(line);
      n++;
    }
    yield* tool.write(end);
  }
}

function* inParallel(
  tool: Tool,
  readers: readonly LineReader[],
  delimiters: readonly string[],
  end: string,
): Task<void> {
  const ended = new Set<LineReader>();
  for (;;) {
    let row = '';
    let any = false;
    for (const [i, reader] of readers.entries()) {
      const line: string | undefined = ended.has(reader) ? undefined : yield* reader.next();
      if (line === undefined) ended.add(reader);
      else any = true;
      row += (i === 0 ? '' : delimiters[(i - 1) % delimiters.length]!) + (line ?? '');
    }
    if (!any) return;
    yield* tool.process.spend(0.3 + row.length / 500);
    yield* tool.write(row + end);
  }
}
