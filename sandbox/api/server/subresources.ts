/** Subresources other than status: scale, finalize, binding, eviction, token, log and the streams. */

import { age } from '../age.ts';
import { badRequest, conflict, invalid, methodNotAllowed, notFound, unknownPath } from '../errors.ts';
import { applied, apply } from '../fields/apply.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { KubeObject } from '../object.ts';
import type { Binding } from '../registry/binding.ts';
import { bind } from '../registry/binding.ts';
import type { Endpoint } from '../registry/registry.ts';
import { update } from '../registry/update.ts';
import type { Column, Resource } from '../resource.ts';
import { ageColumn, nameColumn } from '../resources/columns.ts';
import { timestamp } from '../time.ts';
import type { ServiceAccount } from '../types.ts';
import { decodeObject, fieldValidation, readObject } from './body.ts';
import { evict } from './eviction.ts';
import type { Kubelets } from './kubelets.ts';
import { accepted } from './negotiation.ts';
import { checkOptions, checkPatchOptions } from './options.ts';
import { isApply, patch, patchedObject } from './patch.ts';
import { get, one } from './read.ts';
import type { ResourcePath } from './request.ts';
import { fieldManager, isDryRun } from './request.ts';
import { json } from './response.ts';
import type { WriteContext } from './write.ts';
import { checkName, put, writeOptions } from './write.ts';

type Handler = (context: Context, request: ApiRequest, endpoint: Endpoint, path: ResourcePath) => ApiResponse;

export type Context = WriteContext & { readonly kubelets: Kubelets };

/** By subresource and method. What is not here is the object itself (status, finalize, resize …). */
const HANDLERS: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  scale: { GET: getScale, PUT: putScale, PATCH: patchScale },
  binding: { POST: postBinding },
  eviction: { POST: evict },
  token: { POST: createToken },
  log: { GET: (context, request, _endpoint, path) => context.kubelets.logs(request, path) },
};

const OF_OBJECT: Readonly<Record<string, Handler>> = { GET: get, PUT: put, PATCH: patch };

export function subresource(
  context: Context,
  request: ApiRequest,
  endpoint: Endpoint,
  path: ResourcePath,
): ApiResponse {
  const declared = endpoint.resource.subresources?.[path.subresource];
  if (!declared) throw endpoint.resource.unstructured ? notFound(endpoint.resource, path.name) : unknownPath();
  const handlers = HANDLERS[path.subresource];
  if (!handlers) {
    const verb = { GET: 'get', PUT: 'update', PATCH: 'patch' }[request.method as string];
    if (verb && !declared.verbs.includes(verb)) throw methodNotAllowed();
  }
  const handler = (handlers ?? OF_OBJECT)[request.method];
  if (!handler) throw methodNotAllowed();
  return handler(context, request, endpoint, path);
}

const SCALE = { kind: 'Scale', apiVersion: 'autoscaling/v1', schema: 'io.k8s.api.autoscaling.v1.Scale' };

function parent({ resource, collection }: Endpoint, path: ResourcePath): KubeObject {
  const object = collection.get(path.namespace, path.name);
  if (!object) throw notFound(resource, path.name);
  return object;
}

const scaleOf = ({ resource }: Endpoint, object: KubeObject): KubeObject => {
  const scale = resource.subresources!.scale!.get!(object);
  return scale;
};

function getScale(context: Context, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  const scale = scaleOf(endpoint, parent(endpoint, path));
  const accept = accepted(request);
  if (accept.as !== 'Table') return json(200, scale, accept);
  return one(
    context,
    request,
    { ...endpoint, resource: SCALES, stored: SCALES, apiVersion: 'autoscaling/v1' },
    scale,
    200,
  );
}

const count = (name: string): Column => ({ name, type: 'integer', description: '', priority: 0 });

/** A Scale's printer (pkg/printers/internalversion/printers.go, printScale). */
const SCALES: Resource = {
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  name: 'scales',
  singular: 'scale',
  namespaced: true,
  schema: 'io.k8s.api.autoscaling.v1.Scale',
  columns: [nameColumn, count('Desired'), count('Available'), ageColumn],
  row: (object, { now }) => {
    const { metadata, spec, status } = object as Scale & { readonly status?: { readonly replicas?: number } };
    return [metadata.name, spec?.replicas ?? 0, status?.replicas ?? 0, age(metadata.creationTimestamp, now)];
  },
};

interface Scale extends KubeObject {
  readonly spec?: { readonly replicas?: number };
}

function putScale(context: Context, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  parent(endpoint, path);
  checkOptions(request, 'UpdateOptions');
  return writeScale(context, request, endpoint, path, readObject(context, request, endpoint, SCALE));
}

function patchScale(context: Context, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  if (isApply(request)) return applyScale(context, request, endpoint, path);
  const scale = patchedObject(context, request, endpoint, path, SCALE, (object) => scaleOf(endpoint, object));
  return writeScale(context, request, endpoint, path, scale);
}

/** A Scale that is applied is its object's number of replicas: there the manager's field is (managedfields/scalehandler.go). */
function applyScale(context: Context, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  accepted(request);
  checkPatchOptions(request, true);
  parent(endpoint, path);
  const scale = readScale(context, request, path);
  const replicas = scale.spec?.replicas ?? 0;
  checkReplicas(replicas, path.name);
  const config = {
    apiVersion: endpoint.apiVersion,
    kind: endpoint.resource.kind,
    metadata: { name: path.name, namespace: path.namespace },
    spec: { replicas },
  };
  const { body } = apply(context, { ...request, body: JSON.stringify(config) }, endpoint, path);
  return json(200, scaleOf(endpoint, JSON.parse(body as string) as KubeObject), accepted(request));
}

