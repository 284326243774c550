/** Request bodies: decoded, matched with the kind expected, strictly or leniently (apiserver pkg/endpoints/handlers/rest.go, create.go). */

import { parse as parseYaml } from 'yaml';
import { badRequest, failure, invalid } from '../errors.ts';
import type { ApiRequest } from '../http.ts';
import { nestsTooDeep, TOO_DEEP } from '../nesting.ts';
import type { Json, JsonObject, KubeObject } from '../object.ts';
import { isJsonObject } from '../patch/merge.ts';
import type { Endpoint, Registry } from '../registry/registry.ts';
import type { Schema } from '../resource.ts';
import { DecodeError, decode } from '../schema/decode.ts';
import { duplicateFields } from '../schema/duplicates.ts';
import { MEDIA_TYPES } from './negotiation.ts';
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
  /** Its schema, or its definition's name. */
  readonly schema: string | Schema;
}

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
    throw unknownFormat();
  }
  const parsed = type === 'application/yaml' ? yamlValue(text, expected.kind) : parseJson(text, expected.kind);
  // Go unmarshals null into nothing.
  const value = parsed === null ? {} : parsed;
  if (!isJsonObject(value))
    throw unrecognized(
      expected.kind,
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
      text,
    );
  const typed = withType(context.registry, value, expected);
  return decodeObject(context, typed, expected, fieldValidation(request), type === 'application/json' ? text : '');
}

export const unknownFormat = () =>
  failure(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${MEDIA_TYPES}`,
  );

function yamlValue(text: string, kind: string): Json {
  if (nestsTooDeep(text)) throw unrecognized(kind, `error converting YAML to JSON: yaml: ${TOO_DEEP} of 10000`, text);
  try {
    return parseYaml(text) as Json;
  } catch (error) {
    const line = /at line (\d+)/.exec(String(error))?.[1] ?? '1';
    throw unrecognized(
      kind,
      `error converting YAML to JSON: yaml: line ${line}: did not find expected node content`,
      text,
    );
  }
}

export interface Typed {
  readonly object: KubeObject;
  /** What strict decoding would refuse: unknown and repeated fields. */
  readonly problems: readonly string[];
}

/** Checks and completes an object against its schema; `text` is searched for repeated fields. Throws DecodeError. */
export function decodeTyped(value: JsonObject, expected: Expected, text = ''): Typed {
  const { value: decoded, unknown } = decode(value, expected.schema);
  const strange = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
  const repeated = text ? duplicateFields(text).map((path) => `duplicate field ${JSON.stringify(path)}`) : [];
  // What is no struct is read as JSON first and looked through afterwards.
  const problems = typeof expected.schema === 'string' ? [...strange, ...repeated] : [...repeated, ...strange];
  const object = complete(decoded, expected);
  // An empty list says something here: it takes the managedFields away.
  if (!isEmptyList(value.metadata, 'managedFields')) return { object, problems };
  return { object: { ...object, metadata: { ...object.metadata, managedFields: [] } }, problems };
}

function isEmptyList(value: Json | undefined, name: string): boolean {
  if (!isJsonObject(value)) return false;
  const list = value[name];
  return Array.isArray(list) && list.length === 0;
}

/** The same for a whole body: whatever is wrong is a bad request. */
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
    const { object, problems } = decodeTyped(value, expected, text);
    if (validation !== 'Ignore') {
      if (problems.length > 0 && validation === 'Strict') throw cannot(`strict decoding error: ${problems.join(', ')}`);
      for (const problem of problems) context.warn(problem);
    }
    return object;
  } catch (error) {
    if (error instanceof DecodeError) throw cannot(error.message);
    throw error;
  }
}

function complete(decoded: JsonObject, { kind, apiVersion }: Expected): KubeObject {
  const { metadata, ...rest } = decoded;
  return { ...rest, apiVersion, kind, metadata: metadata ?? {} } as unknown as KubeObject;
}

/** Its value is checked with the other options. */
export const fieldValidation = (request: ApiRequest): FieldValidation =>
  (parameter(request, 'fieldValidation') || 'Warn') as FieldValidation;

/** Without a type, an object is what the path says; with another one, it is refused as Go's scheme refuses it. */
function withType(registry: Registry, value: JsonObject, expected: Expected): JsonObject {
  const { apiVersion, kind } = typeOf(value, expected);
  const custom = typeof expected.schema !== 'string';
  if (custom && !value.kind) {
    const text = JSON.stringify(value);
    throw unrecognized(expected.kind, `Object 'Kind' is missing in '${text}'`, text);
  }
  const problem = custom ? undefined : typeProblem(registeredIn(registry), value, expected);
  if (problem) {
    throw badRequest(
      `${kind} in version "${versionOf(apiVersion)}" cannot be handled as a ${expected.kind}: ${problem}`,
    );
  }
  if (apiVersion !== expected.apiVersion) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected.apiVersion})`,
    );
  }
  if (kind !== expected.kind) {
    const detail = `Invalid value: ${JSON.stringify(kind)}: must be ${expected.kind}`;
    const name = isJsonObject(value.metadata) ? String(value.metadata.name ?? '') : '';
    throw invalid({ group: apiVersion.split('/')[0]!, name: kind }, name, [
      { type: 'FieldValueInvalid', field: 'kind', detail },
    ]);
  }
  return value;
}

const typeOf = ({ apiVersion, kind }: JsonObject, expected: Expected) => ({
  apiVersion: typeof apiVersion === 'string' && apiVersion ? apiVersion : expected.apiVersion,
  kind: typeof kind === 'string' && kind ? kind : expected.kind,
});

/** The group of a kind that is served: what there is to ask of one. */
type Registered = (apiVersion: string, kind: string) => string | undefined;

export const registeredIn =
  (registry: Registry): Registered =>
  (apiVersion, kind) =>
    registry.ofKind(apiVersion, kind)?.resource.group;

/** Why an object of its kind cannot become one of the kind expected. */
export function typeProblem(groupOf: Registered, value: JsonObject, expected: Expected): string | undefined {
  const { apiVersion, kind } = typeOf(value, expected);
  if (kind === expected.kind && apiVersion === expected.apiVersion) return undefined;
  const other = groupOf(apiVersion, kind);
  if (other === undefined) {
    return `no kind "${kind}" is registered for version "${apiVersion}" in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"`;
  }
  if (kind === expected.kind) return undefined;
  const version = versionOf(apiVersion);
  const group = (other || 'core').split('.')[0];
  const mine = (expected.apiVersion.includes('/') ? expected.apiVersion.split('/')[0]! : 'core').split('.')[0];
  const from = group === 'core' || group === mine ? `v1.${kind}` : `${version}.${kind}`;
  return `converting (${from}) to (${mine}.${expected.kind}): unknown conversion`;
}

const versionOf = (apiVersion: string): string => apiVersion.slice(apiVersion.indexOf('/') + 1);

function parseJson(text: string, kind: string): Json {
  if (nestsTooDeep(text)) throw unrecognized(kind, `couldn't get version/kind; json parse error: ${TOO_DEEP}`, text);
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

const LITERALS = ['null', 'true', 'false'];

/** encoding/json's syntax errors. */
export function goJsonError(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    const literal = LITERALS.find(([first]) => first === text[0]);
    if (literal) {
      const wrong = [...literal].findIndex((char, i) => text[i] !== char);
      if (wrong > 0 && text[wrong] !== undefined)
        return `invalid character '${text[wrong]}' in literal ${literal} (expecting '${literal[wrong]}')`;
    }
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
