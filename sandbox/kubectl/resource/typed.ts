/** What a manifest's object holds once Go has read it into its type: the fields that are written even when they are empty. */

import type { Schema } from '../../api/resource.ts';
import { itemsOf, propertyOf, resolve } from '../../api/schema/schemas.ts';
import { schemaFor } from '../apply/schema.ts';
import type { Mapping } from '../client/mapper.ts';
import type { KObject } from './info.ts';

/** Kinds that are not built in stay as they are. */
export function typed(object: KObject, mapping: Pick<Mapping, 'group' | 'version' | 'kind'>): KObject {
  const schema = schemaFor(mapping);
  return schema ? (filled(object, schema) as KObject) : object;
}

function filled(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) return value.map((item) => filled(item, itemsOf(schema)));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => {
    const property = propertyOf(schema, name);
    return [name, property ? filled(field, property) : field];
  });
  const empty = Object.entries(schema.properties ?? {})
    .filter(([name, { always }]) => always && !Object.hasOwn(value, name))
    .map(([name, property]) => [name, zeroOf(resolve(property))]);
  return Object.fromEntries([...fields, ...empty]);
}

const ZEROS: Readonly<Record<string, unknown>> = { string: '', integer: 0, number: 0, boolean: false };

/** A struct is filled itself; lists and maps are nil. */
const zeroOf = (schema: Schema): unknown =>
  schema.properties ? filled({}, schema) : (ZEROS[schema.type ?? ''] ?? null);
