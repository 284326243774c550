/** Decoding as Go does it into the kind's struct: types checked, unknown fields told and dropped, empty values left out, quantities in canonical form. */

import { own } from '../../sim/own.ts';
import type { Json, JsonObject } from '../object.ts';
import { setField } from '../patch/merge.ts';
import { canonicalQuantity, QuantityError } from '../quantity.ts';
import type { Schema } from '../resource.ts';
import { NULLS } from './nulls.ts';
import { definition, QUANTITY, resolve } from './schemas.ts';

export class DecodeError extends Error {
  /** As runtime.DefaultUnstructuredConverter words it, which strategic merge patches go through instead of JSON. */
  readonly unstructured: string;

  constructor(message: string, unstructured = message) {
    super(message);
    this.unstructured = unstructured;
  }
}

export interface Decoded {
  readonly value: JsonObject;
  /** Paths of fields that the schema does not have, in order of appearance. */
  readonly unknown: readonly string[];
}

/** Throws DecodeError with Go's message for a value of the wrong type; `struct` names a schema that has no name. */
export function decode(value: JsonObject, of: string | Schema, struct = 'ObjectMeta'): Decoded {
  const unknown: string[] = [];
  const schema = definition(of);
  if (schema.decode) return schema.decode(value);
  const schemaName = typeof of === 'string' ? of : struct;
  const decoder = new Decoder(unknown);
  const place = { fields: '', path: '', struct: '', self: typeName(schemaName), goType: goName(schemaName) };
  return { value: decoder.value(value, schema, place) as JsonObject, unknown };
}

interface Place {
  /** Names only, as Go's type errors tell it: `spec.containers.ports`. */
  readonly fields: string;
  /** With indexes, as strict decoding tells it: `spec.containers[0].ports`. */
  readonly path: string;
  /** The struct that has the field. */
  readonly struct: string;
  /** The struct that the value itself is, or is in. */
  readonly self: string;
  readonly goType: string;
}

class Decoder {
  readonly #unknown: string[];

  constructor(unknown: string[]) {
    this.#unknown = unknown;
  }

  value(value: Json, schema: Schema, place: Place): Json | undefined {
    if (value === null) return undefined;
    if (schema.intOrString) return this.#intOrString(value, place);
    switch (schema.type) {
      case 'object':
        return schema.properties ? this.#struct(value, schema, place) : this.#map(value, schema, place);
      case 'array':
        return this.#list(value, schema, place);
      case 'string':
        return this.#string(value, schema, place);
      case 'integer':
      case 'number':
        return this.#number(value, schema, place);
      case 'boolean':
        if (typeof value !== 'boolean') throw mismatch(value, place);
        return value;
      default:
        return value;
    }
  }

  #struct(value: Json, schema: Schema, place: Place): Json {
    if (!isObject(value)) throw mismatch(value, place, `cannot restore struct from: ${goKind(value)}`);
    const out: Record<string, Json> = {};
    const properties = schema.properties!;
    for (const name in value) {
      const given = value[name];
      if (given === undefined) continue;
      const path = place.path ? `${place.path}.${name}` : name;
      const property = own(properties, name);
      if (!property) {
        this.#unknown.push(path);
        continue;
      }
      const decoded = this.#reference(given, property, {
        fields: place.fields ? `${place.fields}.${name}` : name,
        path,
        struct: place.self,
        self: place.self,
        goType: goTypeOf(property),
      });
      if (decoded !== undefined && !leftOut(decoded, property)) out[name] = decoded;
    }
    for (const name of NULLS.get(place.self) ?? NONE) if (!(name in out) || isEmptyList(out[name])) out[name] = null;
    return inOrder(out, properties);
  }

  #reference(value: Json, schema: Schema, place: Place): Json | undefined {
    if (schema.ref === QUANTITY) return quantity(value);
    if (!schema.ref) return this.value(value, schema, place);
    return this.value(value, resolve(schema), { ...place, self: typeName(schema.ref) });
  }

  #map(value: Json, schema: Schema, place: Place): Json {
    if (!isObject(value)) throw mismatch(value, place, `cannot restore map from ${goKind(value)}`);
    const items = schema.additionalProperties;
    if (typeof items !== 'object') return value;
    const out: Record<string, Json> = {};
    for (const name in value) {
      const given = value[name];
      if (given === undefined) continue;
      const inner = { ...place, path: `${place.path}.${name}`, goType: goTypeOf(items) };
      setField(out, name, this.#reference(given, items, inner) ?? zero(items));
    }
    return out;
  }

  #list(value: Json, schema: Schema, place: Place): Json {
    if (!Array.isArray(value)) throw mismatch(value, place, `cannot restore slice from ${goKind(value)}`);
    const items = schema.items ?? {};
    return value.map((item: Json, index) => {
      const inner = { ...place, path: `${place.path}[${index}]`, goType: goTypeOf(items) };
      return this.#reference(item, items, inner) ?? zero(items);
    });
  }

  #string(value: Json, schema: Schema, place: Place): Json {
    if (typeof value !== 'string') throw mismatch(value, place);
    if (schema.format === 'byte' && !isBase64(value)) {
      throw new DecodeError(`illegal base64 data at input byte ${firstIllegal(value)}`);
    }
    if (schema.format === 'date-time' && Number.isNaN(Date.parse(value))) {
      const shown = JSON.stringify(value).slice(1, -1);
      throw new DecodeError(
        `parsing time "\\"${shown}\\"" as "\\"2006-01-02T15:04:05Z07:00\\"": cannot parse "${shown}\\"" as "2006"`,
      );
    }
    return value;
  }

  #number(value: Json, schema: Schema, place: Place): Json {
    if (typeof value !== 'number') throw mismatch(value, place);
    if (schema.type === 'number') return value;
    const limit = schema.format === 'int32' ? 2 ** 31 : 2 ** 63;
    if (!Number.isInteger(value) || value >= limit || value < -limit) {
      throw unmarshal(`number ${value}`, place, `cannot convert ${goKind(value)} to ${place.goType}`);
    }
    return value;
  }

  #intOrString(value: Json, place: Place): Json {
    if (typeof value === 'string') return value;
    if (typeof value !== 'number') throw mismatch(value, { ...place, goType: 'intstr.IntOrString' });
    if (!Number.isInteger(value))
      throw new DecodeError(`json: cannot unmarshal number ${value} into Go value of type int32`);
    return value;
  }
}

