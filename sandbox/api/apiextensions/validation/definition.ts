/** Validation of CustomResourceDefinitions (apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go). */

import { equal } from '../../equality.ts';
import { nameProblems } from '../../registry/metadata.ts';
import type { FieldErrors } from '../../resources/validation/errors.ts';
import { forbidden, invalid, notSupported, Problems, required } from '../../resources/validation/errors.ts';
import type { Conversion, CustomResourceDefinition, DefinitionVersion, Names } from '../types.ts';
import { hasCondition } from '../types.ts';
import { validateColumns, validateScale, validateSelectableFields } from './columns.ts';
import { goVersions } from './go-shape.ts';
import { validateSchema } from './schema.ts';

export function validateDefinition(definition: CustomResourceDefinition): FieldErrors {
  const problems = new Problems();
  const { metadata, spec } = definition;
  if (metadata.name && metadata.name !== `${spec.names.plural}.${spec.group ?? ''}`)
    problems.add(invalid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group'));
  validateSpec(definition, problems);
  validateStoredVersions(definition, problems);
  validateApproval(definition, undefined, problems);
  if (spec.preserveUnknownFields) problems.add(preserving());
  return problems.list;
}

export function validateDefinitionUpdate(
  definition: CustomResourceDefinition,
  before: CustomResourceDefinition,
): FieldErrors {
  const problems = new Problems();
  const { spec } = definition;
  validateSpec(definition, problems);
  const immutable = (field: string, is: unknown, was: unknown) => {
    if (!equal(is, was)) problems.add(invalid(field, is, 'field is immutable'));
  };
  if (hasCondition(before, 'Established')) {
    immutable('spec.scope', spec.scope, before.spec.scope);
    immutable('spec.names.kind', spec.names.kind, before.spec.names.kind);
  }
  immutable('spec.group', spec.group, before.spec.group);
  immutable('spec.names.plural', spec.names.plural, before.spec.names.plural);
  validateStoredVersions(definition, problems);
  validateApproval(definition, before, problems);
  if (spec.preserveUnknownFields && !before.spec.preserveUnknownFields) problems.add(preserving());
  return problems.list;
}

const preserving = () =>
  invalid(
    'spec.preserveUnknownFields',
    true,
    'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
  );

/** What all versions have alike stands above them in the internal form (v1/conversion.go): there its errors are told. */
interface Promoted {
  readonly schema: boolean;
  readonly subresources: boolean;
  readonly columns: boolean;
  readonly fields: boolean;
}

function promotedOf(versions: readonly DefinitionVersion[]): Promoted {
  const alike = (part: (version: DefinitionVersion) => unknown) =>
    versions.length > 0 && versions.every((version) => part(version) && equal(part(version), part(versions[0]!)));
  return {
    schema: alike(({ schema }) => schema),
    subresources: alike(({ subresources }) => subresources),
    columns: alike(({ additionalPrinterColumns }) => additionalPrinterColumns),
    fields: alike(({ selectableFields }) => selectableFields),
  };
}

function validateSpec({ spec }: CustomResourceDefinition, problems: Problems): void {
  const { names, group = '', scope = '' } = spec;
  const versions = spec.versions ?? [];
  const promoted = promotedOf(versions);
  const [first] = versions;
  const groupProblems = group ? nameProblems(group, 'subdomain') : [];
  if (!group) problems.add(required('spec.group'));
  else if (groupProblems.length > 0) problems.add(invalid('spec.group', group, groupProblems.join(',')));
  else if (!group.includes('.')) problems.add(invalid('spec.group', group, 'should be a domain with at least one dot'));
  if (!scope) problems.add(required('spec.scope'));
  else if (scope !== 'Cluster' && scope !== 'Namespaced')
    problems.add(notSupported('spec.scope', scope, ['Cluster', 'Namespaced']));
  if (!promoted.schema)
    for (const [i, { schema }] of versions.entries())
      if (!schema?.openAPIV3Schema) problems.add(required(`spec.versions[${i}].schema.openAPIV3Schema`));
  for (const [i, version] of versions.entries()) {
    const path = `spec.versions[${i}]`;
    labelProblems(problems, `${path}.name`, version.name);
    validateDeprecation(version, path, problems);
    const { schema, subresources, additionalPrinterColumns, selectableFields } = version;
    if (!promoted.schema && schema?.openAPIV3Schema)
      validateSchema(schema.openAPIV3Schema, `${path}.schema.openAPIV3Schema`, Boolean(subresources?.status), problems);
    if (!promoted.subresources) validateScale(subresources, `${path}.subresources`, problems);
    if (!promoted.columns) validateColumns(additionalPrinterColumns, `${path}.additionalPrinterColumns`, problems);
    if (!promoted.fields)
      validateSelectableFields(selectableFields, schema?.openAPIV3Schema, `${path}.selectableFields`, problems);
  }
  validateVersions(versions, promoted, problems);
  if (first) labelProblems(problems, 'spec.version', first.name);
  for (const field of ['plural', 'singular', 'kind', 'listKind'] as const)
    if (!names[field]) problems.add(required(`spec.names.${field}`));
  validateNames(names, 'spec.names', problems);
  const root = first?.schema?.openAPIV3Schema;
  const status = versions.some(({ subresources }) => subresources?.status);
  if (promoted.schema && root) validateSchema(root, 'spec.validation.openAPIV3Schema', status, problems);
  if (promoted.subresources) validateScale(first?.subresources, 'spec.subresources', problems);
  if (promoted.columns) validateColumns(first?.additionalPrinterColumns, 'spec.additionalPrinterColumns', problems);
  if (promoted.fields) validateSelectableFields(first?.selectableFields, root, 'spec.selectableFields', problems);
  validateConversion(spec.conversion, problems);
}

function validateVersions(versions: readonly DefinitionVersion[], promoted: Promoted, problems: Problems): void {
  const shown = versions.length > 0 ? goVersions(versions, promoted) : undefined;
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    problems.add(raw('spec.versions', shown, 'must contain unique version names'));
  if (versions.filter(({ storage }) => storage).length !== 1)
    problems.add(raw('spec.versions', shown, 'must have exactly one version marked as storage version'));
}

/** A value that is printed as it stands. */
const raw = (field: string, text: string | undefined, why: string) =>
  ({ type: 'FieldValueInvalid', field, detail: `Invalid value: ${text ?? 'null'}: ${why}` }) as const;

function labelProblems(problems: Problems, field: string, name: string, value = name, prefix = ''): void {
  const wrong = nameProblems(name, 'dns1035label');
  if (wrong.length > 0) problems.add(invalid(field, value, prefix + wrong.join(',')));
}

function validateDeprecation(
  { deprecated, deprecationWarning }: DefinitionVersion,
  path: string,
  problems: Problems,
): void {
  if (deprecationWarning === undefined) return;
  const wrong = (why: string) => problems.add(invalid(`${path}.deprecationWarning`, deprecationWarning, why));
  if (!deprecated) {
    wrong('can only be set for deprecated versions');
    return;
  }
  if (deprecationWarning.length > 256) wrong('must be <= 256 characters long');
  if (deprecationWarning.length === 0) wrong('must not be an empty string');
  const odd = deprecationWarning.search(/[\0-\x1f\x7f]/);
  if (odd >= 0) wrong(`must only contain printable UTF-8 characters; non-printable character found at index ${odd}`);
}

const MIXED = 'may have mixed case, but should otherwise match: ';

function validateNames(names: Names, path: string, problems: Problems): void {
  const { plural, singular, kind, listKind, shortNames = [], categories = [] } = names;
  if (plural) labelProblems(problems, `${path}.plural`, plural);
  if (singular) labelProblems(problems, `${path}.singular`, singular);
  if (kind) labelProblems(problems, `${path}.kind`, kind.toLowerCase(), kind, MIXED);
  if (listKind) labelProblems(problems, `${path}.listKind`, listKind.toLowerCase(), listKind, MIXED);
  for (const [i, name] of shortNames.entries()) labelProblems(problems, `${path}.shortNames[${i}]`, name);
  if (kind && kind === listKind)
    problems.add(invalid(`${path}.listKind`, listKind, 'kind and listKind may not be the same'));
  for (const [i, name] of categories.entries()) labelProblems(problems, `${path}.categories[${i}]`, name);
}

const STRATEGIES = ['None', 'Webhook'];

function validateConversion(conversion: Conversion | undefined, problems: Problems): void {
  if (!conversion) return;
  const { strategy, webhook } = conversion;
  const path = 'spec.conversion';
  if (!strategy) problems.add(required(`${path}.strategy`));
  else if (!STRATEGIES.includes(strategy)) problems.add(notSupported(`${path}.strategy`, strategy, STRATEGIES));
  const { clientConfig, conversionReviewVersions: versions = [] } = webhook ?? {};
  if (strategy !== 'Webhook') {
    const why = 'should not be set when strategy is not set to Webhook';
    if (clientConfig) problems.add(forbidden(`${path}.webhookClientConfig`, why));
    if (versions.length > 0) problems.add(forbidden(`${path}.conversionReviewVersions`, why));
    return;
  }
  if (!clientConfig) problems.add(required(`${path}.webhookClientConfig`, 'required when strategy is set to Webhook'));
  else if ((clientConfig.url === undefined) === (clientConfig.service === undefined))
    problems.add(required(`${path}.webhookClientConfig`, 'exactly one of url or service is required'));
  const field = `${path}.conversionReviewVersions`;
  if (versions.length === 0) problems.add(required(field));
  for (const [i, version] of versions.entries()) {
    if (versions.indexOf(version) < i) problems.add(invalid(`${field}[${i}]`, version, 'duplicate version'));
    else labelProblems(problems, `${field}[${i}]`, version);
  }
  if (versions.length > 0 && !versions.some((version) => version === 'v1' || version === 'v1beta1'))
    problems.add(invalid(field, versions, 'must include at least one of v1, v1beta1'));
}

function validateStoredVersions({ spec, status }: CustomResourceDefinition, problems: Problems): void {
  const field = 'status.storedVersions';
  const stored = status?.storedVersions ?? [];
  if (stored.length === 0) {
    problems.add(invalid(field, undefined, 'must have at least one stored version'));
    return;
  }
  const versions = spec.versions ?? [];
  for (const { name, storage } of versions)
    if (storage && !stored.includes(name))
      problems.add(invalid(field, stored, `must have the storage version ${name}`));
  for (const [i, name] of stored.entries())
    if (!versions.some((version) => version.name === name))
      problems.add(
        invalid(
          `${field}[${i}]`,
          name,
          `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
        ),
      );
}

const APPROVAL = 'api-approved.kubernetes.io';
const PULL = 'see https://github.com/kubernetes/enhancements/pull/1111';

/** apihelpers.GetAPIApprovalState. */
function approval({ metadata }: CustomResourceDefinition): 'missing' | 'bypassed' | 'approved' | 'invalid' {
  const text = metadata.annotations?.[APPROVAL];
  if (!text) return 'missing';
  if (text.startsWith('unapproved')) return 'bypassed';
  return URL.canParse(text) ? 'approved' : 'invalid';
}

function validateApproval(
  definition: CustomResourceDefinition,
  before: CustomResourceDefinition | undefined,
  problems: Problems,
): void {
  const { group = '' } = definition.spec;
  if (!/(?:^|\.)(?:k8s\.io|kubernetes\.io)$/.test(group)) return;
  const state = approval(definition);
  if (before && approval(before) === state) return;
  const field = `metadata.annotations[${APPROVAL}]`;
  const must = `protected groups must have approval annotation "${APPROVAL}"`;
  if (state === 'missing') problems.add(required(field, `${must}, ${PULL}`));
  if (state === 'invalid')
    problems.add(
      invalid(
        field,
        definition.metadata.annotations?.[APPROVAL],
        `${must} with either a URL or a reason starting with "unapproved", ${PULL}`,
      ),
    );
}
