/** Printer columns, the paths of a scale, selectable fields (apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go). */

import type { FieldErrors, Problems } from '../../resources/validation/errors.ts';
import { duplicate, invalid, required, tooMany } from '../../resources/validation/errors.ts';
import type { DefinitionVersion, JsonSchema } from '../types.ts';

const TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

export function validateColumns(
  columns: DefinitionVersion['additionalPrinterColumns'],
  path: string,
  problems: Problems,
): void {
  for (const [i, { name, type, format, jsonPath }] of (columns ?? []).entries()) {
    const at = `${path}[${i}]`;
    const types = `must be one of ${TYPES.join(',')}`;
    if (!name) problems.add(required(`${at}.name`));
    if (!type) problems.add(required(`${at}.type`, types));
    else if (!TYPES.includes(type)) problems.add(invalid(`${at}.type`, type, types));
    if (format && !FORMATS.includes(format))
      problems.add(invalid(`${at}.format`, format, `must be one of ${FORMATS.join(',')}`));
    if (!jsonPath) problems.add(required(`${at}.JSONPath`));
    else problems.addAll(simplePath(jsonPath, `${at}.JSONPath`));
  }
}

const simplePath = (path: string, field: string): FieldErrors =>
  path.startsWith('.') ? [] : [invalid(field, path, 'must be a simple json path starting with .')];

export function validateScale(subresources: DefinitionVersion['subresources'], path: string, problems: Problems): void {
  const scale = subresources?.scale;
  if (!scale) return;
  const below = (name: string, value: string | undefined, roots: readonly string[], where: string, needed: boolean) => {
    const field = `${path}.scale.${name}`;
    if (!value) {
      if (needed) problems.add(required(field));
      return;
    }
    const wrong = simplePath(value, field);
    problems.addAll(wrong);
    if (wrong.length === 0 && !roots.some((root) => value.startsWith(root)))
      problems.add(invalid(field, value, `should be a json path under ${where}`));
  };
  below('specReplicasPath', scale.specReplicasPath, ['.spec.'], '.spec', true);
  below('statusReplicasPath', scale.statusReplicasPath, ['.status.'], '.status', true);
  below('labelSelectorPath', scale.labelSelectorPath, ['.spec.', '.status.'], 'either .spec or .status', false);
}

const MAX_SELECTABLE = 8;
const NOT_SELECTABLE =
  'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';

export function validateSelectableFields(
  fields: DefinitionVersion['selectableFields'],
  schema: JsonSchema | undefined,
  path: string,
  problems: Problems,
): void {
  if (!fields?.length || !schema) return;
  const seen = new Set<string>();
  for (const [i, { jsonPath }] of fields.entries()) {
    const field = `${path}[${i}].jsonPath`;
    if (!jsonPath) {
      problems.add(required(field));
      continue;
    }
    const found = fieldAt(jsonPath, schema);
    if (typeof found === 'string') {
      problems.add(invalid(field, jsonPath, `is an invalid path: ${found}`));
      continue;
    }
    if (jsonPath.startsWith('.metadata'))
      problems.add(invalid(field, jsonPath, 'must not point to fields in metadata'));
    if (!['string', 'boolean', 'integer'].includes(found.type ?? ''))
      problems.add(invalid(field, jsonPath, NOT_SELECTABLE));
    if (seen.has(jsonPath)) problems.add(duplicate(field, jsonPath));
    seen.add(jsonPath);
  }
  if (seen.size > MAX_SELECTABLE) problems.add(tooMany(path, seen.size, MAX_SELECTABLE));
}

/** cel.ValidFieldPath: the schema at a path of names and quoted keys, or why there is none. */
export function fieldAt(path: string, root: JsonSchema): JsonSchema | string {
  let schema = root;
  const tokens = path.match(/\.[^.[\]]+|\['(?:\\.|[^'\\])*'\]|[\s\S]/g) ?? [];
  for (const token of tokens) {
    const named = /^\.([\s\S]+)$/.exec(token) ?? /^\['([\s\S]*)'\]$/.exec(token);
    if (!named)
      return token === '.' || token === '[' ? 'unexpected end of JSON path' : `expected [ or . but got: ${token}`;
    const next = schema.properties
      ? schema.properties[named[1]!]
      : typeof schema.additionalProperties === 'object'
        ? schema.additionalProperties
        : undefined;
    if (!next) return 'does not refer to a valid field';
    schema = next;
  }
  return schema;
}
