/** What all open file descriptions share: references, and who holds them. */

import type { Task } from '../../sim/task.ts';
import type { OpenFile, Stat } from '../process.ts';
import { type Caller, caller } from './current.ts';

/**
 * Counts references; subclasses say what the last close does. A reference belongs to the process that took it, or to the kernel:
 * what a process has not released is released as it ends, however it ends.
 */
export abstract class Description implements OpenFile {
  #references = 0;
  /** Of those, the kernel's own. */
  #kernel = 0;
  #closed = false;

  constructor() {
    this.retainFor(caller());
  }

  abstract read(max?: number): Task<Uint8Array>;
  abstract write(data: Uint8Array): Task<void>;
  abstract stat(): Task<Stat>;

  retain(): void {
    this.retainFor(caller());
  }

  retainFor(holder: Caller | undefined): void {
    this.#references++;
    if (!holder) this.#kernel++;
    else holder.references.set(this, (holder.references.get(this) ?? 0) + 1);
  }

  /** Once too often is forgiven to a process: it must not close what others hold. */
  release(): void {
    const who = caller();
    const own = who?.references.get(this);
    if (who && own !== undefined) {
      if (own === 1) who.references.delete(this);
      else who.references.set(this, own - 1);
    } else if (this.#kernel > 0) this.#kernel--;
    else return;
    this.#drop(1);
  }

  /** All that one process still holds. */
  releaseAll(holder: Caller): void {
    const own = holder.references.get(this);
    if (own === undefined) return;
    holder.references.delete(this);
    this.#drop(own);
  }

  get references(): number {
    return this.#references;
  }

  protected close(): void {}

  #drop(count: number): void {
    this.#references -= count;
    if (this.#references > 0 || this.#closed) return;
    this.#closed = true;
    this.close();
  }
}
