/** The expressions of one policy, put to one request (apiserver pkg/admission/plugin/cel: activation.go, composition.go, condition.go). */

import { serviceAccountUser, type User } from '../../authenticator/user.ts';
import { mayDo, mayRead } from '../../authorizer/rbac.ts';
import { compiled } from '../../cel/environment.ts';
import { CelError, evaluationProblem } from '../../cel/errors.ts';
import { type AccessReviewer, Authorizer } from '../../cel/library/authorization.ts';
import { type Budget, budget, OutOfBudgetError } from '../../cel/meter.ts';
import { celValue } from '../../cel/values.ts';
import type { KubeObject } from '../../object.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import type { Attributes } from '../plugin.ts';
import { namespaceOf } from './matching.ts';
import type { Named } from './types.ts';
import { kindOf, requested, resourceOf, versioned } from './versions.ts';

/** An expression that came to no value, as a policy says it. */
export class ExpressionError extends Error {}

export class Evaluation {
  readonly #inputs: Record<string, unknown>;
  readonly #budget = budget();

  constructor(
    attributes: Attributes,
    resource: Resource,
    { params, variables = [] }: { readonly params?: KubeObject | undefined; readonly variables?: readonly Named[] },
    context: StrategyContext,
  ) {
    this.#inputs = inputsOf(attributes, resource, params, context);
    // Conditions come before variables, and know none.
    if (variables.length > 0) this.#inputs.variables = composed(variables, this.#inputs, this.#budget);
  }

  /** Throws ExpressionError. `text` is what is told of an expression that had to be rewritten. */
  value(expression: string, text = expression): unknown {
    try {
      return compiled(expression)(this.#inputs, this.#budget);
    } catch (error) {
      if (error instanceof OutOfBudgetError) throw new ExpressionError(error.message);
      throw new ExpressionError(`expression '${text}' resulted in error: ${evaluationProblem(error)}`);
    }
  }
}

/** Each is worked out when it is first asked for, and once. */
function composed(variables: readonly Named[], inputs: Record<string, unknown>, left: Budget): object {
  const values: Record<string, unknown> = {};
  for (const { name, expression } of variables)
    Object.defineProperty(values, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        const get = variable(name, expression, inputs, left);
        Object.defineProperty(values, name, { get, enumerable: true });
        return get();
      },
    });
  return values;
}

/** What it came to, be it an error: that is not worked out again either. */
function variable(name: string, expression: string, inputs: Record<string, unknown>, left: Budget): () => unknown {
  try {
    const value = compiled(expression)(inputs, left);
    return () => value;
  } catch (error) {
    const failed =
      error instanceof OutOfBudgetError
        ? error
        : new CelError(`composited variable "${name}" fails to evaluate: ${evaluationProblem(error)}`);
    return () => {
      throw failed;
    };
  }
}

/** Made as they are asked for: most expressions look at the object only. */
function inputsOf(
  attributes: Attributes,
  resource: Resource,
  params: KubeObject | undefined,
  context: StrategyContext,
): Record<string, unknown> {
  const { object, oldObject, subresource, user } = attributes;
  const namespace = attributes.namespace ? context.lookup('namespaces', '', attributes.namespace) : undefined;
  return lazily({
    object: () => celValue(versioned(object, resource, subresource) ?? null),
    oldObject: () => celValue(versioned(oldObject, resource, subresource) ?? null),
    params: () => celValue(params ?? null),
    request: () => celValue(requestOf(attributes, resource, context)),
    namespaceObject: () => celValue(namespace ?? null),
    authorizer: () =>
      new Authorizer(reviewerOf(user, context), {
        group: resource.group,
        resource: resource.name,
        subresource,
        namespace: attributes.namespace,
        name: attributes.name,
      }),
  });
}

function lazily(make: Readonly<Record<string, () => unknown>>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(make)) {
    let made: { readonly value: unknown } | undefined;
    Object.defineProperty(out, name, {
      enumerable: true,
      get: () => {
        made ??= { value: value() };
        return made.value;
      },
    });
  }
  return out;
}

const OPTIONS: Readonly<Record<string, string>> = {
  CREATE: 'CreateOptions',
  UPDATE: 'UpdateOptions',
  DELETE: 'DeleteOptions',
};

/** CreateAdmissionRequest: kind and resource are those the policy is about, requestKind and requestResource those that were asked for. */
function requestOf(attributes: Attributes, resource: Resource, context: StrategyContext): object {
  const { operation, subresource, name, dryRun = false, user, manager } = attributes;
  const asked = requested(attributes, context);
  const namespace = namespaceOf(attributes);
  const options = OPTIONS[operation];
  return {
    uid: '',
    kind: kindOf(resource, subresource),
    resource: resourceOf(resource),
    ...(subresource && { subResource: subresource }),
    requestKind: kindOf(asked, subresource),
    requestResource: resourceOf(asked),
    ...(subresource && { requestSubResource: subresource }),
    ...(name && { name }),
    ...(namespace && { namespace }),
    operation,
    userInfo: { username: user.name, ...(user.uid && { uid: user.uid }), groups: user.groups },
    dryRun,
    ...(options && {
      options: {
        kind: options,
        apiVersion: 'meta.k8s.io/v1',
        ...(manager && operation !== 'DELETE' && { fieldManager: manager }),
        ...(dryRun && { dryRun: ['All'] }),
      },
    }),
  };
}

function reviewerOf(user: User, context: StrategyContext): AccessReviewer {
  return {
    mayDo: ({ resource, subresource, ...more }) =>
      mayDo({ context }, user, { ...more, resource: subresource ? `${resource}/${subresource}` : resource }),
    mayRead: (verb, path) => mayRead({ context }, user, verb, path),
    as: ({ namespace, name }) => reviewerOf(serviceAccountUser(namespace, name), context),
  };
}

/** Whether the conditions hold, all in one evaluation, made if there are any; false is one that does not, and an error only counts where none is false (matchconditions/matcher.go). */
export function conditionsHold(
  conditions: readonly Named[] | undefined,
  start: () => Evaluation,
): boolean | ExpressionError {
  if (!conditions?.length) return true;
  const evaluation = start();
  const errors: string[] = [];
  for (const { expression } of conditions) {
    try {
      if (evaluation.value(expression) === false) return false;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      errors.push(error.message);
    }
  }
  if (errors.length === 0) return true;
  return new ExpressionError(errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`);
}
