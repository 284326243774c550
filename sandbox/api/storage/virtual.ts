/** What the API answers without storing anything: reviews of who may do what, bindings, component statuses. */

import { methodNotAllowed, methodNotSupported, notFound } from '../errors.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { JsonObject, KubeObject } from '../object.ts';
import type { Endpoint } from '../registry/registry.ts';
import type { Column, Resource } from '../resource.ts';
import { readObject } from '../server/body.ts';
import type { Listed } from '../server/discovery.ts';
import { acceptedPlain } from '../server/negotiation.ts';
import { checkOptions } from '../server/options.ts';
import { many, one } from '../server/read.ts';
import type { ResourcePath } from '../server/request.ts';
import { fieldManager, flag, isDryRun } from '../server/request.ts';
import { json } from '../server/response.ts';
import type { WriteContext } from '../server/write.ts';
import type { Binding } from './pod-binding.ts';
import { bind } from './pod-binding.ts';
import { reviewed } from './reviews.ts';

/** Undefined when the path means something else. */
type Answer = (
  context: WriteContext,
  request: ApiRequest,
  path: ResourcePath,
  listed: Listed,
) => ApiResponse | undefined;

interface Virtual extends Listed {
  readonly answer: Answer;
}

type Body = KubeObject & { readonly spec?: JsonObject };

/** What only takes a POST of its own kind. */
const created = (
  group: string,
  name: string,
  kind: string,
  namespaced: boolean,
  answered: (
    context: WriteContext,
    request: ApiRequest,
    body: Body,
    at: { path: ResourcePath; endpoint: Endpoint },
  ) => ApiResponse,
): Virtual => ({
  group,
  version: 'v1',
  name,
  singular: kind.toLowerCase(),
  kind,
  namespaced,
  verbs: ['create'],
  stored: undefined,
  subresources: {},
  answer(context, request, path, listed) {
    if (path.name) return undefined;
    if (request.method !== 'POST') throw methodNotAllowed();
    checkOptions(request, 'CreateOptions');
    const endpoint = endpointOf(context, listed);
    return answered(context, request, readObject(context, request, endpoint) as Body, { path, endpoint });
  },
});

const review = (group: string, kind: string, namespaced = false): Virtual =>
  created(`${group}.k8s.io`, `${kind.toLowerCase()}s`, kind, namespaced, (context, request, body, { endpoint }) =>
    json(201, reviewed(context, request, endpoint, body), acceptedPlain(request)),
  );

/** As discovery lists them. */
export const virtualResources: readonly Virtual[] = [
  created('', 'bindings', 'Binding', true, ({ registry, user }, request, body, { path }) => {
    const options = { manager: fieldManager(request), user, dryRun: isDryRun(request) };
    bind(registry, path.namespace, body.metadata.name, body as unknown as Binding, options);
    return json(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
  }),
  {
    group: '',
    version: 'v1',
    name: 'componentstatuses',
    singular: 'componentstatus',
    kind: 'ComponentStatus',
    namespaced: false,
    verbs: ['get', 'list'],
    shortNames: ['cs'],
    stored: undefined,
    subresources: {},
    answer: (context, request, path, listed) =>
      request.method === 'GET' ? componentStatuses(context, request, path, listed) : undefined,
  },
  review('authentication', 'SelfSubjectReview'),
  review('authentication', 'TokenReview'),
  review('authorization', 'LocalSubjectAccessReview', true),
  review('authorization', 'SelfSubjectAccessReview'),
  review('authorization', 'SelfSubjectRulesReview'),
  review('authorization', 'SubjectAccessReview'),
];

/** Undefined when the path means something else. */
export function answerVirtual(context: WriteContext, request: ApiRequest, path: ResourcePath): ApiResponse | undefined {
  const found = virtualResources.find(
    ({ group, version, name }) => group === path.group && version === path.version && name === path.resource,
  );
  return found?.answer(context, request, path, found);
}

function endpointOf({ registry }: WriteContext, listed: Listed, more: Partial<Resource> = {}): Endpoint {
  const resource: Resource = {
    ...listed,
    schema: `io.k8s.api.${listed.group.split('.')[0] || 'core'}.v1.${listed.kind}`,
    subresources: {},
    columns: [],
    row: () => [],
    ...more,
  };
  const apiVersion = listed.group ? `${listed.group}/${listed.version}` : listed.version;
  return { resource, stored: resource, apiVersion, collection: registry.store.collection(listed.name) };
}

const column = (name: string, description: string): Column => ({
  name,
  type: 'string',
  ...(name === 'Name' && { format: 'name' as const }),
  description,
  priority: 0,
});

const NAME =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names';

const COMPONENT_COLUMNS = [
  column('Name', NAME),
  column('Status', 'Status of the component conditions'),
  column('Message', 'Message of the component conditions'),
  column('Error', 'Error of the component conditions'),
];

const COMPONENTS = ['controller-manager', 'scheduler', 'etcd-0'];

function componentStatuses(
  context: WriteContext,
  request: ApiRequest,
  path: ResourcePath,
  listed: Listed,
): ApiResponse {
  if (path.watch || (!path.name && flag(request, 'watch')))
    throw methodNotSupported({ group: '', name: 'componentstatuses' }, 'watch');
  context.warn('v1 ComponentStatus is deprecated in v1.19+');
  const endpoint = endpointOf(context, listed, {
    columns: COMPONENT_COLUMNS,
    row: ({ metadata }) => [metadata.name, 'Healthy', 'ok', ''],
  });
  const objects = COMPONENTS.filter((name) => !path.name || name === path.name).map(
    (name) =>
      ({
        kind: 'ComponentStatus',
        apiVersion: 'v1',
        metadata: { name },
        conditions: [{ type: 'Healthy', status: 'True', message: 'ok' }],
      }) as unknown as KubeObject,
  );
  if (path.name && objects.length === 0) throw notFound({ group: '', name: 'componentstatuses' }, path.name);
  if (path.name) return one(context, request, endpoint, objects[0]!, 200);
  return many(context, request, endpoint, objects, '{}');
}
