/** What is below an object: views of it in another kind (scale), what a storage of its own answers (binding, log …), and the object itself (status, finalize …). */

import { badRequest, invalid, methodNotAllowed, notFound, unknownPath } from '../errors.ts';
import { applied, apply } from '../fields/apply.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { KubeObject } from '../object.ts';
import type { Endpoint } from '../registry/registry.ts';
import { update } from '../registry/update.ts';
import type { Resource, Subresource, View } from '../resource.ts';
import type { Kubelets } from '../storage/kubelets.ts';
import type { Expected } from './body.ts';
import { decodeObject, fieldValidation, readObject } from './body.ts';
import { accepted } from './negotiation.ts';
import { checkOptions, checkPatchOptions } from './options.ts';
import { isApply, patch, patchedObject } from './patch.ts';
import { get, one } from './read.ts';
import type { ResourcePath } from './request.ts';
import { json } from './response.ts';
import type { WriteContext } from './write.ts';
import { checkName, parent, put, writeOptions } from './write.ts';

export type Handler = (context: Context, request: ApiRequest, endpoint: Endpoint, path: ResourcePath) => ApiResponse;

/** Handlers by method. */
export type Storage = Readonly<Record<string, Handler>>;

export type Context = WriteContext & {
  readonly kubelets: Kubelets;
  /** Of subresources that are more than a part of their object, by `resource/subresource`. */
  readonly storages: Readonly<Record<string, Storage>>;
};

const OF_OBJECT: Storage = { GET: get, PUT: put, PATCH: patch };
const OF_VIEW: Storage = { GET: getView, PUT: putView, PATCH: patchView };

const VERBS: Readonly<Record<string, string>> = { GET: 'get', PUT: 'update', PATCH: 'patch' };

export function subresource(
  context: Context,
  request: ApiRequest,
  endpoint: Endpoint,
  path: ResourcePath,
): ApiResponse {
  const { resource } = endpoint;
  const declared = resource.subresources?.[path.subresource];
  if (!declared) throw endpoint.resource.unstructured ? notFound(endpoint.resource, path.name) : unknownPath();
  const storage = context.storages[`${resource.name}/${path.subresource}`];
  if (!storage) {
    const verb = VERBS[request.method];
    if (verb && !declared.verbs.includes(verb)) throw methodNotAllowed();
  }
  const handler = (storage ?? (declared.view ? OF_VIEW : OF_OBJECT))[request.method];
  if (!handler) throw methodNotAllowed();
  return handler(context, request, endpoint, path);
}

interface Seen {
  readonly view: View;
  readonly expected: Expected;
}

function viewOf({ resource }: Endpoint, path: ResourcePath): Seen {
  const { view, kind, group, version } = resource.subresources![path.subresource] as Subresource & { view: View };
  return { view, expected: { kind, apiVersion: group ? `${group}/${version}` : version!, schema: view.schema } };
}

function getView(context: Context, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  const { view, expected } = viewOf(endpoint, path);
  const value = view.read(parent(endpoint, path));
  const accept = accepted(request);
  if (accept.as !== 'Table') return json(200, value, accept);
  const { columns, row } = view;
  const shown: Resource = { ...endpoint.resource, columns, row };
  const { conversion: _, ...resource } = shown;
  return one(context, request, { ...endpoint, resource, apiVersion: expected.apiVersion }, value, 200);
}

function putView(context: Context, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  parent(endpoint, path);
  checkOptions(request, 'UpdateOptions');
  const { expected } = viewOf(endpoint, path);
  return writeView(context, request, endpoint, path, readObject(context, request, endpoint, expected));
}

function patchView(context: Context, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  if (isApply(request)) return applyView(context, request, endpoint, path);
  const { view, expected } = viewOf(endpoint, path);
  const value = patchedObject(context, request, endpoint, path, expected, view.read);
  return writeView(context, request, endpoint, path, value);
}

/** What is applied to a view is its object's: there the manager's field is (managedfields/scalehandler.go). */
function applyView(context: Context, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  accepted(request);
  checkPatchOptions(request, true);
  parent(endpoint, path);
  const { view, expected } = viewOf(endpoint, path);
  const value = readView(context, request, path, expected);
  checkValue(view, expected, value, path.name);
  const config = view.write(
    {
      apiVersion: endpoint.apiVersion,
      kind: endpoint.resource.kind,
      metadata: { name: path.name, namespace: path.namespace },
    } as KubeObject,
    value,
  );
  const { body } = apply(context, { ...request, body: JSON.stringify(config) }, endpoint, path);
  return json(200, view.read(JSON.parse(body as string) as KubeObject), accepted(request));
}

function readView(context: Context, request: ApiRequest, path: ResourcePath, expected: Expected): KubeObject {
  const given = applied(context, request);
  const { kind = '', apiVersion = '' } = given;
  if (kind !== expected.kind || apiVersion !== expected.apiVersion)
    throw badRequest(`invalid object type: ${apiVersion}, Kind=${kind}`);
  const value = decodeObject(context, given, expected, fieldValidation(request));
  checkName(value, path.name);
  return value;
}

function checkValue(view: View, { kind, apiVersion }: Expected, value: KubeObject, name: string): void {
  const errors = view.validate(value);
  if (errors.length > 0) throw invalid({ group: apiVersion.split('/')[0]!, name: kind }, name, errors);
}

function writeView(
  context: Context,
  request: ApiRequest,
  endpoint: Endpoint,
  path: ResourcePath,
  value: KubeObject,
): ApiResponse {
  const { view, expected } = viewOf(endpoint, path);
  const before = parent(endpoint, path);
  checkName(value, path.name);
  checkValue(view, expected, value, path.name);
  const written = view.write(before, value);
  const { uid, resourceVersion } = value.metadata;
  const given = {
    ...written,
    metadata: {
      ...written.metadata,
      uid: uid || before.metadata.uid,
      resourceVersion: resourceVersion || before.metadata.resourceVersion,
    },
  };
  const options = { ...writeOptions(context, request, endpoint), subresource: path.subresource };
  return json(200, view.read(update(context.registry, endpoint, given, options)), accepted(request));
}
