/** Defaults and nulls of custom resources (apiextensions-apiserver pkg/apiserver/schema/defaulting/algorithm.go, prunenulls.go). */

import type { Json } from '../object.ts';
import { isJsonObject, setField } from '../patch/merge.ts';
import { childOf } from './pruning.ts';
import type { JsonSchema } from './types.ts';

/** The value with its defaults; a null that may not be one goes, or gives way to the default. The same value when nothing is missing. */
export function withDefaults(value: Json, schema: JsonSchema | undefined): Json {
  if (!schema) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => withDefaults(replaced(item, schema.items), schema.items));
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  if (!isJsonObject(value)) return value;
  const out: Record<string, Json> = {};
  let changed = false;
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const { schema: child } = childOf(schema, name);
    if (inner === null && child && !child.nullable && child.default === undefined) {
      changed = true;
      continue;
    }
    setField(out, name, withDefaults(replaced(inner, child), child));
    if (out[name] !== inner) changed = true;
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (property.default === undefined || Object.hasOwn(out, name)) continue;
    setField(out, name, withDefaults(property.default, property));
    changed = true;
  }
  return changed ? out : value;
}

const replaced = (value: Json, schema: JsonSchema | undefined): Json =>
  value === null && schema && !schema.nullable && schema.default !== undefined ? schema.default : value;
