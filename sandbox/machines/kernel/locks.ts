/** flock(2): whole-file locks, held by an open file description and gone with its last descriptor. */

import type { Resume, Task, Wait } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import type { Inode } from '../filesystem/inode.ts';
import type { InodeFile } from './files.ts';

export type LockMode = 'shared' | 'exclusive';

/** Who holds a lock: the open file description, compared by identity. */
export type LockOwner = object;

interface Held {
  readonly owner: LockOwner;
  readonly mode: LockMode;
}

/** The locks of one inode. */
export class FileLocks {
  #held: Held[] = [];
  #waiting: Resume[] = [];
  /** Holders whose time is up are let go before a lock is refused (a server's leases). */
  readonly #expired: ((owner: LockOwner) => boolean) | undefined;

  constructor(expired?: (owner: LockOwner) => boolean) {
    this.#expired = expired;
  }

  get held(): readonly Held[] {
    return this.#held;
  }

  /** Whether it was granted. A holder's other mode is replaced; where that must wait, the old lock is given up first, as by flock(2). */
  try(owner: LockOwner, mode: LockMode): boolean {
    if (this.#expired) this.#held = this.#held.filter((one) => one.owner === owner || !this.#expired!(one.owner));
    const before = this.#held.length;
    this.#held = this.#held.filter((one) => one.owner !== owner);
    const conflict = this.#held.some((one) => mode === 'exclusive' || one.mode === 'exclusive');
    if (!conflict) this.#held.push({ owner, mode });
    if (this.#held.length !== before || conflict) this.#wake();
    return !conflict;
  }

  release(owner: LockOwner): void {
    const rest = this.#held.filter((one) => one.owner !== owner);
    if (rest.length === this.#held.length) return;
    this.#held = rest;
    this.#wake();
  }

  /** Ends once something was released; whoever waits asks again. */
  readonly changed: Wait = (resume) => {
    this.#waiting.push(resume);
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== resume);
    };
  };

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}

/** Throws EAGAIN where it would have to wait and may not. */
export function* lockFile(locks: FileLocks, owner: LockOwner, mode: LockMode, wait: boolean): Task<void> {
  while (!locks.try(owner, mode)) {
    if (!wait) throw new Errno('EAGAIN');
    yield locks.changed;
  }
}

const known = new WeakMap<Inode, FileLocks>();

/** The kernel's own locks of an inode. */
export function locksOf(inode: Inode): FileLocks {
  let locks = known.get(inode);
  if (!locks) {
    locks = new FileLocks();
    known.set(inode, locks);
  }
  return locks;
}

/** A line of /proc/locks. */
export interface LockedFile {
  readonly file: InodeFile;
  readonly mode: LockMode;
  /** Who took it, in the machine's pid namespace; it may have ended. */
  readonly pid: number;
  /** It waits for another to go. */
  readonly blocked: boolean;
}

const files = new WeakMap<object, Map<InodeFile, LockedFile>>();

export const lockedFiles = (kernel: object): readonly LockedFile[] => [...(files.get(kernel)?.values() ?? [])];

export function noteLocked(kernel: object, locked: LockedFile): void {
  const known = files.get(kernel) ?? new Map();
  files.set(kernel, known);
  known.set(locked.file, locked);
}

export function forgetLocked(kernel: object, file: InodeFile): void {
  files.get(kernel)?.delete(file);
}
