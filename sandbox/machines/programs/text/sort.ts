/** sort(1): all lines in memory, ordered by merging in steps that signals can come between. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile } from '../../process.ts';
import { LineReader, Output, openInput } from '../io.ts';
import { quotedIfNeeded } from '../quote.ts';
import { type Tool, tool } from '../tool.ts';
import { checkFlags, type Entry, type Key, KeyError, type Ordering, orderingOf, parseKey } from './sort-keys.ts';

const SORTS: Readonly<Record<string, string>> = {
  'general-numeric': 'g',
  'human-numeric': 'h',
  month: 'M',
  numeric: 'n',
  random: 'R',
  version: 'V',
};

export const sort = tool(
  'sort',
  {
    short: 'bcCdfghik:mMno:rRsS:t:T:uVz',
    long: {
      'ignore-leading-blanks': 'b',
      'dictionary-order': 'd',
      'ignore-case': 'f',
      'ignore-nonprinting': 'i',
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
      check: 'check::',
      merge: 'm',
      sort: 'sort:',
      parallel: 'parallel:',
      'buffer-size': 'S:',
      'temporary-directory': 'T:',
      'zero-terminated': 'z',
    },
    usage: 'sort [OPTION]... [FILE]...',
    usageStatus: 2,
  },
  function* (tool) {
    const ordering = yield* orderingFrom(tool);
    if (!ordering) return 2;
    const outputs = tool.options.all('o');
    if (new Set(outputs).size > 1) {
      yield* tool.complain('multiple output files specified', 2);
      return 2;
    }
    const paths = tool.operands.length > 0 ? tool.operands : ['-'];
    const end = tool.has('z') ? '\0' : '\n';
    if (tool.has('c', 'C', 'check')) {
      if (paths.length > 1) {
        yield* tool.complain(
          `extra operand ${quotedIfNeeded(paths[1]!).replace(/^(?!['"]).*$/s, "'$&'")} not allowed with -c`,
          2,
        );
        return 2;
      }
      return yield* check(tool, paths[0]!, ordering, end);
    }
    const readers: LineReader[] = [];
    try {
      for (const path of paths) readers.push(new LineReader(tool.process, yield* openForSort(tool, path), end));
      const source = tool.has('m')
        ? yield* merging(tool, readers, ordering)
        : inTurn(yield* sorted(tool, yield* readAll(tool, readers, ordering), ordering));
      yield* writeOut(tool, source, ordering, outputs[0], end);
      return 0;
    } catch (error) {
      if (!(error instanceof SortFailure)) throw error;
      yield* tool.complain(error.message, 2);
      return 2;
    } finally {
      for (const reader of readers) reader.release();
    }
  },
);

class SortFailure extends Error {}

function* orderingFrom(tool: Tool): Task<Ordering | undefined> {
  let separator = tool.get('t');
  const fail = function* (message: string): Task<undefined> {
    yield* tool.complain(message, 2);
    return undefined;
  };
  if (separator === '') return yield* fail('empty tab');
  if (separator === '\\0') separator = '\0';
  if (separator !== undefined && [...separator].length > 1)
    return yield* fail(`multi-character tab ${tool.quote(separator)}`);
  const kind = tool.get('sort');
  const letter = kind === undefined ? '' : SORTS[Object.keys(SORTS).find((name) => name.startsWith(kind)) ?? ''];
  if (letter === undefined) {
    yield* tool.usage(
      `invalid argument ${tool.quote(kind!)} for ${tool.quote('--sort')}\nValid arguments are:\n${Object.keys(SORTS)
        .map((name) => `  - ${tool.quote(name)}`)
        .join('\n')}`,
    );
    return undefined;
  }
  const global = [...'bdfghiMnrRV'].filter((l) => tool.has(l)).join('') + letter;
  try {
    checkFlags(global);
    const keys: Key[] = tool.options.all('k').map((spec) => parseKey(spec, global, (text) => tool.quote(text)));
    return orderingOf({
      keys,
      global,
      separator,
      stable: tool.has('s', 'u'),
      chance: () => tool.process.random.fraction(),
    });
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    return yield* fail(error.message);
  }
}

function* openForSort(tool: Tool, path: string): Task<OpenFile> {
  try {
    return yield* openInput(tool.process, path);
  } catch (error) {
    if (!isErrno(error)) throw error;
    throw new SortFailure(
      error.code === 'EISDIR'
        ? `read failed: ${quotedIfNeeded(path)}: ${error.message}`
        : `cannot read: ${quotedIfNeeded(path)}: ${error.message}`,
    );
  }
}

/** What an entry costs beside its line's characters, in bytes. */
const ENTRY_OVERHEAD = 24;