function quantity(value: Json): Json | undefined {
  if (value === null) return undefined;
  try {
    // What is no string is read as it stands in the text, and so fails by its form.
    return canonicalQuantity(typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value));
  } catch (error) {
    if (error instanceof QuantityError) throw new DecodeError(error.message);
    throw error;
  }
}

/** What Go's omitempty leaves out. */
function leftOut(value: Json, schema: Schema): boolean {
  if (schema.always || schema.pointer) return false;
  if (value === '' || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (schema.ref) return false;
  return isObject(value) && !schema.properties && !schema.preserveUnknownFields && Object.keys(value).length === 0;
}

/** What null leaves in a map or a list: Go's zero value of its elements. */
function zero(schema: Schema): Json {
  if (schema.ref === QUANTITY) return '0';
  const { type } = schema.ref ? resolve(schema) : schema;
  switch (type) {
    case 'string':
      return '';
    case 'integer':
    case 'number':
      return 0;
    case 'boolean':
      return false;
    case 'array':
      return [];
    default:
      return {};
  }
}

/** Go writes a struct's fields in the order of their declaration. */
function inOrder(out: Record<string, Json>, properties: Readonly<Record<string, Schema>>): Json {
  const names = Object.keys(out);
  if (names.length < 2) return out;
  const ordered: Record<string, Json> = {};
  for (const name in properties) if (name in out) ordered[name] = out[name]!;
  return ordered;
}

const NONE: readonly string[] = [];
/** Storage keeps no empty lists. */
const isEmptyList = (value: Json | undefined): boolean => Array.isArray(value) && value.length === 0;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mismatch = (value: Json, place: Place, unstructured = unconverted(value, place)): DecodeError =>
  unmarshal(jsonType(value), place, unstructured);

const unmarshal = (what: string, { struct, fields, goType }: Place, unstructured: string): DecodeError =>
  new DecodeError(
    fields
      ? `json: cannot unmarshal ${what} into Go struct field ${struct}.${fields} of type ${goType}`
      : `json: cannot unmarshal ${what} into Go value of type ${goType}`,
    unstructured,
  );

const goKind = (value: Json): string =>
  Array.isArray(value)
    ? 'slice'
    : typeof value === 'object'
      ? 'map'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value === 'number'
          ? Number.isInteger(value)
            ? 'int64'
            : 'float64'
          : 'string';

/** Go converts an integer to a string if asked, so that this pair alone is told as not wanted rather than not known. */
function unconverted(value: Json, { goType }: Place): string {
  const plain = goType.includes('.') ? 'string' : goType;
  if (goKind(value) === 'int64' && plain === 'string') return `cannot convert int64 to ${goType}`;
  return `unrecognized type: ${plain}`;
}

const jsonType = (value: Json): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;

/** `io.k8s.api.core.v1.PodSpec` is PodSpec. */
const typeName = (ref: string): string => ref.slice(ref.lastIndexOf('.') + 1);

/** `io.k8s.api.core.v1.PodSpec` is v1.PodSpec. */
const goName = (ref: string): string => ref.split('.').slice(-2).join('.');

function goTypeOf(schema: Schema): string {
  if (schema.goType) return schema.goType;
  if (schema.ref) return goName(schema.ref);
  switch (schema.type) {
    case 'array':
      return `[]${goTypeOf(schema.items ?? {})}`;
    case 'object':
      return `map[string]${typeof schema.additionalProperties === 'object' ? goTypeOf(schema.additionalProperties) : 'interface {}'}`;
    case 'integer':
      return schema.format ?? 'int64';
    case 'boolean':
      return 'bool';
    case 'number':
      return 'float64';
    default:
      return 'string';
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const isBase64 = (text: string): boolean => BASE64.test(text.replace(/[\r\n]/g, ''));

function firstIllegal(text: string): number {
  const illegal = text.search(/[^A-Za-z0-9+/=\r\n]/);
  return illegal >= 0 ? illegal : Math.floor(text.replace(/=+$/, '').length / 4) * 4;
}
