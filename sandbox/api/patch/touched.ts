/** Which maps a patch opened: jsonpatch writes those with their keys sorted, and leaves the others as they were. */

import type { Json, JsonObject } from '../object.ts';
import { isJsonObject } from './merge.ts';

/** Names on the way to every map that was opened; the root is always one. */
export interface Touched {
  readonly [name: string]: Touched;
}

export function mergedPaths(patch: Json): Touched {
  if (!isJsonObject(patch)) return {};
  const inner = Object.entries(patch).filter(([, value]) => isJsonObject(value));
  return Object.fromEntries(inner.map(([name, value]) => [name, mergedPaths(value as JsonObject)]));
}

export function operationPaths(operations: Json): Touched {
  const root: Record<string, Touched> = {};
  for (const operation of Array.isArray(operations) ? operations : []) {
    const path = isJsonObject(operation) && typeof operation.path === 'string' ? operation.path : '';
    let at = root as Record<string, Touched>;
    for (const part of path.split('/').slice(1, -1)) {
      at[part] ??= {};
      at = at[part] as Record<string, Touched>;
    }
  }
  return root;
}

export function sortedWhere(value: Json, touched: Touched): Json {
  if (Array.isArray(value)) {
    return value.map((item: Json, i) => (touched[String(i)] ? sortedWhere(item, touched[String(i)]!) : item));
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, touched[name] && inner !== undefined ? sortedWhere(inner, touched[name]) : inner]),
  );
}
