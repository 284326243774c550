/** A container's log: what its processes print, in the CRI format, in a bounded file of the node (containerd internal/cri/io/logger.go). */

import type { Inode } from '../../machines/filesystem/inode.ts';
import type { Clock } from '../../sim/clock.ts';
import { writeFile } from '../host-files.ts';

export type StreamName = 'stdout' | 'stderr';

/** containerLogMaxSize; two files are kept. */
const MAX_SIZE = 1 << 20;
/** Longer lines are cut into parts. */
const MAX_LINE = 16_384;

const encoder = new TextEncoder();

export class ContainerLog {
  readonly path: string;
  readonly #clock: Clock;
  readonly #directory: Inode;
  readonly #name: string;
  readonly #listeners = new Set<(written: string) => void>();
  #file: Inode | undefined;
  #size = 0;
  #lastMs = 0;
  #nanos = 0;
  #closed = false;

  /** The directory is that of `path`. */
  constructor(clock: Clock, directory: Inode, path: string) {
    this.path = path;
    this.#clock = clock;
    this.#directory = directory;
    this.#name = path.slice(path.lastIndexOf('/') + 1);
    this.#file = writeFile(directory, this.#name, '', 0o640);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Called with each write's lines of the file, and with none at the end. Returns what stops it. */
  listen(listener: (written: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  append(stream: StreamName, lines: readonly string[], tag: 'F' | 'P' = 'F'): void {
    if (!this.#file) return;
    let text = '';
    for (const line of lines) {
      const stamp = this.#stamp();
      let rest = line;
      for (; rest.length > MAX_LINE; rest = rest.slice(MAX_LINE))
        text += `${stamp} ${stream} P ${rest.slice(0, MAX_LINE)}\n`;
      text += `${stamp} ${stream} ${tag} ${rest}\n`;
    }
    const data = encoder.encode(text);
    if (this.#size + data.length > MAX_SIZE) this.#rotate();
    this.#file.write(this.#size, data);
    this.#size += data.length;
    this.#tell(text);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#file = undefined;
    this.#tell('');
  }

  #rotate(): void {
    this.#directory.rename(this.#name, this.#directory, `${this.#name}.1`);
    this.#size = 0;
    this.#file = writeFile(this.#directory, this.#name, '', 0o640);
  }

  /** RFC 3339 with nanoseconds; the clock has milliseconds, and later lines are later. */
  #stamp(): string {
    const { now } = this.#clock;
    this.#nanos = now === this.#lastMs ? Math.min(this.#nanos + 4_173, 999_999) : (now * 7_919) % 600_000;
    this.#lastMs = now;
    return `${isoMilliseconds(now)}${String(this.#nanos).padStart(6, '0')}Z`;
  }

  #tell(written: string): void {
    for (const listener of [...this.#listeners]) listener(written);
  }
}

let lastMs = Number.NaN;
let lastText = '';

/** `2026-11-22T19:59:18.123`; many lines are written in the same instant. */
function isoMilliseconds(ms: number): string {
  if (ms !== lastMs) {
    lastMs = ms;
    lastText = new Date(ms).toISOString().slice(0, 23);
  }
  return lastText;
}

/** One entry of the log file. */
export interface LogEntry {
  readonly time: string;
  readonly stream: StreamName;
  readonly partial: boolean;
  readonly text: string;
}

/** Reads `text` from `offset`, whole lines only; says where the next call goes on. */
export function parseLog(text: string): LogEntry[] {
  const entries: LogEntry[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const first = line.indexOf(' ');
    const second = line.indexOf(' ', first + 1);
    entries.push({
      time: line.slice(0, first),
      stream: line.slice(first + 1, second) as StreamName,
      partial: line[second + 1] === 'P',
      text: line.slice(second + 3),
    });
  }
  return entries;
}
