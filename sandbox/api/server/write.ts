/** POST, PUT and DELETE of resources (apiserver pkg/endpoints/handlers/create.go, update.go, delete.go). */

import type { User } from '../authenticator/user.ts';
import type { DeleteOptions } from '../client.ts';
import { badRequest, notFound } from '../errors.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { Json, JsonObject, KubeObject } from '../object.ts';
import { isJsonObject } from '../patch/merge.ts';
import { create } from '../registry/create.ts';
import { remove } from '../registry/delete.ts';
import type { Endpoint, WriteOptions } from '../registry/registry.ts';
import { update } from '../registry/update.ts';
import type { FieldError } from '../resource.ts';
import { DecodeError, decode } from '../schema/decode.ts';
import type { BodyContext } from './body.ts';
import { goJsonError, readObject, unknownFormat } from './body.ts';
import { accepted } from './negotiation.ts';
import { checkOptions, dryRunErrors, refuse, unsupported } from './options.ts';
import type { ReadContext } from './read.ts';
import { many, one, selected } from './read.ts';
import type { ResourcePath } from './request.ts';
import { fieldManager, flag, isDryRun, parameter, parameters, wholeNumber } from './request.ts';
import { json } from './response.ts';

export type WriteContext = ReadContext & BodyContext & { readonly user: User };

export function writeOptions(context: WriteContext, request: ApiRequest, endpoint: Endpoint): WriteOptions {
  return {
    manager: fieldManager(request),
    user: context.user,
    dryRun: isDryRun(request),
    warn: context.warn,
    apiVersion: endpoint.apiVersion,
  };
}

/** Into the version that is stored. */
export const toStored = ({ resource }: Endpoint, object: KubeObject): KubeObject =>
  resource.conversion ? resource.conversion.toStored(object) : object;

export function post(context: WriteContext, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  accepted(request);
  checkOptions(request, 'CreateOptions');
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
  accepted(request);
  checkOptions(request, 'UpdateOptions');
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
  endpoint.resource.conversion ? context.registry.get(endpoint.collection.name) : endpoint;

export function checkNamespace({ resource }: Endpoint, object: KubeObject, path: ResourcePath): void {
  const { namespace } = object.metadata;
  if (!namespace || namespace === (resource.namespaced ? path.namespace : '')) return;
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** checkName, of what a patch made. */
export function checkName({ metadata: { name } }: KubeObject, expected: string): void {
  if (!name) {
    throw badRequest(`the name of the object (${expected} based on URL) was undeterminable: name must be provided`);
  }
  if (name !== expected) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${expected})`);
  }
}

/** The object that a subresource is of. */
export function parent({ resource, collection }: Endpoint, path: ResourcePath): KubeObject {
  const object = collection.get(resource.namespaced ? path.namespace : '', path.name);
  if (!object) throw notFound(resource, path.name);
  return object;
}

export function del(context: WriteContext, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  accepted(request);
  const { resource } = endpoint;
  const namespace = resource.namespaced ? path.namespace : '';
  const options = deletion(context, request, endpoint);
  const { object, gone } = remove(context.registry, stored(context, endpoint), namespace, path.name, options);
  // Only whoever asked for dependents to go first in the old way is told so by the code.
  const code = !gone && options.orphanDependents === false ? 202 : 200;
  if (!gone || resource.returnDeletedObject) return one(context, request, endpoint, object, code);
  return json(code, {
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
  const { page, metadata } = selected(context, request, endpoint, path);
  const options = deletion(context, request, endpoint);
  const rules = stored(context, endpoint);
  // The list that was deleted is answered, as it was before.
  for (const {
    metadata: { namespace = '', name },
  } of page) {
    if (endpoint.collection.get(namespace, name)) remove(context.registry, rules, namespace, name, options);
  }
  return many(context, request, endpoint, page, metadata);
}

const deletion = ({ user, warn }: WriteContext, request: ApiRequest, { apiVersion }: Endpoint) => ({
  ...deleteOptions(request),
  user,
  apiVersion,
  warn,
});

const POLICIES = ['Foreground', 'Background', 'Orphan'];
const DELETE_OPTIONS = 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions';

interface Options extends DeleteOptions {
  readonly dryRun: boolean;
  readonly orphanDependents?: boolean;
}

/** From the body, or without one from the query; as they may be (ValidateDeleteOptions). */
function deleteOptions(request: ApiRequest): Options {
  const given = request.body ? deleteBody(request) : fromQuery(request);
  const { propagationPolicy: policy, orphanDependents: orphan, gracePeriodSeconds: grace, preconditions } = given;
  const dryRun = (given.dryRun ?? []) as readonly string[];
  const errors: FieldError[] = [];
  if (orphan !== undefined && policy !== undefined) {
    const detail = `Invalid value: ${JSON.stringify(policy)}: orphanDependents and deletionPropagation cannot be both set`;
    errors.push({ type: 'FieldValueInvalid', field: 'propagationPolicy', detail });
  }
  if (policy !== undefined && !POLICIES.includes(policy as string)) {
    errors.push(unsupported('propagationPolicy', policy, [...POLICIES, 'nil']));
  }
  refuse('DeleteOptions', [...errors, ...dryRunErrors(dryRun)]);
  const propagation = policy ?? (orphan === true ? 'Orphan' : undefined);
  return {
    ...(grace !== undefined && { gracePeriodSeconds: grace as number }),
    ...(propagation !== undefined && { propagationPolicy: propagation as 'Orphan' }),
    ...(orphan !== undefined && { orphanDependents: orphan as boolean }),
    ...(preconditions !== undefined && { preconditions: preconditions as DeleteOptions['preconditions'] }),
    dryRun: dryRun.length > 0,
  };
}

/** Of any group: old clients send their own group's. */
function deleteBody(request: ApiRequest): JsonObject {
  const text = request.body ?? '';
  const type = (request.headers['content-type'] ?? 'application/json').split(';')[0]!.trim();
  if (type !== 'application/json' && type !== '*/*') throw unknownFormat();
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw badRequest(`couldn't get version/kind; json parse error: ${goJsonError(text)}`);
  }
  if (!isJsonObject(value)) throw badRequest('decoded object cannot be converted to DeleteOptions');
  const { kind = 'DeleteOptions', apiVersion = 'v1' } = value;
  if (kind !== 'DeleteOptions') {
    throw badRequest(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27"`,
    );
  }
  try {
    return decode(value, DELETE_OPTIONS).value;
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(error.message);
    throw error;
  }
}

function fromQuery(request: ApiRequest): JsonObject {
  const dryRun = parameters(request, 'dryRun');
  const orphan = parameter(request, 'orphanDependents');
  return {
    gracePeriodSeconds: wholeNumber(request, 'gracePeriodSeconds'),
    propagationPolicy: parameter(request, 'propagationPolicy') || undefined,
    orphanDependents: orphan ? flag(request, 'orphanDependents') : undefined,
    ...(dryRun.length > 0 && { dryRun }),
  };
}
