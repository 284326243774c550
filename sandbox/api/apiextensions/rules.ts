/**
 * x-kubernetes-validations: rules in CEL, evaluated by cel-js (apiextensions-apiserver pkg/apiserver/schema/cel/validation.go). What is wrong with their types
 * or costs was refused with the definition (validation/rules.ts).
 */

import { Environment, Optional } from '@marcbachmann/cel-js';
import { own } from '../../sim/own.ts';
import { equal } from '../equality.ts';
import type { Json } from '../object.ts';
import { isJsonObject } from '../patch/merge.ts';
import { toNumber } from '../quantity.ts';
import type { FieldError } from '../resource.ts';
import { duplicate, forbidden, invalid, required, unsaid } from '../resources/validation/errors.ts';
import { escaped } from './escaping.ts';
import { childOf } from './pruning.ts';
import type { JsonSchema, ValidationRule } from './types.ts';
import { regexp } from './validate.ts';

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  enableOptionalTypes: true,
})
  .registerFunction('quantity(string): double', (text: string) => toNumber(text))
  .registerFunction('isURL(string): bool', (text: string) => URL.canParse(text))
  .registerFunction(
    'string.find(string): string',
    (text: string, pattern: string) => regexp(pattern)?.exec(text)?.[0] ?? '',
  )
  .registerFunction('list.isSorted(): bool', (list: readonly never[]) =>
    list.every((item, i) => i === 0 || list[i - 1]! <= item),
  )
  .registerFunction('list.sum(): dyn', (list: readonly (bigint | number)[]) =>
    list.reduce((a, b) => ((a as bigint) + (b as bigint)) as bigint, 0n as bigint | number),
  )
  .registerFunction('list.min(): dyn', (list: readonly never[]) => list.reduce((a, b) => (b < a ? b : a)))
  .registerFunction('list.max(): dyn', (list: readonly never[]) => list.reduce((a, b) => (b > a ? b : a)))
  .registerFunction('list.indexOf(dyn): int', (list: readonly unknown[], item: unknown) =>
    BigInt(list.findIndex((each) => equal(each, item))),
  );

type Program = (context: Record<string, unknown>) => unknown;

const programs = new Map<string, Program>();

/** Throws ParseError. */
function compiled(expression: string): Program {
  let program = programs.get(expression);
  if (!program) {
    program = environment.parse(expression) as Program;
    programs.set(expression, program);
  }
  return program;
}

/** Whether a rule looks at what was before. */
const usesOldSelf = (expression: string): boolean => /\boldSelf\b/.test(expression.replace(/'[^']*'|"[^"]*"/g, ''));

interface Place {
  readonly path: string;
  readonly value: Json;
  readonly old: Json | undefined;
  readonly root?: boolean;
}

/** The errors of all rules at and below a value; what did not change is only held against rules of transition. */
export function* ruleErrors(schema: JsonSchema | undefined, { path, value, old, root }: Place): Generator<FieldError> {
  if (!schema || value === null) return;
  for (const rule of schema['x-kubernetes-validations'] ?? []) {
    const error = ruleError(rule, schema, { path, value, old });
    if (error) yield error;
  }
  for (const each of schema.allOf ?? []) yield* ruleErrors(each, { path, value, old });
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries())
      yield* ruleErrors(schema.items, { path: `${path}[${i}]`, value: item, old: correlated(item, schema, old) });
  } else if (isJsonObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      if (inner === undefined || (root && name === 'metadata')) continue;
      const declared = schema.properties && Object.hasOwn(schema.properties, name);
      const place = declared ? (path ? `${path}.${name}` : name) : `${path}[${name}]`;
      const before = isJsonObject(old) ? own(old, name) : undefined;
      yield* ruleErrors(childOf(schema, name).schema, { path: place, value: inner, old: before });
    }
  }
}

/** The item of a keyed list that was the same. */
function correlated(item: Json, schema: JsonSchema, old: Json | undefined): Json | undefined {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map' || !keys || !Array.isArray(old) || !isJsonObject(item))
    return undefined;
  return old.find((other: Json) => isJsonObject(other) && keys.every((key) => equal(other[key], item[key])));
}

function ruleError(rule: ValidationRule, schema: JsonSchema, { path, value, old }: Place): FieldError | undefined {
  const transition = usesOldSelf(rule.rule);
  if (transition && old === undefined && !rule.optionalOldSelf) return undefined;
  const field = path || '<nil>';
  const text = rule.rule.trim();
  const before = old === undefined ? undefined : celValue(old, schema);
  const variables = {
    self: celValue(value, schema),
    ...(rule.optionalOldSelf
      ? { oldSelf: before === undefined ? Optional.none() : Optional.of(before) }
      : before !== undefined && { oldSelf: before }),
  };
  let holds: unknown;
  try {
    holds = compiled(rule.rule)(variables);
  } catch (error) {
    return invalid(field, schema.type ?? '', `${reasonOf(error)} evaluating rule: ${rule.message?.trim() || text}`);
  }
  if (holds === true || (!transition && old !== undefined && equal(old, value))) return undefined;
  const where = rule.fieldPath ? joined(path, rule.fieldPath) : field;
  return withReason(where, value, schema, rule, detailOf(rule, variables));
}

const joined = (path: string, below: string): string => (path ? `${path}${below}` : below.replace(/^\./, ''));

const reasonOf = (error: unknown): string => (error as Error).message.split('\n')[0]!.trim();

function detailOf({ rule, message, messageExpression }: ValidationRule, variables: Record<string, unknown>): string {
  if (messageExpression) {
    try {
      const said = compiled(messageExpression)(variables);
      if (typeof said === 'string' && said.trim() !== '' && !said.trim().includes('\n')) return said.trim();
    } catch {
      // The message takes its place.
    }
  }
  return message ? message.trim() : `failed rule: ${rule.trim()}`;
}

/** fieldErrorForReason; maps and lists are not printed. */
function withReason(
  field: string,
  value: Json,
  { type }: JsonSchema,
  { reason }: ValidationRule,
  detail: string,
): FieldError {
  switch (reason) {
    case 'FieldValueForbidden':
      return forbidden(field, detail);
    case 'FieldValueRequired':
      return required(field, detail);
    case 'FieldValueDuplicate':
      return duplicate(field, value);
    default:
      return type === 'object' || type === 'array' ? unsaid(field, detail) : invalid(field, value, detail);
  }
}

/** CEL's integers are BigInts; a number of type `number` is a double even when it is whole. */
function celValue(value: Json | undefined, schema: JsonSchema | undefined): unknown {
  if (typeof value === 'number') return schema?.type !== 'number' && Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema?.items));
  if (!isJsonObject(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value))
    if (inner !== undefined) out[escaped(name)] = celValue(inner, childOf(schema, name).schema);
  return out;
}
