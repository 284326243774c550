/** JSON as values of CEL: whole numbers are integers, which cel-js has as BigInts (apiserver pkg/cel/common/values.go). */

import type { Json } from '../object.ts';
import { setField } from '../patch/merge.ts';

export function celValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(celValue);
  if (typeof value !== 'object' || value === null) return value;
  const out: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) if (inner !== undefined) setField(out, name, celValue(inner));
  return out;
}

/** And back, of what an expression made. */
export function jsonValue(value: unknown): Json {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(jsonValue);
  if (value instanceof Map) return jsonValue(Object.fromEntries(value));
  if (typeof value !== 'object' || value === null) return (value ?? null) as Json;
  if (value.constructor !== Object) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, jsonValue(inner)]));
}
