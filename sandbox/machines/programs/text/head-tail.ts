/** head(1) and tail(1). */

import { sleep, type Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile, Program, Stat } from '../../process.ts';
import { parseSize } from '../format/size.ts';
import { openInput, readBytes } from '../io.ts';
import { quoted, type Tool, tool } from '../tool.ts';

interface Amount {
  readonly bytes: boolean;
  /** `-` counts from the other end for head, `+` from the beginning for tail. */
  readonly sign: string;
  readonly value: number;
}

function* amountOf(tool: Tool, fallback = '10'): Task<Amount | undefined> {
  const bytes = tool.get('c') !== undefined;
  const text = tool.get('c') ?? tool.get('n') ?? fallback;
  const sign = /^[-+]/.test(text) ? text[0]! : '';
  const value = parseSize(text.slice(sign.length));
  if (value === undefined) {
    yield* tool.complain(`invalid number of ${bytes ? 'bytes' : 'lines'}: ${quoted(text)}`);
    return undefined;
  }
  return { bytes, sign, value };
}

function* each(
  tool: Tool,
  body: (file: OpenFile, path: string) => Task<void>,
  paths = tool.operands.length > 0 ? tool.operands : ['-'],
): Task<void> {
  const titled = tool.has('v') || (paths.length > 1 && !tool.has('q'));
  let first = true;
  for (const path of paths) {
    let file: OpenFile;
    try {
      file = path === '-' ? yield* openInput(tool.process, path) : yield* tool.process.open(path, { read: true });
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`cannot open ${quoted(path)} for reading: ${error.message}`);
      continue;
    }
    if (titled) yield* tool.print(`${first ? '' : '\n'}==> ${path === '-' ? 'standard input' : path} <==\n`);
    first = false;
    try {
      yield* body(file, path);
    } catch (error) {
      if (!isErrno(error) || error.code === 'EPIPE') throw error;
      yield* tool.complain(`error reading ${quoted(path === '-' ? 'standard input' : path)}: ${error.message}`);
    } finally {
      file.release();
    }
  }
}

/** `head -5` is `head -n 5`, as it always was. */
const modern =
  (program: Program): Program =>
  (process, argv) =>
    program(
      process,
      argv.flatMap((arg, i) =>
        i > 0 && /^-\d+$/.test(arg) && !/^-[cn]$/.test(argv[i - 1]!) ? ['-n', arg.slice(1)] : [arg],
      ),
    );

export const head = modern(
  tool(
    'head',
    {
      short: 'c:n:qvz',
      long: { bytes: 'c:', lines: 'n:', quiet: 'q', silent: 'q', verbose: 'v' },
      usage: 'head [OPTION]... [FILE]...',
    },
    function* (tool) {
      const amount = yield* amountOf(tool);
      if (!amount) return 1;
      yield* each(tool, (file) => headOf(tool, file, amount));
      return tool.status;
    },
  ),
);

function* headOf(tool: Tool, file: OpenFile, amount: Amount): Task<void> {
  const out = tool.process.stdout;
  if (amount.sign === '-') {
    const all = yield* readBytes(file);
    const end = amount.bytes ? Math.max(0, all.length - amount.value) : lineFromEnd(all, amount.value);
    yield* out.write(all.subarray(0, end));
    return;
  }
  let left = amount.value;
  while (left > 0) {
    const chunk = yield* file.read();
    if (chunk.length === 0) return;
    if (amount.bytes) {
      yield* out.write(chunk.subarray(0, left));
      left -= Math.min(left, chunk.length);
      continue;
    }
    let end = 0;
    while (left > 0 && end < chunk.length) {
      const at = chunk.indexOf(10, end);
      if (at < 0) {
        end = chunk.length;
        break;
      }
      end = at + 1;
      left--;
    }
    yield* out.write(chunk.subarray(0, end));
  }
}

/** Where the last `count` lines begin. */
function lineFromEnd(bytes: Uint8Array, count: number): number {
  if (count === 0) return bytes.length;
  let at = bytes.length - (bytes.at(-1) === 10 ? 1 : 0);
  for (let n = 0; n < count; n++) {
    const before = bytes.lastIndexOf(10, at - 1);
    if (before < 0 || at === 0) return 0;
    at = before;
  }
  return at + 1;
}

