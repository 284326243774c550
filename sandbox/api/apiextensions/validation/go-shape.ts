/** Versions as an error shows them: Go's internal structs as JSON, with all their fields (pkg/apis/apiextensions/types.go, types_jsonschema.go). */

import type { Json } from '../../object.ts';
import { isJsonObject } from '../../patch/merge.ts';
import type { DefinitionVersion, JsonSchema, ValidationRule } from '../types.ts';

interface Promoted {
  readonly schema: boolean;
  readonly subresources: boolean;
  readonly columns: boolean;
  readonly fields: boolean;
}

export const goVersions = (versions: readonly DefinitionVersion[], promoted: Promoted): string =>
  goJson(
    versions.map((version) => ({
      Name: version.name,
      Served: version.served,
      Storage: version.storage,
      Deprecated: version.deprecated ?? false,
      DeprecationWarning: version.deprecationWarning ?? null,
      Schema: promoted.schema || !version.schema ? null : { OpenAPIV3Schema: schemaOf(version.schema.openAPIV3Schema) },
      Subresources: promoted.subresources || !version.subresources ? null : subresourcesOf(version.subresources),
      AdditionalPrinterColumns:
        promoted.columns || !version.additionalPrinterColumns
          ? null
          : version.additionalPrinterColumns.map(({ name, type, format, description, priority, jsonPath }) => ({
              Name: name,
              Type: type,
              Format: format ?? '',
              Description: description ?? '',
              Priority: priority ?? 0,
              JSONPath: jsonPath,
            })),
      SelectableFields:
        promoted.fields || !version.selectableFields
          ? null
          : version.selectableFields.map(({ jsonPath }) => ({ JSONPath: jsonPath })),
    })),
  );

/** A rule the same way. */
export const goRule = ({
  rule,
  message,
  messageExpression,
  reason,
  fieldPath,
  optionalOldSelf,
}: ValidationRule): string =>
  goJson({
    Rule: rule,
    Message: message ?? '',
    MessageExpression: messageExpression ?? '',
    Reason: reason ?? null,
    FieldPath: fieldPath ?? '',
    OptionalOldSelf: optionalOldSelf ?? null,
  });

/** encoding/json escapes what HTML would read. */
const goJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);

const subresourcesOf = ({ status, scale }: NonNullable<DefinitionVersion['subresources']>) => ({
  Status: status ? {} : null,
  Scale: scale
    ? {
        SpecReplicasPath: scale.specReplicasPath,
        StatusReplicasPath: scale.statusReplicasPath,
        LabelSelectorPath: scale.labelSelectorPath ?? null,
      }
    : null,
});

/** Names in Go's order with their JSON names, and what stands there when nothing is given. */
const FIELDS: readonly (readonly [go: string, json: string, empty: Json])[] = [
  ['ID', 'id', ''],
  ['Schema', '$schema', ''],
  ['Ref', '$ref', null],
  ['Description', 'description', ''],
  ['Type', 'type', ''],
  ['Nullable', 'nullable', false],
  ['Format', 'format', ''],
  ['Title', 'title', ''],
  ['Default', 'default', null],
  ['Maximum', 'maximum', null],
  ['ExclusiveMaximum', 'exclusiveMaximum', false],
  ['Minimum', 'minimum', null],
  ['ExclusiveMinimum', 'exclusiveMinimum', false],
  ['MaxLength', 'maxLength', null],
  ['MinLength', 'minLength', null],
  ['Pattern', 'pattern', ''],
  ['MaxItems', 'maxItems', null],
  ['MinItems', 'minItems', null],
  ['UniqueItems', 'uniqueItems', false],
  ['MultipleOf', 'multipleOf', null],
  ['Enum', 'enum', null],
  ['MaxProperties', 'maxProperties', null],
  ['MinProperties', 'minProperties', null],
  ['Required', 'required', null],
  ['Items', 'items', null],
  ['AllOf', 'allOf', null],
  ['OneOf', 'oneOf', null],
  ['AnyOf', 'anyOf', null],
  ['Not', 'not', null],
  ['Properties', 'properties', null],
  ['AdditionalProperties', 'additionalProperties', null],
  ['PatternProperties', 'patternProperties', null],
  ['Dependencies', 'dependencies', null],
  ['AdditionalItems', 'additionalItems', null],
  ['Definitions', 'definitions', null],
  ['ExternalDocs', 'externalDocs', null],
  ['Example', 'example', null],
  ['XPreserveUnknownFields', 'x-kubernetes-preserve-unknown-fields', null],
  ['XEmbeddedResource', 'x-kubernetes-embedded-resource', false],
  ['XIntOrString', 'x-kubernetes-int-or-string', false],
  ['XListMapKeys', 'x-kubernetes-list-map-keys', null],
  ['XListType', 'x-kubernetes-list-type', null],
  ['XMapType', 'x-kubernetes-map-type', null],
  ['XValidations', 'x-kubernetes-validations', null],
];

const INNER = ['not'];
const LISTS = ['allOf', 'oneOf', 'anyOf'];
const MAPS = ['properties', 'patternProperties', 'definitions'];

function schemaOf(schema: JsonSchema | undefined): Json {
  if (!schema) return null;
  const given = schema as Readonly<Record<string, Json | undefined>>;
  return Object.fromEntries(FIELDS.map(([go, json, empty]) => [go, fieldOf(json, given[json]) ?? empty]));
}

function fieldOf(name: string, value: Json | undefined): Json | undefined {
  if (value === undefined) return undefined;
  const inner = (each: Json | undefined) => schemaOf(each as unknown as JsonSchema);
  if (INNER.includes(name)) return inner(value);
  if (LISTS.includes(name)) return (value as readonly Json[]).map(inner);
  if (MAPS.includes(name))
    return Object.fromEntries(
      Object.entries(value as Record<string, Json>)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, each]) => [key, inner(each)]),
    );
  if (name === 'items') return { Schema: inner(value), JSONSchemas: null };
  if (name === 'additionalProperties')
    return isJsonObject(value) ? { Allows: true, Schema: inner(value) } : { Allows: value, Schema: null };
  if (name === 'x-kubernetes-validations')
    return (value as unknown as readonly ValidationRule[]).map((rule) => JSON.parse(goRule(rule)) as Json);
  return value;
}
