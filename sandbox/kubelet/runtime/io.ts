/** Open files at the edge of a container: what it writes goes to a callback, what it reads comes from nowhere. */

import { Errno } from '../../machines/errno.ts';
import type { OpenFile, Stat } from '../../machines/process.ts';
import type { Task } from '../../sim/task.ts';

const NOTHING = new Uint8Array(0);

const pipeStat = (now: number): Stat => ({
  dev: 14,
  ino: 28_411,
  type: 'fifo',
  mode: 0o600,
  nlink: 1,
  uid: 0,
  gid: 0,
  size: 0,
  blocks: 0,
  atime: now,
  mtime: now,
  ctime: now,
});

/** The write end of a pipe whose reader takes everything at once. */
export class SinkFile implements OpenFile {
  readonly path = 'pipe:[28411]';
  readonly #take: (data: Uint8Array) => void;
  readonly #end: () => void;
  readonly #now: () => number;
  #references = 1;

  constructor(take: (data: Uint8Array) => void, now: () => number, end: () => void = () => {}) {
    this.#take = take;
    this.#now = now;
    this.#end = end;
  }

  *read(): Task<Uint8Array> {
    throw new Errno('EBADF');
  }

  *write(data: Uint8Array): Task<void> {
    this.#take(data);
  }

  *stat(): Task<Stat> {
    return pipeStat(this.#now());
  }

  retain(): void {
    this.#references++;
  }

  release(): void {
    if (--this.#references === 0) this.#end();
  }
}

/** /dev/null. */
export class NullFile implements OpenFile {
  readonly path = '/dev/null';
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  *read(): Task<Uint8Array> {
    return NOTHING;
  }

  *write(): Task<void> {}

  *stat(): Task<Stat> {
    return { ...pipeStat(this.#now()), type: 'char', mode: 0o666, rdev: [1, 3] };
  }

  readonly readable: OpenFile['readable'] = (resume) => {
    resume();
    return undefined;
  };

  retain(): void {}
  release(): void {}
}
