/** The short hashes in the names of ReplicaSets and ControllerRevisions (pkg/controller/controller_utils.go ComputeHash). */

import { safeEncoded } from '../sim/random.ts';

/** Of a 32-bit FNV-1a the decimal digits, as safe letters. */
export function shortHash(value: unknown, collisionCount?: number): string {
  let hash = fnv1a(0x811c9dc5, canonical(value));
  if (collisionCount) hash = fnv1a(hash, String(collisionCount));
  return safeEncoded(String(hash >>> 0));
}

function fnv1a(seed: number, text: string): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

const texts = new WeakMap<object, string>();

/** JSON with sorted keys; immutable values are written once. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = Array.isArray(value)
    ? `[${value.map(canonical).join(',')}]`
    : `{${Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, field]) => `${key}:${canonical(field)}`)
        .join(',')}}`;
  texts.set(value, text);
  return text;
}
