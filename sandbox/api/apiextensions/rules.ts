/**
 * x-kubernetes-validations: rules in CEL, evaluated by cel-js (apiextensions-apiserver pkg/apiserver/schema/cel/validation.go). What is wrong with their types
 * or costs was refused with the definition (validation/rules.ts).
 */

import { Optional } from '@marcbachmann/cel-js';
import { own } from '../../sim/own.ts';
import { compiled } from '../cel/environment.ts';
import { evaluationProblem } from '../cel/errors.ts';
import { escaped } from '../cel/escaping.ts';
import { type Budget, budget, CostLimitError, OutOfBudgetError } from '../cel/meter.ts';
import { equal } from '../equality.ts';
import type { Json } from '../object.ts';
import { isJsonObject, setField } from '../patch/merge.ts';
import type { FieldError } from '../resource.ts';
import { duplicate, forbidden, invalid, required, unsaid } from '../resources/validation/errors.ts';
import { childOf } from './pruning.ts';
import type { JsonSchema, ValidationRule } from './types.ts';

/** Whether a rule looks at what was before. */
const usesOldSelf = (expression: string): boolean => /\boldSelf\b/.test(expression.replace(/'[^']*'|"[^"]*"/g, ''));

interface Place {
  readonly path: string;
  readonly value: Json;
  readonly old: Json | undefined;
  readonly root?: boolean;
}

/** A rule after which no further one is run. */
class LastError extends Error {
  readonly field: FieldError;
  constructor(field: FieldError) {
    super();
    this.field = field;
  }
}

/** The errors of all rules at and below a value; what did not change is only held against rules of transition. */
export function* ruleErrors(schema: JsonSchema | undefined, place: Place): Generator<FieldError> {
  try {
    yield* errorsWithin(schema, place, budget());
  } catch (error) {
    if (!(error instanceof LastError)) throw error;
    yield error.field;
  }
}

function* errorsWithin(
  schema: JsonSchema | undefined,
  { path, value, old, root }: Place,
  left: Budget,
): Generator<FieldError> {
  if (!schema || value === null) return;
  for (const rule of schema['x-kubernetes-validations'] ?? []) {
    const error = ruleError(rule, schema, { path, value, old }, left);
    if (error) yield error;
  }
  for (const each of schema.allOf ?? []) yield* errorsWithin(each, { path, value, old }, left);
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries())
      yield* errorsWithin(
        schema.items,
        { path: `${path}[${i}]`, value: item, old: correlated(item, schema, old) },
        left,
      );
  } else if (isJsonObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      if (inner === undefined || (root && name === 'metadata')) continue;
      const declared = schema.properties && Object.hasOwn(schema.properties, name);
      const place = declared ? (path ? `${path}.${name}` : name) : `${path}[${name}]`;
      const before = isJsonObject(old) ? own(old, name) : undefined;
      yield* errorsWithin(childOf(schema, name).schema, { path: place, value: inner, old: before }, left);
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

function ruleError(
  rule: ValidationRule,
  schema: JsonSchema,
  { path, value, old }: Place,
  left: Budget,
): FieldError | undefined {
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
    holds = compiled(rule.rule)(variables, left);
  } catch (error) {
    return unevaluated(error, field, schema, rule.message?.trim() || text);
  }
  if (holds === true || (!transition && old !== undefined && equal(old, value))) return undefined;
  const where = rule.fieldPath ? joined(path, rule.fieldPath) : field;
  return withReason(where, value, schema, rule, detailOf(rule, variables, left));
}

/** Throws LastError. */
function unevaluated(error: unknown, field: string, { type = '' }: JsonSchema, text: string): FieldError {
  if (error instanceof OutOfBudgetError) throw new LastError(invalid(field, type, error.message));
  const problem = evaluationProblem(error);
  if (!(error instanceof CostLimitError)) return invalid(field, type, `${problem} evaluating rule: ${text}`);
  const why = `'${problem}': no further validation rules will be run due to call cost exceeds limit for rule: ${text}`;
  throw new LastError(invalid(field, type, why));
}

const joined = (path: string, below: string): string => (path ? `${path}${below}` : below.replace(/^\./, ''));

function detailOf(
  { rule, message, messageExpression }: ValidationRule,
  variables: Record<string, unknown>,
  left: Budget,
): string {
  if (messageExpression) {
    try {
      const said = compiled(messageExpression)(variables, left);
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

/** CEL's integers are BigInts; a number of type `number` is a double even when it is whole; times are times. */
function celValue(value: Json | undefined, schema: JsonSchema | undefined): unknown {
  if (typeof value === 'string') return OF_FORMAT[schema?.format ?? '']?.(value) ?? value;
  if (typeof value === 'number') return schema?.type !== 'number' && Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema?.items));
  if (!isJsonObject(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value))
    if (inner !== undefined) setField(out, escaped(name), celValue(inner, childOf(schema, name).schema));
  return out;
}

const time = (text: string) => new Date(text);
const OF_FORMAT: Readonly<Record<string, (text: string) => unknown>> = {
  date: time,
  'date-time': time,
  duration: (text) => compiled('duration(text)')({ text }, budget()),
};
