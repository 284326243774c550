/** Strategic merge patches: lists merged by key as the schema says (apimachinery pkg/util/strategicpatch/patch.go). */

import { own } from '../../sim/own.ts';
import { equal } from '../equality.ts';
import type { Json, JsonObject } from '../object.ts';
import type { Schema } from '../resource.ts';
import { itemsOf, propertyOf } from '../schema/schemas.ts';
import { isJsonObject } from './merge.ts';
import { enforceOrder } from './order.ts';

export class PatchError extends Error {}

export const DIRECTIVE = '$patch';
export const RETAIN_KEYS = '$retainKeys';
export const SET_ELEMENT_ORDER = '$setElementOrder/';
export const DELETE_FROM_LIST = '$deleteFromPrimitiveList/';

type Mutable = Record<string, Json | undefined>;

/** How a field's value is merged. */
export interface Strategy {
  readonly merge: boolean;
  readonly replace: boolean;
  readonly retainKeys: boolean;
  readonly key: string;
}

export function strategyOf(schema: Schema | undefined): Strategy {
  const strategies = schema?.patchStrategy?.split(',') ?? [];
  return {
    merge: strategies.includes('merge'),
    replace: strategies.includes('replace'),
    retainKeys: strategies.includes('retainKeys'),
    key: schema?.patchMergeKey ?? '',
  };
}

/** Where two patches are combined, deletions and orderings stay directives instead of being carried out. */
interface Mode {
  readonly combining: boolean;
}

/** Applies a patch. Throws PatchError for one that is not well formed. */
export const strategicMerge = (original: JsonObject, patch: JsonObject, schema: Schema): JsonObject =>
  mergeMap(original, patch, schema, { combining: false });

/** The patch that does what `first` and then `second` do. */
export const combinePatches = (first: JsonObject, second: JsonObject, schema: Schema): JsonObject =>
  mergeMap(first, second, schema, { combining: true });

function mergeMap(original: JsonObject, patch: JsonObject, schema: Schema, mode: Mode): JsonObject {
  const directive = patch[DIRECTIVE];
  if (directive !== undefined) return replacement(directive, patch);
  const out: Mutable = { ...original };
  const rest: Mutable = { ...patch };
  retainKeys(out, rest, mode);
  mergeOrderedLists(out, rest, schema, mode);
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined) mergeField(out, name, value, schema, mode);
  }
  return out;
}

function replacement(directive: Json, patch: JsonObject): JsonObject {
  if (directive === 'delete') return {};
  if (directive === 'replace') {
    const { [DIRECTIVE]: _, ...rest } = patch;
    return rest;
  }
  throw new PatchError(`unknown patch type found: ${String(directive)}`);
}

function mergeField(out: Mutable, name: string, value: Json, schema: Schema, mode: Mode): void {
  if (name.startsWith(DELETE_FROM_LIST)) {
    if (mode.combining) out[name] = value;
    else deleteFromList(out, name.slice(DELETE_FROM_LIST.length), value);
    return;
  }
  if (value === null) {
    delete out[name];
    if (mode.combining) out[name] = null;
    return;
  }
  const old = own(out as JsonObject, name);
  const property = propertyOf(schema, name);
  const strategy = strategyOf(property);
  if (isJsonObject(old) && isJsonObject(value)) {
    out[name] = strategy.replace ? value : mergeMap(old, value, property ?? {}, mode);
  } else if (Array.isArray(old) && Array.isArray(value)) {
    out[name] = strategy.merge ? mergeList(old, value, property ?? {}, strategy.key, mode) : value;
  } else {
    const added = withoutDirectives(mode.combining ? value : (withoutNulls(value) ?? null));
    if (added === undefined) delete out[name];
    else out[name] = added;
  }
}

function deleteFromList(out: Mutable, name: string, values: Json): void {
  const list = out[name];
  if (!Array.isArray(list) || !Array.isArray(values)) return;
  out[name] = list.filter((item) => !values.some((value) => equal(item, value)));
}

/** `$retainKeys`: of a union, everything that is not named goes. */
function retainKeys(out: Mutable, patch: Mutable, mode: Mode): void {
  const keys = patch[RETAIN_KEYS];
  if (keys === undefined) return;
  delete patch[RETAIN_KEYS];
  if (!Array.isArray(keys)) throw new PatchError('invalid patch format of retainKeys');
  if (mode.combining) out[RETAIN_KEYS] = keys;
  for (const [name, value] of Object.entries(patch)) {
    if (value !== null && !keys.includes(name)) throw new PatchError('invalid patch format of retainKeys');
  }
  if (mode.combining) return;
  for (const name of Object.keys(out)) if (!keys.includes(name)) delete out[name];
}

