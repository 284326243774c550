/** MutatingAdmissionPolicy: configurations and JSON patches that expressions in CEL make (apiserver pkg/admission/plugin/policy/mutating). */

import { jsonValue } from '../cel/values.ts';
import { failure } from '../errors.ts';
import { typedErrors } from '../fields/typed-errors.ts';
import { mergeTyped } from '../fields/typed-merge.ts';
import type { Json, JsonObject, KubeObject, StatusError } from '../object.ts';
import { applyOperation } from '../patch/json-patch.ts';
import { isJsonObject } from '../patch/merge.ts';
import type { Resource, Schema, StrategyContext } from '../resource.ts';
import { definition, itemsOf, propertyOf } from '../schema/schemas.ts';
import type { Attributes, Plugin } from './plugin.ts';
import { requestName } from './plugin.ts';
import { conditionsHold, Evaluation, ExpressionError } from './policy/evaluation.ts';
import { isExempt, matched } from './policy/matching.ts';
import { ConfigurationError, paramResource, paramsOf } from './policy/params.ts';
import { patchExpression } from './policy/patch-expression.ts';
import { retyped } from './policy/retyped.ts';
import type { Mutation, MutatingAdmissionPolicy as Policy, PolicyBinding } from './policy/types.ts';
import { versioned } from './policy/versions.ts';

const BINDINGS = 'mutatingadmissionpolicybindings';
const POLICIES = 'mutatingadmissionpolicies';

/** A policy, by way of one of its bindings, with one object to go by. */
interface Invocation {
  readonly policy: Policy;
  readonly binding: PolicyBinding;
  readonly resource: Resource;
  readonly params: KubeObject | undefined;
}

interface PolicyError {
  readonly policy: Policy;
  readonly binding?: PolicyBinding;
  readonly message: string;
  readonly reason?: string;
}

export const mutatingAdmissionPolicy: Plugin = {
  name: 'MutatingAdmissionPolicy',
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
  resources: ['*/*'],
  reinvokes: true,
  admit: (object, attributes, context) => {
    const bindings = context.list(BINDINGS, '') as readonly PolicyBinding[];
    if (bindings.length === 0 || isExempt(attributes)) return object;
    const errors: PolicyError[] = [];
    let admitted = object;
    for (const invocation of invocations(bindings, attributes, context, errors))
      admitted = invoked(invocation, admitted, attributes, context, errors);
    const [first] = errors.filter(({ policy }) => policy.spec?.failurePolicy !== 'Ignore');
    if (first) throw denied(first, attributes);
    return admitted;
  },
};

function* invocations(
  all: readonly PolicyBinding[],
  attributes: Attributes,
  context: StrategyContext,
  errors: PolicyError[],
): Generator<Invocation> {
  for (const policy of context.list(POLICIES, '') as readonly Policy[]) {
    const bindings = all.filter(({ spec }) => spec?.policyName === policy.metadata.name);
    if (bindings.length === 0) continue;
    if (attributes.reinvocation && policy.spec?.reinvocationPolicy !== 'IfNeeded') continue;
    const resource = matched(policy.spec?.matchConstraints ?? {}, attributes, context);
    if (!resource) continue;
    for (const binding of bindings) {
      const { matchResources, paramRef } = binding.spec ?? {};
      if (matchResources && !matched(matchResources, attributes, context)) continue;
      try {
        const kind = paramResource(policy.spec?.paramKind, context);
        for (const params of paramsOf(kind, paramRef, attributes.namespace, context))
          yield { policy, binding, resource, params };
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        errors.push({ policy, binding, message: `failed to configure binding: ${error.message}` });
      }
    }
  }
}

function invoked(
  { policy, binding, resource, params }: Invocation,
  object: KubeObject,
  attributes: Attributes,
  context: StrategyContext,
  errors: PolicyError[],
): KubeObject {
  const { matchConditions, variables = [], mutations = [] } = policy.spec ?? {};
  const fail = (message: string) => errors.push({ policy, binding, message, reason: 'Invalid' });
  const holds = conditionsHold(
    matchConditions,
    () => new Evaluation({ ...attributes, object }, resource, { params }, context),
  );
  if (holds instanceof ExpressionError) fail(holds.message);
  // Of what is deleted or connected to there is nothing to change.
  if (holds !== true || attributes.object === undefined) return object;
  let mutated = object;
  for (const mutation of mutations) {
    const evaluation = new Evaluation({ ...attributes, object: mutated }, resource, { params, variables }, context);
    try {
      mutated = patched(mutated, mutation, { resource, subresource: attributes.subresource, evaluation, context });
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      fail(error.message);
    }
  }
  return mutated;
}

