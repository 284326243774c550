/** Reading files and standard input, chunk by chunk or line by line, and writing in portions. */

import type { Task, Wait } from '../../sim/task.ts';
import { Errno, isErrno } from '../errno.ts';
import type { OpenFile, Process, Stat, Tty } from '../process.ts';
import { ByteDecoder, decode, encode, joined } from './bytes.ts';
import type { Tool } from './tool.ts';

export { decode, encode } from './bytes.ts';

/** Standard input lent to a reader: it is the process's to close, whatever becomes of the reader. */
class Lent implements OpenFile {
  readonly #file: OpenFile;
  readonly path: string | undefined;
  readonly readable: Wait | undefined;

  constructor(file: OpenFile) {
    this.#file = file;
    this.path = file.path;
    this.readable = file.readable;
    if (file.seek) this.seek = (offset) => file.seek!(offset);
    if (file.tell) this.tell = () => file.tell!();
  }

  seek?: (offset: number) => void;
  tell?: () => number;

  get tty(): Tty | undefined {
    return this.#file.tty;
  }

  read(max?: number): Task<Uint8Array> {
    return this.#file.read(max);
  }

  write(data: Uint8Array): Task<void> {
    return this.#file.write(data);
  }

  stat(): Task<Stat> {
    return this.#file.stat();
  }

  retain(): void {}
  release(): void {}
}

/** `-` is standard input. A directory cannot be read. */
export function* openInput(process: Process, path: string): Task<OpenFile> {
  if (path === '-') return new Lent(process.stdin);
  const file = yield* process.open(path, { read: true });
  try {
    if ((yield* file.stat()).type === 'directory') throw new Errno('EISDIR');
  } catch (error) {
    file.release();
    throw error;
  }
  return file;
}

/** The whole of it, counted as the process's memory while `body` works on it. */
export function* withWhole<T>(process: Process, file: OpenFile, body: (bytes: Uint8Array) => Task<T>): Task<T> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const chunk = yield* file.read();
      if (chunk.length === 0) break;
      process.hold(chunk.length);
      size += chunk.length;
      chunks.push(chunk);
    }
    return yield* body(joined(chunks, size));
  } finally {
    process.hold(-size);
  }
}

/** All of a file, counted as the process's memory until it ends. */
export function* readBytes(process: Process, file: OpenFile): Task<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = yield* file.read();
    if (chunk.length === 0) return joined(chunks);
    process.hold(chunk.length);
    chunks.push(chunk);
  }
}

export function* readInput(process: Process, path: string): Task<Uint8Array> {
  const file = yield* openInput(process, path);
  try {
    return yield* readBytes(process, file);
  } finally {
    file.release();
  }
}

export function* readInputText(process: Process, path: string): Task<string> {
  return decode(yield* readInput(process, path));
}

/** A line of fewer characters is not worth counting. */
const LONG_LINE = 65_536;

/** Lines one at a time, as they arrive. What a long line holds is counted as the process's memory. */
export class LineReader {
  readonly #process: Process;
  readonly #file: OpenFile;
  readonly #decoder = new ByteDecoder();
  readonly #separator: string;
  /** The chunk at hand, and where its next line begins. */
  #buffer = '';
  #at = 0;
  /** The beginning of a line that goes on in the next chunk. */
  #begun: string[] = [];
  #held = 0;
  #ended = false;
  /** Whether the line last read ended with a newline. */
  terminated = true;

  constructor(process: Process, file: OpenFile, separator = '\n') {
    this.#process = process;
    this.#file = file;
    this.#separator = separator;
  }