function* readAll(tool: Tool, readers: readonly LineReader[], ordering: Ordering): Task<Entry[]> {
  const entries: Entry[] = [];
  for (const reader of readers) {
    for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
      tool.process.hold(line.length + ENTRY_OVERHEAD);
      yield* tool.process.spend(0.3 + line.length / 200);
      entries.push(ordering.entry(line));
    }
  }
  return entries;
}

/** Entries that are sorted in one go. */
const RUN = 4096;
/** What one comparison costs, in microseconds. */
const COMPARISON = 0.08;

/** A merge sort: runs first, then pairs of them. */
function* sorted(tool: Tool, entries: Entry[], ordering: Ordering): Task<Entry[]> {
  let from = entries;
  let to: Entry[] = [];
  for (let at = 0; at < from.length; at += RUN) {
    const run = from.slice(at, at + RUN).sort(ordering.compare);
    yield* tool.process.spend(run.length * Math.log2(run.length + 1) * COMPARISON);
    for (const entry of run) to.push(entry);
  }
  [from, to] = [to, []];
  for (let width = RUN; width < from.length; width *= 2) {
    for (let at = 0; at < from.length; at += 2 * width) {
      const middle = Math.min(at + width, from.length);
      const end = Math.min(at + 2 * width, from.length);
      let [i, j] = [at, middle];
      while (i < middle || j < end) {
        to.push(j >= end || (i < middle && ordering.compare(from[i]!, from[j]!) <= 0) ? from[i++]! : from[j++]!);
        if ((to.length & 1023) === 0) yield* tool.process.spend(1024 * COMPARISON);
      }
    }
    [from, to] = [to, []];
  }
  return from;
}

/** The next entry in order; undefined after the last. */
type Source = () => Task<Entry | undefined>;

function inTurn(entries: readonly Entry[]): Source {
  let at = 0;
  return function* () {
    return entries[at++];
  };
}

/** Of inputs that are sorted already: one entry of each is in memory. */
function* merging(tool: Tool, readers: readonly LineReader[], ordering: Ordering): Task<Source> {
  const heads: (Entry | undefined)[] = [];
  const advance = function* (i: number): Task<void> {
    const line = yield* readers[i]!.next();
    heads[i] = line === undefined ? undefined : ordering.entry(line);
  };
  for (const i of readers.keys()) yield* advance(i);
  return function* () {
    let first = -1;
    heads.forEach((head, i) => {
      if (head && (first < 0 || ordering.compare(head, heads[first]!) < 0)) first = i;
    });
    if (first < 0) return undefined;
    const entry = heads[first];
    yield* tool.process.spend(0.3 + readers.length * COMPARISON);
    yield* advance(first);
    return entry;
  };
}

function* writeOut(tool: Tool, next: Source, ordering: Ordering, path: string | undefined, end: string): Task<void> {
  let file = tool.process.stdout;
  if (path !== undefined) {
    try {
      file = yield* tool.process.open(path, { write: true, create: true, truncate: true });
    } catch (error) {
      if (!isErrno(error)) throw error;
      throw new SortFailure(`open failed: ${quotedIfNeeded(path)}: ${error.message}`);
    }
  }
  try {
    const out = new Output(file);
    const unique = tool.has('u');
    let last: Entry | undefined;
    for (let entry = yield* next(); entry !== undefined; entry = yield* next()) {
      yield* tool.process.spend(0.1);
      if (unique && last && ordering.same(last, entry) === 0) continue;
      last = entry;
      yield* out.write(entry.line + end);
    }
    yield* out.flush();
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (error.code === 'ENOMEM') throw error;
    throw new SortFailure(
      `write failed: ${path === undefined ? "'standard output'" : quotedIfNeeded(path)}: ${error.message}`,
    );
  } finally {
    if (path !== undefined) file.release();
  }
}

/** -c and -C: one line and the one before it. */
function* check(tool: Tool, path: string, ordering: Ordering, end: string): Task<number> {
  const quiet = tool.has('C') || /^(quiet|silent)$/.test(tool.get('check') ?? '');
  let file: OpenFile;
  try {
    file = yield* openForSort(tool, path);
  } catch (error) {
    if (!(error instanceof SortFailure)) throw error;
    yield* tool.complain(error.message, 2);
    return 2;
  }
  try {
    const reader = new LineReader(tool.process, file, end);
    let last: Entry | undefined;
    let number = 0;
    for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
      number++;
      yield* tool.process.spend(0.5);
      const entry = ordering.entry(line);
      const order = last ? ordering.compare(last, entry) : -1;
      if (order > 0 || (tool.has('u') && order === 0)) {
        if (!quiet) yield* tool.process.error(`sort: ${path}:${number}: disorder: ${line}\n`);
        return 1;
      }
      last = entry;
    }
    return 0;
  } finally {
    file.release();
  }
}
