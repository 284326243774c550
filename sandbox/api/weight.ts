/** How much an object takes in the store: an estimate of what etcd would hold, that costs little because unchanged parts are shared. */

import type { KubeObject } from './object.ts';

/** Names, times, owners and managed fields of any object. */
const BASE = 1_024;
/** Around each value: its type, its length, its place among the managed fields. */
const PER_VALUE = 16;

export interface ObjectWeight {
  /** Bytes, altogether. */
  readonly total: number;
  /** Of these, in parts that no object weighed before has. */
  readonly fresh: number;
}

const known = new WeakMap<object, number>();

export function weigh(object: KubeObject): ObjectWeight {
  let total = BASE;
  let fresh = 0;
  const parts = [object.metadata.labels, object.metadata.annotations, ...Object.values(object)];
  for (const part of parts) {
    if (part === object.metadata || typeof part !== 'object' || part === null) continue;
    let bytes = known.get(part);
    if (bytes === undefined) {
      bytes = weightOf(part);
      known.set(part, bytes);
      fresh += bytes;
    }
    total += bytes;
  }
  return { total, fresh };
}

function weightOf(value: unknown): number {
  let bytes = 0;
  const left: unknown[] = [value];
  while (left.length > 0) {
    const at = left.pop();
    bytes += PER_VALUE;
    if (typeof at === 'string') bytes += at.length;
    else if (Array.isArray(at)) for (const item of at) left.push(item);
    else if (typeof at === 'object' && at !== null)
      for (const [key, item] of Object.entries(at)) {
        // Once as a field, once among the managed fields.
        bytes += key.length * 2;
        left.push(item);
      }
  }
  return bytes;
}
