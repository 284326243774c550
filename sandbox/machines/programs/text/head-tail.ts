/** head(1) and tail(1): read as much as is asked for, keep what may still be the end. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile, Program } from '../../process.ts';
import { joined } from '../bytes.ts';
import { parseCount } from '../format/size.ts';
import { openInput } from '../io.ts';
import { quoted, type Tool, tool } from '../tool.ts';
import { type Followed, follow } from './follow.ts';

interface Amount {
  readonly bytes: boolean;
  /** `-` counts from the other end for head, `+` from the beginning for tail. */
  readonly sign: string;
  readonly value: number;
  /** What ends a line. */
  readonly end: number;
}

function* amountOf(tool: Tool): Task<Amount | undefined> {
  const [name, text] = tool.options.list.findLast(([n]) => n === 'c' || n === 'n') ?? ['n', '10'];
  const bytes = name === 'c';
  const sign = /^[-+]/.test(text) ? text[0]! : '';
  const value = parseCount(text.slice(sign.length), { sizes: true });
  if (typeof value !== 'number') {
    const shown = tool.name === 'head' ? text.slice(sign === '-' ? 1 : 0) : text;
    yield* tool.complain(`invalid number of ${bytes ? 'bytes' : 'lines'}: ${tool.quote(shown)}${value.problem}`);
    return undefined;
  }
  return { bytes, sign, value, end: tool.has('z') ? 0 : 10 };
}

function* each(tool: Tool, body: (file: OpenFile, path: string) => Task<void>): Task<void> {
  const paths = tool.operands.length > 0 ? tool.operands : ['-'];
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
    try {
      if (titled) yield* tool.print(`${first ? '' : '\n'}==> ${path === '-' ? 'standard input' : path} <==\n`);
      first = false;
      yield* body(file, path);
    } catch (error) {
      if (!isErrno(error, 'EISDIR', 'EIO', 'ESTALE', 'EACCES', 'ETIMEDOUT')) throw error;
      yield* tool.complain(`error reading ${quoted(path === '-' ? 'standard input' : path)}: ${error.message}`);
    } finally {
      file.release();
    }
  }
}

/** `head -5` is `head -n 5`, `-5c` is `-c 5`, `tail -5f` is `-n 5 -f`, as it always was; only where the first argument says so. */
const modern =
  (program: Program): Program =>
  (process, argv) => {
    const [name, first = '', ...rest] = argv;
    const match = /^-(\d+)([bkm]?)([cl]?)([fqv]*)$/.exec(first);
    const plus = name === 'tail' && rest.length <= 1 ? /^\+(\d*)([cl]?)(f?)$/.exec(first) : null;
    if (plus)
      return program(process, [
        name!,
        plus[2] === 'c' ? '-c' : '-n',
        `+${plus[1] || 10}`,
        ...(plus[3] ? ['-f'] : []),
        ...rest,
      ]);
    if (!match) return program(process, argv);
    const [, digits, multiple, unit, letters] = match;
    return program(process, [
      name!,
      unit === 'c' || multiple !== '' ? '-c' : '-n',
      `${digits}${multiple}`,
      ...(letters ? [`-${letters}`] : []),
      ...rest,
    ]);
  };

/** `head -3x`: not a number and letters that mean something. */
const trailing = (program: Program): Program =>
  function* (process, argv) {
    const match = /^-\d+[cbkmlqvz]*([^\dcbkmlqvz])/.exec(argv[1] ?? '');
    if (!match) return yield* program(process, argv);
    yield* process.error(`head: invalid trailing option -- ${match[1]}\nTry 'head --help' for more information.\n`);
    return 1;
  };

export const head = trailing(
  modern(
    tool(
      'head',
      {
        short: 'c:n:qvz',
        long: { bytes: 'c:', lines: 'n:', quiet: 'q', silent: 'q', verbose: 'v', 'zero-terminated': 'z' },
        usage: 'head [OPTION]... [FILE]...',
      },
      function* (tool) {
        const amount = yield* amountOf(tool);
        if (!amount) return 1;
        yield* each(tool, (file) =>
          amount.sign === '-' ? allButLast(tool, file, amount) : headOf(tool, file, amount),
        );
        return tool.status;
      },
    ),
  ),
);

function* headOf(tool: Tool, file: OpenFile, amount: Amount): Task<void> {
  const out = tool.process.stdout;
  let left = amount.value;
  while (left > 0) {
    const chunk = yield* file.read(amount.bytes ? Math.min(left, 65_536) : undefined);
    if (chunk.length === 0) return;
    if (amount.bytes) {
      yield* out.write(chunk);
      left -= chunk.length;
      continue;
    }
    let end = 0;
    while (left > 0 && end < chunk.length) {
      const at = chunk.indexOf(amount.end, end);
      if (at < 0) {
        end = chunk.length;
        break;
      }
      end = at + 1;
      left--;
    }
    // What was read too much is given back where the input can be (`(head -1; cat) < f`).
    if (end < chunk.length && file.tell && file.seek) file.seek(file.tell() - (chunk.length - end));
    yield* out.write(chunk.subarray(0, end));
  }
}