interface Patching {
  readonly resource: Resource;
  readonly subresource: string;
  readonly evaluation: Evaluation;
  readonly context: StrategyContext;
}

/** Throws ExpressionError. */
function patched(object: KubeObject, mutation: Mutation, patching: Patching): KubeObject {
  const { resource, subresource, evaluation, context } = patching;
  const { applyConfiguration, jsonPatch } = mutation;
  const source = (applyConfiguration ?? jsonPatch)?.expression ?? '';
  const { text, mismatch } = patchExpression(source);
  const value = jsonValue(evaluation.value(text, source));
  if (mismatch) throw new ExpressionError(mismatch);
  const view = resource.subresources?.[subresource]?.view;
  const seen = versioned(object, resource, subresource)! as unknown as JsonObject;
  const schema = definition(view?.schema ?? resource.schema);
  const next = applyConfiguration ? configured(seen, value, schema) : operated(seen, value);
  if (next === seen) return object;
  const by = applyConfiguration ? 'ApplyConfiguration' : 'JSONPatch';
  const given = retyped(next, { resource, subresource, by }, context);
  if (view) return view.write(object, given);
  const defaulted = resource.defaults?.(given) ?? given;
  return resource.conversion?.toStored(defaulted) ?? defaulted;
}

/** ApplyStructuredMergeDiff. */
function configured(object: JsonObject, patch: Json, schema: Schema): Json {
  if (!isJsonObject(patch))
    throw new ExpressionError(`unsupported return type from ApplyConfiguration expression: ${typeof patch}`);
  const wrong = typedErrors(patch, schema);
  if (wrong.length > 0)
    throw new ExpressionError(
      `error applying patch: failed to convert patch object to typed object: ${wrong.join('\n')}`,
    );
  const atomic = atomics(patch, schema, '');
  if (atomic.length > 0)
    throw new ExpressionError(
      `error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomic.join(', ')}`,
    );
  return mergeTyped(object, patch, schema);
}

/** findAtomics: what would be replaced as a whole, with what the patch does not mention. */
function atomics(value: Json, schema: Schema, path: string): readonly string[] {
  if (Array.isArray(value)) {
    const own = schema.listType === 'map' || schema.listType === 'set' ? [] : [path];
    return [...own, ...value.flatMap((item, i) => atomics(item, itemsOf(schema), `${path}[${i}]`))];
  }
  if (!isJsonObject(value)) return [];
  const own = schema.mapType === 'atomic' ? [path] : [];
  const fields = Object.entries(value).flatMap(([name, inner]) => {
    const property = schema.properties && propertyOf(schema, name);
    return property && inner !== undefined ? atomics(inner, property, `${path}.${name}`) : [];
  });
  return [...own, ...fields];
}

/** A test that fails leaves everything as it was. */
function operated(object: JsonObject, operations: Json): Json {
  if (!Array.isArray(operations))
    throw new ExpressionError('type mismatch: JSONPatchType.expression should evaluate to array');
  const copy = JSON.parse(JSON.stringify(object)) as Json;
  for (const operation of operations as readonly JsonObject[]) {
    const refusal = applyOperation(copy, operation);
    if (!refusal) continue;
    if (refusal === 'mismatch') return object;
    throw new ExpressionError(`JSONPath: ${String(operation.op)} operation does not apply: ${whyNot(operation)}`);
  }
  return copy;
}

/** github.com/evanphx/json-patch's words. */
const whyNot = ({ op, path }: JsonObject): string =>
  op === 'add' || op === 'copy' || op === 'move'
    ? `doc is missing path: "${String(path)}": missing value`
    : `doc is missing key: ${String(path)}: missing value`;

function denied(
  { policy, binding, message: why, reason = 'Forbidden' }: PolicyError,
  attributes: Attributes,
): StatusError {
  const { resource } = attributes;
  const by = binding ? ` with binding '${binding.metadata.name}'` : '';
  const message = `policy '${policy.metadata.name}'${by} denied request: ${why}`;
  return failure(403, reason, message, {
    name: requestName(attributes),
    ...(resource.group && { group: resource.group }),
    kind: resource.name,
    causes: [{ message }],
  });
}
