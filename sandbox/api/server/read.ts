/** GET of one object or a list: consistent, paged, in any representation (apiserver pkg/endpoints/handlers/get.go, etcd3/store.go). */

import { base64url, fromBase64, illegalBase64url } from '../base64.ts';
import { badRequest, failure, gone, notFound } from '../errors.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { KubeObject } from '../object.ts';
import { StatusError } from '../object.ts';
import type { Endpoint, Registry } from '../registry/registry.ts';
import type { Store } from '../store.ts';
import { keyOf } from '../store.ts';
import type { Encoder } from './encode.ts';
import { checkListOptions, parseResourceVersion } from './list-options.ts';
import type { Accepted } from './negotiation.ts';
import { accepted } from './negotiation.ts';
import type { ResourcePath } from './request.ts';
import { parameter, wholeNumber } from './request.ts';
import { jsonText, onDemand } from './response.ts';
import { selection } from './selection.ts';
import type { TableOptions } from './table.ts';
import { tableWriter } from './table.ts';

export interface ReadContext {
  readonly registry: Registry;
  readonly encoder: Encoder;
}

export function get(context: ReadContext, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  const { store } = context.registry;
  const wanted = parseResourceVersion(parameter(request, 'resourceVersion'));
  if (wanted > store.revision) throw tooLarge(wanted, store.revision);
  const object = endpoint.collection.get(endpoint.resource.namespaced ? path.namespace : '', path.name);
  if (!object) throw notFound(endpoint.resource, path.name);
  return one(context, request, endpoint, object, 200);
}

/** One object as the client wants to see it. */
export function one(
  { registry, encoder }: ReadContext,
  request: ApiRequest,
  endpoint: Endpoint,
  object: KubeObject,
  status: number,
  headers: ApiResponse['headers'] = [],
): ApiResponse {
  const accept = accepted(request);
  if (accept.as === 'Table') {
    const writer = tableWriter(endpoint, encoder, registry.clock.now, tableOptions(request, accept));
    const metadata = JSON.stringify({ resourceVersion: object.metadata.resourceVersion || undefined });
    return jsonText(status, writer.table([object], metadata), accept, headers);
  }
  if (accept.as === 'PartialObjectMetadataList') throw wrongShape(accept.as, 'not a list', endpoint, '');
  const text =
    accept.as === 'PartialObjectMetadata'
      ? encoder.partial(object, accept.groupVersion)
      : encoder.object(endpoint, object);
  return jsonText(status, text, accept, headers);
}

export function list(context: ReadContext, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  const { page, metadata } = selected(context, request, endpoint, path);
  return many(context, request, endpoint, page, metadata);
}

/** The page of a collection that a request means, and the list's metadata as JSON. */
export function selected(
  { registry }: ReadContext,
  request: ApiRequest,
  endpoint: Endpoint,
  path: ResourcePath,
): { readonly page: readonly KubeObject[]; readonly metadata: string } {
  checkListOptions(request);
  const chosen = selection(request, endpoint, path);
  const page = paged(request, registry.store, endpoint, chosen.namespace);
  const objects = chosen.everything ? page.objects : page.objects.filter(chosen.matches);
  const limit = wholeNumber(request, 'limit') ?? 0;
  const cut = limit > 0 && objects.length > limit;
  const shown = cut ? objects.slice(0, limit) : objects;
  const metadata = JSON.stringify({
    resourceVersion: String(page.revision),
    ...(cut && {
      continue: continueToken(page.revision, keyWithin(chosen.namespace, shown.at(-1)!)),
      ...(chosen.everything && { remainingItemCount: objects.length - limit }),
    }),
  });
  return { page: shown, metadata };
}

/** A list as the client wants to see it. */
export function many(
  { registry, encoder }: ReadContext,
  request: ApiRequest,
  endpoint: Endpoint,
  objects: readonly KubeObject[],
  metadata: string,
): ApiResponse {
  const accept = accepted(request);
  if (accept.as === 'Table') {
    const writer = tableWriter(endpoint, encoder, registry.clock.now, tableOptions(request, accept));
    return onDemand(
      () => writer.table(objects, metadata),
      () => writer.value(objects, metadata),
      accept,
    );
  }
  if (accept.as === 'PartialObjectMetadata') throw wrongShape(accept.as, 'a list', endpoint, 'List');
  if (accept.as === 'PartialObjectMetadataList') {
    const items = objects.map((object) => encoder.partial(object, accept.groupVersion)).join(',');
    const head = `{"kind":"PartialObjectMetadataList","apiVersion":"${accept.groupVersion}"`;
    return jsonText(200, `${head},"metadata":${metadata},"items":[${items}]}`, accept);
  }
  return jsonText(200, listText(endpoint, encoder, objects, metadata), accept);
}

/** Go's name of the type is part of the message: `*core.ConfigMapList`. */
const wrongShape = (asked: string, is: string, { resource }: Endpoint, suffix: string) =>
  failure(
    406,
    'NotAcceptable',
    `you requested ${asked}, but the requested object is ${is} (*${(resource.group || 'core').split('.')[0]}.${resource.kind}${suffix})`,
  );

