/** What cannot be read as an object, in Go's words (unstructured.UnstructuredJSONScheme, cli-runtime metadata_decoder.go). */

import type { JsonObject } from '../../api/object.ts';
import type { Schema } from '../../api/resource.ts';
import { DecodeError, decode } from '../../api/schema/decode.ts';
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

const METADATA_ONLY: Schema = {
  type: 'object',
  properties: { metadata: { ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' } },
};

/** metadataValidatingDecoder: metadata must fit its struct. */
function metadataProblem(metadata: Value | undefined): string | undefined {
  if (!isGiven(metadata)) return undefined;
  try {
    decode({ metadata } as JsonObject, METADATA_ONLY, 'metadataOnlyObject');
    return undefined;
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

const isGiven = (value: Value | undefined): value is Exclude<Value, null> => value !== undefined && value !== null;
const isMap = (value: Value): value is { [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function jsonType(value: Value): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
