/** Reading files and standard input: whole, as bytes, or line by line. */

import type { Task } from '../../sim/task.ts';
import { Errno, isErrno } from '../errno.ts';
import type { OpenFile, Process } from '../process.ts';
import type { Tool } from './tool.ts';

const encoder = new TextEncoder();
export const encode = (text: string): Uint8Array => encoder.encode(text);
export const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** `-` is standard input. A directory cannot be read. */
export function* openInput(process: Process, path: string): Task<OpenFile> {
  if (path === '-') {
    process.stdin.retain();
    return process.stdin;
  }
  const file = yield* process.open(path, { read: true });
  if ((yield* file.stat()).type === 'directory') {
    file.release();
    throw new Errno('EISDIR');
  }
  return file;
}

export function* readBytes(file: OpenFile): Task<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const chunk = yield* file.read();
    if (chunk.length === 0) break;
    chunks.push(chunk);
    size += chunk.length;
  }
  if (chunks.length === 1) return chunks[0]!;
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

export function* readInput(process: Process, path: string): Task<Uint8Array> {
  const file = yield* openInput(process, path);
  try {
    return yield* readBytes(file);
  } finally {
    file.release();
  }
}

export function* readInputText(process: Process, path: string): Task<string> {
  return decode(yield* readInput(process, path));
}

/** Lines one at a time, as they arrive. */
export class LineReader {
  readonly #file: OpenFile;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #separator: string;
  #buffer = '';
  #at = 0;
  #ended = false;
  /** Whether the line last read ended with a newline. */
  terminated = true;

  constructor(file: OpenFile, separator = '\n') {
    this.#file = file;
    this.#separator = separator;
  }

  /** Without its newline; undefined at the end. */
  *next(): Task<string | undefined> {
    for (;;) {
      const end = this.#buffer.indexOf(this.#separator, this.#at);
      if (end >= 0) {
        const line = this.#buffer.slice(this.#at, end);
        this.#at = end + 1;
        this.terminated = true;
        return line;
      }
      this.#buffer = this.#buffer.slice(this.#at);
      this.#at = 0;
      if (this.#ended) {
        if (this.#buffer === '') return undefined;
        const line = this.#buffer;
        this.#buffer = '';
        this.terminated = false;
        return line;
      }
      const chunk = yield* this.#file.read();
      if (chunk.length === 0) {
        this.#ended = true;
        this.#buffer += this.#decoder.decode();
      } else this.#buffer += this.#decoder.decode(chunk, { stream: true });
    }
  }

  release(): void {
    this.#file.release();
  }
}

/** Splits a text into lines without their newlines; a last line need not end with one. */
export function splitLines(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
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
      if (!isErrno(error) || error.code === 'EPIPE') throw error;
      yield* tool.complain(complaint(path, error.message));
    } finally {
      file.release();
    }
  }
}

/** All inputs as one list of lines. */
export function* allLines(tool: Tool, complaint?: (path: string, words: string) => string): Task<string[]> {
  const lines: string[] = [];
  yield* eachInput(
    tool,
    function* (file) {
      for (const line of splitLines(decode(yield* readBytes(file)))) lines.push(line);
    },
    complaint,
  );
  return lines;
}

/** Collects output and writes it in portions, so that a line does not cost a call. */
export class Output {
  readonly #file: OpenFile;
  #buffer = '';

  constructor(file: OpenFile) {
    this.#file = file;
  }

  *write(text: string): Task<void> {
    this.#buffer += text;
    if (this.#buffer.length >= 4096) yield* this.flush();
  }

  *flush(): Task<void> {
    if (this.#buffer === '') return;
    const text = this.#buffer;
    this.#buffer = '';
    yield* this.#file.write(encoder.encode(text));
  }
}
