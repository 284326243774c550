/** Validation of admission policies and their bindings (pkg/apis/admissionregistration/validation/validation.go). */

import { policyDeclarations } from '../../admission/policy/declarations.ts';
import { type PatchExpression, patchExpression } from '../../admission/policy/patch-expression.ts';
import type {
  AuditAnnotation,
  MutatingAdmissionPolicy,
  Mutation,
  Named,
  ParamKind,
  ParamRef,
  PolicyBinding,
  PolicySpec,
  ValidatingAdmissionPolicy,
  Validation,
} from '../../admission/policy/types.ts';
import type { Declarations } from '../../cel/declarations.ts';
import { type CelType, structOf } from '../../cel/type.ts';
import { nameProblems } from '../../registry/metadata.ts';
import { duplicate, type FieldErrors, forbidden, invalid, notSupported, Problems, required } from './errors.ts';
import { compiles, matchConditions, matchResources } from './match-resources.ts';
import { isDNS1123Subdomain, isPathSegment, isQualifiedName } from './names.ts';
import { labelSelector } from './selectors.ts';

const FAILURE_POLICIES = ['Fail', 'Ignore'];
const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const ACTIONS = ['Audit', 'Deny', 'Warn'];
const NOT_FOUND_ACTIONS = ['Deny', 'Allow'];
const PATCH_TYPES = ['ApplyConfiguration', 'JSONPatch'];
const REINVOCATION_POLICIES = ['IfNeeded', 'Never'];
const MAX_ANNOTATIONS = 20;
const LONGEST_ANNOTATION = 5 * 1024;

export function validateValidatingPolicy({ metadata, spec = {} }: ValidatingAdmissionPolicy): FieldErrors {
  const problems = new Problems();
  commonSpec(problems, spec);
  const declared = variablesOf(problems, spec);
  const { validations = [], auditAnnotations = [] } = spec;
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const why = 'validations or auditAnnotations must contain at least one item';
    problems.add(required('spec.validations', why));
    problems.add(required('spec.auditAnnotations', why));
    return problems.list;
  }
  for (const [i, one] of validations.entries()) validation(problems, one, declared, `spec.validations[${i}]`);
  if (auditAnnotations.length > MAX_ANNOTATIONS)
    problems.add(
      invalid('spec.auditAnnotations', auditAnnotations, `must not have more than ${MAX_ANNOTATIONS} auditAnnotations`),
    );
  const keys = new Set<string>();
  for (const [i, one] of auditAnnotations.entries()) {
    annotation(problems, one, { name: metadata.name, declared, path: `spec.auditAnnotations[${i}]` });
    if (keys.has(one.key)) problems.add(duplicate(`spec.auditAnnotations[${i}].key`, one.key));
    keys.add(one.key);
  }
  return problems.list;
}

function commonSpec(problems: Problems, spec: PolicySpec): void {
  const { failurePolicy, paramKind, matchConstraints, matchConditions: conditions = [] } = spec;
  if (failurePolicy === undefined) problems.add(required('spec.failurePolicy'));
  else if (!FAILURE_POLICIES.includes(failurePolicy))
    problems.add(notSupported('spec.failurePolicy', failurePolicy, FAILURE_POLICIES));
  if (paramKind) kindOfParams(problems, paramKind, 'spec.paramKind');
  if (!matchConstraints) problems.add(required('spec.matchConstraints'));
  else {
    matchResources(problems, matchConstraints, 'spec.matchConstraints');
    if (!matchConstraints.resourceRules?.length) problems.add(required('spec.matchConstraints.resourceRules'));
  }
  matchConditions(problems, conditions, 'spec.matchConditions', { params: paramKind !== undefined });
}

