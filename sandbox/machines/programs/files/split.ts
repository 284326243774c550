/** split(1): one piece is open at a time. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile } from '../../process.ts';
import { parseCount } from '../format/size.ts';
import { openInput } from '../io.ts';
import { quoted, type Tool, tool } from '../tool.ts';

const LINE_END = 10;

export const split = tool(
  'split',
  {
    short: 'a:b:C:del:n:t:ux',
    long: {
      'additional-suffix': 'additional:',
      bytes: 'b:',
      'elide-empty-files': 'e',
      'hex-suffixes': 'hex::',
      'line-bytes': 'C:',
      lines: 'l:',
      number: 'n:',
      'numeric-suffixes': 'numeric::',
      separator: 't:',
      'suffix-length': 'a:',
      verbose: 'verbose',
    },
    usage: 'split [OPTION]... [FILE [PREFIX]]',
  },
  function* (tool) {
    if (tool.operands.length > 2) return yield* tool.usage(`extra operand ${tool.quote(tool.operands[2]!)}`);
    const ways = tool.options.list.filter(([name]) => 'bCln'.includes(name));
    if (ways.length > 1) return yield* tool.usage('cannot split in more than one way');
    const [way, text] = ways[0] ?? ['l', '1000'];
    const what = { b: 'bytes', C: 'bytes', l: 'lines', n: 'chunks' }[way]!;
    const chunks = /^(?:([lr])\/)?(?:(\d+)\/)?(.*)$/s.exec(text)!;
    const size = parseCount(way === 'n' ? chunks[3]! : text, { sizes: true, min: 1 });
    if (typeof size !== 'number') {
      yield* tool.complain(`invalid number of ${what}: ${tool.quote(way === 'n' ? chunks[3]! : text)}${size.problem}`);
      return 1;
    }
    const length = parseCount(tool.get('a') ?? '0');
    if (typeof length !== 'number') {
      yield* tool.complain(`invalid suffix length: ${tool.quote(tool.get('a')!)}${length.problem}`);
      return 1;
    }
    const path = tool.operands[0] ?? '-';
    let input: OpenFile;
    try {
      input = yield* openInput(tool.process, path);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(
        error.code === 'EISDIR'
          ? `${path}: read error: ${error.message}`
          : `cannot open ${quoted(path)} for reading: ${error.message}`,
      );
      return 1;
    }
    const pieces = new Pieces(tool, length, way === 'n' ? size : undefined);
    try {
      if (way === 'n') yield* intoChunks(tool, input, pieces, size, chunks[1], Number(chunks[2] ?? 0), path);
      else if (way === 'b') yield* byBytes(input, pieces, size);
      else if (way === 'C') yield* byLineBytes(tool, input, pieces, size);
      else yield* byLines(tool, input, pieces, size);
      return tool.status;
    } catch (error) {
      if (!(error instanceof SplitError)) throw error;
      yield* tool.complain(error.message);
      return 1;
    } finally {
      pieces.close();
      input.release();
    }
  },
);

class SplitError extends Error {}

/** The files that are written, one after another: xaa, xab … xyz, xzaaa where no length is given. */
class Pieces {
  readonly #tool: Tool;
  readonly #digits: string;
  readonly #fixed: boolean;
  #length: number;
  #number: number;
  #widened = '';
  #file: OpenFile | undefined;
  #path = '';

