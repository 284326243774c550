/** Whether a schema is structural (apiextensions-apiserver pkg/apiserver/schema/validation.go, complete.go). */

import { regexp } from '../../regexp.ts';
import type { FieldError } from '../../resource.ts';
import { forbidden, invalid, required } from '../../resources/validation/errors.ts';
import type { JsonSchema } from '../types.ts';

type Level = 'root' | 'item' | 'field';

/** Sorted by their texts. */
export function structuralErrors(schema: JsonSchema, path: string): readonly FieldError[] {
  const text = ({ field, detail }: FieldError) => `${field}: ${detail}`;
  return [...invariants(schema, 'root', path), ...completeness(schema, schema, path, path)].sort((a, b) =>
    text(a) < text(b) ? -1 : 1,
  );
}

const EMPTY_TYPE: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

function* invariants(schema: JsonSchema, level: Level, path: string): Generator<FieldError> {
  const { type, items, additionalProperties } = schema;
  if (type === 'array' && !items) yield required(`${path}.items`, 'must be specified');
  if (items) yield* invariants(items, 'item', `${path}.items`);
  for (const [name, each] of Object.entries(schema.properties ?? {}))
    if (!(level === 'root' && name === 'metadata')) yield* invariants(each, 'field', `${path}.properties[${name}]`);
  if (additionalProperties !== undefined) {
    if (level === 'root') yield forbidden(`${path}.additionalProperties`, 'must not be used at the root');
    if (typeof additionalProperties === 'object')
      yield* invariants(additionalProperties, 'field', `${path}.additionalProperties`);
  }
  yield* extensions(schema, path);
  yield* values(schema, path, isIntOrString(schema));
  yield* types(schema, level, path);
  if (level === 'root' || schema['x-kubernetes-embedded-resource']) yield* metadata(schema, level, path);
}

function* extensions(schema: JsonSchema, path: string): Generator<FieldError> {
  if (!schema['x-kubernetes-int-or-string']) return;
  for (const name of ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const)
    if (schema[name]) yield invalid(`${path}.${name}`, true, 'must be false if x-kubernetes-int-or-string is true');
}

function* types(schema: JsonSchema, level: Level, path: string): Generator<FieldError> {
  const { type } = schema;
  if (schema['x-kubernetes-embedded-resource'] && type !== 'object') {
    const why = 'must be object if x-kubernetes-embedded-resource is true';
    yield type ? invalid(`${path}.type`, type, why) : required(`${path}.type`, why);
  } else if (!type && !schema['x-kubernetes-int-or-string'] && !schema['x-kubernetes-preserve-unknown-fields'])
    yield required(`${path}.type`, EMPTY_TYPE[level]);
  if (level === 'root' && type && type !== 'object') yield invalid(`${path}.type`, type, 'must be object at the root');
}

/** Names of metadata may be restricted at the root, and nothing else of it. */
function* metadata(schema: JsonSchema, level: Level, path: string): Generator<FieldError> {
  for (const name of ['kind', 'apiVersion']) {
    const property = schema.properties?.[name];
    if (property && property.type !== 'string')
      yield invalid(`${path}.properties[${name}].type`, property.type ?? '', 'must be string');
  }
  const meta = schema.properties?.metadata;
  if (meta && meta.type !== 'object')
    yield invalid(`${path}.properties[metadata].type`, meta.type ?? '', 'must be object');
  if (meta && level === 'root') {
    const { type: _type, properties = {}, ...rest } = meta;
    const more = Object.keys(properties).some((name) => name !== 'name' && name !== 'generateName');
    if (more || Object.keys(rest).length > 0)
      yield forbidden(
        `${path}.properties[metadata]`,
        'must not specify anything other than name and generateName, but metadata is implicitly specified',
      );
  }
  if (
    schema['x-kubernetes-embedded-resource'] &&
    !schema['x-kubernetes-preserve-unknown-fields'] &&
    !Object.keys(schema.properties ?? {}).length
  )
    yield required(
      `${path}.properties`,
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
    );
}

const isPair = (any: readonly JsonSchema[] | undefined): boolean =>
  any?.length === 2 && JSON.stringify(any) === '[{"type":"integer"},{"type":"string"}]';

