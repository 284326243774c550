/** Objects within a custom resource say what they are (apiextensions-apiserver pkg/apiserver/schema/objectmeta/validation.go). */

import type { Json, JsonObject } from '../object.ts';
import { isJsonObject } from '../patch/merge.ts';
import { nameProblems } from '../registry/metadata.ts';
import type { FieldError } from '../resource.ts';
import { invalid, required } from '../resources/validation/errors.ts';
import { childOf } from './pruning.ts';
import type { JsonSchema } from './types.ts';

export function* embeddedErrors(
  value: Json | undefined,
  schema: JsonSchema | undefined,
  path = '',
): Generator<FieldError> {
  if (!schema) return;
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* embeddedErrors(item, schema.items, `${path}[${i}]`);
  } else if (isJsonObject(value)) {
    if (schema['x-kubernetes-embedded-resource']) yield* resourceErrors(value, path);
    for (const [name, inner] of Object.entries(value)) {
      const declared = schema.properties && Object.hasOwn(schema.properties, name);
      const place = declared ? (path ? `${path}.${name}` : name) : `${path}[${name}]`;
      yield* embeddedErrors(inner, childOf(schema, name).schema, place);
    }
  }
}

function* resourceErrors(value: JsonObject, path: string): Generator<FieldError> {
  for (const name of ['apiVersion', 'kind']) {
    const field = path ? `${path}.${name}` : name;
    const given = value[name];
    if (given === undefined) yield required(field);
    else if (typeof given !== 'string') yield invalid(field, given, 'must be a string');
    else if (given === '') yield invalid(field, given, 'must not be empty');
    else if (name === 'kind') {
      const problems = nameProblems(given.toLowerCase(), 'dns1035label');
      if (problems.length > 0)
        yield invalid(field, given, `may have mixed case, but should otherwise match: ${problems.join(',')}`);
    } else if (given.split('/').length > 2) yield invalid(field, given, `unexpected GroupVersion string: ${given}`);
  }
}
