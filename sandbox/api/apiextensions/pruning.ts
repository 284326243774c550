/** What of a custom resource its schema does not know goes, and is told (apiextensions-apiserver pkg/apiserver/schema/pruning/algorithm.go). */

import type { Json } from '../object.ts';
import { isJsonObject, setField } from '../patch/merge.ts';
import type { JsonSchema } from './types.ts';

const META_FIELDS = ['apiVersion', 'kind', 'metadata'];

interface Pruned {
  readonly value: Json;
  /** Paths of what went, sorted: `spec.colour`, `spec.ports[0].x`. */
  readonly unknown: readonly string[];
}

/** The root keeps its type and metadata whatever the schema says. */
export function prune(value: Json, schema: JsonSchema): Pruned {
  const unknown: string[] = [];
  const root = { ...schema, 'x-kubernetes-embedded-resource': true };
  const pruned = pruneValue(value, root, '', unknown);
  return { value: pruned, unknown: unknown.sort() };
}

const under = (path: string, name: string): string => (path ? `${path}.${name}` : name);

function pruneValue(value: Json, schema: JsonSchema | undefined, path: string, unknown: string[]): Json {
  if (schema?.['x-kubernetes-preserve-unknown-fields']) return skipPruning(value, schema, path, unknown);
  if (Array.isArray(value))
    return same(
      value,
      value.map((item, i) => pruneValue(item, schema?.items, `${path}[${i}]`, unknown)),
    );
  if (!isJsonObject(value)) return value;
  const out: Record<string, Json> = {};
  let changed = false;
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const known = childOf(schema, name);
    if (schema?.['x-kubernetes-embedded-resource'] && META_FIELDS.includes(name)) setField(out, name, inner);
    else if (known.found) setField(out, name, pruneValue(inner, known.schema, under(path, name), unknown));
    else {
      unknown.push(under(path, name));
      changed = true;
    }
    if (out[name] !== inner) changed = true;
  }
  return changed ? out : value;
}

/** Within what keeps unknown fields, the known ones are pruned all the same. */
function skipPruning(value: Json, schema: JsonSchema | undefined, path: string, unknown: string[]): Json {
  if (!schema) return value;
  if (Array.isArray(value))
    return same(
      value,
      value.map((item, i) => skipPruning(item, schema.items, `${path}[${i}]`, unknown)),
    );
  if (!isJsonObject(value)) return value;
  const out: Record<string, Json> = {};
  let changed = false;
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const known = childOf(schema, name);
    const meta = schema['x-kubernetes-embedded-resource'] && META_FIELDS.includes(name);
    setField(out, name, known.found && !meta ? pruneValue(inner, known.schema, under(path, name), unknown) : inner);
    if (out[name] !== inner) changed = true;
  }
  return changed ? out : value;
}

/** The schema of a field, from the properties or from what holds for all others. */
export function childOf(
  schema: JsonSchema | undefined,
  name: string,
): { readonly found: boolean; readonly schema?: JsonSchema } {
  const property = schema?.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
  if (property) return { found: true, schema: property };
  const others = schema?.additionalProperties;
  if (others === undefined) return { found: false };
  return typeof others === 'object' ? { found: true, schema: others } : { found: true };
}

const same = (before: readonly Json[], after: readonly Json[]): Json =>
  after.every((item, i) => item === before[i]) ? before : after;
