/**
 * The memory that one world may really take, whatever is done in it: everything a learner can make grow is counted here.
 * A limit is answered as a machine answers its own (ENOSPC, ENOMEM, a pipe that takes less), never by the host's end.
 */

import type { Clock } from '../sim/clock.ts';
import { Errno, type ErrnoCode } from './errno.ts';

const MIB = 2 ** 20;

/** Counts bytes that are really held against a limit. */
class Pool {
  readonly limit: number;
  readonly #refusal: ErrnoCode;
  #used = 0;

  constructor(limit: number, refusal: ErrnoCode) {
    this.limit = limit;
    this.#refusal = refusal;
  }

  get used(): number {
    return this.#used;
  }

  /** A negative amount gives back. Throws the pool's errno, and takes nothing then. */
  take(bytes: number): void {
    if (bytes > 0 && this.#used + bytes > this.limit) throw new Errno(this.#refusal);
    this.#used += bytes;
  }
}

/** The pools of one world: 96 MiB of files' plain data (holes and runs are free), 80 MiB of processes' memory. */
export class WorldMemory {
  readonly files = new Pool(96 * MIB, 'ENOSPC');
  readonly processes = new Pool(80 * MIB, 'ENOMEM');
  /** What pipes hold; they take less once it is much (pipe-user-pages-soft of pipe(7)), so nothing is refused. */
  pipes = 0;
}

/** pipe-user-pages-soft is 16384 pages on a machine; here for all machines together. */
export const PIPES_SOFT = 16 * MIB;

const worlds = new WeakMap<Clock, WorldMemory>();

/** A world has one clock. */
export function memoryOf(clock: Clock): WorldMemory {
  let memory = worlds.get(clock);
  if (!memory) {
    memory = new WorldMemory();
    worlds.set(clock, memory);
  }
  return memory;
}