const LIST_META = ['continue', 'remainingItemCount', 'resourceVersion'];

function listText(endpoint: Endpoint, encoder: Encoder, objects: readonly KubeObject[], metadata: string): string {
  const items = objects.map((object) => encoder.item(endpoint, object)).join(',');
  if (endpoint.resource.unstructured) {
    const sorted = JSON.stringify({ continue: '', ...(JSON.parse(metadata) as object) }, LIST_META);
    return `{"apiVersion":"${endpoint.apiVersion}","items":[${items}],"kind":"${endpoint.resource.kind}List","metadata":${sorted}}`;
  }
  return `{"kind":"${endpoint.resource.kind}List","apiVersion":"${endpoint.apiVersion}","metadata":${metadata},"items":[${items}]}`;
}

/** Throws BadRequest. */
export function tableOptions(request: ApiRequest, { groupVersion }: Accepted): TableOptions {
  const include = parameter(request, 'includeObject') ?? '';
  if (include === '' || include === 'Metadata') return { include: 'Metadata', groupVersion };
  if (include === 'None' || include === 'Object') return { include, groupVersion };
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(include)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

interface Page {
  readonly revision: number;
  readonly objects: readonly KubeObject[];
}

/** The objects from which the page is cut: now, at the revision asked for, or where the last page ended. */
function paged(request: ApiRequest, store: Store, endpoint: Endpoint, namespace: string): Page {
  const token = parameter(request, 'continue');
  const wanted = parseResourceVersion(parameter(request, 'resourceVersion'));
  const match = parameter(request, 'resourceVersionMatch');
  const { collection } = endpoint;
  if (token) {
    if (wanted !== 0) throw badRequest('specifying resource version is not allowed when using continue');
    const { rv, start } = readToken(token);
    // A token of an inconsistent list says so with -1: the rest as it is now.
    const objects = rv === store.revision || rv < 0 ? collection.list(namespace) : store.at(collection, namespace, rv);
    const after = (all: readonly KubeObject[]) => all.filter((object) => keyWithin(namespace, object) >= start);
    if (!objects) throw expiredToken(start);
    return { revision: rv < 0 ? store.revision : rv, objects: after(objects) };
  }
  if (wanted > store.revision) throw tooLarge(wanted, store.revision);
  // A limit without a match is the old form of an exact list.
  const exact = match === 'Exact' || (!match && wanted > 0 && (wholeNumber(request, 'limit') ?? 0) > 0);
  if (exact && wanted !== store.revision) {
    const objects = store.at(collection, namespace, wanted);
    if (!objects) throw gone('The resourceVersion for the provided list is too old.');
    return { revision: wanted, objects };
  }
  return { revision: store.revision, objects: collection.list(namespace) };
}

export const tooLarge = (wanted: number, current: number) =>
  failure(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });

/** handleExpiredContinueToken: the rest can still be had, inconsistently, with the token in the answer. */
const expiredToken = (start: string): StatusError => {
  const { status } = gone(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
  return new StatusError({ ...status, metadata: { continue: encodeToken(-1, start) } });
};

/** The object's key below the list's own prefix. */
const keyWithin = (namespace: string, object: KubeObject): string => (namespace ? object.metadata.name : keyOf(object));

const continueToken = (revision: number, lastKey: string): string => encodeToken(revision, `${lastKey}\u0000`);

/** storage.EncodeContinue: unpadded URL-safe base64 of where the next page begins. */
const encodeToken = (revision: number, start: string): string =>
  base64url(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start }).replace(/[^\0-\x7f]/g, escaped));

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** storage.DecodeContinue. */
function readToken(token: string): { rv: number; start: string } {
  const invalidKey = (why: string) => badRequest(`invalid continue token: continue key is not valid: ${why}`);
  const illegal = illegalBase64url(token);
  if (illegal >= 0) throw invalidKey(`illegal base64 data at input byte ${illegal}`);
  const text = String.fromCharCode(...fromBase64(token));
  let value: { v?: string; rv?: number; start?: string };
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidKey(`invalid character ${goCharacter(text)} looking for beginning of value`);
  }
  if (value.v !== 'meta.k8s.io/v1')
    throw invalidKey(`server does not recognize this encoded version "${value.v ?? ''}"`);
  if (!value.rv) throw invalidKey('incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  if (!value.start) throw invalidKey('encoded start key empty (version meta.k8s.io/v1)');
  // path.Clean must leave it as it is: nobody climbs out of the list by a token.
  if (/(?:^|\/)\.{0,2}(?:\/|$)/.test(value.start.replace(/^\//, ''))) throw invalidKey(value.start);
  return { rv: value.rv, start: value.start };
}

/** The first character as Go's JSON errors quote it. */
function goCharacter(text: string): string {
  const first = text[0] ?? '';
  if (first === "'") return `'\\''`;
  if (first === '"') return `'"'`;
  const code = first.charCodeAt(0);
  if (code >= 0x20 && code < 0x7f) return `'${first}'`;
  return code > 0xff ? `'${first}'` : code >= 0xa1 ? `'${first}'` : `'\\x${code.toString(16).padStart(2, '0')}'`;
}
