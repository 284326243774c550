/** Sets hold an item once, maps a key once (apiextensions-apiserver pkg/apiserver/schema/listtype/validation.go). */

import type { Json } from '../object.ts';
import { isJsonObject } from '../patch/merge.ts';
import type { FieldError } from '../resource.ts';
import { duplicate, invalid } from '../resources/validation/errors.ts';
import { childOf } from './pruning.ts';
import type { JsonSchema } from './types.ts';

export function* listTypeErrors(
  value: Json | undefined,
  schema: JsonSchema | undefined,
  path = '',
): Generator<FieldError> {
  if (!schema) return;
  if (Array.isArray(value)) {
    if (schema['x-kubernetes-list-type'] === 'set')
      for (const i of repeated(value)) yield duplicate(`${path}[${i}]`, value[i]);
    if (schema['x-kubernetes-list-type'] === 'map') yield* mapErrors(value, schema, path);
    for (const [i, item] of value.entries()) yield* listTypeErrors(item, schema.items, `${path}[${i}]`);
  } else if (isJsonObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      const declared = schema.properties && Object.hasOwn(schema.properties, name);
      const place = declared ? (path ? `${path}.${name}` : name) : `${path}[${name}]`;
      yield* listTypeErrors(inner, childOf(schema, name).schema, place);
    }
  }
}

function* mapErrors(items: readonly Json[], schema: JsonSchema, path: string): Generator<FieldError> {
  const odd = items.findIndex((item) => item !== null && !isJsonObject(item));
  if (odd >= 0) {
    yield invalid(`${path}[${odd}]`, items[odd], 'must be an object for an array of list-type map');
    return;
  }
  const names = schema['x-kubernetes-list-map-keys'] ?? [];
  const keys = items.map((item) =>
    Object.fromEntries(
      names.flatMap((name) => (isJsonObject(item) && item[name] !== undefined ? [[name, item[name]]] : [])),
    ),
  ) as Json[];
  for (const i of repeated(keys)) yield duplicate(`${path}[${i}]`, keys[i]);
}

/** Where an item comes for the second time; further times are not told. */
function repeated(items: readonly Json[]): readonly number[] {
  const seen = new Map<string, number>();
  const out: number[] = [];
  for (const [i, item] of items.entries()) {
    const text = JSON.stringify(item);
    const times = seen.get(text) ?? 0;
    if (times === 1) out.push(i);
    seen.set(text, times + 1);
  }
  return out;
}
