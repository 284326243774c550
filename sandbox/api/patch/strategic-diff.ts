/** Creating strategic merge patches: two-way, and the three-way of kubectl apply (apimachinery pkg/util/strategicpatch/patch.go). */

import { own } from '../../sim/own.ts';
import { equal } from '../equality.ts';
import type { Json, JsonObject } from '../object.ts';
import type { Schema } from '../resource.ts';
import { itemsOf, propertyOf } from '../schema/schemas.ts';
import { isJsonObject } from './merge.ts';
import { sortedBy } from './order.ts';
import {
  combinePatches,
  DELETE_FROM_LIST,
  DIRECTIVE,
  RETAIN_KEYS,
  SET_ELEMENT_ORDER,
  strategyOf,
} from './strategic.ts';

interface Options {
  readonly deletions: boolean;
  readonly changes: boolean;
  readonly setOrder: boolean;
  readonly retainKeys?: boolean;
}

type Mutable = Record<string, Json>;

/** The patch that turns `original` into `modified`. */
export const createTwoWayMergePatch = (original: JsonObject, modified: JsonObject, schema: Schema): JsonObject =>
  diffMaps(original, modified, schema, { deletions: true, changes: true, setOrder: true });

/**
 * What `modified` wants of `current`, and what it no longer has of `original` (the last applied configuration).
 * With `overwrite` false upstream reports conflicts; kubectl apply overwrites unless told otherwise.
 */
export function createThreeWayMergePatch(
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
  schema: Schema,
): JsonObject {
  const additions = diffMaps(current, modified, schema, { deletions: false, changes: true, setOrder: true });
  const deletions = diffMaps(original, modified, schema, { deletions: true, changes: false, setOrder: true });
  return combinePatches(deletions, additions, schema);
}

function diffMaps(original: JsonObject, modified: JsonObject, schema: Schema, options: Options): JsonObject {
  const patch: Mutable = {};
  for (const [name, old] of Object.entries(original)) {
    if (old === undefined) continue;
    const value = own(modified, name);
    if (value === undefined) {
      if (options.deletions) patch[name] = null;
    } else if (isJsonObject(old) && isJsonObject(value)) diffMapField(patch, name, old, value, schema, options);
    else if (Array.isArray(old) && Array.isArray(value)) diffListField(patch, name, old, value, schema, options);
    else if (options.changes && !equal(old, value)) patch[name] = value;
  }
  if (options.changes) {
    for (const [name, value] of Object.entries(modified)) {
      if (value !== undefined && own(original, name) === undefined) patch[name] = value;
    }
  }
  if (options.retainKeys && Object.keys(patch).length > 0) patch[RETAIN_KEYS] = Object.keys(modified).sort();
  return patch;
}

function diffMapField(
  patch: Mutable,
  name: string,
  old: JsonObject,
  value: JsonObject,
  schema: Schema,
  options: Options,
): void {
  const property = propertyOf(schema, name);
  const { replace, retainKeys } = strategyOf(property);
  if (replace) {
    // Upstream's handleMapDiff does not ask whether they differ.
    if (options.changes) patch[name] = value;
    return;
  }
  const inner = diffMaps(old, value, property ?? {}, { ...options, retainKeys });
  if (Object.keys(inner).length > 0) patch[name] = inner;
}

function diffListField(
  patch: Mutable,
  name: string,
  old: readonly Json[],
  value: readonly Json[],
  schema: Schema,
  options: Options,
): void {
  const property = propertyOf(schema, name) ?? {};
  const { merge, retainKeys, key } = strategyOf(property);
  if (!merge) {
    if (options.changes && !equal(old, value)) patch[name] = value as Json;
    return;
  }
  if (old.length === 0) {
    if (value.length > 0 && options.changes) patch[name] = value as Json;
    return;
  }
  if (isJsonObject(old[0] ?? value[0])) {
    diffLists(patch, name, old as readonly JsonObject[], value as readonly JsonObject[], property, key, {
      ...options,
      retainKeys,
    });
  } else diffScalars(patch, name, old, value, options);
}

function diffLists(
  patch: Mutable,
  name: string,
  old: readonly JsonObject[],
  value: readonly JsonObject[],
  schema: Schema,
  key: string,
  options: Options,
): void {
  const items = itemsOf(schema);
  const byKey = new Map(old.map((element) => [String(element[key]), element]));
  const kept = new Set(value.map((element) => String(element[key])));
  const changed: JsonObject[] = [];
  for (const element of value) {
    const before = byKey.get(String(element[key]));
    if (!before) {
      if (options.changes) changed.push(element);
      continue;
    }
    const inner = diffMaps(before, element, items, options);
    if (Object.keys(inner).length > 0) changed.push({ ...inner, [key]: element[key] });
  }
  const deleted = options.deletions
    ? old
        .filter((element) => !kept.has(String(element[key])))
        .map((element): JsonObject => ({ [DIRECTIVE]: 'delete', [key]: element[key] }))
        .sort((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1))
    : [];
  const list = [...sortedBy(changed, value, key), ...deleted];
  if (list.length > 0) patch[name] = list;
  const sameOrder = old.length === value.length && old.every((element, i) => equal(element[key], value[i]![key]));
  const tells = (options.changes && (list.length > 0 || !sameOrder)) || (options.deletions && list.length > 0);
  if (options.setOrder && tells && value.length > 0) {
    patch[SET_ELEMENT_ORDER + name] = value.map((element) => ({ [key]: element[key]! }));
  }
}

function diffScalars(
  patch: Mutable,
  name: string,
  old: readonly Json[],
  value: readonly Json[],
  options: Options,
): void {
  const added = options.changes ? value.filter((item) => !old.includes(item)) : [];
  const deleted = options.deletions ? [...new Set(old.filter((item) => !value.includes(item)))].sort() : [];
  if (added.length > 0) patch[name] = added;
  if (deleted.length > 0) patch[DELETE_FROM_LIST + name] = deleted;
  if (options.setOrder && (deleted.length > 0 || (options.changes && !equal(old, value)))) {
    if (value.length > 0) patch[SET_ELEMENT_ORDER + name] = value as Json;
  }
}
