/** PATCH in its four forms (apiserver pkg/endpoints/handlers/patch.go). */

import { applyPatch } from 'rfc6902';
import { parse as parseYaml } from 'yaml';
import { badRequest, failure, notFound } from '../errors.ts';
import { apply } from '../fields/apply.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { Json, JsonObject, KubeObject, ManagedFieldsEntry } from '../object.ts';
import { isJsonObject, mergePatch } from '../patch/merge.ts';
import { PatchError, strategicMerge } from '../patch/strategic.ts';
import type { Endpoint } from '../registry/registry.ts';
import { update } from '../registry/update.ts';
import { definition } from '../schema/schemas.ts';
import type { Expected } from './body.ts';
import { decodeObject, fieldValidation, goJsonError } from './body.ts';
import { one } from './read.ts';
import type { ResourcePath } from './request.ts';
import type { WriteContext } from './write.ts';
import { checkNamespace, stored, toStored, writeOptions } from './write.ts';

/** How a patch changes the object's JSON. */
type Patcher = (object: JsonObject, patch: Json, schema: string) => Json;

const PATCHERS: Readonly<Record<string, Patcher>> = {
  'application/json-patch+json': jsonPatch,
  'application/merge-patch+json': (object, patch) => mergePatch(object, patch),
  'application/strategic-merge-patch+json': strategic,
};

const APPLY = 'application/apply-patch+yaml';

export function patch(context: WriteContext, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim();
  if (type === APPLY) return apply(context, request, endpoint, path);
  const patched = patchedObject(context, request, endpoint, path, {
    kind: endpoint.resource.kind,
    apiVersion: endpoint.apiVersion,
    schema: endpoint.resource.schema,
  });
  const target = { namespace: endpoint.resource.namespaced ? path.namespace : '', name: path.name };
  const managedFields = givenFields(request, patched);
  const options = { ...writeOptions(context, request, endpoint), target, ...(managedFields && { managedFields }) };
  const after = update(
    context.registry,
    stored(context, endpoint),
    toStored(endpoint, patched),
    path.subresource ? { ...options, subresource: path.subresource } : options,
  );
  return one(context, request, endpoint, after, 200);
}

/** Only a patch that speaks of them changes the managedFields themselves; an empty list takes them away (managedfields/internal/fieldmanager.go). */
function givenFields({ body = '' }: ApiRequest, { metadata }: KubeObject): readonly ManagedFieldsEntry[] | undefined {
  if (!body.includes('managedFields')) return undefined;
  return (metadata.managedFields ?? []).filter(({ manager }) => manager !== undefined);
}

/** The object (or what `view` makes of it) with the request's patch carried out. */
export function patchedObject(
  context: WriteContext,
  request: ApiRequest,
  endpoint: Endpoint,
  path: ResourcePath,
  expected: Expected,
  view: (object: KubeObject) => KubeObject = (object) => object,
): KubeObject {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim();
  const patcher = PATCHERS[type];
  if (!patcher) throw failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  const { resource, collection } = endpoint;
  const before = collection.get(resource.namespaced ? path.namespace : '', path.name);
  if (!before) throw notFound(resource, path.name);
  const seen = view(resource.conversion ? resource.conversion.fromStored(before) : before);
  const fields = request.body?.includes('managedFields') ? context.registry.fields.of(before) : [];
  const whole = fields.length > 0 ? { ...seen, metadata: { ...seen.metadata, managedFields: fields } } : seen;
  const patched = patcher(whole as unknown as JsonObject, parsePatch(request.body ?? '', type), expected.schema);
  if (!isJsonObject(patched)) throw badRequest('json: cannot unmarshal patch result into Go value');
  const object = decodeObject(context, patched, expected, fieldValidation(request));
  checkNamespace(endpoint, object, path);
  return object;
}

export function parsePatch(text: string, type: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // kubectl sends JSON; others may send YAML where the type says JSON, and are told so.
    if (type === APPLY) return parseYaml(text) as Json;
    throw badRequest(`error decoding patch: ${goJsonError(text)}`);
  }
}

function jsonPatch(object: JsonObject, operations: Json): Json {
  if (!Array.isArray(operations)) {
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${isJsonObject(operations) ? 'object' : typeof operations} into Go value of type jsonpatch.Patch`,
    );
  }
  const copy = JSON.parse(JSON.stringify(object)) as Json;
  const errors = applyPatch(copy, operations as never[]);
  if (errors.some((error) => error !== null)) {
    throw failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
  return copy;
}

function strategic(object: JsonObject, given: Json, schema: string): Json {
  if (!isJsonObject(given)) {
    throw badRequest(
      `json: cannot unmarshal ${Array.isArray(given) ? 'array' : typeof given} into Go value of type map[string]interface {}`,
    );
  }
  try {
    return strategicMerge(object, given, definition(schema));
  } catch (error) {
    if (error instanceof PatchError) throw badRequest(error.message);
    throw error;
  }
}
