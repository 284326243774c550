/** Rules that cannot be read are refused with their definition (apiextensions-apiserver pkg/apiserver/schema/cel/compilation.go); their costs are not estimated. */

import type { FieldError } from '../../resource.ts';
import { compiled, usesOldSelf } from '../rules.ts';
import type { JsonSchema, ValidationRule } from '../types.ts';
import { goRule } from './go-shape.ts';

export function* validateRules(schema: JsonSchema, path: string): Generator<FieldError> {
  for (const [i, rule] of (schema['x-kubernetes-validations'] ?? []).entries()) {
    const at = `${path}.x-kubernetes-validations[${i}]`;
    const wrong = problem(rule.rule);
    if (wrong) yield refused(`${at}.rule`, rule, `compilation failed: ${wrong}`);
    const message = rule.messageExpression && problem(rule.messageExpression);
    if (message) yield refused(`${at}.messageExpression`, rule, `messageExpression compilation failed: ${message}`);
    if (rule.optionalOldSelf !== undefined && !usesOldSelf(rule.rule))
      yield {
        type: 'FieldValueInvalid',
        field: `${at}.optionalOldSelf`,
        detail: `Invalid value: ${rule.optionalOldSelf}: may not be set if oldSelf is not used in rule`,
      };
  }
  for (const [name, each] of Object.entries(schema.properties ?? {}))
    yield* validateRules(each, `${path}.properties[${name}]`);
  if (schema.items) yield* validateRules(schema.items, `${path}.items`);
  if (typeof schema.additionalProperties === 'object')
    yield* validateRules(schema.additionalProperties, `${path}.additionalProperties`);
}

const refused = (field: string, rule: ValidationRule, why: string): FieldError => ({
  type: 'FieldValueInvalid',
  field,
  detail: `Invalid value: ${goRule(rule)}: ${why}`,
});

/** cel-js's own words, in the frame of cel-go's. */
function problem(expression: string): string | undefined {
  try {
    compiled(expression);
    return undefined;
  } catch (error) {
    return `ERROR: <input>:1:1: ${(error as Error).message.split('\n')[0]}`;
  }
}
