/** POST, PUT and DELETE of resources (apiserver pkg/endpoints/handlers/create.go, update.go, delete.go). */

import type { DeleteOptions } from '../client.ts';
import { badRequest, failure } from '../errors.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { JsonObject, KubeObject } from '../object.ts';
import { isJsonObject } from '../patch/merge.ts';
import { create } from '../registry/create.ts';
import { remove } from '../registry/delete.ts';
import type { Endpoint, WriteOptions } from '../registry/registry.ts';
import { update } from '../registry/update.ts';
import type { BodyContext } from './body.ts';
import { goJsonError, readObject } from './body.ts';
import type { ReadContext } from './read.ts';
import { listText, one } from './read.ts';
import type { ResourcePath } from './request.ts';
import { fieldManager, flag, isDryRun, parameter, wholeNumber } from './request.ts';
import { accepted, json, jsonText } from './response.ts';
import { selection } from './selection.ts';

export type WriteContext = ReadContext & BodyContext;

export function writeOptions(context: WriteContext, request: ApiRequest, endpoint: Endpoint): WriteOptions {
  return {
    manager: fieldManager(request),
    dryRun: isDryRun(request),
    warn: context.warn,
    apiVersion: endpoint.apiVersion,
  };
}

/** Into the version that is stored. */
export const toStored = ({ resource }: Endpoint, object: KubeObject): KubeObject =>
  resource.conversion ? resource.conversion.toStored(object) : object;

export function post(context: WriteContext, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  const given = toStored(endpoint, readObject(context, request, endpoint));
  checkNamespace(endpoint, given, path);
  const made = create(
    context.registry,
    stored(context, endpoint),
    path.namespace,
    given,
    writeOptions(context, request, endpoint),
  );
  return one(context, request, endpoint, made, 201);
}

export function put(context: WriteContext, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  const given = toStored(endpoint, readObject(context, request, endpoint));
  const target = { namespace: endpoint.resource.namespaced ? path.namespace : '', name: path.name };
  checkNamespace(endpoint, given, path);
  const { name } = given.metadata;
  if (name && name !== path.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${path.name})`);
  }
  const object = {
    ...given,
    metadata: { ...given.metadata, ...(target.namespace && { namespace: target.namespace }), name: path.name },
  };
  const options = { ...writeOptions(context, request, endpoint), target };
  const after = update(
    context.registry,
    stored(context, endpoint),
    object,
    path.subresource ? { ...options, subresource: path.subresource } : options,
  );
  return one(context, request, endpoint, after, 200);
}

/** The endpoint of the stored version: its rules are those that hold. */
export const stored = (context: ReadContext, endpoint: Endpoint): Endpoint =>
  endpoint.resource.conversion ? context.registry.get(endpoint.resource.name) : endpoint;

export function checkNamespace({ resource }: Endpoint, object: KubeObject, path: ResourcePath): void {
  const { namespace } = object.metadata;
  if (!namespace || namespace === (resource.namespaced ? path.namespace : '')) return;
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** Kinds whose deletion is answered with the object, not with a Status (genericregistry.Store.ReturnDeletedObject). */
const RETURNED_WHEN_DELETED: readonly string[] = [
  'csidrivers',
  'csinodes',
  'persistentvolumeclaims',
  'persistentvolumes',
  'pods',
  'podtemplates',
  'resourcequotas',
  'serviceaccounts',
  'storageclasses',
  'volumeattachments',
  'volumeattributesclasses',
];

export function del(context: WriteContext, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  const { resource } = endpoint;
  const namespace = resource.namespaced ? path.namespace : '';
  const options = deleteOptions(request);
  const { object, gone } = remove(context.registry, stored(context, endpoint), namespace, path.name, options);
  if (!gone || RETURNED_WHEN_DELETED.includes(resource.name)) return one(context, request, endpoint, object, 200);
  return json(200, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: path.name,
      ...(resource.group && { group: resource.group }),
      kind: resource.name,
      uid: object.metadata.uid,
    },
  });
}

export function deleteCollection(
  context: WriteContext,
  request: ApiRequest,
  endpoint: Endpoint,
  path: ResourcePath,
): ApiResponse {
  const chosen = selection(request, endpoint, path);
  const options = deleteOptions(request);
  const objects = endpoint.collection.list(chosen.namespace).filter(chosen.matches);
  const rules = stored(context, endpoint);
  const revision = String(context.registry.store.revision);
  const deleted = objects.map(
    ({ metadata }) => remove(context.registry, rules, metadata.namespace ?? '', metadata.name, options).object,
  );
  const metadata = JSON.stringify({ resourceVersion: revision });
  return jsonText(200, listText(endpoint, context.encoder, deleted, metadata), accepted(request));
}

const POLICIES = ['Foreground', 'Background', 'Orphan'] as const;

type Options = DeleteOptions & { readonly dryRun?: boolean };

/** From the body, or without one from the query. */
function deleteOptions(request: ApiRequest): Options {
  const given: JsonObject = request.body ? deleteBody(request.body) : fromQuery(request);
  const policy = given.propagationPolicy;
  if (policy !== undefined && policy !== null && !POLICIES.includes(policy as 'Orphan')) {
    throw failure(
      422,
      'Invalid',
      `DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: ${JSON.stringify(policy)}: supported values: "Background", "Foreground", "Orphan", "nil"`,
    );
  }
  const orphan = given.orphanDependents === true ? 'Orphan' : undefined;
  const grace = given.gracePeriodSeconds;
  const preconditions = given.preconditions;
  return {
    ...(typeof grace === 'number' && { gracePeriodSeconds: grace }),
    ...((policy || orphan) && { propagationPolicy: (policy ?? orphan) as 'Orphan' }),
    ...(isJsonObject(preconditions) && { preconditions: preconditions as DeleteOptions['preconditions'] }),
    dryRun: isDryRun(request) || (Array.isArray(given.dryRun) && given.dryRun.includes('All')),
  };
}

function deleteBody(text: string): JsonObject {
  try {
    const value = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    throw badRequest(`couldn't get version/kind; json parse error: ${goJsonError(text)}`);
  }
  throw badRequest('decoded object cannot be converted to DeleteOptions');
}

function fromQuery(request: ApiRequest): JsonObject {
  return {
    gracePeriodSeconds: wholeNumber(request, 'gracePeriodSeconds'),
    propagationPolicy: parameter(request, 'propagationPolicy') || undefined,
    orphanDependents: flag(request, 'orphanDependents') || undefined,
  };
}
