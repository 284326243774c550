/** Rules that cannot be compiled are refused with their definition (apiextensions-apiserver pkg/apiserver/schema/cel/compilation.go); their costs are not estimated. */

import { Declarations } from '../../cel/declarations.ts';
import type { FieldError } from '../../resource.ts';
import { usesOldSelf } from '../rules.ts';
import type { JsonSchema, ValidationRule } from '../types.ts';
import { goRule } from './go-shape.ts';

export function* validateRules(schema: JsonSchema, path: string, root = true): Generator<FieldError> {
  for (const [i, rule] of (schema['x-kubernetes-validations'] ?? []).entries())
    yield* ruleErrors(rule, schema, `${path}.x-kubernetes-validations[${i}]`, root);
  for (const [name, each] of Object.entries(schema.properties ?? {}))
    yield* validateRules(each, `${path}.properties[${name}]`, false);
  if (schema.items) yield* validateRules(schema.items, `${path}.items`, false);
  if (typeof schema.additionalProperties === 'object')
    yield* validateRules(schema.additionalProperties, `${path}.additionalProperties`, false);
}

function* ruleErrors(rule: ValidationRule, schema: JsonSchema, at: string, root: boolean): Generator<FieldError> {
  const declarations = new Declarations();
  const self = declarations.custom(schema, 'self_type', { root });
  declarations.variable('self', self).variable('oldSelf', rule.optionalOldSelf ? `optional<${self}>` : self);
  const complaint = (expression: string, type: string, otherwise: string): string | undefined => {
    const checked = declarations.check(expression);
    if ('problem' in checked) return `compilation failed: ${checked.problem}`;
    return checked.type === type ? undefined : otherwise;
  };
  const wrong = complaint(rule.rule, 'bool', 'cel expression must evaluate to a bool');
  if (wrong) yield refused(`${at}.rule`, rule, wrong);
  const { messageExpression } = rule;
  const message =
    messageExpression && complaint(messageExpression, 'string', 'messageExpression must evaluate to a string');
  if (message)
    yield refused(`${at}.messageExpression`, rule, message.replace(/^compilation/, 'messageExpression compilation'));
  // Of what does not compile nobody knows.
  if (rule.optionalOldSelf !== undefined && (wrong || !usesOldSelf(rule.rule)))
    yield {
      type: 'FieldValueInvalid',
      field: `${at}.optionalOldSelf`,
      detail: `Invalid value: ${rule.optionalOldSelf}: may not be set if oldSelf is not used in rule`,
    };
}

const refused = (field: string, rule: ValidationRule, why: string): FieldError => ({
  type: 'FieldValueInvalid',
  field,
  detail: `Invalid value: ${goRule(rule)}: ${why}`,
});
