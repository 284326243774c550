/** Validation of ObjectMeta (apimachinery pkg/api/validation/objectmeta.go, pkg/util/validation/validation.go). */

import { badRequest } from '../errors.ts';
import type { KubeObject, ObjectMeta } from '../object.ts';
import type { FieldError, Resource } from '../resource.ts';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const DNS1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const NAME_PART = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${NAME_PART})?`;

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
const IS_LABEL = whole(LABEL);
const IS_SUBDOMAIN = whole(SUBDOMAIN);
const IS_DNS1035 = whole(DNS1035);
const IS_NAME_PART = whole(NAME_PART);
const IS_LABEL_VALUE = whole(LABEL_VALUE);

const example = (pattern: string, examples: readonly string[]): string =>
  `(e.g. ${examples.map((text) => `'${text}'`).join(',  or ')}, regex used for validation is '${pattern}')`;

const NOT_LABEL = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character ${example(LABEL, ['my-name', '123-abc'])}`;
const NOT_SUBDOMAIN = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character ${example(SUBDOMAIN, ['example.com'])}`;
const NOT_DNS1035 = `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character ${example(DNS1035, ['my-name', 'abc-123'])}`;
const NOT_NAME_PART = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character ${example(NAME_PART, ['MyName', 'my.name', '123-abc'])}`;
const NOT_LABEL_VALUE = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character ${example(LABEL_VALUE, ['MyValue', 'my_value', '12345'])}`;

const tooLong = (limit: number): string => `must be no more than ${limit} ${limit === 1 ? 'byte' : 'bytes'}`;
const tooManyCharacters = (limit: number): string => `must be no more than ${limit} characters`;

/** What is wrong with a name under each rule; with a prefix, a trailing dash is fine. */
const nameRules = {
  subdomain: (name: string) => problems(name, IS_SUBDOMAIN, NOT_SUBDOMAIN, 253),
  // What would do as a subdomain can only have dots too many.
  label: (name: string) => problems(name, IS_LABEL, IS_SUBDOMAIN.test(name) ? 'must not contain dots' : NOT_LABEL, 63),
  dns1035label: (name: string) => problems(name, IS_DNS1035, NOT_DNS1035, 63),
  'path-segment': (name: string) => pathSegment(name),
} as const;

export type NameRule = keyof typeof nameRules;

/** What is left out is empty, as a Go string is: here as in all that follow. */
export const nameProblems = (name = '', rule: NameRule): readonly string[] => nameRules[rule](name);

function problems(name: string, pattern: RegExp, message: string, limit: number): readonly string[] {
  const out: string[] = [];
  if (name.length > limit) out.push(limit === 253 || limit === 63 ? tooManyCharacters(limit) : tooLong(limit));
  if (!pattern.test(name)) out.push(message);
  return out;
}

/** apimachinery pkg/api/validation/path/name.go. */
export function pathSegment(name = ''): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((illegal) => name.includes(illegal)).map((illegal) => `may not contain '${illegal}'`);
}

/** validation.IsQualifiedName. */
export function qualifiedNameProblems(value = ''): readonly string[] {
  const parts = value.split('/');
  const out: string[] = [];
  if (parts.length > 2) {
    return [
      `a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character ${example(NAME_PART, ['MyName', 'my.name', '123-abc'])} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = parts.at(-1)!;
  if (parts.length === 2) {
    const prefix = parts[0]!;
    if (prefix === '') out.push('prefix part must be non-empty');
    else out.push(...problems(prefix, IS_SUBDOMAIN, NOT_SUBDOMAIN, 253).map((text) => `prefix part ${text}`));
  }
  if (name === '') out.push('name part must be non-empty');
  else if (name.length > 63) out.push(`name part ${tooManyCharacters(63)}`);
  if (!IS_NAME_PART.test(name)) out.push(NOT_NAME_PART);
  return out;
}

/** validation.IsValidLabelValue. */
export function labelValueProblems(value = ''): readonly string[] {
  const out: string[] = [];
  if (value.length > 63) out.push(tooManyCharacters(63));
  if (!IS_LABEL_VALUE.test(value)) out.push(NOT_LABEL_VALUE);
  return out;
}

const quote = (value: string): string => JSON.stringify(value);

const bad = (field: string, value: string, problem: string): FieldError => ({
  type: 'FieldValueInvalid',
  field,
  detail: `Invalid value: ${quote(value)}: ${problem}`,
});

/** Label maps already found good: pods of one template share theirs. */
const goodLabels = new WeakSet<object>();

export function validateLabels(labels: Readonly<Record<string, string>> | undefined, field: string): FieldError[] {
  if (!labels || goodLabels.has(labels)) return [];
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))) {
    errors.push(...qualifiedNameProblems(key).map((problem) => bad(field, key, problem)));
    errors.push(...labelValueProblems(value).map((problem) => bad(field, value, problem)));
  }
  if (errors.length === 0) goodLabels.add(labels);
  return errors;
}

const ANNOTATIONS_LIMIT = 256 * 1024;

export function validateAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  field: string,
): FieldError[] {
  if (!annotations || goodLabels.has(annotations)) return [];
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    errors.push(...qualifiedNameProblems(key.toLowerCase()).map((problem) => bad(field, key, problem)));
    size += key.length + value.length;
  }
  if (size > ANNOTATIONS_LIMIT) {
    errors.push({
      type: 'FieldValueTooLong',
      field,
      detail: `Too long: may not be more than ${ANNOTATIONS_LIMIT} bytes`,
    });
  }
  if (errors.length === 0) goodLabels.add(annotations);
  return errors;
}

