/** Maps and sets that are copied when one of those who share them first writes: what a fork inherits and mostly never changes. */

interface Storage<T> {
  readonly held: T;
  readonly shared: boolean;
}

const NO_ENTRIES: Storage<Map<unknown, unknown>> = { held: new Map(), shared: true };
const NO_MEMBERS: Storage<Set<unknown>> = { held: new Set(), shared: true };

export class CopiedMap<K, V> implements ReadonlyMap<K, V> {
  #map: Map<K, V>;
  #shared: boolean;

  private constructor({ held, shared }: Storage<Map<K, V>>) {
    this.#map = held;
    this.#shared = shared;
  }

  static empty<K, V>(): CopiedMap<K, V> {
    return new CopiedMap<K, V>(NO_ENTRIES as Storage<Map<K, V>>);
  }

  /** A copy: free if `map` is itself such a map. */
  static of<K, V>(map: ReadonlyMap<K, V>): CopiedMap<K, V> {
    if (!(map instanceof CopiedMap)) return new CopiedMap({ held: new Map(map), shared: false });
    const original: CopiedMap<K, V> = map;
    original.#shared = true;
    return new CopiedMap({ held: original.#map, shared: true });
  }

  get size(): number {
    return this.#map.size;
  }
  get(key: K): V | undefined {
    return this.#map.get(key);
  }
  has(key: K): boolean {
    return this.#map.has(key);
  }
  set(key: K, value: V): this {
    this.#own().set(key, value);
    return this;
  }
  delete(key: K): boolean {
    return this.#map.has(key) && this.#own().delete(key);
  }
  clear(): void {
    this.#map = new Map();
    this.#shared = false;
  }
  keys(): MapIterator<K> {
    return this.#map.keys();
  }
  values(): MapIterator<V> {
    return this.#map.values();
  }
  entries(): MapIterator<[K, V]> {
    return this.#map.entries();
  }
  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.#map.entries();
  }
  forEach(fn: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.#map) fn(value, key, this);
  }

  #own(): Map<K, V> {
    if (this.#shared) {
      this.#map = new Map(this.#map);
      this.#shared = false;
    }
    return this.#map;
  }
}

/** As much of a set as the shell's options need. */
export class CopiedSet<T> implements Iterable<T> {
  #set: Set<T>;
  #shared: boolean;

  private constructor({ held, shared }: Storage<Set<T>>) {
    this.#set = held;
    this.#shared = shared;
  }

  static empty<T>(): CopiedSet<T> {
    return new CopiedSet<T>(NO_MEMBERS as Storage<Set<T>>);
  }

  /** A copy: free if `members` are such a set. */
  static of<T>(members: Iterable<T>): CopiedSet<T> {
    if (!(members instanceof CopiedSet)) return new CopiedSet({ held: new Set(members), shared: false });
    const original: CopiedSet<T> = members;
    original.#shared = true;
    return new CopiedSet({ held: original.#set, shared: true });
  }

  get size(): number {
    return this.#set.size;
  }
  has(member: T): boolean {
    return this.#set.has(member);
  }
  add(member: T): this {
    if (!this.#set.has(member)) this.#own().add(member);
    return this;
  }
  delete(member: T): boolean {
    return this.#set.has(member) && this.#own().delete(member);
  }
  clear(): void {
    this.#set = new Set();
    this.#shared = false;
  }
  [Symbol.iterator](): SetIterator<T> {
    return this.#set.values();
  }

  #own(): Set<T> {
    if (this.#shared) {
      this.#set = new Set(this.#set);
      this.#shared = false;
    }
    return this.#set;
  }
}
