/** Merging and pruning of values by schema, as server-side apply does them (structured-merge-diff typed/merge.go, remove.go). */

import { own } from '../../sim/own.ts';
import type { Json, JsonObject } from '../object.ts';
import { isJsonObject } from '../patch/merge.ts';
import type { Schema } from '../resource.ts';
import { itemsOf, propertyOf } from '../schema/schemas.ts';
import { isAtomic, itemElement } from './compare.ts';
import type { FieldSet } from './field-set.ts';
import { isMember } from './field-set.ts';

/** What the configuration says wins; maps and keyed lists keep what it does not mention. */
export function mergeTyped(live: Json | undefined, config: Json, schema: Schema): Json {
  if (live === undefined || live === null || isAtomic(config, schema)) return config;
  if (isJsonObject(live) && isJsonObject(config)) {
    const out: Record<string, Json | undefined> = { ...live };
    for (const [name, value] of Object.entries(config)) {
      if (value === undefined) continue;
      if (value === null) delete out[name];
      else out[name] = mergeTyped(own(live, name), value, propertyOf(schema, name) ?? {});
    }
    return out;
  }
  return Array.isArray(live) && Array.isArray(config) ? mergeLists(live, config, schema) : config;
}

/** Items in the configuration's order; those it lacks stay before the item they stood before. */
function mergeLists(live: readonly Json[], config: readonly Json[], schema: Schema): Json {
  const items = itemsOf(schema);
  const wanted = new Map(config.map((item) => [itemElement(item, schema), item]));
  const old = new Map(live.map((item) => [itemElement(item, schema), item]));
  const order = [...wanted.keys()];
  const out: Json[] = [];
  const emit = (element: string) => {
    const item = wanted.get(element)!;
    out.push(old.has(element) ? mergeTyped(old.get(element), item, items) : item);
  };
  let next = 0;
  for (const [element, item] of old) {
    if (!wanted.has(element)) {
      out.push(item);
      continue;
    }
    const at = order.indexOf(element);
    while (next <= at) emit(order[next++]!);
  }
  while (next < order.length) emit(order[next++]!);
  return out;
}

/** Takes out the members of `dropped`, except where somebody still has a field at or below them. */
export function prune(value: Json, dropped: FieldSet, kept: FieldSet, schema: Schema): Json {
  if (isJsonObject(value)) return pruneMap(value, dropped, kept, schema);
  return Array.isArray(value) ? pruneList(value, dropped, kept, schema) : value;
}

function pruneMap(value: JsonObject, dropped: FieldSet, kept: FieldSet, schema: Schema): Json {
  const out: Record<string, Json | undefined> = { ...value };
  for (const [name, inner] of Object.entries(value)) {
    const lost = dropped[`f:${name}`];
    if (!lost || inner === undefined) continue;
    const still = kept[`f:${name}`];
    if (isMember(lost) && !still) delete out[name];
    else out[name] = prune(inner, lost, still ?? {}, propertyOf(schema, name) ?? {});
  }
  return out;
}

function pruneList(value: readonly Json[], dropped: FieldSet, kept: FieldSet, schema: Schema): Json {
  if (isAtomic(value as Json, schema)) return value as Json;
  const items = itemsOf(schema);
  const out: Json[] = [];
  for (const item of value) {
    const element = itemElement(item, schema);
    const lost = dropped[element];
    const still = kept[element];
    if (lost && isMember(lost) && !still) continue;
    out.push(lost ? prune(item, lost, still ?? {}, items) : item);
  }
  return out;
}
