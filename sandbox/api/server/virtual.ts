/** What the API answers without storing anything: reviews of who may do what, bindings, component statuses. */

import { notFound } from '../errors.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { JsonObject, KubeObject } from '../object.ts';
import type { Binding } from '../registry/binding.ts';
import { bind } from '../registry/binding.ts';
import type { Endpoint, Registry } from '../registry/registry.ts';
import type { Column, Resource } from '../resource.ts';
import type { User } from './authorization.ts';
import { impersonated, mayDo, rulesFor } from './authorization.ts';
import { readObject } from './body.ts';
import type { Listed } from './discovery.ts';
import { many, one } from './read.ts';
import type { ResourcePath } from './request.ts';
import { fieldManager, isDryRun } from './request.ts';
import { json } from './response.ts';
import type { WriteContext } from './write.ts';

const review = (group: string, name: string, kind: string, namespaced = false): Listed => ({
  group,
  version: 'v1',
  name,
  singular: kind.toLowerCase(),
  kind,
  namespaced,
  verbs: ['create'],
  stored: undefined,
  subresources: {},
});

/** As discovery lists them. */
export const virtualResources: readonly Listed[] = [
  review('', 'bindings', 'Binding', true),
  {
    ...review('', 'componentstatuses', 'ComponentStatus'),
    verbs: ['get', 'list'],
    shortNames: ['cs'],
  },
  review('authentication.k8s.io', 'selfsubjectreviews', 'SelfSubjectReview'),
  review('authentication.k8s.io', 'tokenreviews', 'TokenReview'),
  review('authorization.k8s.io', 'localsubjectaccessreviews', 'LocalSubjectAccessReview', true),
  review('authorization.k8s.io', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview'),
  review('authorization.k8s.io', 'selfsubjectrulesreviews', 'SelfSubjectRulesReview'),
  review('authorization.k8s.io', 'subjectaccessreviews', 'SubjectAccessReview'),
];

/** The only user: the administrator of kubeadm's admin.conf. */
const USER = { username: 'kubernetes-admin', uid: 'admin', groups: ['system:masters', 'system:authenticated'] };

const EVERYTHING = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  incomplete: false,
};

/** status of each review, given its spec: the administrator may do everything. */
const verdicts: Readonly<
  Record<string, (spec: JsonObject, allowed: boolean, user: User | undefined, registry: Registry) => object>
> = {
  selfsubjectreviews: (_, __, user) => ({ userInfo: user ? { username: user.name, groups: user.groups } : USER }),
  tokenreviews: () => ({ user: {}, error: 'invalid bearer token' }),
  localsubjectaccessreviews: (spec) => ({ allowed: isAdministrator(spec) }),
  selfsubjectaccessreviews: (_, allowed) => ({ allowed }),
  selfsubjectrulesreviews: ({ namespace }, _, user, registry) => {
    if (!user) return EVERYTHING;
    const { resources, paths } = rulesFor(registry, user, typeof namespace === 'string' ? namespace : '');
    return {
      resourceRules: resources.map(({ verbs = [], apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        resourceNames,
      })),
      nonResourceRules: paths,
      incomplete: false,
    };
  },
  subjectaccessreviews: (spec) => ({ allowed: isAdministrator(spec) }),
};

/** What the asking user may do: `spec.resourceAttributes`. */
function isAllowed(registry: Registry, request: ApiRequest, { resourceAttributes }: JsonObject): boolean {
  const user = impersonated(request);
  if (!user) return true;
  const {
    verb = '',
    group = '',
    resource = '',
    subresource,
    namespace = '',
    name = '',
  } = (resourceAttributes ?? {}) as Readonly<Record<string, string>>;
  return mayDo(registry, user, {
    verb,
    group,
    resource: subresource ? `${resource}/${subresource}` : resource,
    namespace,
    name,
  });
}

const isAdministrator = ({ user, groups }: JsonObject): boolean =>
  user === USER.username || (Array.isArray(groups) && groups.includes('system:masters'));

/** Undefined when the path means something else. */
export function answerVirtual(context: WriteContext, request: ApiRequest, path: ResourcePath): ApiResponse | undefined {
  const listed = virtualResources.find(
    ({ group, version, name }) => group === path.group && version === path.version && name === path.resource,
  );
  if (!listed) return undefined;
  if (listed.name === 'componentstatuses') {
    return request.method === 'GET' ? componentStatuses(context, request, path) : undefined;
  }
  if (request.method !== 'POST' || path.name) return undefined;
  const endpoint = endpointOf(context, listed);
  const body = readObject(context, request, endpoint) as KubeObject & { readonly spec?: JsonObject };
  if (listed.name === 'bindings') {
    const binding = body as unknown as Binding & KubeObject;
    bind(context.registry, path.namespace, binding.metadata.name, binding, {
      manager: fieldManager(request),
      dryRun: isDryRun(request),
    });
    return json(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
  }
  return json(201, reviewed(context, request, endpoint, body));
}

function reviewed(
  { registry }: WriteContext,
  request: ApiRequest,
  endpoint: Endpoint,
  body: KubeObject & { readonly spec?: JsonObject },
) {
  const { name } = endpoint.resource;
  const spec = body.spec ?? {};
  const status = verdicts[name]!(spec, isAllowed(registry, request, spec), impersonated(request), registry);
  const head = { kind: body.kind, apiVersion: body.apiVersion };
  if (name === 'selfsubjectreviews') {
    return { ...head, metadata: { creationTimestamp: registry.context.timestamp }, status };
  }
  const fields = registry.fields.work({
    manager: fieldManager(request),
    operation: 'Update',
    apiVersion: body.apiVersion,
    subresource: undefined,
    time: registry.context.timestamp,
    // A struct by value: it is there even before anything is in it.
    before: { ...body, spec: {} } as KubeObject,
    after: body,
  });
  return { ...head, metadata: fields.length > 0 ? { managedFields: fields } : {}, spec: body.spec ?? {}, status };
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

function componentStatuses(context: WriteContext, request: ApiRequest, path: ResourcePath): ApiResponse {
  context.warn('v1 ComponentStatus is deprecated in v1.19+');
  const endpoint = endpointOf(context, virtualResources.find(({ name }) => name === 'componentstatuses')!, {
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
