/** Open file descriptions of inodes, directories and simple devices. */

import type { Task, Wait } from '../../sim/task.ts';
import { Errno, isErrno } from '../errno.ts';
import { demandLength } from '../filesystem/extents.ts';
import type { AllocateOptions, Author, Inode } from '../filesystem/inode.ts';
import type { OpenFlags, Stat } from '../process.ts';
import { caller, costs } from './current.ts';
import { Description } from './description.ts';
import { forgetLocked, type LockMode, lockFile, locksOf, noteLocked } from './locks.ts';
import type { Location } from './mounts.ts';

/** The buffer of cat, cp and their like (IO_BUFSIZE of coreutils). */
const DEFAULT_READ = 131_072;

/** A regular file or a directory, with its offset. */
export class InodeFile extends Description {
  readonly path: string;
  readonly location: Location;
  readonly #flags: OpenFlags;
  readonly #waiting: () => Task<void>;
  readonly #author: Author;
  #offset = 0;
  #lockedIn: object | undefined;

  constructor(location: Location, flags: OpenFlags, path: string, author: Author, waiting: () => Task<void>) {
    super();
    this.location = location;
    this.path = path;
    this.#flags = flags;
    this.#author = author;
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
    if (costs(data.length)) yield* caller()!.pay();
    return data;
  }

  *write(data: Uint8Array): Task<void> {
    const inode = yield* this.#writable();
    if (this.#flags.append) inode.revalidate?.();
    const offset = this.#flags.append ? inode.stat().size : this.#offset;
    try {
      inode.write(offset, data);
      this.#offset = offset + data.length;
    } catch (error) {
      // What fitted was written.
      if (isErrno(error, 'ENOSPC', 'EDQUOT'))
        this.#offset = Math.max(this.#offset, Math.min(inode.stat().size, offset + data.length));
      throw error;
    }
    inode.writer = this.#author;
    if (costs(data.length)) yield* caller()!.pay();
  }

  *stat(): Task<Stat> {
    const { inode } = this.location;
    if (inode.fs.reach) yield* this.#waiting();
    return inode.stat();
  }

  seek(offset: number): void {
    if (offset < 0) throw new Errno('EINVAL');
    demandLength(offset);
    this.#offset = offset;
  }

  tell(): number {
    return this.#flags.append ? this.location.inode.stat().size : this.#offset;
  }

  *truncate(length: number): Task<void> {
    const inode = yield* this.#writable();
    inode.truncate(length);
    inode.writer = this.#author;
    if (costs(0)) yield* caller()!.pay();
  }

  *allocate(offset: number, length: number, options?: AllocateOptions): Task<void> {
    const inode = yield* this.#writable();
    if (inode.type !== 'file') throw new Errno('ENODEV');
    if (offset < 0 || length <= 0) throw new Errno('EINVAL');
    inode.allocate(offset, length, options);
    inode.writer = this.#author;
    if (costs(0)) yield* caller()!.pay();
  }

  /** Throws EBADF, EROFS. */
  *#writable(): Task<Inode> {
    if (!this.writes) throw new Errno('EBADF');
    const { inode, mount } = this.location;
    if (inode.fs.reach) yield* this.#waiting();
    if (mount.readOnly) throw new Errno('EROFS');
    return inode;
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

/** A device gives at most so much at once: what is read is really held. */
const LONGEST_READ = 64 * 2 ** 20;

/** What a character device's driver does; the mem(4) devices are such. */
export interface CharacterDriver {
  /** How many times as long as a copy in memory reading takes; 1 unless given. */
  readonly slower?: number;
  /** Not to be written into: what devices give may be shared. */
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
    const data = this.#driver.read(Math.min(max, LONGEST_READ));
    if (costs(data.length, this.#driver.slower)) yield* caller()!.pay();
    return data;
  }

  *write(data: Uint8Array): Task<void> {
    this.#driver.write(data);
    if (costs(0)) yield* caller()!.pay();
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
