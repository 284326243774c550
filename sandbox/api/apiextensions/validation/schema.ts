/** A version's schema: structural, its defaults valid, its keywords allowed (validateCustomResourceDefinitionValidation, ValidateCustomResourceDefinitionOpenAPISchema). */

import { equal } from '../../equality.ts';
import type { FieldError } from '../../resource.ts';
import type { Problems } from '../../resources/validation/errors.ts';
import { forbidden, invalid, notSupported, required } from '../../resources/validation/errors.ts';
import { withDefaults } from '../defaulting.ts';
import { prune } from '../pruning.ts';
import type { JsonSchema } from '../types.ts';
import { schemaErrors } from '../validate.ts';
import { subschemas } from '../walk.ts';
import { fieldAt } from './columns.ts';
import { validateRules } from './rules.ts';
import { structuralErrors } from './structural.ts';

/** With a status of its own a root may say only what its properties do not lose by being taken apart. */
const BESIDE_STATUS = [
  'description',
  'type',
  'format',
  'title',
  'maximum',
  'exclusiveMaximum',
  'minimum',
  'exclusiveMinimum',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'multipleOf',
  'required',
  'items',
  'properties',
  'externalDocs',
  'example',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
];

export function validateSchema(schema: JsonSchema, path: string, statusApart: boolean, problems: Problems): void {
  if (statusApart) {
    const odd = Object.keys(schema).find((name) => !BESIDE_STATUS.includes(name));
    if (schema.type && schema.type !== 'object')
      problems.add(
        invalid(
          `${path}.type`,
          schema.type,
          'only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
        ),
      );
    else if (odd)
      problems.add(
        invalid(
          path,
          schema,
          `only ${GO_NAMES} fields are allowed at the root of the schema if the status subresource is enabled`,
        ),
      );
  }
  if (schema.nullable) problems.add(forbidden(`${path}.nullable`, 'nullable cannot be true at the root'));
  // What no structural schema can hold is told of by itself (NewStructural).
  const unheard = [...subschemas(schema)].some((each) => UNSUPPORTED.some((name) => each[name] !== undefined));
  const structural = unheard ? [] : structuralErrors(schema, path);
  problems.addAll(structural);
  const defaults = unheard || structural.length > 0 ? [] : [...defaultErrors(schema, path)];
  problems.addAll(defaults);
  const keywords = [...keywordErrors(schema, path, { root: true })];
  problems.addAll(keywords);
  if (structural.length + defaults.length + keywords.length === 0) problems.addAll(validateRules(schema, path));
}

const GO_NAMES =
  '[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations]';

/** defaulting.ValidateDefaults: what is filled in must be pruned and valid itself. */
function* defaultErrors(schema: JsonSchema, path: string): Generator<FieldError> {
  const given = schema.default;
  if (given !== undefined) {
    const pruned = prune(given, { ...schema, 'x-kubernetes-embedded-resource': false }).value;
    if (!equal(pruned, given)) yield invalid(`${path}.default`, given, 'must not have unknown fields');
    else for (const error of schemaErrors(withDefaults(given, schema), schema, `${path}.default`)) yield error;
  }
  for (const [name, each] of Object.entries(schema.properties ?? {}))
    yield* defaultErrors(each, `${path}.properties[${name}]`);
  if (schema.items) yield* defaultErrors(schema.items, `${path}.items`);
  if (typeof schema.additionalProperties === 'object')
    yield* defaultErrors(schema.additionalProperties, `${path}.additionalProperties`);
}

interface Where {
  readonly root?: boolean;
  readonly insideMeta?: boolean;
  /** Why no default may stand here. */
  readonly noDefaults?: string;
}

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const UNSUPPORTED = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'] as const;
const META = ['metadata', 'kind', 'apiVersion'];

function* keywordErrors(schema: JsonSchema, path: string, where: Where): Generator<FieldError> {
  const { type, items, additionalProperties } = schema;
  if (type && !TYPES.includes(type)) yield notSupported(`${path}.type`, type, TYPES);
  if (schema.default !== undefined && where.noDefaults !== undefined)
    yield forbidden(`${path}.default`, `must not be set ${where.noDefaults}`.trimEnd());
  for (const name of UNSUPPORTED)
    if (schema[name] !== undefined) yield forbidden(`${path}.${name}`, `${name} is not supported`);
  if (where.insideMeta && schema['x-kubernetes-embedded-resource'])
    yield forbidden(`${path}.x-kubernetes-embedded-resource`, 'must not be used inside of resource meta');
  if (schema.uniqueItems)
    yield forbidden(
      `${path}.uniqueItems`,
      'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
    );
  const both = additionalProperties !== undefined && Object.keys(schema.properties ?? {}).length > 0;
  if (both && additionalProperties !== true)
    yield forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive');
  const { root: _root, ...inner } = where;
  if (typeof additionalProperties === 'object')
    yield* keywordErrors(additionalProperties, `${path}.additionalProperties`, {
      ...inner,
      ...(where.insideMeta && { noDefaults: 'inside additionalProperties applying to object metadata' }),
    });
  for (const [name, each] of Object.entries(schema.properties ?? {})) {
    const meta = META.includes(name) && (where.root || schema['x-kubernetes-embedded-resource']);
    yield* keywordErrors(each, `${path}.properties[${name}]`, {
      ...inner,
      ...(meta && { insideMeta: true, ...(where.root && { noDefaults: `in top-level ${name}` }) }),
    });
  }
  if (schema.not) yield* keywordErrors(schema.not, `${path}.not`, inner);
  for (const name of ['allOf', 'oneOf', 'anyOf'] as const)
    for (const [i, each] of (schema[name] ?? []).entries()) yield* keywordErrors(each, `${path}.${name}[${i}]`, inner);
  if (items) yield* keywordErrors(items, `${path}.items`, inner);
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    yield invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined');
  yield* mapTypeErrors(schema, path);
  yield* listTypeErrors(schema, path);
  yield* ruleKeywordErrors(schema, path);
}

