/** Request bodies: decoded, matched with the kind expected, strictly or leniently (apiserver pkg/endpoints/handlers/rest.go, create.go). */

import { parse as parseYaml } from 'yaml';
import { badRequest, failure } from '../errors.ts';
import type { ApiRequest } from '../http.ts';
import type { Json, JsonObject, KubeObject } from '../object.ts';
import { isJsonObject } from '../patch/merge.ts';
import type { Endpoint, Registry } from '../registry/registry.ts';
import { DecodeError, decode } from '../schema/decode.ts';
import { duplicateFields } from '../schema/duplicates.ts';
import { parameter } from './request.ts';

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface BodyContext {
  readonly registry: Registry;
  readonly warn: (text: string) => void;
}

/** What a body is expected to be. */
export interface Expected {
  readonly kind: string;
  readonly apiVersion: string;
  /** Definition name of its schema. */
  readonly schema: string;
}

const MEDIA_TYPES = 'application/json, application/yaml, application/vnd.kubernetes.protobuf, application/cbor';

/** Reads an object of the endpoint's kind. */
export function readObject(
  context: BodyContext,
  request: ApiRequest,
  endpoint: Endpoint,
  expected: Expected = {
    kind: endpoint.resource.kind,
    apiVersion: endpoint.apiVersion,
    schema: endpoint.resource.schema,
  },
): KubeObject {
  const type = (request.headers['content-type'] ?? 'application/json').split(';')[0]!.trim();
  const text = request.body ?? '';
  if (type !== 'application/json' && type !== 'application/yaml' && type !== '*/*') {
    throw failure(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${MEDIA_TYPES}`,
    );
  }
  const value = type === 'application/yaml' ? (parseYaml(text) as Json) : parseJson(text, expected.kind);
  if (!isJsonObject(value))
    throw unrecognized(
      expected.kind,
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
      text,
    );
  const typed = withType(context.registry, value, expected);
  return decodeObject(context, typed, expected, fieldValidation(request), type === 'application/json' ? text : '');
}

/** Checks and completes an object against its schema; `text` is searched for duplicate fields. */
export function decodeObject(
  context: BodyContext,
  value: JsonObject,
  expected: Expected,
  validation: FieldValidation,
  text = '',
): KubeObject {
  const cannot = (why: string) =>
    badRequest(
      `${expected.kind} in version "${versionOf(expected.apiVersion)}" cannot be handled as a ${expected.kind}: ${why}`,
    );
  try {
    const { value: decoded, unknown } = decode(value, expected.schema);
    if (validation !== 'Ignore') {
      const problems = [
        ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
        ...(text ? duplicateFields(text).map((path) => `duplicate field ${JSON.stringify(path)}`) : []),
      ];
      if (problems.length > 0 && validation === 'Strict') throw cannot(`strict decoding error: ${problems.join(', ')}`);
      for (const problem of problems) context.warn(problem);
    }
    return complete(decoded, expected);
  } catch (error) {
    if (error instanceof DecodeError) throw cannot(error.message);
    throw error;
  }
}

function complete(decoded: JsonObject, { kind, apiVersion }: Expected): KubeObject {
  const { metadata, ...rest } = decoded;
  return { ...rest, apiVersion, kind, metadata: metadata ?? {} } as unknown as KubeObject;
}

export function fieldValidation(request: ApiRequest): FieldValidation {
  const value = parameter(request, 'fieldValidation') || 'Warn';
  if (value === 'Strict' || value === 'Warn' || value === 'Ignore') return value;
  throw failure(
    422,
    'Invalid',
    `CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "${value}": supported values: "Ignore", "Strict", "Warn"`,
  );
}

/** Without a type, an object is what the path says; with another one, it is refused as Go's scheme refuses it. */
function withType(registry: Registry, value: JsonObject, expected: Expected): JsonObject {
  const apiVersion = typeof value.apiVersion === 'string' && value.apiVersion ? value.apiVersion : expected.apiVersion;
  const kind = typeof value.kind === 'string' && value.kind ? value.kind : expected.kind;
  const version = versionOf(apiVersion);
  const cannot = (why: string) =>
    badRequest(`${kind} in version "${version}" cannot be handled as a ${expected.kind}: ${why}`);
  if (kind === expected.kind && apiVersion === expected.apiVersion) return value;
  const other = registry.ofKind(apiVersion, kind);
  if (!other) {
    throw cannot(
      `no kind "${kind}" is registered for version "${apiVersion}" in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"`,
    );
  }
  if (kind === expected.kind) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected.apiVersion})`,
    );
  }
  const group = (other.resource.group || 'core').split('.')[0];
  const mine = (expected.apiVersion.includes('/') ? expected.apiVersion.split('/')[0]! : 'core').split('.')[0];
  const from = group === 'core' || group === mine ? `v1.${kind}` : `${version}.${kind}`;
  throw cannot(`converting (${from}) to (${mine}.${expected.kind}): unknown conversion`);
}

const versionOf = (apiVersion: string): string => apiVersion.slice(apiVersion.indexOf('/') + 1);

function parseJson(text: string, kind: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw unrecognized(kind, `couldn't get version/kind; json parse error: ${goJsonError(text)}`, text);
  }
}

const SUMMARY = 30;

function unrecognized(kind: string, why: string, text: string) {
  const summary =
    text === ''
      ? '<empty>'
      : text[0] !== '{'
        ? hex(text)
        : text.length > SUMMARY
          ? `${text.slice(0, SUMMARY)} ...`
          : text;
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary})`);
}

const hex = (text: string): string => {
  const bytes = [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return bytes.length > SUMMARY * 2 ? `${bytes.slice(0, SUMMARY * 2)} ...` : bytes;
};

/** encoding/json's syntax errors. */
export function goJsonError(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    const at = Number(/position ([0-9]+)/.exec(String(error))?.[1] ?? Number.NaN);
    const character = Number.isNaN(at) ? undefined : text[at];
    if (character === undefined) return 'unexpected end of JSON input';
    const quoted = character === "'" ? "'\\''" : character === '"' ? `'"'` : `'${character}'`;
    return `invalid character ${quoted} ${expectation(text.slice(0, at))}`;
  }
}

function expectation(before: string): string {
  const last = before.trimEnd().at(-1);
  if (last === undefined || last === ':' || last === '[') return 'looking for beginning of value';
  if (last === '{') return 'looking for beginning of object key string';
  if (last === ',')
    return before.lastIndexOf('{') > before.lastIndexOf('[')
      ? 'looking for beginning of object key string'
      : 'looking for beginning of value';
  return before.lastIndexOf('[') > before.lastIndexOf('{') ? 'after array element' : 'after object key:value pair';
}
