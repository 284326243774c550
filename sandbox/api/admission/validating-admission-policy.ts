/** ValidatingAdmissionPolicy: expressions in CEL that a request must meet (apiserver pkg/admission/plugin/policy/validating). */

import { failure, qualified } from '../errors.ts';
import type { KubeObject, StatusError } from '../object.ts';
import type { Resource, StrategyContext } from '../resource.ts';
import type { Attributes, Plugin } from './plugin.ts';
import { requestName } from './plugin.ts';
import { conditionsHold, Evaluation, ExpressionError } from './policy/evaluation.ts';
import { isExempt, matched } from './policy/matching.ts';
import { ConfigurationError, paramResource, paramsOf } from './policy/params.ts';
import type { ValidatingAdmissionPolicy as Policy, PolicyBinding, Validation } from './policy/types.ts';

const BINDINGS = 'validatingadmissionpolicybindings';
const POLICIES = 'validatingadmissionpolicies';

/** A validation that failed, or a policy that could not be gone by. */
interface Denial {
  readonly policy: Policy;
  readonly binding?: PolicyBinding;
  readonly message: string;
  readonly reason?: string | undefined;
}

export const validatingAdmissionPolicy: Plugin = {
  name: 'ValidatingAdmissionPolicy',
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
  resources: ['*/*'],
  validate: (attributes, context) => {
    const all = context.list(BINDINGS, '') as readonly PolicyBinding[];
    if (all.length === 0 || isExempt(attributes)) return;
    const denials: Denial[] = [];
    for (const policy of context.list(POLICIES, '') as readonly Policy[]) {
      const bindings = all.filter(({ spec }) => spec?.policyName === policy.metadata.name);
      if (bindings.length > 0) denials.push(...judged(policy, bindings, attributes, context));
    }
    if (denials[0]) throw denied(denials[0], attributes);
  },
};

function judged(
  policy: Policy,
  bindings: readonly PolicyBinding[],
  attributes: Attributes,
  context: StrategyContext,
): readonly Denial[] {
  const resource = matched(policy.spec?.matchConstraints ?? {}, attributes, context);
  if (!resource) return [];
  let params: Resource | undefined;
  try {
    params = paramResource(policy.spec?.paramKind, context);
  } catch (error) {
    return misconfigured(error, { policy });
  }
  return bindings.flatMap((binding) => {
    const { matchResources, paramRef } = binding.spec ?? {};
    if (matchResources && !matched(matchResources, attributes, context)) return [];
    try {
      return paramsOf(params, paramRef, attributes.namespace, context).flatMap((param) =>
        enforced(failures(policy, resource, param, attributes, context), policy, binding, attributes),
      );
    } catch (error) {
      return misconfigured(error, { policy, binding });
    }
  });
}

/** What a misconfiguration comes to: nothing, if the policy says so. */
function misconfigured(error: unknown, { policy, binding }: Pick<Denial, 'policy' | 'binding'>): readonly Denial[] {
  if (!(error instanceof ConfigurationError)) throw error;
  if (policy.spec?.failurePolicy === 'Ignore') return [];
  const message = `failed to configure ${binding ? 'binding' : 'policy'}: ${error.message}`;
  return [{ policy, ...(binding && { binding }), message }];
}

type Failure = Pick<Denial, 'message' | 'reason'>;

/** validator.Validate; audit annotations are worked out nowhere, as nobody keeps an audit log. */
function failures(
  { spec }: Policy,
  resource: Resource,
  params: KubeObject | undefined,
  attributes: Attributes,
  context: StrategyContext,
): readonly Failure[] {
  const { matchConditions, variables = [], validations = [], failurePolicy } = spec ?? {};
  const ignore = failurePolicy === 'Ignore';
  const holds = conditionsHold(matchConditions, () => new Evaluation(attributes, resource, { params }, context));
  if (holds === false) return [];
  if (holds !== true) return ignore ? [] : [{ message: holds.message }];
  const evaluation = new Evaluation(attributes, resource, { params, variables }, context);
  return validations.flatMap((validation): readonly Failure[] => {
    try {
      if (evaluation.value(validation.expression) === true) return [];
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return ignore ? [] : [{ message: error.message }];
    }
    return [{ message: messageOf(validation, evaluation), reason: validation.reason }];
  });
}

/** MaxEvaluatedMessageExpressionSizeBytes. */
const LONGEST_MESSAGE = 5 * 1024;

function messageOf({ expression, message = '', messageExpression }: Validation, evaluation: Evaluation): string {
  const said = messageExpression ? saidBy(messageExpression, evaluation) : '';
  return said || message.trim() || `failed expression: ${expression.trim()}`;
}

function saidBy(expression: string, evaluation: Evaluation): string {
  try {
    const value = evaluation.value(expression);
    const text = typeof value === 'string' ? value.trim() : '';
    return text.includes('\n') || new TextEncoder().encode(text).length > LONGEST_MESSAGE ? '' : text;
  } catch (error) {
    if (error instanceof ExpressionError) return '';
    throw error;
  }
}

/** What the binding wants done about what failed. */
function enforced(
  found: readonly Failure[],
  policy: Policy,
  binding: PolicyBinding,
  { warn }: Attributes,
): readonly Denial[] {
  const { validationActions = [] } = binding.spec ?? {};
  if (validationActions.includes('Warn'))
    for (const { message } of found)
      warn?.(
        `Validation failed for ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${binding.metadata.name}': ${message}`,
      );
  return validationActions.includes('Deny') ? found.map((failure) => ({ policy, binding, ...failure })) : [];
}

const CODES: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413 };

function denied({ policy, binding, message: why, reason = 'Invalid' }: Denial, attributes: Attributes): StatusError {
  const { resource } = attributes;
  const name = requestName(attributes);
  const by = binding ? ` with binding '${binding.metadata.name}'` : '';
  const message = `ValidatingAdmissionPolicy '${policy.metadata.name}'${by} denied request: ${why}`;
  return failure(CODES[reason] ?? 422, reason, `${qualified(resource)} "${name}" is forbidden: ${message}`, {
    name,
    ...(resource.group && { group: resource.group }),
    kind: resource.name,
    causes: [{ message }],
  });
}
