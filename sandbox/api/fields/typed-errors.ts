/** Why a configuration does not fit its schema, in structured-merge-diff's words (typed/validate.go). */

import type { Json } from '../object.ts';
import { isJsonObject } from '../patch/merge.ts';
import type { Schema } from '../resource.ts';
import { itemsOf, propertyOf } from '../schema/schemas.ts';
import { itemElement, KEY_DEFAULTS } from './compare.ts';

export const typedErrors = (value: Json, schema: Schema): readonly string[] => [...problems(value, schema, '')];

function* problems(value: Json | undefined, schema: Schema, path: string): Generator<string> {
  if (value === null || value === undefined || schema.preserveUnknownFields) return;
  switch (schema.type) {
    case 'object':
      if (!isJsonObject(value)) yield `${path}: expected map, got &{${goValue(value)}}`;
      else yield* mapProblems(value, schema, path);
      return;
    case 'array':
      if (!Array.isArray(value)) yield `${path}: expected list, got &{${goValue(value)}}`;
      else yield* listProblems(value, schema, path);
      return;
    case 'string':
      if (typeof value !== 'string')
        yield `${path}: expected string, got &value.valueUnstructured{Value:${JSON.stringify(value)}}`;
      return;
    case 'integer':
    case 'number':
      if (typeof value !== 'number') yield `${path}: expected numeric (int or float), got ${typeof value}`;
      return;
    case 'boolean':
      if (typeof value !== 'boolean')
        yield `${path}: expected boolean, got &value.valueUnstructured{Value:${JSON.stringify(value)}}`;
      return;
    default:
  }
}

function* mapProblems(
  value: { readonly [key: string]: Json | undefined },
  schema: Schema,
  path: string,
): Generator<string> {
  for (const name of Object.keys(value)) {
    const property = propertyOf(schema, name);
    if (!property) {
      // The rest of the map is not looked at (visitMapItems).
      yield `${path}.${name}: field not declared in schema`;
      return;
    }
    yield* problems(value[name], property, `${path}.${name}`);
  }
}

function* listProblems(value: readonly Json[], schema: Schema, path: string): Generator<string> {
  const items = itemsOf(schema);
  const seen = new Set<string>();
  for (const [i, item] of value.entries()) {
    if (schema.listType === 'map' && isJsonObject(item)) {
      const missing = (schema.listMapKeys ?? []).find((key) => item[key] === undefined && !(key in KEY_DEFAULTS));
      if (missing) {
        yield `${path}: element ${i}: associative list with keys has an element that omits key field "${missing}" (and doesn't have default value)`;
        continue;
      }
    }
    if (schema.listType === 'map' || schema.listType === 'set') {
      const element = itemElement(item, schema);
      if (seen.has(element))
        yield `${path}: duplicate entries for key [${element
          .slice(2)
          .replace(/^\{|\}$/g, '')
          .replaceAll(':', '=')
          .replaceAll('"', '')}]`;
      seen.add(element);
    }
    yield* problems(item, items, `${path}[${i}]`);
  }
}

const goValue = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
