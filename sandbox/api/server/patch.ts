/** PATCH in its four forms (apiserver pkg/endpoints/handlers/patch.go). */

import { own } from '../../sim/own.ts';
import { badRequest, failure, invalid, notFound } from '../errors.ts';
import { apply } from '../fields/apply.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import { nestsTooDeep, TOO_DEEP } from '../nesting.ts';
import type { Json, JsonObject, KubeObject } from '../object.ts';
import { applyOperation } from '../patch/json-patch.ts';
import { isJsonObject, mergePatch } from '../patch/merge.ts';
import { goMap, PatchError, strategicMerge } from '../patch/strategic.ts';
import { mergedPaths, operationPaths, sortedWhere } from '../patch/touched.ts';
import type { Endpoint } from '../registry/registry.ts';
import { update } from '../registry/update.ts';
import type { Schema } from '../resource.ts';
import { DecodeError } from '../schema/decode.ts';
import { duplicateFields } from '../schema/duplicates.ts';
import { definition } from '../schema/schemas.ts';
import type { Expected } from './body.ts';
import { decodeTyped, fieldValidation, goJsonError, registeredIn, typeProblem } from './body.ts';
import { accepted } from './negotiation.ts';
import { checkPatchOptions } from './options.ts';
import { one } from './read.ts';
import type { ResourcePath } from './request.ts';
import type { WriteContext } from './write.ts';
import { checkName, checkNamespace, stored, toStored, writeOptions } from './write.ts';

/** One form of patch: how it changes the object's JSON, and how its failure shows it. */
interface Form {
  apply(object: JsonObject, patch: Json, schema: string | Schema): Json;
  /** What is quoted when the result is no object of its kind. */
  shown(result: Json, patch: Json): string;
  /** Of a value of the wrong type. */
  problem(error: DecodeError): string;
}

const JSON_PATCH = 'application/json-patch+json';
const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';

const FORMS: Readonly<Record<string, Form>> = {
  [JSON_PATCH]: {
    apply: jsonPatch,
    shown: (result, patch) => JSON.stringify(sortedWhere(result, operationPaths(patch))),
    problem: ({ message }) => message,
  },
  [MERGE]: {
    apply: merge,
    shown: (result, patch) => JSON.stringify(sortedWhere(result, mergedPaths(patch))),
    problem: ({ message }) => message,
  },
  [STRATEGIC]: {
    apply: strategic,
    shown: (_, patch) => goMap(patch),
    problem: ({ unstructured }) => unstructured,
  },
};

const APPLY = 'application/apply-patch+yaml';

const typeOf = ({ headers }: ApiRequest): string => (headers['content-type'] ?? '').split(';')[0]!.trim();

export const isApply = (request: ApiRequest): boolean => typeOf(request) === APPLY;

export function patch(context: WriteContext, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  const type = typeOf(request);
  if (type !== APPLY && !own(FORMS, type)) throw unsupportedType(endpoint);
  if (endpoint.resource.unstructured && type === STRATEGIC && !path.subresource) throw unsupportedType(endpoint);
  accepted(request);
  checkPatchOptions(request, type === APPLY);
  if (type === APPLY) return apply(context, request, endpoint, path);
  const patched = patchedObject(context, request, endpoint, path, {
    kind: endpoint.resource.kind,
    apiVersion: endpoint.apiVersion,
    schema: endpoint.resource.schema,
  });
  const target = { namespace: endpoint.resource.namespaced ? path.namespace : '', name: path.name };
  const options = { ...writeOptions(context, request, endpoint), target, isPatch: true };
  const after = update(
    context.registry,
    stored(context, endpoint),
    toStored(endpoint, patched),
    path.subresource ? { ...options, subresource: path.subresource } : options,
  );
  return one(context, request, endpoint, after, 200);
}

/** What go-restful answers before a handler sees the request. */
const unsupportedType = ({ resource }: Endpoint) =>
  resource.unstructured
    ? failure(
        415,
        'UnsupportedMediaType',
        `the body of the request was in an unknown format - accepted media types include: ${[JSON_PATCH, MERGE, APPLY].join(', ')}`,
      )
    : failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});

