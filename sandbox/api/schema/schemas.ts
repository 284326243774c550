/** The schemas of the kinds served, with references resolved on demand. */

import { own } from '../../sim/own.ts';
import type { Schema } from '../resource.ts';
import { json } from './generated/structure.ts';

const definitions: Readonly<Record<string, Schema>> = JSON.parse(json);

/** Of kinds whose schema is not known: everything goes. */
const ANYTHING: Schema = { preserveUnknownFields: true };

export const definitionNames = (): readonly string[] => Object.keys(definitions);

export const definition = (schema: string | Schema): Schema =>
  typeof schema === 'string' ? (definitions[schema] ?? ANYTHING) : schema;

const resolved = new WeakMap<Schema, Schema>();

/** The schema itself: a reference's target, with what the place of the reference adds (patch keys, list type). */
export function resolve(schema: Schema): Schema {
  if (!schema.ref) return schema;
  let target = resolved.get(schema);
  if (!target) {
    const { ref, ...place } = schema;
    target = Object.keys(place).length > 0 ? { ...definition(ref), ...place } : definition(ref);
    resolved.set(schema, target);
  }
  return target;
}

/** The schema of a property or map value; undefined if there is no such field. */
export function propertyOf(schema: Schema, name: string): Schema | undefined {
  const property = schema.properties && own(schema.properties, name);
  if (property) return resolve(property);
  if (typeof schema.additionalProperties === 'object') return resolve(schema.additionalProperties);
  return undefined;
}

export const itemsOf = (schema: Schema): Schema => (schema.items ? resolve(schema.items) : ANYTHING);

export const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
