/** The client's attribute cache: how long what is known of a file holds (nfs(5), "DATA AND METADATA COHERENCE"; fs/nfs/inode.c). */

import type { Stat } from '../process.ts';

export interface CacheLimits {
  /** Milliseconds, for files and for directories. */
  readonly file: readonly [min: number, max: number];
  readonly directory: readonly [min: number, max: number];
  /** `all`: names that are there and names that are not; `positive`: only the former; `none`: every look-up asks. */
  readonly lookups: 'all' | 'positive' | 'none';
  /** Close-to-open consistency; without it opening does not ask either. */
  readonly closeToOpen: boolean;
}

export class AttributeCache {
  #stat: Stat | undefined;
  #fetchedAt = 0;
  /** Counts changes seen, as the change attribute would. */
  #version = 0;
  #holds = 0;
  /** When `holds` was last changed: it doubles if nothing changed for that long. */
  #since = 0;

  /** What is known, if it still holds. */
  valid(now: number): Stat | undefined {
    return this.#stat && now - this.#fetchedAt < this.#holds ? this.#stat : undefined;
  }

  get version(): number {
    return this.#version;
  }

  /** What the server says now. */
  update(stat: Stat, now: number, [min, max]: readonly [number, number]): Stat {
    const before = this.#stat;
    if (!before || changed(before, stat)) {
      this.#version++;
      this.#holds = min;
      this.#since = now;
    } else if (now - this.#since >= this.#holds) {
      this.#holds = Math.min(Math.max(this.#holds * 2, min), max);
      this.#since = now;
    }
    this.#stat = stat;
    this.#fetchedAt = now;
    return stat;
  }

  forget(): void {
    this.#fetchedAt = Number.NEGATIVE_INFINITY;
  }
}

const changed = (a: Stat, b: Stat): boolean =>
  a.ctime !== b.ctime ||
  a.mtime !== b.mtime ||
  a.size !== b.size ||
  a.nlink !== b.nlink ||
  a.mode !== b.mode ||
  a.uid !== b.uid ||
  a.gid !== b.gid;
