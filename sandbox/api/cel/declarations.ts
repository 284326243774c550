/** Variables with their types, and expressions checked against them. */

import { declaredType } from '../apiextensions/declared-type.ts';
import type { JsonSchema } from '../apiextensions/types.ts';
import type { Schema } from '../resource.ts';
import { QUANTITY, resolve } from '../schema/schemas.ts';
import { compile } from './compile.ts';
import { escaped } from './escaping.ts';
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
} from './type.ts';

export class Declarations {
  readonly #variables: Record<string, CelType> = {};

  /** Adds one; its name may have dots in it. */
  variable(name: string, type: CelType): this {
    this.#variables[name] = type;
    return this;
  }

  /** The type that an expression comes to, or what is wrong with the expression. */
  check(
    expression: string,
    options?: { readonly mixed?: boolean },
  ): { readonly type: CelType } | { readonly problem: string } {
    const { issues, type } = compile(expression, this.#variables, options);
    return issues === undefined ? { type } : { problem: issues };
  }
}

/** The type of what a definition's schema describes; at the root of objects with what all of them have. */
export const customType = (schema: JsonSchema, name: string, isRoot: boolean): CelType =>
  declaredType(schema, isRoot, name)?.type ?? DYN;

/** The type of a built-in kind's objects (apiserver pkg/cel/common/schemas.go, SchemaDeclType). */
export const builtInType = (schema: Schema, name: string): CelType => new BuiltIn().declare(schema, name) ?? DYN;

const SIMPLE: Readonly<Record<string, CelType>> = { integer: INT, number: DOUBLE, boolean: BOOL };
const OF_STRINGS: Readonly<Record<string, CelType>> = {
  byte: BYTES,
  duration: DURATION,
  date: TIMESTAMP,
  'date-time': TIMESTAMP,
};

class BuiltIn {
  readonly #declared = new Map<string, CelType>();

  /** Amounts, and numbers that may be texts, have no type in the API server's OpenAPI document: no field of theirs is seen. */
  declare(given: Schema, name: string): CelType | undefined {
    if (given.ref === QUANTITY) return undefined;
    const schema = resolve(given);
    if (schema.intOrString) return undefined;
    if (schema.type === 'string') return OF_STRINGS[schema.format ?? ''] ?? STRING;
    if (schema.type === 'array') return this.#wrapped(schema.items, `${name}.items`, listOf);
    if (typeof schema.additionalProperties === 'object')
      return this.#wrapped(schema.additionalProperties, `${name}.values`, (values) => mapOf(STRING, values));
    if (schema.type === 'object' || schema.properties) return this.#object(schema, name, given.ref ?? name);
    return SIMPLE[schema.type ?? ''];
  }

  #wrapped(inner: Schema | undefined, name: string, wrap: (type: CelType) => CelType): CelType | undefined {
    const type = inner && this.declare(inner, name);
    return type && wrap(type);
  }

  #object({ properties = {} }: Schema, name: string, key: string): CelType {
    const known = this.#declared.get(key);
    if (known) return known;
    // A type that holds itself is looked into once.
    this.#declared.set(key, DYN);
    const fields: Record<string, CelType> = {};
    for (const [property, inner] of Object.entries(properties)) {
      const type = this.declare(inner, `${name}.${property}`);
      if (type) fields[escaped(property)] = type;
    }
    const type = structOf(name, fields);
    this.#declared.set(key, type);
    return type;
  }
}
