/** Space on a block device or in memory: filesystems that share it account here, so that `df` is true. */

import { Errno } from '../errno.ts';

export class Disk {
  readonly total: number;
  #used: number;
  #files: number;
  /** Rises with every change of an inode: who looks at files need not look again while it stands still. */
  changes = 0;

  /** `used` and `files` are what the operating system itself takes and the lab does not hold as files. */
  constructor(total: number, used = 0, files = 0) {
    this.total = total;
    this.#used = used;
    this.#files = files;
  }

  get used(): number {
    return this.#used;
  }

  get free(): number {
    return this.total - this.#used;
  }

  get files(): number {
    return this.#files;
  }

  /** Throws ENOSPC. A negative amount gives back. */
  allocate(bytes: number): void {
    this.demand(bytes);
    this.#used += bytes;
  }

  /** Throws ENOSPC unless so much is free. */
  demand(bytes: number): void {
    if (bytes > 0 && this.#used + bytes > this.total) throw new Errno('ENOSPC');
  }

  count(files: number): void {
    this.#files += files;
  }
}
