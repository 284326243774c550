/** Objects kept in an order of their own, by binary search: what an ordered index holds under one key. */

import type { KubeObject } from './object.ts';

/** A total order: no two objects of a collection are equal in it. */
export type Order<T = KubeObject> = (a: T, b: T) => number;

/** As much of a Map from id to object as an index needs, in order. */
export class SortedObjects {
  readonly #order: Order;
  readonly #byId = new Map<string, KubeObject>();
  readonly #sorted: KubeObject[] = [];

  constructor(order: Order) {
    this.#order = order;
  }

  get size(): number {
    return this.#sorted.length;
  }

  values(): Iterable<KubeObject> {
    return this.#sorted;
  }

  set(id: string, object: KubeObject): void {
    const before = this.#byId.get(id);
    this.#byId.set(id, object);
    if (!before) this.#sorted.splice(this.#place(object), 0, object);
    else if (this.#order(before, object) === 0) this.#sorted[this.#place(before)] = object;
    else {
      this.#sorted.splice(this.#place(before), 1);
      this.#sorted.splice(this.#place(object), 0, object);
    }
  }

  delete(id: string): void {
    const object = this.#byId.get(id);
    if (!object) return;
    this.#byId.delete(id);
    this.#sorted.splice(this.#place(object), 1);
  }

  /** Where the object stands, or would. */
  #place(object: KubeObject): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#order(this.#sorted[middle]!, object) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
