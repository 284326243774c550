/** Which fields a write adds, changes and removes, by the schema's idea of lists and maps (structured-merge-diff typed/compare.go). */

import { own } from '../../sim/own.ts';
import { equal } from '../equality.ts';
import type { Json, JsonObject } from '../object.ts';
import { isJsonObject } from '../patch/merge.ts';
import type { Schema } from '../resource.ts';
import { itemsOf, propertyOf, resolve } from '../schema/schemas.ts';
import type { FieldSet } from './field-set.ts';
import { EMPTY, LEAF, node } from './field-set.ts';

export interface Comparison {
  /** Added or modified. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

type Value = Json | undefined;
type Mutable = Record<string, FieldSet>;

const NOTHING: Comparison = { changed: EMPTY, removed: EMPTY };

/** An object that is not there yet counts as empty: what Go writes of it even so is not added. */
export function compare(before: JsonObject | undefined, after: JsonObject, schema: Schema): Comparison {
  return compareMaps(before ?? {}, after, schema);
}

/** All fields of a value, itself included. */
const fieldsOf = (value: Json, schema: Schema): FieldSet => whole(value, schema) ?? LEAF;

/** What server-side apply claims: the leaves sent, and the list items themselves (typed.ToFieldSet). */
export function claimed(value: JsonObject, schema: Schema): FieldSet {
  return claims(value, schema) ?? EMPTY;
}

/** Whether a value is owned as a whole. Of a kind whose schema is not known, maps are taken apart and lists are not. */
export function isAtomic(value: Value, schema: Schema): boolean {
  if (Array.isArray(value)) return schema.listType !== 'map' && schema.listType !== 'set';
  if (!isJsonObject(value) || schema.mapType === 'atomic') return true;
  return !schema.properties && typeof schema.additionalProperties !== 'object' && schema.type === 'object';
}

/** Of the keys of served kinds' lists only this one has a default: an item that omits it is the same item. */
export const KEY_DEFAULTS: Readonly<Record<string, string>> = { protocol: 'TCP' };

/** The path element of a list item; its place if it has no key. */
export function itemElement(item: Json, schema: Schema): string {
  if (schema.listType === 'set' || !isJsonObject(item)) return `v:${JSON.stringify(item)}`;
  const keys: Record<string, Value> = {};
  for (const key of (schema.listMapKeys ?? []).toSorted()) {
    const value = item[key] ?? KEY_DEFAULTS[key];
    if (value !== undefined) keys[key] = value;
  }
  return `k:${JSON.stringify(keys)}`;
}

function compareMaps(before: JsonObject, after: JsonObject, schema: Schema): Comparison {
  if (before === after) return NOTHING;
  const changed: Mutable = {};
  const removed: Mutable = {};
  const note = (name: string, old: Value, value: Value) => {
    const inner = propertyOf(schema, name) ?? {};
    const was = (old === undefined || old === null) && inner.always ? nothing(value, inner) : old;
    compareAt(`f:${name}`, was, value, inner, changed, removed);
  };
  for (const name in after) {
    const old = own(before, name);
    if (after[name] !== old) note(name, old, after[name]);
  }
  for (const name in before) if (!Object.hasOwn(after, name)) note(name, before[name], undefined);
  return { changed, removed };
}

/** Go's empty value where one is always written. */
function nothing(value: Value, schema: Schema): Value {
  if (typeof value === 'string') return '';
  if (typeof value === 'number') return 0;
  if (typeof value === 'boolean') return false;
  if (isAtomic(value, schema)) return undefined;
  return Array.isArray(value) ? [] : isJsonObject(value) ? {} : undefined;
}

function compareAt(
  element: string,
  before: Value,
  after: Value,
  schema: Schema,
  changed: Mutable,
  removed: Mutable,
): void {
  const [was, is] = [before ?? undefined, after ?? undefined];
  if (was === is) return;
  if (was === undefined) changed[element] = fieldsOf(is!, schema);
  else if (is === undefined) removed[element] = fieldsOf(was, schema);
  else if (!isAtomic(is, schema) && isJsonObject(was) && isJsonObject(is)) {
    put(element, compareMaps(was, is, schema), changed, removed);
  } else if (!isAtomic(is, schema) && Array.isArray(was) && Array.isArray(is)) {
    put(element, compareLists(was, is, schema), changed, removed);
  } else if (!equal(was, is)) changed[element] = LEAF;
}

function put(element: string, inner: Comparison, changed: Mutable, removed: Mutable): void {
  const more = node(false, inner.changed);
  const less = node(false, inner.removed);
  if (more) changed[element] = more;
  if (less) removed[element] = less;
}

function compareLists(before: readonly Json[], after: readonly Json[], schema: Schema): Comparison {
  const changed: Mutable = {};
  const removed: Mutable = {};
  const items = itemsOf(schema);
  const old = new Map(before.map((item) => [itemElement(item, schema), item]));
  for (const item of after) {
    const element = itemElement(item, schema);
    compareAt(element, old.get(element), item, items, changed, removed);
    old.delete(element);
  }
  for (const [element, item] of old) removed[element] = fieldsOf(item, items);
  return { changed, removed };
}

/** By identity: pods of one template share their containers. */
const known = new WeakMap<object, FieldSet>();

function whole(value: Json, schema: Schema): FieldSet | undefined {
  if (typeof value !== 'object' || value === null || isAtomic(value, schema)) return LEAF;
  let fields = known.get(value);
  if (!fields) {
    const children: Mutable = {};
    if (Array.isArray(value)) {
      const items = itemsOf(schema);
      for (const item of value) children[itemElement(item, schema)] = fieldsOf(item, items);
    } else {
      for (const [name, inner] of Object.entries(value as JsonObject)) {
        // A null that Go writes (an empty time) is a field like others.
        if (inner !== undefined) children[`f:${name}`] = fieldsOf(inner, propertyOf(schema, name) ?? {});
      }
    }
    fields = node(true, children)!;
    known.set(value, fields);
  }
  return fields;
}

function claims(value: Json, schema: Schema): FieldSet | undefined {
  if (typeof value !== 'object' || value === null || isAtomic(value, schema)) return LEAF;
  const children: Mutable = {};
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    for (const item of value) {
      const inner = isJsonObject(item) ? (claims(item, items) ?? EMPTY) : EMPTY;
      children[itemElement(item, schema)] = node(true, inner)!;
    }
  } else {
    for (const [name, inner] of Object.entries(value as JsonObject)) {
      if (inner === undefined) continue;
      children[`f:${name}`] = claims(inner, resolve(propertyOf(schema, name) ?? {})) ?? LEAF;
    }
  }
  return node(false, children) ?? LEAF;
}