/** The object (or what `view` makes of it) with the request's patch carried out. */
export function patchedObject(
  context: WriteContext,
  request: ApiRequest,
  endpoint: Endpoint,
  path: ResourcePath,
  expected: Expected,
  view?: (object: KubeObject) => KubeObject,
): KubeObject {
  const type = typeOf(request);
  const form = own(FORMS, type);
  if (!form) throw unsupportedType(endpoint);
  checkPatchOptions(request, false);
  const { resource, collection } = endpoint;
  const before = collection.get(resource.namespaced ? path.namespace : '', path.name);
  if (!before) throw notFound(resource, path.name);
  const given = parsePatch(request.body ?? '', type);
  // What is patched is what the client sees: its version, its managedFields.
  const seen = view
    ? (view(before) as unknown as JsonObject)
    : (JSON.parse(context.encoder.object(endpoint, before)) as JsonObject);
  const result = form.apply(seen, given, expected.schema);
  const object = typed(context, request, form, given, result, expected);
  checkNamespace(endpoint, object, path);
  checkName(object, path.name);
  return object;
}

/** The result as an object of its kind; if it is none, the patch is invalid. */
function typed(
  context: WriteContext,
  request: ApiRequest,
  form: Form,
  patch: Json,
  result: Json,
  expected: Expected,
): KubeObject {
  const refused = (why: string) =>
    invalid({ group: '', name: '' }, '', [
      {
        type: 'FieldValueInvalid',
        field: 'patch',
        detail: `Invalid value: ${JSON.stringify(form.shown(result, patch))}: ${why}`,
      },
    ]);
  if (!isJsonObject(result)) {
    const what = Array.isArray(result) ? 'array' : result === null ? 'null' : typeof result;
    throw refused(`json: cannot unmarshal ${what} into Go value of type struct { APIVersion string; Kind string }`);
  }
  const problem = typeProblem(registeredIn(context.registry), result, expected);
  if (problem) throw refused(problem);
  const validation = fieldValidation(request);
  try {
    const { object, problems } = decodeTyped(result, expected);
    const repeated = duplicateFields(request.body ?? '').map((field) => `duplicate field ${JSON.stringify(field)}`);
    const all = Array.isArray(patch)
      ? [...unknownOperationFields(patch), ...repeated.map((text) => `json patch ${text}`), ...problems]
      : [...repeated, ...problems];
    if (validation === 'Strict' && all.length > 0) throw refused(`strict decoding error: ${all.join(', ')}`);
    if (validation === 'Warn') for (const text of all) context.warn(text);
    return object;
  } catch (error) {
    if (error instanceof DecodeError) throw refused(form.problem(error));
    throw error;
  }
}

function parsePatch(text: string, type: string): Json {
  if (nestsTooDeep(text)) throw badRequest(type.includes('strategic') ? TOO_DEEP : `error decoding patch: ${TOO_DEEP}`);
  try {
    return JSON.parse(text) as Json;
  } catch {
    const why = goJsonError(text);
    throw badRequest(type.includes('strategic') ? why : `error decoding patch: ${why}`);
  }
}

const OPERATION_FIELDS = ['op', 'path', 'from', 'value'];

const unknownOperationFields = (operations: readonly Json[]): readonly string[] =>
  operations.flatMap((operation, i) =>
    Object.keys(isJsonObject(operation) ? operation : {})
      .filter((name) => !OPERATION_FIELDS.includes(name))
      .map((name) => `json patch unknown field "[${i}].${name}"`),
  );

/** A JSON patch may have so many operations. */
const MAX_OPERATIONS = 10_000;

function jsonPatch(object: JsonObject, operations: Json): Json {
  if (!Array.isArray(operations)) {
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${isJsonObject(operations) ? 'object' : typeof operations} into Go value of type []handlers.jsonPatchOp`,
    );
  }
  if (operations.length > MAX_OPERATIONS) {
    throw failure(
      413,
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${operations.length}`,
    );
  }
  const copy = JSON.parse(JSON.stringify(object)) as Json;
  if (operations.every((operation) => applyOperation(copy, operation) === undefined)) return copy;
  throw failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

function merge(object: JsonObject, patch: Json): Json {
  if (patch === null) throw badRequest('Invalid JSON Patch');
  if (isJsonObject(patch)) return mergePatch(object, patch);
  const what = Array.isArray(patch) ? 'array' : typeof patch;
  throw badRequest(
    `error decoding patch: json: cannot unmarshal ${what} into Go value of type map[string]interface {}`,
  );
}

/** Those that are bad requests; what else cannot be merged is no API error at all (interpretStrategicMergePatchError). */
const BAD_STRATEGIC = /^(?:invalid |unknown patch type|unsupported )/;

function strategic(object: JsonObject, given: Json, schema: string | Schema): Json {
  if (!isJsonObject(given)) {
    throw badRequest(
      `json: cannot unmarshal ${Array.isArray(given) ? 'array' : typeof given} into Go value of type map[string]interface {}`,
    );
  }
  try {
    return strategicMerge(object, given, definition(schema));
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw BAD_STRATEGIC.test(error.message) ? badRequest(error.message) : failure(500, '', error.message);
  }
}