function kindOfParams(problems: Problems, { apiVersion = '', kind = '' }: ParamKind, path: string): void {
  const [version = '', group = '', ...more] = apiVersion.split('/').reverse();
  const at = `${path}.apiVersion`;
  if (apiVersion === '') problems.add(required(at));
  else if (more.length > 0) problems.add(invalid(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  else {
    const wrong = group ? isDNS1123Subdomain(group) : [];
    if (wrong.length > 0) problems.add(invalid(at, group, wrong.join(',')));
    const label = nameProblems(version, 'dns1035label');
    if (version === '') problems.add(invalid(at, apiVersion, 'version must be specified'));
    else if (label.length > 0) problems.add(invalid(at, version, label.join(',')));
  }
  const wrong = kind ? nameProblems(kind.toLowerCase(), 'dns1035label') : [];
  if (kind === '') problems.add(required(`${path}.kind`));
  else if (wrong.length > 0)
    problems.add(invalid(`${path}.kind`, kind, `may have mixed case, but should otherwise match: ${wrong.join(',')}`));
}

/** With the variables that compile, in their order: each may name those before it. */
interface Declared {
  /** Of messages, which may not ask the authorizer. */
  readonly plain: () => Declarations;
  readonly full: () => Declarations;
}

const IDENTIFIER = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const RESERVED =
  /^(?:true|false|null|in|as|break|const|continue|else|for|function|if|import|let|loop|package|namespace|return|var|void|while)$/;

function variablesOf(problems: Problems, { variables = [], paramKind }: PolicySpec): Declared {
  const types: Record<string, CelType> = {};
  const declare = (authorizer: boolean) => {
    const declarations = policyDeclarations({ params: paramKind !== undefined, authorizer });
    if (variables.length > 0) declarations.variable('variables', structOf('kubernetes.variables', types));
    return declarations;
  };
  for (const [i, one] of variables.entries()) {
    const type = variable(problems, one, () => declare(true), `spec.variables[${i}]`);
    if (type !== undefined && IDENTIFIER.test(one.name)) types[one.name] = type;
  }
  return { full: once(() => declare(true)), plain: once(() => declare(false)) };
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function variable(
  problems: Problems,
  { name = '', expression = '' }: Named,
  declare: () => Declarations,
  path: string,
) {
  if (name.trim() === '') problems.add(required(`${path}.name`, 'name is not specified'));
  else if (!IDENTIFIER.test(name) || RESERVED.test(name))
    problems.add(invalid(`${path}.name`, name, 'name is not a valid CEL identifier'));
  if (expression.trim() === '') {
    problems.add(required(`${path}.expression`, 'expression is not specified'));
    return undefined;
  }
  return compiles(problems, declare(), { expression, path: `${path}.expression` });
}

function validation(problems: Problems, given: Validation, { full, plain }: Declared, path: string): void {
  const { expression = '', message = '', messageExpression = '', reason } = given;
  if (expression.trim() === '') problems.add(required(`${path}.expression`, 'expression is not specified'));
  else compiles(problems, full(), { expression, types: ['bool'], path: `${path}.expression` });
  if (messageExpression && messageExpression.trim() === '')
    problems.add(invalid(`${path}.messageExpression`, messageExpression, 'must be non-empty if specified'));
  else if (messageExpression)
    compiles(problems, plain(), {
      expression: messageExpression,
      types: ['string'],
      path: `${path}.messageExpression`,
    });
  if (message && message.trim() === '')
    problems.add(invalid(`${path}.message`, message, 'message must be non-empty if specified'));
  else if (/[\n\r]/.test(message.trim()))
    problems.add(invalid(`${path}.message`, message, 'message must not contain line breaks'));
  if (reason !== undefined && !REASONS.includes(reason)) problems.add(notSupported(`${path}.reason`, reason, REASONS));
}

function annotation(
  problems: Problems,
  { key = '', valueExpression = '' }: AuditAnnotation,
  { name, declared, path }: { readonly name: string; readonly declared: Declared; readonly path: string },
): void {
  if (name === '') problems.add(invalid(`${path}.key`, key, 'requires metadata.name be non-empty'));
  else
    for (const text of isQualifiedName(`${name}/${key}`)) problems.add(invalid(`${path}.key`, `${name}/${key}`, text));
  const expression = valueExpression.trim();
  const at = `${path}.valueExpression`;
  if (expression === '') problems.add(required(at, 'valueExpression is not specified'));
  else if (expression.length > LONGEST_ANNOTATION)
    problems.add(required(at, `must not exceed ${LONGEST_ANNOTATION} bytes in length`));
  else compiles(problems, declared.full(), { expression, types: ['string', 'null_type'], path: at });
}

export function validateMutatingPolicy({ spec = {} }: MutatingAdmissionPolicy): FieldErrors {
  const problems = new Problems();
  commonSpec(problems, spec);
  const declared = variablesOf(problems, spec);
  const { mutations = [], reinvocationPolicy } = spec;
  if (mutations.length === 0) problems.add(required('spec.mutations', 'mutations must contain at least one item'));
  for (const [i, one] of mutations.entries()) mutation(problems, one, declared, `spec.mutations[${i}]`);
  if (!reinvocationPolicy) problems.add(required('spec.reinvocationPolicy'));
  else if (!REINVOCATION_POLICIES.includes(reinvocationPolicy))
    problems.add(notSupported('spec.reinvocationPolicy', reinvocationPolicy, REINVOCATION_POLICIES));
  return problems.list;
}

function mutation(problems: Problems, given: Mutation, { full }: Declared, path: string): void {
  const { patchType = '', applyConfiguration, jsonPatch } = given;
  if (patchType === '') {
    problems.add(required(`${path}.patchType`));
    return;
  }
  if (!PATCH_TYPES.includes(patchType)) {
    problems.add(notSupported(`${path}.patchType`, patchType, PATCH_TYPES));
    return;
  }
  const [field, wanted, other, unwanted] =
    patchType === 'JSONPatch'
      ? (['jsonPatch', jsonPatch, 'applyConfiguration', applyConfiguration] as const)
      : (['applyConfiguration', applyConfiguration, 'jsonPatch', jsonPatch] as const);
  if (unwanted) problems.add(forbidden(`${path}.${other}`, `must not be set when patchType is ${patchType}`));
  if (!wanted) {
    problems.add(required(`${path}.${field}`, `must be specified when patchType is ${patchType}`));
    return;
  }
  const { expression = '' } = wanted;
  if (expression.trim() === '') problems.add(required(`${path}.${field}.expression`, 'expression is not specified'));
  else patchCompiles(problems, patchExpression(expression), full(), `${path}.${field}.expression`);
}

/** The rewritten expression is what is checked; what is wrong is told of the one that was written. */
function patchCompiles(
  problems: Problems,
  { source, text, place }: PatchExpression,
  declared: Declarations,
  path: string,
) {
  const checked = declared.check(text, { mixed: true });
  if ('problem' in checked) problems.add(invalid(path, source, `compilation failed: ${place(checked.problem)}`));
}

export function validateValidatingPolicyBinding(binding: PolicyBinding): FieldErrors {
  const problems = new Problems();
  bindingSpec(problems, binding);
  actions(problems, binding.spec?.validationActions ?? [], 'spec.validationActions');
  return problems.list;
}

export function validateMutatingPolicyBinding(binding: PolicyBinding): FieldErrors {
  const problems = new Problems();
  bindingSpec(problems, binding);
  return problems.list;
}

function bindingSpec(problems: Problems, { spec = {} }: PolicyBinding): void {
  const { policyName = '', paramRef, matchResources: match } = spec;
  if (policyName === '') problems.add(required('spec.policyName'));
  else for (const text of isDNS1123Subdomain(policyName)) problems.add(invalid('spec.policyName', policyName, text));
  if (paramRef) refToParams(problems, paramRef, 'spec.paramRef');
  // So it is spelled upstream.
  if (match) matchResources(problems, match, 'spec.matchResouces');
}

function refToParams(problems: Problems, ref: ParamRef, path: string): void {
  const { name = '', selector, parameterNotFoundAction: action } = ref;
  const exclusive = 'name and selector are mutually exclusive';
  if (name) {
    for (const text of isPathSegment(name)) problems.add(invalid(`${path}.name`, name, text));
    if (selector) problems.add(forbidden(`${path}.name`, exclusive));
  }
  if (selector) {
    labelSelector(problems, selector, `${path}.selector`);
    if (name) problems.add(forbidden(`${path}.selector`, exclusive));
  }
  if (!name && !selector) problems.add(required(path, 'one of name or selector must be specified'));
  const at = `${path}.parameterNotFoundAction`;
  if (!action) problems.add(required(at));
  else if (!NOT_FOUND_ACTIONS.includes(action)) problems.add(notSupported(at, action, NOT_FOUND_ACTIONS));
}

function actions(problems: Problems, given: readonly string[], path: string): void {
  for (const [i, action] of given.entries()) {
    if (!ACTIONS.includes(action)) problems.add(notSupported(`${path}[${i}]`, action, ACTIONS));
    if (given.indexOf(action) < i) problems.add(duplicate(`${path}[${i}]`, action));
  }
  if (given.includes('Deny') && given.includes('Warn'))
    problems.add(
      invalid(
        path,
        given,
        'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ),
    );
  if (given.length === 0) problems.add(required(path, 'at least one validation action is required'));
}
