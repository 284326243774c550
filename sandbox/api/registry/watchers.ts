/** Who watches a collection over HTTP: to be hung up on when it is served differently, or no more. */

export class Watchers {
  readonly #ends = new Map<string, Set<() => void>>();

  /** Returns how to leave. */
  add(collection: string, end: () => void): () => void {
    const ends = this.#ends.get(collection) ?? new Set();
    this.#ends.set(collection, ends.add(end));
    return () => ends.delete(end);
  }

  /** Those there are now. */
  of(collection: string): readonly (() => void)[] {
    return [...(this.#ends.get(collection) ?? [])];
  }
}
