/** One at a time, in order of arrival; a task that is killed while it waits passes its turn on. */

import type { Resume, Task } from '../sim/task.ts';

export class Mutex {
  #held = false;
  readonly #queue: Resume[] = [];

  *run<T>(task: () => Task<T>): Task<T> {
    if (this.#held) yield (resume) => this.#enqueue(resume);
    this.#held = true;
    try {
      return yield* task();
    } finally {
      this.#pass();
    }
  }

  #enqueue(resume: Resume): () => void {
    this.#queue.push(resume);
    return () => {
      const at = this.#queue.indexOf(resume);
      if (at >= 0) this.#queue.splice(at, 1);
      else this.#pass();
    };
  }

  #pass(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#held = false;
  }
}