/** The two forms in which an int-or-string may name its types. */
const isIntOrString = ({ anyOf, allOf }: JsonSchema): boolean => isPair(anyOf) || isPair(allOf?.[0]?.anyOf);

function* values(schema: JsonSchema, path: string, pair: boolean): Generator<FieldError> {
  const { anyOf = [], allOf = [], oneOf = [], not, pattern } = schema;
  if (!isPair(schema.anyOf) || !pair)
    for (const [i, each] of anyOf.entries()) yield* nested(each, `${path}.anyOf[${i}]`, false);
  for (const [i, each] of allOf.entries()) yield* nested(each, `${path}.allOf[${i}]`, pair && i === 0);
  for (const [i, each] of oneOf.entries()) yield* nested(each, `${path}.oneOf[${i}]`, false);
  if (not) yield* nested(not, `${path}.not`, false);
  if (pattern && !regexp(pattern))
    yield invalid(
      `${path}.pattern`,
      pattern,
      `must be a valid regular expression, but isn't: error parsing regexp: ${regexpProblem(pattern)}`,
    );
}

/** regexp/syntax's words for what is most often wrong. */
function regexpProblem(pattern: string): string {
  const bracket = /(?:^|[^\\])(\[[^\]]*)$/.exec(pattern);
  if (bracket) return `missing closing ]: \`${bracket[1]}\``;
  const depth = (pattern.match(/(?<!\\)\(/g)?.length ?? 0) - (pattern.match(/(?<!\\)\)/g)?.length ?? 0);
  if (depth > 0) return `missing closing ): \`${pattern}\``;
  if (depth < 0) return `unexpected ): \`${pattern}\``;
  const repeat = /^[*+?]|[(|]([*+?])/.exec(pattern);
  return repeat
    ? `missing argument to repetition operator: \`${repeat[1] ?? repeat[0]}\``
    : `invalid or unsupported Perl syntax: \`${pattern}\``;
}

const FORBIDDEN: readonly (readonly [keyof JsonSchema, string])[] = [
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
];

/** Below a logical junctor only values are spoken of. */
function* nested(schema: JsonSchema, path: string, pair: boolean): Generator<FieldError> {
  yield* values(schema, path, pair && isPair(schema.anyOf));
  if (schema.items) yield* nested(schema.items, `${path}.items`, false);
  for (const [name, each] of Object.entries(schema.properties ?? {}))
    yield* nested(each, `${path}.properties[${name}]`, false);
  if (schema.type) yield forbidden(`${path}.type`, 'must be empty to be structural');
  if (schema.additionalProperties !== undefined)
    yield forbidden(`${path}.additionalProperties`, 'must be undefined to be structural');
  for (const [name, why] of FORBIDDEN) if (schema[name] !== undefined) yield forbidden(`${path}.${name}`, why);
  if (schema.properties?.metadata)
    yield forbidden(`${path}.properties[metadata]`, 'must not be specified in a nested context');
}

/** What is spoken of below a junctor must be specified above it. */
function* completeness(
  value: JsonSchema,
  structure: JsonSchema | undefined,
  path: string,
  valuePath: string,
): Generator<FieldError> {
  const junctors: (readonly [string, JsonSchema])[] = [
    ...(value.not ? [['not', value.not] as const] : []),
    ...(['allOf', 'anyOf', 'oneOf'] as const).flatMap((name) =>
      (value[name] ?? []).map((each, i) => [`${name}[${i}]`, each] as const),
    ),
  ];
  for (const [name, each] of junctors) yield* nestedCompleteness(each, structure, path, `${valuePath}.${name}`);
}

function* nestedCompleteness(
  value: JsonSchema,
  structure: JsonSchema | undefined,
  path: string,
  valuePath: string,
): Generator<FieldError> {
  if (!structure) {
    yield required(path, `because it is defined in ${valuePath}`);
    return;
  }
  yield* completeness(value, structure, path, valuePath);
  if (value.items) yield* nestedCompleteness(value.items, structure.items, `${path}.items`, `${valuePath}.items`);
  for (const [name, each] of Object.entries(value.properties ?? {}))
    yield* nestedCompleteness(
      each,
      structure.properties?.[name],
      `${path}.properties[${name}]`,
      `${valuePath}.properties[${name}]`,
    );
}
