/** Printer columns and selectable fields: JSONPath into the object (apiextensions-apiserver pkg/registry/customresource/tableconvertor, strategy.go). */

import { age } from '../age.ts';
import { formatGo } from '../gofmt.ts';
import { JsonPath, valueText } from '../jsonpath/jsonpath.ts';
import type { Json, KubeObject } from '../object.ts';
import type { Column, Resource } from '../resource.ts';
import { named } from '../resources/columns.ts';
import type { DefinitionVersion, PrinterColumn } from './types.ts';

/** What GetColumnDefinitions shows where a version names none. */
const AGE: PrinterColumn = {
  name: 'Age',
  type: 'date',
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
  jsonPath: '.metadata.creationTimestamp',
};

type Columns = DefinitionVersion['additionalPrinterColumns'];

const shown = (columns: Columns): readonly PrinterColumn[] => (columns?.length ? columns : [AGE]);

export const columnsOf = (columns: Columns): readonly Column[] => [
  named.column,
  ...shown(columns).map(
    ({ name, type, format, description, priority, jsonPath }) =>
      ({
        name,
        type,
        ...(format && { format }),
        description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
        priority: priority ?? 0,
      }) as Column,
  ),
];

const paths = new Map<string, JsonPath | undefined>();
/** Paths live in definitions, of which a lab has few; those of ones long gone may go. */
const REMEMBERED = 1024;

/** Undefined for what is no JSONPath. */
function pathOf(text: string): JsonPath | undefined {
  if (!paths.has(text)) {
    let path: JsonPath | undefined;
    try {
      path = new JsonPath(`{${text}}`, true);
    } catch {
      path = undefined;
    }
    if (paths.size >= REMEMBERED) paths.clear();
    paths.set(text, path);
  }
  return paths.get(text);
}

/** The first value that a path finds. */
function found(text: string, object: unknown): unknown {
  try {
    return pathOf(text)?.find(object)[0]?.[0];
  } catch {
    return undefined;
  }
}

export const rowOf = (columns: Columns, object: KubeObject, now: number): readonly Json[] => [
  object.metadata.name,
  ...shown(columns).map(({ type, jsonPath }) => cell(type, found(jsonPath, object), now)),
];

/** cellForJSONValue. */
function cell(type: string, value: unknown, now: number): Json {
  if (value === undefined) return null;
  if (type === 'string') return valueText(value, (map) => JSON.stringify(map));
  if (value === null) return null;
  if (type === 'integer') return typeof value === 'number' ? Math.trunc(value) : null;
  if (type === 'number') return typeof value === 'number' ? value : null;
  if (type === 'boolean') return typeof value === 'boolean' ? value : null;
  if (type === 'date' && typeof value === 'string') {
    const text = age(value, now);
    return text === '<unknown>' && value !== '' ? '<invalid>' : text;
  }
  return null;
}

export const selectable = (
  fields: DefinitionVersion['selectableFields'],
  seen: (stored: KubeObject) => KubeObject,
): NonNullable<Resource['selectableFields']> =>
  Object.fromEntries(
    (fields ?? []).map(({ jsonPath }) => [
      jsonPath.replace(/^\./, ''),
      (object: KubeObject) => {
        const value = found(jsonPath, seen(object));
        return value === undefined || value === null ? '' : formatGo(value);
      },
    ]),
  );
