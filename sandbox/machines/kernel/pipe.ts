/** Pipes and FIFOs (pipe(7)). */

import type { Resume, Task, Wait } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import { PIPES_SOFT, type WorldMemory } from '../memory.ts';
import type { Stat } from '../process.ts';
import { caller, costs, mayRaise } from './current.ts';
import { Description } from './description.ts';

const EMPTY = new Uint8Array(0);
const CAPACITY = 65_536;
/** What a pipe takes, and a buffer has, once pipes hold much (pipe-user-pages-soft). */
const PAGE = 4096;

/** Bytes in order: small writes share a page, as in the kernel. */
interface Buffer {
  readonly bytes: Uint8Array;
  start: number;
  end: number;
}

/** The two ends of a pipe share this; a FIFO's readers and writers come and go. */
export class Pipe {
  #buffers: Buffer[] = [];
  /** The first of them that is not read yet. */
  #first = 0;
  #size = 0;
  #readers = 0;
  #writers = 0;
  #waiters = new Set<Resume>();
  readonly #memory: WorldMemory;
  readonly stat: () => Stat;

  constructor(stat: () => Stat, memory: WorldMemory) {
    this.stat = stat;
    this.#memory = memory;
  }

  get readers(): number {
    return this.#readers;
  }

  get writers(): number {
    return this.#writers;
  }

  opened(end: 'read' | 'write'): void {
    if (end === 'read') this.#readers++;
    else this.#writers++;
    this.#wake();
  }

  closed(end: 'read' | 'write'): void {
    if (end === 'read') this.#readers--;
    else this.#writers--;
    if (this.#readers === 0 && this.#writers === 0) this.#empty();
    this.#wake();
  }

  /** Ends at the next change of the pipe. */
  readonly changed: Wait = (resume) => {
    this.#waiters.add(resume);
    return () => {
      this.#waiters.delete(resume);
    };
  };

  readonly readable: Wait = (resume) => {
    if (this.#size === 0 && this.#writers > 0) return this.changed(resume);
    resume();
    return undefined;
  };

  *read(max: number): Task<Uint8Array> {
    while (this.#size === 0) {
      if (this.#writers === 0) return EMPTY;
      yield this.changed;
    }
    const data = this.#take(max);
    this.#wake();
    if (costs(data.length)) yield* caller()!.pay();
    return data;
  }

  *write(data: Uint8Array): Task<void> {
    let rest = data;
    while (rest.length > 0) {
      if (this.#readers === 0) {
        yield* mayRaise('SIGPIPE');
        throw new Errno('EPIPE');
      }
      const room = (this.#memory.pipes > PIPES_SOFT ? PAGE : CAPACITY) - this.#size;
      if (room > 0) {
        const part = rest.length <= room ? rest : rest.subarray(0, room);
        this.#put(part);
        rest = rest.subarray(part.length);
        this.#wake();
      } else yield this.changed;
    }
    if (costs(data.length)) yield* caller()!.pay();
  }

  /** From the first buffer: a read may give less than there is. */
  #take(max: number): Uint8Array {
    const buffer = this.#buffers[this.#first]!;
    const length = Math.min(max, buffer.end - buffer.start);
    const data = buffer.bytes.subarray(buffer.start, buffer.start + length);
    buffer.start += length;
    this.#count(-length);
    if (buffer.start < buffer.end) return data;
    // The last buffer may still be written to.
    if (this.#size === 0) {
      this.#buffers = [];
      this.#first = 0;
      return data;
    }
    this.#first++;
    if (this.#first > 16 && this.#first * 2 > this.#buffers.length) {
      this.#buffers.splice(0, this.#first);
      this.#first = 0;
    }
    return data;
  }

  #put(part: Uint8Array): void {
    this.#count(part.length);
    const last = this.#buffers.at(-1);
    if (last && last.end + part.length <= last.bytes.length) {
      last.bytes.set(part, last.end);
      last.end += part.length;
      return;
    }
    // One long write has a buffer of its own; what follows short ones is likely short.
    const bytes = new Uint8Array(last && part.length < PAGE ? PAGE : part.length);
    bytes.set(part);
    this.#buffers.push({ bytes, start: 0, end: part.length });
  }

  #count(bytes: number): void {
    this.#size += bytes;
    this.#memory.pipes += bytes;
  }

  #empty(): void {
    this.#count(-this.#size);
    this.#buffers = [];
    this.#first = 0;
  }

  #wake(): void {
    if (this.#waiters.size === 0) return;
    const waiters = this.#waiters;
    this.#waiters = new Set();
    for (const resume of waiters) resume();
  }
}

export class PipeEnd extends Description {
  readonly #pipe: Pipe;
  readonly #ends: readonly ('read' | 'write')[];
  readonly path: string;
  readonly readable: Wait;

  constructor(pipe: Pipe, ends: readonly ('read' | 'write')[], path: string) {
    super();
    this.#pipe = pipe;
    this.#ends = ends;
    this.path = path;
    this.readable = pipe.readable;
    for (const end of ends) pipe.opened(end);
  }

  read(max = CAPACITY): Task<Uint8Array> {
    if (!this.#ends.includes('read')) throw new Errno('EBADF');
    return this.#pipe.read(max);
  }

  write(data: Uint8Array): Task<void> {
    if (!this.#ends.includes('write')) throw new Errno('EBADF');
    return this.#pipe.write(data);
  }

  *stat(): Task<Stat> {
    return this.#pipe.stat();
  }

  protected override close(): void {
    for (const end of this.#ends) this.#pipe.closed(end);
  }
}