export const tail = modern(
  tool(
    'tail',
    {
      short: 'c:fFn:qs:vz',
      long: {
        bytes: 'c:',
        follow: 'follow::',
        lines: 'n:',
        quiet: 'q',
        silent: 'q',
        'sleep-interval': 's:',
        verbose: 'v',
        retry: 'retry',
        pid: 'pid:',
      },
      usage: 'tail [OPTION]... [FILE]...',
    },
    function* (tool) {
      const amount = yield* amountOf(tool);
      if (!amount) return 1;
      const byName = tool.has('F') || tool.get('follow') === 'name';
      const following = tool.has('f', 'F', 'follow');
      const paths = tool.operands.length > 0 ? tool.operands : ['-'];
      const followed: Followed[] = [];
      yield* each(tool, function* (file, path) {
        const size = yield* tailOf(tool, file, amount);
        if (!following) return;
        if (path === '-') {
          yield* followPipe(tool, file);
          return;
        }
        const stat = yield* file.stat();
        followed.push({ path, size, ino: stat.ino, missing: false });
      });
      if (!following || paths.every((p) => p === '-')) return tool.status;
      if (byName)
        for (const path of paths)
          if (!followed.some((f) => f.path === path)) followed.push({ path, size: 0, ino: -1, missing: true });
      if (followed.length === 0) {
        yield* tool.complain('no files remaining');
        return 1;
      }
      yield* follow(tool, followed, byName);
      return tool.status;
    },
  ),
);

function* tailOf(tool: Tool, file: OpenFile, amount: Amount): Task<number> {
  const all = yield* readBytes(file);
  let start: number;
  if (amount.sign === '+') {
    start = 0;
    if (amount.bytes) start = Math.max(0, amount.value - 1);
    else for (let n = 1; n < amount.value && start < all.length; n++) start = nextLine(all, start);
  } else start = amount.bytes ? Math.max(0, all.length - amount.value) : lineFromEnd(all, amount.value);
  yield* tool.process.stdout.write(all.subarray(start));
  return all.length;
}

const nextLine = (bytes: Uint8Array, from: number): number => {
  const at = bytes.indexOf(10, from);
  return at < 0 ? bytes.length : at + 1;
};

function* followPipe(tool: Tool, file: OpenFile): Task<void> {
  for (;;) {
    const chunk = yield* file.read();
    if (chunk.length === 0) return;
    yield* tool.process.stdout.write(chunk);
  }
}

interface Followed {
  readonly path: string;
  size: number;
  ino: number;
  missing: boolean;
}

/** Looks every second, in the background of the world's time. */
function* follow(tool: Tool, files: Followed[], byName: boolean): Task<void> {
  const { process } = tool;
  const interval = Number(tool.get('s') ?? '1') * 1000;
  let titled = files.length > 1 ? files.at(-1) : undefined;
  for (;;) {
    yield* sleep(process.machine.clock, interval, true);
    for (const file of files) {
      let stat: Stat;
      try {
        stat = yield* process.stat(file.path);
      } catch (error) {
        if (!isErrno(error)) throw error;
        if (!file.missing && byName)
          yield* tool.complain(`${quoted(file.path)} has become inaccessible: ${error.message}`);
        file.missing = true;
        continue;
      }
      if (byName && (stat.ino !== file.ino || file.missing)) {
        yield* process.error(
          `tail: ${quoted(file.path)} has ${file.missing ? 'appeared' : 'been replaced'};  following new file\n`,
        );
        file.ino = stat.ino;
        file.size = 0;
        file.missing = false;
      }
      if (stat.size < file.size) {
        yield* process.error(`tail: ${file.path}: file truncated\n`);
        file.size = 0;
      }
      if (stat.size === file.size) continue;
      const data = (yield* process.readFile(file.path)).subarray(file.size);
      file.size += data.length;
      if (titled && titled !== file) {
        yield* tool.print(`\n==> ${file.path} <==\n`);
        titled = file;
      }
      yield* process.stdout.write(data);
    }
  }
}