/** rest.EnsureObjectNamespaceMatchesRequestNamespace, of what admission made. */
export function inNamespace(
  { namespaced }: Pick<Resource, 'namespaced'>,
  object: KubeObject,
  asked: string,
): KubeObject {
  const { namespace = '', ...rest } = object.metadata;
  const wanted = namespaced ? asked : '';
  if (namespace === wanted) return object;
  if (namespace && wanted)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  return { ...object, metadata: wanted ? { ...object.metadata, namespace: wanted } : rest };
}

/** ValidateObjectMeta, for an object about to be created. */
export function validateMetadata(resource: Resource, { metadata }: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  const rule = resource.nameRule ?? 'subdomain';
  if (metadata.generateName) {
    const prefix = metadata.generateName.endsWith('-')
      ? `${metadata.generateName.slice(0, -1)}a`
      : metadata.generateName;
    errors.push(
      ...nameProblems(prefix, rule).map((problem) => bad('metadata.generateName', metadata.generateName!, problem)),
    );
  }
  if (!metadata.name) {
    errors.push({
      type: 'FieldValueRequired',
      field: 'metadata.name',
      detail: 'Required value: name or generateName is required',
    });
  } else {
    errors.push(...nameProblems(metadata.name, rule).map((problem) => bad('metadata.name', metadata.name, problem)));
  }
  errors.push(...validateMetadataParts(metadata));
  if (!resource.unstructured) errors.push(...validateFinalizerNames(metadata));
  return errors;
}

function validateMetadataParts(metadata: ObjectMeta): FieldError[] {
  return [
    ...validateLabels(metadata.labels, 'metadata.labels'),
    ...validateAnnotations(metadata.annotations, 'metadata.annotations'),
    ...validateOwners(metadata),
    ...validateFinalizers(metadata),
  ];
}

function validateOwners({ ownerReferences }: ObjectMeta): FieldError[] {
  if (!ownerReferences) return [];
  const errors: FieldError[] = [];
  let controller: string | undefined;
  const field = 'metadata.ownerReferences';
  for (const owner of ownerReferences) {
    for (const key of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (owner[key]) continue;
      const detail = `Invalid value: "": ${key === 'apiVersion' ? 'version must not be empty' : 'must not be empty'}`;
      errors.push({ type: 'FieldValueInvalid', field: `${field}.${key}`, detail });
    }
    if (owner.apiVersion === 'v1' && owner.kind === 'Event') {
      const detail = `Invalid value: ${JSON.stringify(owner)}: /v1, Kind=Event is disallowed from being an owner`;
      errors.push({ type: 'FieldValueInvalid', field, detail });
    }
    if (!owner.controller) continue;
    const name = `${owner.kind}/${owner.name}`;
    if (controller !== undefined) {
      errors.push({
        type: 'FieldValueInvalid',
        field,
        detail: `Invalid value: ${JSON.stringify(ownerReferences)}: Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`,
      });
    } else controller = name;
  }
  return errors;
}

function validateFinalizers({ finalizers }: ObjectMeta): FieldError[] {
  if (!finalizers) return [];
  const errors = finalizers.flatMap((finalizer) =>
    qualifiedNameProblems(finalizer).map((problem) => bad('metadata.finalizers', finalizer, problem)),
  );
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push({
      type: 'FieldValueInvalid',
      field: 'metadata.finalizers',
      detail: `Invalid value: ${JSON.stringify(finalizers)}: finalizer orphan and foregroundDeletion cannot be both set`,
    });
  }
  return errors;
}

const STANDARD_FINALIZERS = ['orphan', 'foregroundDeletion', 'kubernetes'];

/** validateKubeFinalizerName, which the kinds' own strategies add (pkg/apis/core/validation/validation.go). */
function validateFinalizerNames({ finalizers }: ObjectMeta): FieldError[] {
  return (finalizers ?? []).flatMap((finalizer, i) =>
    finalizer.includes('/') || STANDARD_FINALIZERS.includes(finalizer)
      ? []
      : [
          bad(
            `metadata.finalizers[${i}]`,
            finalizer,
            'name is neither a standard finalizer name nor is it fully qualified',
          ),
        ],
  );
}

const IMMUTABLE = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

/** rest.ValidateUpdate's common fields: the metadata as such, then what may not change. */
export function validateMetadataUpdate(
  { unstructured }: Pick<Resource, 'unstructured'>,
  { metadata }: KubeObject,
  { metadata: before }: KubeObject,
): FieldError[] {
  const errors: FieldError[] = [];
  if (metadata.labels !== before.labels) errors.push(...validateLabels(metadata.labels, 'metadata.labels'));
  if (metadata.annotations !== before.annotations) {
    errors.push(...validateAnnotations(metadata.annotations, 'metadata.annotations'));
  }
  if (metadata.ownerReferences !== before.ownerReferences) errors.push(...validateOwners(metadata));
  if (metadata.finalizers !== before.finalizers) errors.push(...validateFinalizers(metadata));
  if (before.deletionTimestamp !== undefined && metadata.finalizers !== before.finalizers) {
    const added = (metadata.finalizers ?? []).filter((finalizer) => !before.finalizers?.includes(finalizer)).sort();
    if (added.length > 0) {
      const list = `[]string{${added.map(quote).join(', ')}}`;
      errors.push({
        type: 'FieldValueForbidden',
        field: 'metadata.finalizers',
        detail: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
      });
    }
  }
  for (const field of IMMUTABLE) {
    if (metadata[field] === before[field]) continue;
    const value = metadata[field] === undefined ? 'null' : JSON.stringify(metadata[field]);
    errors.push({
      type: 'FieldValueInvalid',
      field: `metadata.${field}`,
      detail: `Invalid value: ${value}: field is immutable`,
    });
  }
  if (metadata.finalizers !== before.finalizers && !unstructured) errors.push(...validateFinalizerNames(metadata));
  return errors;
}