  constructor(tool: Tool, length: number, count: number | undefined) {
    this.#tool = tool;
    const numeric = tool.has('d', 'numeric');
    const hex = tool.has('x', 'hex');
    this.#digits = numeric ? '0123456789' : hex ? '0123456789abcdef' : 'abcdefghijklmnopqrstuvwxyz';
    this.#number = Number.parseInt(tool.get('numeric') || tool.get('hex') || '0', hex ? 16 : 10) || 0;
    const needed =
      count === undefined
        ? 2
        : Math.max(2, Math.ceil(Math.log(count + this.#number) / Math.log(this.#digits.length) - 1e-9));
    this.#fixed = length > 0 || count !== undefined || this.#number > 0;
    this.#length = length || needed;
  }

  get open(): boolean {
    return this.#file !== undefined;
  }

  *begin(): Task<void> {
    this.close();
    const path = `${this.#tool.operands[1] ?? 'x'}${this.#suffix()}${this.#tool.get('additional') ?? ''}`;
    this.#path = path;
    if (this.#tool.has('verbose')) yield* this.#tool.print(`creating file ${quoted(path)}\n`);
    try {
      this.#file = yield* this.#tool.process.open(path, { write: true, create: true, truncate: true });
    } catch (error) {
      if (!isErrno(error)) throw error;
      throw new SplitError(`${path}: ${error.message}`);
    }
  }

  *write(bytes: Uint8Array): Task<void> {
    if (!this.#file) yield* this.begin();
    try {
      yield* this.#file!.write(bytes);
    } catch (error) {
      if (!isErrno(error)) throw error;
      throw new SplitError(`${this.#path}: ${error.message}`);
    }
  }

  close(): void {
    this.#file?.release();
    this.#file = undefined;
  }

  #suffix(): string {
    const base = this.#digits.length;
    // The last letter of the first place announces a longer suffix: xzaaa comes after xyz.
    if (!this.#fixed && this.#number === (base - 1) * base ** (this.#length - 1)) {
      this.#widened += this.#digits.at(-1);
      this.#length++;
      this.#number = 0;
    }
    let suffix = '';
    let rest = this.#number++;
    for (let i = 0; i < this.#length; i++) {
      suffix = this.#digits[rest % base]! + suffix;
      rest = Math.floor(rest / base);
    }
    if (rest > 0) throw new SplitError('output file suffixes exhausted');
    return this.#widened + suffix;
  }
}

function* byBytes(input: OpenFile, pieces: Pieces, size: number): Task<void> {
  let left = 0;
  for (;;) {
    const chunk = yield* input.read();
    if (chunk.length === 0) return;
    for (let at = 0; at < chunk.length; ) {
      if (left === 0) {
        yield* pieces.begin();
        left = size;
      }
      const part = chunk.subarray(at, at + left);
      yield* pieces.write(part);
      at += part.length;
      left -= part.length;
    }
  }
}

const separatorOf = (tool: Tool): number => {
  const text = tool.get('t');
  return text === undefined ? LINE_END : text === '\\0' ? 0 : text.charCodeAt(0) || 0;
};

function* byLines(tool: Tool, input: OpenFile, pieces: Pieces, lines: number): Task<void> {
  const end = separatorOf(tool);
  let left = 0;
  for (;;) {
    const chunk = yield* input.read();
    if (chunk.length === 0) return;
    for (let at = 0; at < chunk.length; ) {
      if (left === 0) {
        yield* pieces.begin();
        left = lines;
      }
      let to = at;
      while (left > 0 && to < chunk.length) {
        const next = chunk.indexOf(end, to);
        to = next < 0 ? chunk.length : next + 1;
        if (next >= 0) left--;
      }
      yield* pieces.write(chunk.subarray(at, to));
      at = to;
    }
  }
}

/** As many whole lines as fit; a line that is longer is cut. */
function* byLineBytes(tool: Tool, input: OpenFile, pieces: Pieces, size: number): Task<void> {
  const end = separatorOf(tool);
  tool.process.hold(Math.min(size, 2 ** 40));
  let room = 0;
  let rest: Uint8Array = new Uint8Array(0);
  for (let ended = false; !ended; ) {
    const chunk = yield* input.read();
    ended = chunk.length === 0;
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    let at = 0;
    while (at < bytes.length) {
      const next = bytes.indexOf(end, at);
      let to = next < 0 ? bytes.length : next + 1;
      if (next < 0 && !ended && to - at < size) break;
      if (to - at > room) {
        yield* pieces.begin();
        room = size;
      }
      to = Math.min(to, at + room);
      yield* pieces.write(bytes.subarray(at, to));
      room -= to - at;
      at = to;
    }
    rest = bytes.slice(at);
  }
}

/** -n: pieces of equal size, of whole lines (l/N), or lines in turn (r/N); with K/N only the Kth, to standard output. */
function* intoChunks(
  tool: Tool,
  input: OpenFile,
  pieces: Pieces,
  count: number,
  kind: string | undefined,
  only: number,
  path: string,
): Task<void> {
  const stat = yield* input.stat();
  if (stat.type !== 'file') throw new SplitError(`${path}: cannot determine file size`);
  const size = stat.size;
  const bound = (k: number) => (k === count ? size : Math.floor(size / count) * k);
  let current = 0;
  let at = 0;
  let lineStart = true;
  const end = separatorOf(tool);
  const put = (bytes: Uint8Array) =>
    only === 0 ? pieces.write(bytes) : current === only ? tool.process.stdout.write(bytes) : undefined;
  const advance = function* (): Task<void> {
    current++;
    if (only === 0 && !tool.has('e')) yield* pieces.begin();
    else pieces.close();
  };
  yield* advance();
  for (;;) {
    const chunk = yield* input.read();
    if (chunk.length === 0) break;
    for (let from = 0; from < chunk.length; ) {
      while (current < count && at >= bound(current) && (kind !== 'l' || lineStart)) yield* advance();
      let to =
        kind === 'l'
          ? chunk.indexOf(end, from) + 1 || chunk.length
          : Math.min(chunk.length, from + (bound(current) - at));
      if (to <= from) to = chunk.length;
      const writing = put(chunk.subarray(from, to));
      if (writing) yield* writing;
      lineStart = chunk[to - 1] === end;
      at += to - from;
      from = to;
    }
  }
  while (current < count) yield* advance();
}
