/**
 * Rules are refused with their definition where their types do not fit or they may cost too much (apiextensions-apiserver
 * pkg/apiserver/schema/cel/compilation.go, pkg/apis/apiextensions/validation/validation.go, cel_validation.go).
 */

import { compile } from '../../cel/compile.ts';
import type { CelType } from '../../cel/type.ts';
import { optionalOf } from '../../cel/type.ts';
import type { FieldError } from '../../resource.ts';
import { forbidden, invalid } from '../../resources/validation/errors.ts';
import { type DeclaredType, declaredType, MAX_REQUEST, sizesOf } from '../declared-type.ts';
import type { JsonSchema, ValidationRule } from '../types.ts';
import { goRule } from './go-shape.ts';

const RULE_LIMIT = 10_000_000;
const SCHEMA_LIMIT = 100_000_000;
/** Where a uint64 ends. */
const ENDLESS = 2 ** 64;

/** A definition's status is written more often than its schema. */
const known = new WeakMap<JsonSchema, { readonly path: string; readonly errors: readonly FieldError[] }>();

export function validateRules(schema: JsonSchema, path: string): readonly FieldError[] {
  const before = known.get(schema);
  if (before?.path === path) return before.errors;
  const costs = new Costs();
  const errors = [...rulesBelow(schema, path, { isRoot: true, times: 1 }, costs), ...costs.errors(path)];
  known.set(schema, { path, errors });
  return errors;
}

interface Place {
  /** Of a resource, which has a type and a name whatever its schema says. */
  readonly isRoot: boolean;
  /** How often it may occur; undefined without bound. */
  readonly times: number | undefined;
  /** Below here an object's former self cannot be told. */
  readonly uncorrelated?: string;
}

/** What all rules of a schema may cost together, and which are the dearest four. */
class Costs {
  #total = 0;
  #dearest: { readonly path: string; readonly cost: number }[] = [];

  add(path: string, cost: number): void {
    this.#total = Math.min(ENDLESS, this.#total + cost);
    if (cost < SCHEMA_LIMIT / 100) return;
    this.#dearest = [...this.#dearest, { path, cost }].sort((a, b) => b.cost - a.cost).slice(0, 4);
  }

  *errors(path: string): Generator<FieldError> {
    if (this.#total <= SCHEMA_LIMIT) return;
    for (const dear of this.#dearest)
      yield forbidden(
        dear.path,
        'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema',
      );
    const what = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
    yield forbidden(path, exceeding(what, this.#total, SCHEMA_LIMIT));
  }
}

/** getCostErrorMessage. */
function exceeding(what: string, cost: number, limit: number): string {
  const factor = cost / limit;
  const text = factor > 100 ? 'more than 100x' : `${factor.toFixed(factor < 1.5 ? 6 : 1)}x`;
  return `${what} exceeds budget by factor of ${text} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

function* rulesBelow(schema: JsonSchema, path: string, place: Place, costs: Costs): Generator<FieldError> {
  const { items, properties = {}, additionalProperties } = schema;
  const times = timesWithin(schema, place.times);
  const below = (child: JsonSchema, at: string, uncorrelated = place.uncorrelated) =>
    rulesBelow(
      child,
      at,
      {
        isRoot: child['x-kubernetes-embedded-resource'] ?? false,
        times,
        ...(uncorrelated !== undefined && { uncorrelated }),
      },
      costs,
    );
  if (typeof additionalProperties === 'object') yield* below(additionalProperties, `${path}.additionalProperties`);
  const atomic = schema['x-kubernetes-map-type'] === 'atomic' ? path : undefined;
  for (const [name, each] of Object.entries(properties)) yield* below(each, `${path}.properties[${name}]`, atomic);
  if (items) yield* below(items, `${path}.items`, schema['x-kubernetes-list-type'] === 'map' ? undefined : path);
  const rules = schema['x-kubernetes-validations'] ?? [];
  if (rules.length === 0) return;
  const declared = declaredType(schema, place.isRoot, 'selfType');
  if (!declared) return;
  for (const [i, rule] of rules.entries())
    yield* ruleErrors(rule, `${path}.x-kubernetes-validations[${i}]`, declared, place, costs);
}

/** extractMaxElements. */
function timesWithin({ type, maxItems, maxProperties, additionalProperties }: JsonSchema, times: number | undefined) {
  if (times === undefined) return undefined;
  const each =
    type === 'array' ? maxItems : type === 'object' && additionalProperties !== undefined ? maxProperties : 1;
  return each === undefined ? undefined : Math.min(ENDLESS, times * Math.max(0, each));
}

function* ruleErrors(
  rule: ValidationRule,
  at: string,
  declared: DeclaredType,
  { times, uncorrelated }: Place,
  costs: Costs,
): Generator<FieldError> {
  if (!rule.rule.trim()) return;
  const { type } = declared;
  const variables = { self: type, oldSelf: rule.optionalOldSelf ? optionalOf(type) : type };
  const refused = (field: string, why: string): FieldError => ({
    type: 'FieldValueInvalid',
    field: `${at}.${field}`,
    detail: `Invalid value: ${goRule(rule)}: ${why}`,
  });
  const compiled = compile(rule.rule, variables);
  const wrong = problemOf(compiled, 'bool', 'compilation failed', 'cel expression must evaluate to a bool');
  // A request can hold only so many: each takes its room, and a comma.
  const occurs = times ?? Math.floor(MAX_REQUEST / (declared.minSize + 1));
  const cost = wrong === undefined ? Math.min(ENDLESS, compiled.maxCost(sizesOf(declared)) * occurs) : 0;
  if (cost > RULE_LIMIT) yield forbidden(`${at}.rule`, exceeding('estimated rule cost', cost, RULE_LIMIT));
  costs.add(`${at}.rule`, cost);
  if (wrong !== undefined) yield refused('rule', wrong);
  else if (rule.messageExpression) {
    const message = compile(rule.messageExpression, variables);
    const problem = problemOf(
      message,
      'string',
      'messageExpression compilation failed',
      'messageExpression must evaluate to a string',
    );
    if (problem !== undefined) yield refused('messageExpression', problem);
    else {
      const dear = message.maxCost(sizesOf(declared));
      const field = `${at}.messageExpression`;
      if (dear > RULE_LIMIT) yield forbidden(field, exceeding('estimated messageExpression cost', dear, RULE_LIMIT));
      costs.add(field, dear);
    }
  }
  const usesOldSelf = wrong === undefined && compiled.variables.has('oldSelf');
  if (usesOldSelf && uncorrelated !== undefined)
    yield invalid(
      `${at}.rule`,
      rule.rule,
      `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`,
    );
  if (!usesOldSelf && rule.optionalOldSelf !== undefined)
    yield invalid(`${at}.optionalOldSelf`, rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule');
}

function problemOf(
  { issues, type }: { readonly issues?: string; readonly type: CelType },
  wanted: string,
  prefix: string,
  why: string,
): string | undefined {
  if (issues !== undefined) return `${prefix}: ${issues}`;
  return type.name === wanted ? undefined : why;
}