function* allButLast(tool: Tool, file: OpenFile, amount: Amount): Task<void> {
  const window = new Window(tool, amount);
  try {
    for (;;) {
      const chunk = yield* file.read();
      if (chunk.length === 0) break;
      window.add(chunk);
      for (const part of window.trim()) yield* tool.process.stdout.write(part);
    }
    const rest = window.rest();
    yield* tool.process.stdout.write(rest.subarray(0, rest.length - lastOf(rest, amount)));
  } finally {
    window.clear();
  }
}

/** The end of what was read so far, as many chunks of it as the last lines or bytes may need; counted as memory. */
class Window {
  readonly #tool: Tool;
  readonly #amount: Amount;
  readonly #chunks: { readonly bytes: Uint8Array; readonly units: number }[] = [];
  #first = 0;
  #units = 0;
  #size = 0;

  constructor(tool: Tool, amount: Amount) {
    this.#tool = tool;
    this.#amount = amount;
  }

  add(bytes: Uint8Array): void {
    const units = this.#amount.bytes ? bytes.length : count(bytes, this.#amount.end);
    this.#tool.process.hold(bytes.length);
    this.#size += bytes.length;
    this.#chunks.push({ bytes, units });
    this.#units += units;
  }

  /** Takes off, from the front, the chunks without which there is still enough. */
  trim(): Uint8Array[] {
    const taken: Uint8Array[] = [];
    const needed = this.#amount.value + (this.#amount.bytes ? 0 : 1);
    while (this.#first < this.#chunks.length - 1 && this.#units - this.#chunks[this.#first]!.units >= needed) {
      const { bytes, units } = this.#chunks[this.#first]!;
      this.#first++;
      this.#units -= units;
      this.#size -= bytes.length;
      this.#tool.process.hold(-bytes.length);
      taken.push(bytes);
    }
    if (this.#first > 1000) {
      this.#chunks.splice(0, this.#first);
      this.#first = 0;
    }
    return taken;
  }

  rest(): Uint8Array {
    return joined(this.#chunks.slice(this.#first).map((chunk) => chunk.bytes));
  }

  clear(): void {
    this.#tool.process.hold(-this.#size);
    this.#size = 0;
  }
}

function count(bytes: Uint8Array, end: number): number {
  let found = 0;
  for (let at = bytes.indexOf(end); at >= 0; at = bytes.indexOf(end, at + 1)) found++;
  return found;
}

/** How many bytes the last lines or bytes take. */
function lastOf(bytes: Uint8Array, { bytes: inBytes, value, end }: Amount): number {
  if (inBytes) return Math.min(bytes.length, value);
  if (value === 0) return 0;
  let at = bytes.length - (bytes.at(-1) === end ? 1 : 0);
  for (let n = 0; n < value; n++) {
    const before = at === 0 ? -1 : bytes.lastIndexOf(end, at - 1);
    if (before < 0) return bytes.length;
    at = before;
  }
  return bytes.length - at - 1;
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
        'max-unchanged-stats': 'unchanged:',
        quiet: 'q',
        silent: 'q',
        'sleep-interval': 's:',
        verbose: 'v',
        retry: 'retry',
        pid: 'pid:',
        'zero-terminated': 'z',
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

/** Writes the end of the file; says how many bytes of the file were read. */
function* tailOf(tool: Tool, file: OpenFile, amount: Amount): Task<number> {
  if (amount.sign === '+') return yield* fromOn(tool, file, amount);
  const start = yield* skipAhead(file, amount);
  const window = new Window(tool, amount);
  let size = start;
  try {
    for (;;) {
      const chunk = yield* file.read();
      if (chunk.length === 0) break;
      size += chunk.length;
      window.add(chunk);
      window.trim();
    }
    const rest = window.rest();
    yield* tool.process.stdout.write(rest.subarray(rest.length - lastOf(rest, amount)));
    return size;
  } finally {
    window.clear();
  }
}

/** Of a file that can be sought, bytes before the last ones are not read. */
function* skipAhead(file: OpenFile, amount: Amount): Task<number> {
  if (!amount.bytes || !file.seek || !file.tell) return 0;
  const stat = yield* file.stat();
  if (stat.type !== 'file') return 0;
  const start = Math.max(file.tell(), stat.size - amount.value);
  file.seek(start);
  return start;
}

function* fromOn(tool: Tool, file: OpenFile, amount: Amount): Task<number> {
  let skip = Math.max(0, amount.value - 1);
  let size = 0;
  for (;;) {
    const chunk = yield* file.read();
    if (chunk.length === 0) return size;
    size += chunk.length;
    let at = 0;
    if (amount.bytes) {
      at = Math.min(skip, chunk.length);
      skip -= at;
    } else {
      for (; skip > 0 && at < chunk.length; skip--) {
        const end = chunk.indexOf(amount.end, at);
        at = end < 0 ? chunk.length : end + 1;
        if (end < 0) break;
      }
    }
    if (at < chunk.length) yield* tool.process.stdout.write(chunk.subarray(at));
  }
}

function* followPipe(tool: Tool, file: OpenFile): Task<void> {
  for (;;) {
    const chunk = yield* file.read();
    if (chunk.length === 0) return;
    yield* tool.process.stdout.write(chunk);
  }
}
