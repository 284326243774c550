/** A value with the keys of its maps sorted, as Go marshals maps. */

import type { Json } from './object.ts';
import { isJsonObject } from './patch/merge.ts';

export function sortedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, inner]) => (inner === undefined ? [] : [[name, sortedKeys(inner)]])),
  );
}
