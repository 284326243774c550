/** What a schema declares to CEL: types, and how much of them there may be in one request (apiserver pkg/cel/common/schemas.go, SchemaDeclType). */

import type { SizeAt } from '../cel/cost.ts';
import { escaped } from '../cel/escaping.ts';
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  STRING,
  structOf,
  TIMESTAMP,
} from '../cel/type.ts';
import type { JsonSchema } from './types.ts';

export interface DeclaredType {
  readonly type: CelType;
  readonly fields?: Readonly<Record<string, DeclaredType>>;
  readonly key?: DeclaredType;
  readonly element?: DeclaredType;
  /** Characters, items or entries. */
  readonly maxElements: number;
  /** The fewest bytes of JSON. */
  readonly minSize: number;
}

/** limits.go. */
export const MAX_REQUEST = 3 * 1024 * 1024;
const LONGEST_TIME = 32;
const DATE = 12;
const SHORTEST: Readonly<Record<string, number>> = { string: 2, boolean: 4, duration: 3, date: DATE, 'date-time': 21 };

const STRING_SCHEMA: JsonSchema = { type: 'string' };
const META: JsonSchema = { type: 'object', properties: { name: STRING_SCHEMA, generateName: STRING_SCHEMA } };

/** Undefined for what rules cannot see. `name` is the type's, if it is an object's. */
export function declaredType(schema: JsonSchema, isRoot: boolean, name: string): DeclaredType | undefined {
  if (schema['x-kubernetes-int-or-string']) return { type: DYN, maxElements: textLength(schema), minSize: 1 };
  switch (schema.type) {
    case 'array':
      return declaredList(schema, name);
    case 'object':
      return typeof schema.additionalProperties === 'object'
        ? declaredMap(schema, schema.additionalProperties, name)
        : declaredObject(schema, isRoot, name);
    case 'string':
      return declaredText(schema);
    case 'boolean':
      return { type: BOOL, maxElements: 0, minSize: SHORTEST.boolean! };
    case 'number':
      return { type: DOUBLE, maxElements: 0, minSize: 1 };
    case 'integer':
      return { type: INT, maxElements: 0, minSize: 1 };
    default:
      return undefined;
  }
}

const inner = (schema: JsonSchema, name: string): DeclaredType | undefined =>
  declaredType(schema, schema['x-kubernetes-embedded-resource'] ?? false, name);

function declaredList({ items, maxItems }: JsonSchema, name: string): DeclaredType | undefined {
  const element = items && inner(items, `${name}.@idx`);
  if (!element) return undefined;
  const fits = Math.floor((MAX_REQUEST - 2) / (element.minSize + 1));
  return { type: listOf(element.type), element, maxElements: Math.max(0, maxItems ?? fits), minSize: 2 };
}

function declaredMap({ maxProperties }: JsonSchema, values: JsonSchema, name: string): DeclaredType | undefined {
  const element = inner(values, `${name}.@elem`);
  if (!element) return undefined;
  const fits = Math.floor((MAX_REQUEST - 2) / (element.minSize + 6));
  return {
    type: mapOf(STRING, element.type),
    key: { type: STRING, maxElements: 0, minSize: 2 },
    element,
    maxElements: Math.max(0, maxProperties ?? fits),
    minSize: 2,
  };
}

function declaredObject(schema: JsonSchema, isRoot: boolean, name: string): DeclaredType {
  const properties = isRoot
    ? { ...schema.properties, apiVersion: STRING_SCHEMA, kind: STRING_SCHEMA, metadata: META }
    : (schema.properties ?? {});
  const fields: Record<string, DeclaredType> = {};
  let minSize = 2;
  for (const [property, each] of Object.entries(properties)) {
    const field = escaped(property);
    const declared = inner(each, `${name}.${field}`);
    if (!declared) continue;
    fields[field] = declared;
    if (schema.required?.includes(property) && each.default === undefined)
      minSize += property.length + declared.minSize + 4;
  }
  const types = Object.fromEntries(Object.entries(fields).map(([field, { type }]) => [field, type]));
  return { type: structOf(name, types), fields, maxElements: 0, minSize };
}

function declaredText(schema: JsonSchema): DeclaredType {
  const { format = '' } = schema;
  const sized = (type: CelType, maxElements: number): DeclaredType => ({
    type,
    maxElements,
    minSize: SHORTEST[format] ?? SHORTEST.string!,
  });
  if (format === 'byte') return sized(BYTES, Math.max(0, schema.maxLength ?? MAX_REQUEST - 2));
  if (format === 'duration') return sized(DURATION, LONGEST_TIME);
  if (format === 'date') return sized(TIMESTAMP, DATE);
  if (format === 'date-time') return sized(TIMESTAMP, LONGEST_TIME);
  return sized(STRING, textLength(schema));
}

/** A character may take four bytes. */
function textLength({ maxLength, enum: values, type }: JsonSchema): number {
  if (maxLength !== undefined) return Math.max(0, maxLength) * 4;
  if (type === 'string' && values?.length)
    return Math.max(...values.map((value) => (typeof value === 'string' ? value.length : 0)));
  return MAX_REQUEST - 2;
}

/** sizeEstimator: how much may stand at a path from the root. */
export const sizesOf =
  (root: DeclaredType): SizeAt =>
  ([, ...path]) => {
    let declared: DeclaredType | undefined = root;
    for (const name of path) {
      if (name === '@items' || name === '@values') declared = declared.element;
      else if (name === '@keys') declared = declared.key;
      else declared = declared.fields && Object.hasOwn(declared.fields, name) ? declared.fields[name] : undefined;
      if (!declared) return undefined;
    }
    return { min: 0, max: declared.maxElements };
  };