function readScale(context: Context, request: ApiRequest, path: ResourcePath): Scale {
  const given = applied(context, request);
  const { kind = '', apiVersion = '' } = given;
  if (kind !== SCALE.kind || apiVersion !== SCALE.apiVersion)
    throw badRequest(`invalid object type: ${apiVersion}, Kind=${kind}`);
  const scale = decodeObject(context, given, SCALE, fieldValidation(request)) as Scale;
  checkName(scale, path.name);
  return scale;
}

function checkReplicas(replicas: number, name: string): void {
  if (replicas >= 0) return;
  const detail = `Invalid value: ${replicas}: must be greater than or equal to 0`;
  throw invalid({ group: 'autoscaling', name: 'Scale' }, name, [
    { type: 'FieldValueInvalid', field: 'spec.replicas', detail },
  ]);
}

function writeScale(
  context: Context,
  request: ApiRequest,
  endpoint: Endpoint,
  path: ResourcePath,
  scale: KubeObject,
): ApiResponse {
  const before = parent(endpoint, path);
  checkName(scale, path.name);
  checkReplicas((scale as Scale).spec?.replicas ?? 0, path.name);
  const scaled = endpoint.resource.subresources!.scale!.put!(before, scale, context.registry.context);
  const { uid, resourceVersion } = scale.metadata;
  const given = {
    ...scaled,
    metadata: {
      ...scaled.metadata,
      uid: uid || before.metadata.uid,
      resourceVersion: resourceVersion || before.metadata.resourceVersion,
    },
  };
  const after = update(context.registry, endpoint, given, {
    ...writeOptions(context, request, endpoint),
    subresource: 'scale',
  });
  return json(200, scaleOf(endpoint, after), accepted(request));
}

function postBinding(context: Context, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  const binding = readObject(context, request, endpoint, {
    kind: 'Binding',
    apiVersion: 'v1',
    schema: 'io.k8s.api.core.v1.Binding',
  }) as unknown as Binding;
  bind(context.registry, path.namespace, path.name, binding, {
    manager: fieldManager(request),
    dryRun: isDryRun(request),
  });
  return json(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}

const HOUR = 3600;
const SHORTEST = 600;
const LONGEST = 2 ** 32;

interface BoundObject {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly name?: string;
  readonly uid?: string;
}

/** ValidateTokenRequest. */
function checkLifetime(seconds: number, name: string): void {
  const refuse = (why: string) =>
    invalid({ group: 'authentication.k8s.io', name: 'TokenRequest' }, name, [
      { type: 'FieldValueInvalid', field: 'spec.expirationSeconds', detail: `Invalid value: ${seconds}: ${why}` },
    ]);
  if (seconds < SHORTEST) throw refuse('may not specify a duration less than 10 minutes');
  if (seconds > LONGEST) throw refuse('may not specify a duration larger than 2^32 seconds');
}

/** What a token may be bound to; it must be there, and be the one that is meant. */
const BINDABLE: Readonly<Record<string, string>> = { 'v1/Pod': 'pods', 'v1/Secret': 'secrets', 'v1/Node': 'nodes' };

function checkBound({ registry }: Context, namespace: string, bound: BoundObject): void {
  const { kind = '', apiVersion = '', name = '', uid } = bound;
  const resource = BINDABLE[`${apiVersion}/${kind}`];
  if (!resource) {
    const groupVersion = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
    throw badRequest(`cannot bind token for object of type ${groupVersion}, Kind=${kind}`);
  }
  const object = registry.context.lookup(resource, resource === 'nodes' ? '' : namespace, name);
  if (!object) throw notFound({ group: '', name: resource }, name);
  if (uid && uid !== object.metadata.uid) {
    throw conflict(
      { group: '', name: resource },
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
}

/** serviceaccounts/token: a JSON web token of the right shape; nobody checks its signature here. */
function createToken(context: Context, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  checkOptions(request, 'CreateOptions');
  const account = parent(endpoint, path) as ServiceAccount;
  const body = readObject(context, request, endpoint, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    schema: 'io.k8s.api.authentication.v1.TokenRequest',
  }) as KubeObject & {
    readonly spec?: {
      readonly expirationSeconds?: number;
      readonly audiences?: readonly string[];
      readonly boundObjectRef?: BoundObject;
    };
  };
  const { clock, random } = context.registry;
  const lifetime = body.spec?.expirationSeconds ?? HOUR;
  checkLifetime(lifetime, path.name);
  const bound = body.spec?.boundObjectRef;
  if (bound) checkBound(context, path.namespace, bound);
  const issued = Math.floor(clock.now / 1000);
  const issuer = 'https://kubernetes.default.svc.cluster.local';
  const audiences = body.spec?.audiences?.length ? body.spec.audiences : [issuer];
  const claims = {
    aud: audiences,
    exp: issued + lifetime,
    iat: issued,
    iss: issuer,
    jti: random.uuid(),
    'kubernetes.io': { namespace: path.namespace, serviceaccount: { name: path.name, uid: account.metadata.uid } },
    nbf: issued,
    sub: `system:serviceaccount:${path.namespace}:${path.name}`,
  };
  const token = [
    base64url(JSON.stringify({ alg: 'RS256', kid: random.hex(43) })),
    base64url(JSON.stringify(claims)),
    base64url(random.hex(256)),
  ];
  return json(201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name: path.name, namespace: path.namespace, creationTimestamp: timestamp(clock.now) },
    spec: { audiences, expirationSeconds: lifetime, boundObjectRef: bound ?? null },
    status: { token: token.join('.'), expirationTimestamp: timestamp(clock.now + lifetime * 1000) },
  });
}

const base64url = (text: string): string => btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
