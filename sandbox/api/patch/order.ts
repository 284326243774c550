/** The order of a merged list: the patch's own items as the patch has them, the server's between them as they were (strategicpatch normalizeElementOrder). */

import { equal } from '../equality.ts';
import type { Json } from '../object.ts';
import { isJsonObject } from './merge.ts';

export function enforceOrder(
  merged: readonly Json[],
  patchOrder: readonly Json[],
  serverOrder: readonly Json[],
  key: string,
): readonly Json[] {
  const [ours, theirs] = [
    merged.filter((item) => indexIn(patchOrder, item, key) >= 0),
    merged.filter((item) => indexIn(patchOrder, item, key) < 0),
  ];
  return interleave(sortedBy(theirs, serverOrder, key), sortedBy(ours, patchOrder, key), serverOrder, key);
}

/** Items in the order of another list; those it lacks stay last, as they are. */
export function sortedBy(items: readonly Json[], order: readonly Json[], key: string): readonly Json[] {
  const rank = (item: Json) => {
    const at = indexIn(order, item, key);
    return at < 0 ? order.length : at;
  };
  return items.toSorted((a, b) => rank(a) - rank(b));
}

/** mergeSortedSlice: what only the server has goes before an item of the patch only where the server had it before. */
function interleave(
  theirs: readonly Json[],
  ours: readonly Json[],
  serverOrder: readonly Json[],
  key: string,
): readonly Json[] {
  const out: Json[] = [];
  let [i, j] = [0, 0];
  while (i < theirs.length || j < ours.length) {
    if (j >= ours.length) out.push(theirs[i++]!);
    else if (i >= theirs.length) out.push(ours[j++]!);
    else {
      const at = indexIn(serverOrder, theirs[i]!, key);
      const other = indexIn(serverOrder, ours[j]!, key);
      if (at >= 0 && other >= 0 && at < other) out.push(theirs[i++]!);
      else out.push(ours[j++]!);
    }
  }
  return out;
}

const indexIn = (list: readonly Json[], item: Json, key: string): number => {
  const wanted = keyOf(item, key);
  return list.findIndex((other) => equal(keyOf(other, key), wanted));
};

const keyOf = (item: Json, key: string): Json | undefined => (key && isJsonObject(item) ? item[key] : item);
