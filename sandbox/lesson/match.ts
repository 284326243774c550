/** Partial objects, as Kyverno Chainsaw and KUTTL match them: what is named must be so, the rest is free. */

import { compareQuantities, isQuantity } from '../api/quantity.ts';
import type { Difference } from '../words/index.ts';

/**
 * Empty when `seen` matches. A wanted list matches when each of its items matches an item there, in any order;
 * `{ anyOf: [a, b] }` when one of the values does, and is told as the first.
 */
export function differences(wanted: unknown, seen: unknown, path = ''): Difference[] {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(seen)) return [{ path, wanted, seen }];
    const missing = wanted.filter((item) => !seen.some((other) => differences(item, other).length === 0));
    return missing.length === 0 ? [] : [{ path, wanted, seen }];
  }
  if (wanted !== null && typeof wanted === 'object') {
    if ('anyOf' in wanted && Array.isArray(wanted.anyOf)) {
      const all = wanted.anyOf.map((one) => differences(one, seen, path));
      return all.find((list) => list.length === 0) ?? all[0] ?? [];
    }
    if (seen === null || typeof seen !== 'object') return [{ path, wanted, seen }];
    return Object.entries(wanted).flatMap(([key, item]) =>
      differences(item, (seen as Record<string, unknown>)[key], path ? `${path}.${key}` : key),
    );
  }
  return same(wanted, seen, path) ? [] : [{ path, wanted, seen }];
}

/** 1024Mi is 1Gi: the amounts under capacity, requests and limits are compared as quantities. */
function same(wanted: unknown, seen: unknown, path: string): boolean {
  if (wanted === seen) return true;
  if (typeof wanted !== 'string' || typeof seen !== 'string') return false;
  if (!/(^|\.)(capacity|requests|limits|allocatable)\./.test(path)) return false;
  return isQuantity(wanted) && isQuantity(seen) && compareQuantities(wanted, seen) === 0;
}