function* mapTypeErrors(schema: JsonSchema, path: string): Generator<FieldError> {
  const mapType = schema['x-kubernetes-map-type'];
  if (mapType === undefined) return;
  const why = 'must be object if x-kubernetes-map-type is specified';
  if (!schema.type) yield required(`${path}.type`, why);
  else if (schema.type !== 'object') yield invalid(`${path}.type`, schema.type, why);
  if (mapType !== 'atomic' && mapType !== 'granular')
    yield notSupported(`${path}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']);
}

function* listTypeErrors(schema: JsonSchema, path: string): Generator<FieldError> {
  const { type, items } = schema;
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const field = `${path}.x-kubernetes-list-type`;
  if (listType !== undefined && type !== 'array') {
    const why = 'must be array if x-kubernetes-list-type is specified';
    yield type ? invalid(`${path}.type`, type, why) : required(`${path}.type`, why);
  } else if (listType === 'set' && items) {
    const why = 'must be atomic as item of a list with x-kubernetes-list-type=set';
    const inner = items['x-kubernetes-list-type'];
    if (items.type === 'array' && inner !== undefined && inner !== 'atomic')
      yield invalid(`${path}.items.x-kubernetes-list-type`, inner, why);
    // Upstream shows the list's type, where it means the map's.
    if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic')
      yield invalid(`${path}.items.x-kubernetes-map-type`, inner, why);
  }
  if (listType !== undefined && !['atomic', 'set', 'map'].includes(listType))
    yield notSupported(field, listType, ['atomic', 'set', 'map']);
  if (keys.length > 0 && listType !== 'map') {
    const why = 'must be map if x-kubernetes-list-map-keys is non-empty';
    yield listType === undefined ? required(field, why) : invalid(field, listType, why);
  }
  if (listType === 'map') yield* mapListErrors(schema, keys, path);
  if ((listType === 'map' || listType === 'set') && items?.nullable)
    yield forbidden(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`);
  if (listType === 'map' && items) yield* keyErrors(items, keys, `${path}.items`);
}

function* mapListErrors({ items }: JsonSchema, keys: readonly string[], path: string): Generator<FieldError> {
  const field = `${path}.x-kubernetes-list-map-keys`;
  if (keys.length === 0) yield required(field, 'must not be empty if x-kubernetes-list-type is map');
  if (!items) {
    yield required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map');
    return;
  }
  if (items.type !== 'object')
    yield invalid(
      `${path}.items.type`,
      items.type ?? '',
      "must be object if parent array's x-kubernetes-list-type is map",
    );
  else
    for (const [i, key] of keys.entries()) {
      const property = items.properties?.[key];
      if (!property) yield invalid(field, keys, 'entries must all be names of item properties');
      else if (property.type === 'array' || property.type === 'object')
        yield invalid(
          `${path}.items.properties[${key}].type`,
          items.type,
          "must be a scalar type if parent array's x-kubernetes-list-type is map",
        );
      if (keys.indexOf(key) < i) yield invalid(field, keys, 'must not contain duplicate entries');
    }
}

function* keyErrors(items: JsonSchema, keys: readonly string[], path: string): Generator<FieldError> {
  for (const key of keys) {
    const property = items.properties?.[key];
    if (!property) continue;
    const is = 'this property is in x-kubernetes-list-map-keys, so it';
    if (!items.required?.includes(key) && property.default === undefined)
      yield required(`${path}.properties[${key}].default`, `${is} must have a default or be a required property`);
    if (property.nullable) yield forbidden(`${path}.properties[${key}].nullable`, `${is} cannot be nullable`);
  }
}

const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

function* ruleKeywordErrors(schema: JsonSchema, path: string): Generator<FieldError> {
  for (const [i, rule] of (schema['x-kubernetes-validations'] ?? []).entries()) {
    const at = `${path}.x-kubernetes-validations[${i}]`;
    const text = rule.rule?.trim() ?? '';
    const message = rule.message?.trim() ?? '';
    if (!text) yield required(`${at}.rule`, 'rule is not specified');
    else if (rule.message && !message) yield invalid(`${at}.message`, rule.message, 'must be non-empty if specified');
    else if (/[\n\r]/.test(message)) yield invalid(`${at}.message`, rule.message, 'must not contain line breaks');
    else if (/[\n\r]/.test(text) && !message)
      yield required(`${at}.message`, 'message must be specified if rule contains line breaks');
    if (rule.messageExpression && !rule.messageExpression.trim())
      yield required(`${at}.messageExpression`, 'messageExpression must be non-empty if specified');
    if (rule.reason !== undefined && !REASONS.includes(rule.reason))
      yield notSupported(`${at}.reason`, rule.reason, REASONS);
    if (rule.fieldPath) {
      if (!rule.fieldPath.trim()) yield invalid(`${at}.fieldPath`, rule.fieldPath, 'must be non-empty if specified');
      if (/[\n\r]/.test(rule.fieldPath))
        yield invalid(`${at}.fieldPath`, rule.fieldPath, 'must not contain line breaks');
      if (typeof fieldAt(rule.fieldPath, schema) === 'string')
        yield invalid(`${at}.fieldPath`, rule.fieldPath, 'must be a valid path');
    }
  }
}
