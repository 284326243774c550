/** Open file descriptions: inodes, directories, pipes and simple devices. */

import type { Resume, Task, Wait } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import type { Inode } from '../filesystem/inode.ts';
import type { OpenFile, OpenFlags, Stat } from '../process.ts';
import { mayRaise } from './current.ts';
import { forgetLocked, type LockMode, lockFile, locksOf, noteLocked } from './locks.ts';
import type { Location } from './mounts.ts';

const EMPTY = new Uint8Array(0);
const DEFAULT_READ = 65_536;
/** pipe(7) */
const PIPE_CAPACITY = 65_536;

/** Counts references; subclasses say what the last close does. */
export abstract class Description implements OpenFile {
  #references = 1;

  abstract read(max?: number): Task<Uint8Array>;
  abstract write(data: Uint8Array): Task<void>;
  abstract stat(): Task<Stat>;

  retain(): void {
    this.#references++;
  }

  release(): void {
    if (--this.#references === 0) this.close();
  }

  get references(): number {
    return this.#references;
  }

  protected close(): void {}
}

/** A regular file or a directory, with its offset. */
export class InodeFile extends Description {
  readonly path: string;
  readonly location: Location;
  readonly #flags: OpenFlags;
  readonly #waiting: () => Task<void>;
  #offset = 0;
  #lockedIn: object | undefined;

  constructor(location: Location, flags: OpenFlags, path: string, waiting: () => Task<void>) {
    super();
    this.location = location;
    this.path = path;
    this.#flags = flags;
    this.#waiting = waiting;
    location.inode.opened();
  }

  get writes(): boolean {
    return Boolean(this.#flags.write || this.#flags.append);
  }

  *read(max = DEFAULT_READ): Task<Uint8Array> {
    const { inode } = this.location;
    if (inode.type === 'directory') throw new Errno('EISDIR');
    if (!this.#flags.read && this.writes) throw new Errno('EBADF');
    if (inode.fs.reach) yield* this.#waiting();
    const data = inode.read(this.#offset, max);
    this.#offset += data.length;
    return data;
  }

  *write(data: Uint8Array): Task<void> {
    if (!this.writes) throw new Errno('EBADF');
    const { inode, mount } = this.location;
    if (inode.fs.reach) yield* this.#waiting();
    if (mount.readOnly) throw new Errno('EROFS');
    if (this.#flags.append) inode.revalidate?.();
    const offset = this.#flags.append ? inode.stat().size : this.#offset;
    inode.write(offset, data);
    this.#offset = offset + data.length;
  }

  *stat(): Task<Stat> {
    const { inode } = this.location;
    if (inode.fs.reach) yield* this.#waiting();
    return inode.stat();
  }

  seek(offset: number): void {
    if (offset < 0) throw new Errno('EINVAL');
    this.#offset = offset;
  }

  *truncate(length: number): Task<void> {
    const { inode } = this.location;
    if (inode.fs.reach) yield* this.#waiting();
    inode.truncate(length);
  }

  /** Reading a file never waits (poll(2)). */
  readonly readable: Wait = (resume) => {
    resume();
    return undefined;
  };

  /** flock(2); `wait` false throws EAGAIN instead of waiting. Over NFS the server has its say too, and wants a file open for writing. */
  *lock(mode: LockMode, wait: boolean, by: { readonly hostPid: number; readonly kernel: object }): Task<void> {
    const { inode } = this.location;
    if (inode.lock && mode === 'exclusive' && !this.writes) throw new Errno('EBADF');
    this.unlock();
    this.#lockedIn = by.kernel;
    const note = { file: this, mode, pid: by.hostPid };
    noteLocked(by.kernel, { ...note, blocked: true });
    let granted = false;
    try {
      yield* lockFile(locksOf(inode), this, mode, wait);
      if (inode.lock) yield* inode.lock(this, mode, wait);
      granted = true;
      noteLocked(by.kernel, { ...note, blocked: false });
    } finally {
      if (!granted) this.unlock();
    }
  }

  unlock(): void {
    if (!this.#lockedIn) return;
    forgetLocked(this.#lockedIn, this);
    this.#lockedIn = undefined;
    const { inode } = this.location;
    locksOf(inode).release(this);
    inode.unlock?.(this);
  }

  protected override close(): void {
    this.unlock();
    this.location.inode.closed();
  }
}

/** The two ends of a pipe share this; a FIFO's readers and writers come and go. */
export class Pipe {
  #chunks: Uint8Array[] = [];
  #size = 0;
  #readers = 0;
  #writers = 0;
  #waiters: Resume[] = [];
  readonly stat: () => Stat;

  constructor(stat: () => Stat) {
    this.stat = stat;
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
    this.#wake();
  }

  /** Ends at the next change of the pipe. */
  readonly changed: Wait = (resume) => {
    this.#waiters.push(resume);
    return () => {
      this.#waiters = this.#waiters.filter((waiter) => waiter !== resume);
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
    const first = this.#chunks[0]!;
    const data = first.length <= max ? first : first.subarray(0, max);
    if (first.length <= max) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(max);
    this.#size -= data.length;
    this.#wake();
    return data;
  }

  *write(data: Uint8Array): Task<void> {
    let rest = data;
    while (rest.length > 0) {
      if (this.#readers === 0) {
        yield* mayRaise('SIGPIPE');
        throw new Errno('EPIPE');
      }
      const room = PIPE_CAPACITY - this.#size;
      if (room > 0) {
        const part = rest.length <= room ? rest : rest.subarray(0, room);
        this.#chunks.push(part.slice());
        this.#size += part.length;
        rest = rest.subarray(part.length);
        this.#wake();
      } else yield this.changed;
    }
  }

  #wake(): void {
    const waiters = this.#waiters;
    if (waiters.length === 0) return;
    this.#waiters = [];
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

  read(max = DEFAULT_READ): Task<Uint8Array> {
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

/** What a character device's driver does; the mem(4) devices are such. */
export interface CharacterDriver {
  read(max: number): Uint8Array;
  write(data: Uint8Array): void;
}

export class DeviceFile extends Description {
  readonly path: string;
  readonly #inode: Inode;
  readonly #driver: CharacterDriver;

  constructor(inode: Inode, driver: CharacterDriver, path: string) {
    super();
    this.#inode = inode;
    this.#driver = driver;
    this.path = path;
  }

  *read(max = DEFAULT_READ): Task<Uint8Array> {
    return this.#driver.read(max);
  }

  *write(data: Uint8Array): Task<void> {
    this.#driver.write(data);
  }

  *stat(): Task<Stat> {
    return this.#inode.stat();
  }

  seek(): void {}

  readonly readable: Wait = (resume) => {
    resume();
    return undefined;
  };
}
