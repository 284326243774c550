/** JSON merge patch (RFC 7386), applied and created. */

import { own } from '../../sim/own.ts';
import { equal } from '../equality.ts';
import type { Json, JsonObject } from '../object.ts';

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Sets an object's own field, also one called `__proto__`. */
export function setField(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}

/** Null deletes; what the patch does not change is shared. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const base = isJsonObject(target) ? target : {};
  const out: Record<string, Json | undefined> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete out[key];
    else setField(out, key, mergePatch(own(base, key), value));
  }
  return out;
}

/** The patch that turns `before` into `after` (jsonpatch.CreateMergePatch). */
export function createMergePatch(before: JsonObject, after: JsonObject): JsonObject {
  const patch: Record<string, Json> = {};
  for (const [key, value] of Object.entries(after)) {
    if (value === undefined) continue;
    const old = own(before, key);
    if (equal(old, value)) continue;
    setField(patch, key, isJsonObject(old) && isJsonObject(value) ? createMergePatch(old, value) : value);
  }
  for (const key of Object.keys(before))
    if (before[key] !== undefined && own(after, key) === undefined) patch[key] = null;
  return patch;
}

/** kubectl apply of kinds without a schema (jsonmergepatch.CreateThreeWayJSONMergePatch): additions from current, deletions from original. */
export function createThreeWayJsonMergePatch(
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
): JsonObject {
  const additions = keep(createMergePatch(current, modified), (value) => value !== null) ?? {};
  const deletions = keep(createMergePatch(original, modified), (value) => value === null) ?? {};
  return combine(deletions, additions);
}

/** The parts of a patch whose leaves pass; empty objects that a filter leaves behind go. */
function keep(patch: JsonObject, passes: (value: Json) => boolean): JsonObject | undefined {
  const out: Record<string, Json> = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (isJsonObject(value)) {
      const inner = Object.keys(value).length === 0 && passes(value) ? value : keep(value, passes);
      if (inner) out[key] = inner;
    } else if (passes(value)) out[key] = value;
  }
  return Object.keys(out).length > 0 ? out : undefined;
}

function combine(first: JsonObject, second: JsonObject): JsonObject {
  const out: Record<string, Json | undefined> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const old = own(first, key);
    out[key] = isJsonObject(old) && isJsonObject(value) ? combine(old, value) : value;
  }
  return out;
}