  /** Without its newline; undefined at the end. Throws ENOMEM if it is too long. */
  *next(): Task<string | undefined> {
    this.#letGo();
    for (;;) {
      const end = this.#buffer.indexOf(this.#separator, this.#at);
      if (end >= 0) {
        const piece = this.#buffer.slice(this.#at, end);
        this.#at = end + this.#separator.length;
        this.terminated = true;
        return this.#whole(piece);
      }
      if (this.#at < this.#buffer.length) {
        const piece = this.#at === 0 ? this.#buffer : this.#buffer.slice(this.#at);
        this.#begun.push(piece);
        if (this.#begun.length > 1 || piece.length >= LONG_LINE) this.#hold(piece.length);
      }
      this.#buffer = '';
      this.#at = 0;
      if (this.#ended) {
        if (this.#begun.length === 0) return undefined;
        this.terminated = false;
        return this.#whole('');
      }
      const chunk = yield* this.#file.read();
      if (chunk.length === 0) {
        this.#ended = true;
        this.#buffer = this.#decoder.end();
      } else this.#buffer = this.#decoder.write(chunk);
    }
  }

  #whole(last: string): string {
    if (this.#begun.length === 0) return last;
    const line = this.#begun.join('') + last;
    this.#begun = [];
    return line;
  }

  #hold(bytes: number): void {
    this.#process.hold(bytes);
    this.#held += bytes;
  }

  #letGo(): void {
    if (this.#held > 0) this.#process.hold(-this.#held);
    this.#held = 0;
  }

  release(): void {
    this.#letGo();
    this.#file.release();
  }
}

/** Splits a text into lines without their newlines; a last line need not end with one. */
export function splitLines(text: string, separator = '\n'): string[] {
  if (text === '') return [];
  const lines = text.split(separator);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Calls `body` for each operand (`-` if there is none); files that cannot be read are told and skipped. */
export function* eachInput(
  tool: Tool,
  body: (file: OpenFile, path: string) => Task<void>,
  complaint: (path: string, words: string) => string = (path, words) => `${path}: ${words}`,
): Task<void> {
  const paths = tool.operands.length > 0 ? tool.operands : ['-'];
  for (const path of paths) {
    let file: OpenFile;
    try {
      file = yield* openInput(tool.process, path);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(complaint(path, error.message));
      continue;
    }
    try {
      yield* body(file, path);
    } catch (error) {
      if (!isErrno(error) || OUTPUT_ERRORS.has(error.code)) throw error;
      yield* tool.complain(complaint(path, error.message));
    } finally {
      file.release();
    }
  }
}

/** Errors that are not the input's. */
const OUTPUT_ERRORS: ReadonlySet<string> = new Set(['EPIPE', 'ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'ENOMEM', 'EBADF']);

/** Calls `body` with each line of each operand, as it arrives. */
export function* eachLine(
  tool: Tool,
  body: (line: string, terminated: boolean) => Task<void>,
  complaint?: (path: string, words: string) => string,
  separator = '\n',
): Task<void> {
  yield* eachInput(
    tool,
    function* (file) {
      const reader = new LineReader(tool.process, file, separator);
      for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
        yield* tool.process.spend(0.2 + line.length / 500);
        yield* body(line, reader.terminated);
      }
    },
    complaint,
  );
}

/** What a list costs beside its lines' characters, in bytes. */
const LINE_OVERHEAD = 16;

/** All inputs as one list of lines, counted as the process's memory. */
export function* allLines(
  tool: Tool,
  complaint?: (path: string, words: string) => string,
  separator = '\n',
): Task<string[]> {
  const lines: string[] = [];
  yield* eachLine(
    tool,
    function* (line) {
      tool.process.hold(line.length + LINE_OVERHEAD);
      lines.push(line);
    },
    complaint,
    separator,
  );
  return lines;
}

/** Characters that are collected before they are written. */
const PORTION = 4096;

/** Collects output and writes it in portions, so that a line does not cost a call. A terminal is written line by line. */
export class Output {
  readonly #file: OpenFile;
  readonly #terminal: boolean;
  #parts: string[] = [];
  #size = 0;

  constructor(file: OpenFile) {
    this.#file = file;
    this.#terminal = file.tty !== undefined;
  }

  *write(text: string): Task<void> {
    this.#parts.push(text);
    this.#size += text.length;
    if (this.#size >= PORTION || (this.#terminal && text.includes('\n'))) yield* this.flush();
  }

  *flush(): Task<void> {
    if (this.#size === 0) return;
    const text = this.#parts.length === 1 ? this.#parts[0]! : this.#parts.join('');
    this.#parts = [];
    this.#size = 0;
    yield* this.#file.write(encode(text));
  }
}
