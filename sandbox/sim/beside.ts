/** A task that goes on beside the one that started it, which looks after it: one program with several things to wait for. */

import type { Outcome, Resume, Task, Wait } from './task.ts';

/** Each of its waits is begun once; what ends one is kept until `advance`, so nothing runs nested. */
export class Beside<T> {
  readonly #task: Task<T>;
  #next: (() => IteratorResult<Wait, T>) | undefined;
  #undo: (() => void) | undefined;
  #watcher: Resume | undefined;
  #outcome: Outcome<T> | undefined;

  constructor(task: Task<T>) {
    this.#task = task;
    this.#step(() => task.next());
    this.advance();
  }

  get outcome(): Outcome<T> | undefined {
    return this.#outcome;
  }

  /** Ends when it can go on, or is over; for `firstOf`. */
  readonly ready: Wait = (resume) => {
    if (this.#next || this.#outcome) {
      resume();
      return undefined;
    }
    this.#watcher = resume;
    return () => {
      this.#watcher = undefined;
    };
  };

  /** Lets it run as far as it can. */
  advance(): void {
    while (this.#next) {
      const next = this.#next;
      this.#next = undefined;
      this.#step(next);
    }
  }

  /** Ends it where it waits. */
  end(): void {
    if (this.#outcome) return;
    this.#undo?.();
    this.#outcome = { status: 'killed' };
    this.#task.return(undefined as T);
  }

  #step(go: () => IteratorResult<Wait, T>): void {
    this.#undo = undefined;
    try {
      const result = go();
      if (result.done) this.#outcome = { status: 'done', value: result.value };
      else this.#wait(result.value);
    } catch (error) {
      this.#outcome = { status: 'failed', error };
    }
  }

  #wait(wait: Wait): void {
    let over = false;
    const end = (next: () => IteratorResult<Wait, T>) => {
      if (over || this.#outcome) return;
      over = true;
      this.#next = next;
      const watcher = this.#watcher;
      this.#watcher = undefined;
      watcher?.();
    };
    const resume = ((value?: unknown) => end(() => this.#task.next(value))) as Resume;
    resume.fail = (error) => end(() => this.#task.throw(error));
    const undo = wait(resume);
    if (!over) this.#undo = undo;
  }
}
