/** Types of variables from schemas, and expressions checked against them (apiserver pkg/cel/common/schemas.go; cel-go checker). */

import type { Environment } from '@marcbachmann/cel-js';
import type { JsonSchema } from '../apiextensions/types.ts';
import type { Schema } from '../resource.ts';
import { QUANTITY, resolve } from '../schema/schemas.ts';
import { baseEnvironment } from './environment.ts';
import { celType, compilationProblem } from './errors.ts';
import { escaped } from './values.ts';

/** What SchemaDeclType looks at, of either kind of schema. */
type Shape<S> =
  | string
  | { readonly items: S }
  | { readonly values: S }
  | { readonly fields: Readonly<Record<string, S>>; readonly name?: string | undefined };

/** cel-js's name of a type; undefined is what expressions may not see. */
type TypeName = string | undefined;

const SIMPLE: Readonly<Record<string, string>> = { integer: 'int', number: 'double', boolean: 'bool' };
const OF_STRINGS: Readonly<Record<string, string>> = {
  byte: 'bytes',
  duration: 'google.protobuf.Duration',
  date: 'google.protobuf.Timestamp',
  'date-time': 'google.protobuf.Timestamp',
};

const ofFormat = (format: string | undefined): string => OF_STRINGS[format ?? ''] ?? 'string';

/** Amounts, and numbers that may be texts, have no type in the API server's OpenAPI document: no field of theirs is seen. */
function shapeOfBuiltIn(given: Schema): Shape<Schema> | undefined {
  if (given.ref === QUANTITY) return undefined;
  const schema = resolve(given);
  if (schema.intOrString) return undefined;
  switch (schema.type) {
    case 'array':
      return schema.items && { items: schema.items };
    case 'object':
      return typeof schema.additionalProperties === 'object'
        ? { values: schema.additionalProperties }
        : { fields: schema.properties ?? {}, name: given.ref };
    case 'string':
      return ofFormat(schema.format);
    default:
      return schema.properties ? { fields: schema.properties, name: given.ref } : SIMPLE[schema.type ?? ''];
  }
}

function shapeOfCustom(schema: JsonSchema): Shape<JsonSchema> | undefined {
  if (schema['x-kubernetes-int-or-string']) return 'dyn';
  switch (schema.type) {
    case 'array':
      return schema.items && { items: schema.items };
    case 'object':
      return typeof schema.additionalProperties === 'object'
        ? { values: schema.additionalProperties }
        : { fields: schema.properties ?? {} };
    case 'string':
      return ofFormat(schema.format);
    default:
      return SIMPLE[schema.type ?? ''];
  }
}

let functions: ReadonlySet<string> | undefined;

/** A function of the library or a macro. */
function isFunction(name: string): boolean {
  functions ??= new Set(
    baseEnvironment()
      .getDefinitions()
      .functions.map((each) => each.name),
  );
  return functions.has(name);
}

/** An environment of its own, whose variables are those that are declared. */
export class Declarations {
  readonly #environment: Environment = baseEnvironment().clone();
  readonly #declared = new Map<string, TypeName>();

  variable(name: string, type: string): this {
    this.#environment.registerVariable(name, type);
    return this;
  }

  /** A type with these fields, by its name. */
  type(name: string, fields: Readonly<Record<string, string>>): string {
    this.#environment.registerType(name, { fields: { ...fields } });
    return name;
  }

  /** The type of a built-in kind's objects. */
  builtIn(schema: Schema, name: string): string {
    return this.#declare(schema, name, shapeOfBuiltIn) ?? 'dyn';
  }

  /** The type of what a definition's schema describes; at the root of objects with what all of them have. */
  custom(schema: JsonSchema, name: string, { root = false } = {}): string {
    return this.#declare(root ? withTypeAndMeta(schema) : schema, name, shapeOfCustom) ?? 'dyn';
  }

  #declare<S>(schema: S, name: string, shapeOf: (schema: S) => Shape<S> | undefined): TypeName {
    const shape = shapeOf(schema);
    if (shape === undefined || typeof shape === 'string') return shape;
    if ('items' in shape) {
      const items = this.#declare(shape.items, `${name}.items`, shapeOf);
      return items && `list<${items}>`;
    }
    if ('values' in shape) {
      const values = this.#declare(shape.values, `${name}.values`, shapeOf);
      return values && `map<string, ${values}>`;
    }
    const key = shape.name ?? name;
    if (this.#declared.has(key)) return this.#declared.get(key);
    // A type that holds itself is looked into once.
    this.#declared.set(key, 'dyn');
    const fields: Record<string, string> = {};
    for (const [field, inner] of Object.entries(shape.fields)) {
      const type = this.#declare(inner, `${name}.${field.replace(/\W/g, '_')}`, shapeOf);
      if (type !== undefined) fields[escaped(field)] = type;
    }
    const declared = this.type(key.replace(/[^\w.]/g, '_'), fields);
    this.#declared.set(key, declared);
    return declared;
  }

  /** The type that an expression comes to, as cel-go and as this environment calls it, or what is wrong with the expression. */
  check(expression: string): { readonly type: string; readonly name: string } | { readonly problem: string } {
    const { valid, type = 'dyn', error } = this.#environment.check(expression);
    if (!valid) return { problem: compilationProblem(error, expression, isFunction) };
    const problem = this.#absent(expression);
    return problem === undefined ? { type: celType(type), name: type } : { problem };
  }

  /** has() asks for fields that there are; cel-js looks at its variable only. */
  #absent(expression: string): string | undefined {
    for (const [, path = '', offset] of presenceTests(expression)) {
      if (!this.#environment.hasVariable(path.split(/\W/)[0]!)) continue;
      const spaced = ' '.repeat(offset) + path;
      const { error } = this.#environment.check(spaced);
      if (error) return compilationProblem(error, expression, isFunction);
    }
    return undefined;
  }
}

/** The paths in the has() of an expression, with their places; what stands in quotes is none. */
function* presenceTests(expression: string): Generator<readonly [string, string, number]> {
  for (const match of expression.matchAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\bhas\(\s*([\w.[\]]+)\s*\)/g)) {
    const [text, path] = match;
    if (path !== undefined) yield [text, path, match.index + text.indexOf(path, 4)];
  }
}

/** WithTypeAndObjectMeta. */
const withTypeAndMeta = (schema: JsonSchema): JsonSchema => ({
  ...schema,
  type: 'object',
  properties: {
    ...schema.properties,
    kind: { type: 'string' },
    apiVersion: { type: 'string' },
    metadata: schema.properties?.metadata?.properties
      ? schema.properties.metadata
      : { type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } },
  },
});
