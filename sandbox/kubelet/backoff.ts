/** Exponential back-off by key, as client-go's flowcontrol.Backoff counts it. */

interface Entry {
  delay: number;
  updated: number;
}

export class Backoff {
  readonly #entries = new Map<string, Entry>();
  readonly #initial: number;
  readonly #max: number;

  constructor(initial: number, max: number) {
    this.#initial = initial;
    this.#max = max;
  }

  delay(key: string): number {
    return this.#entries.get(key)?.delay ?? 0;
  }

  /** Milliseconds still to wait since `event`; 0 when it may be tried. */
  remaining(key: string, event: number, now: number): number {
    const entry = this.#entries.get(key);
    if (!entry || this.#expired(entry, event)) return 0;
    return Math.max(0, event + entry.delay - now);
  }

  /** One more failure. */
  next(key: string, now: number): void {
    const entry = this.#entries.get(key);
    const fresh = !entry || this.#expired(entry, now);
    this.#entries.set(key, { delay: fresh ? this.#initial : Math.min(entry.delay * 2, this.#max), updated: now });
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }

  /** After twice the longest delay without a failure, it starts over. */
  #expired(entry: Entry, now: number): boolean {
    return now - entry.updated > this.#max * 2;
  }
}
