/** What cannot be read as an object, in Go's words (unstructured.UnstructuredJSONScheme, cli-runtime metadata_decoder.go). */

import { compactJson } from '../printers/json.ts';
import type { Value } from '../yaml/parser.ts';

const KINDED =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

export function decodeProblem(value: Value): string | undefined {
  const cannot = (found: Value, into: string) =>
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonType(found)} into Go ${into}`;
  if (!isMap(value)) return cannot(value, `value of type ${KINDED}`);
  for (const key of ['apiVersion', 'kind']) {
    const field = value[key];
    if (isGiven(field) && typeof field !== 'string') return cannot(field, `struct field .${key} of type string`);
  }
  if (!value.kind) return `Object 'Kind' is missing in '${compactJson(value)}'`;
  if (!value.apiVersion) return `Object 'apiVersion' is missing in '${compactJson(value)}'`;
  return metadataProblem(value.metadata);
}

const STRINGS = {
  name: 'string',
  generateName: 'string',
  namespace: 'string',
  selfLink: 'string',
  resourceVersion: 'string',
  uid: 'types.UID',
};
const OWNER = { apiVersion: 'string', kind: 'string', name: 'string', uid: 'types.UID' };
const OWNER_FLAGS = { controller: 'bool', blockOwnerDeletion: 'bool' };

function metadataProblem(metadata: Value | undefined): string | undefined {
  if (!isGiven(metadata)) return undefined;
  if (!isMap(metadata)) return wrong(metadata, 'metadataOnlyObject.metadata', 'v1.ObjectMeta');
  const at = (field: string) => `ObjectMeta.metadata.${field}`;
  const plain = fieldProblem(metadata, STRINGS, 'string', 'ObjectMeta.metadata');
  if (plain) return plain;
  for (const field of ['labels', 'annotations']) {
    const map = metadata[field];
    if (!isGiven(map)) continue;
    if (!isMap(map)) return wrong(map, at(field), 'map[string]string');
    for (const entry of Object.values(map))
      if (isGiven(entry) && typeof entry !== 'string') return wrong(entry, at(field), 'string');
  }
  const { finalizers, ownerReferences } = metadata;
  return (
    listProblem(finalizers, at('finalizers'), 'string', (item) =>
      typeof item === 'string' ? undefined : wrong(item, at('finalizers'), 'string'),
    ) ??
    listProblem(ownerReferences, at('ownerReferences'), 'v1.OwnerReference', (item) => {
      if (!isMap(item)) return wrong(item, at('ownerReferences'), 'v1.OwnerReference');
      const within = 'OwnerReference.metadata.ownerReferences';
      return fieldProblem(item, OWNER, 'string', within) ?? fieldProblem(item, OWNER_FLAGS, 'boolean', within);
    })
  );
}

function fieldProblem(
  map: { readonly [key: string]: Value },
  types: Readonly<Record<string, string>>,
  wanted: 'string' | 'boolean',
  within: string,
): string | undefined {
  for (const [field, type] of Object.entries(types)) {
    const found = map[field];
    if (isGiven(found) && typeof found !== wanted) return wrong(found, `${within}.${field}`, type);
  }
  return undefined;
}

function listProblem(
  list: Value | undefined,
  field: string,
  type: string,
  problemOf: (item: Value) => string | undefined,
): string | undefined {
  if (!isGiven(list)) return undefined;
  if (!Array.isArray(list)) return wrong(list, field, `[]${type}`);
  for (const item of list) {
    const problem = item === null ? undefined : problemOf(item);
    if (problem) return problem;
  }
  return undefined;
}

const wrong = (found: Value, field: string, type: string): string =>
  `json: cannot unmarshal ${jsonType(found)} into Go struct field ${field} of type ${type}`;

const isGiven = (value: Value | undefined): value is Exclude<Value, null> => value !== undefined && value !== null;
const isMap = (value: Value): value is { [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function jsonType(value: Value): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