/** Lists that come with `$setElementOrder`: merged, then put in that order. */
function mergeOrderedLists(out: Mutable, patch: Mutable, schema: Schema, mode: Mode): void {
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith(SET_ELEMENT_ORDER)) continue;
    if (!Array.isArray(order)) throw new PatchError('invalid patch format of setElementOrder list');
    if (mode.combining) out[directive] = order;
    delete patch[directive];
    const name = directive.slice(SET_ELEMENT_ORDER.length);
    const old = own(out as JsonObject, name);
    const given = own(patch as JsonObject, name);
    const property = propertyOf(schema, name) ?? {};
    const { key, merge } = strategyOf(property);
    let merged: readonly Json[];
    if (Array.isArray(old) && Array.isArray(given)) {
      merged = merge ? mergeList(old, given, property, key, mode) : given;
    } else if (Array.isArray(given)) merged = (withoutDirectives(given) as readonly Json[] | undefined) ?? [];
    else if (Array.isArray(old)) merged = old;
    else continue;
    out[name] = enforceOrder(merged, order, Array.isArray(old) ? old : [], key);
    delete patch[name];
  }
}

function mergeList(
  original: readonly Json[],
  patch: readonly Json[],
  schema: Schema,
  key: string,
  mode: Mode,
): readonly Json[] {
  if (original.length === 0 && patch.length === 0) return original;
  if (!isJsonObject(original[0] ?? patch[0])) {
    return enforceOrder(unique([...original, ...patch]), patch, original, '');
  }
  if (!key) throw new PatchError('cannot merge lists without merge key');
  let kept = original;
  let elements = patch as readonly JsonObject[];
  if (elements.some((element) => element[DIRECTIVE] !== undefined)) {
    for (const element of elements) if (element[DIRECTIVE] === 'delete') kept = deleteMatching(kept, element, key);
    const replace = elements.some((element) => element[DIRECTIVE] === 'replace');
    elements = elements.filter((element) => element[DIRECTIVE] === undefined);
    if (replace) [kept, elements] = [elements, []];
    if (mode.combining) {
      // Orders to delete are still to be carried out by whoever applies the combined patch.
      kept = [...kept, ...(patch as readonly JsonObject[]).filter((element) => element[DIRECTIVE] !== undefined)];
    }
  }
  const merged = [...kept];
  for (const element of elements) {
    const value = element[key];
    if (value === undefined) throw noMergeKey(element, key);
    const at = merged.findIndex(
      (item) => isJsonObject(item) && item[DIRECTIVE] === undefined && equal(item[key], value),
    );
    if (at >= 0) merged[at] = mergeMap(merged[at] as JsonObject, element, itemsOf(schema), mode);
    else merged.push(mode.combining ? element : (withoutDirectives(withoutNulls(element)!) ?? {}));
  }
  return enforceOrder(merged, elements, kept, key);
}

function deleteMatching(list: readonly Json[], element: JsonObject, key: string): readonly Json[] {
  const value = element[key];
  if (value === undefined) throw noMergeKey(element, key);
  return list.filter((item) => !(isJsonObject(item) && equal(item[key], value)));
}

const noMergeKey = (element: JsonObject, key: string): PatchError =>
  new PatchError(`map: ${goMap(element)} does not contain declared merge key: ${key}`);

/** Go's %v of a value out of JSON. */
export function goMap(value: Json | undefined): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goMap).join(' ')}]`;
  if (!isJsonObject(value)) return String(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${members.map(([name, each]) => `${name}:${goMap(each)}`).join(' ')}]`;
}

function unique(values: readonly Json[]): readonly Json[] {
  return values.filter((value, at) => values.findIndex((other) => equal(other, value)) === at);
}

function withoutNulls(value: Json): Json | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map((item) => (item === null ? null : withoutNulls(item)!));
  if (!isJsonObject(value)) return value;
  const out: Mutable = {};
  for (const [name, each] of Object.entries(value)) {
    const kept = each === undefined ? undefined : withoutNulls(each);
    if (kept !== undefined) out[name] = kept;
  }
  return out;
}

/** What is added anew has no directives in it; undefined if it is one itself. */
function withoutDirectives(value: Json): Json | undefined {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isJsonObject(value)) return value;
  if (value[DIRECTIVE] !== undefined) return undefined;
  const out: Mutable = {};
  for (const [name, each] of Object.entries(value)) {
    const kept = each === undefined ? undefined : withoutDirectives(each);
    if (kept !== undefined) out[name] = kept;
  }
  return out;
}
