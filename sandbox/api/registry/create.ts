/** Create: default, admit, prepare, validate, store (apiserver pkg/endpoints/handlers/create.go, pkg/registry/rest/create.go). */

import type { Attributes } from '../admission/plugin.ts';
import { component } from '../authenticator/user.ts';
import { alreadyExists, failure, generateNameConflict, invalid } from '../errors.ts';
import type { KubeObject, ObjectMeta } from '../object.ts';
import type { Resource } from '../resource.ts';
import { inNamespace, validateMetadata } from './metadata.ts';
import { withoutDuplicateOwners } from './owners.ts';
import type { Endpoint, Registry, WriteOptions } from './registry.ts';

/** names.SimpleNameGenerator: 63 characters in all, 5 of them by chance. */
const MAX_GENERATED_PREFIX = 58;
const MAX_NAME_TRIES = 8;

export function create(
  registry: Registry,
  endpoint: Endpoint,
  namespace: string,
  given: KubeObject,
  options: WriteOptions,
): KubeObject {
  const { resource, collection } = endpoint;
  const prepared = prepare(registry, resource, namespace, withoutDuplicateOwners(given, options.warn));
  const attributes: Attributes = {
    operation: 'CREATE',
    resource,
    subresource: '',
    namespace: resource.namespaced ? namespace : '',
    name: given.metadata.name ?? '',
    object: prepared,
    oldObject: undefined,
    dryRun: options.dryRun ?? false,
    user: options.user ?? component(options.manager),
    apiVersion: options.apiVersion,
    manager: options.manager,
    warn: options.warn,
  };
  const admitted = refilled(resource, registry.admission.admit(prepared, named(attributes, given)), prepared);
  // Without a user it is the server's own (rbac.EscalationAllowed).
  if (options.user) resource.permit?.(admitted, undefined, options.user, registry.context);
  const object = firstFree(registry, endpoint, given, admitted, options, attributes);

  const write = {
    manager: options.manager,
    operation: 'Update' as const,
    apiVersion: options.apiVersion ?? endpoint.apiVersion,
    subresource: undefined,
    time: object.metadata.creationTimestamp,
    before: undefined,
    after: prepared,
  };
  const note = (stored: KubeObject) => {
    if (options.managedFields) registry.fields.set(stored, options.managedFields);
    else registry.fields.note(stored, undefined, write);
  };
  if (options.dryRun) {
    note(object);
    return object;
  }
  return registry.store.put(collection, object, options.by ?? options.manager, note);
}

/** rest.FillObjectMetaSystemFields, which comes after admission: whatever a policy made of them. */
function refilled(resource: Resource, admitted: KubeObject, { metadata: was }: KubeObject): KubeObject {
  if (admitted.metadata === was) return admitted;
  const { deletionTimestamp: _deleted, deletionGracePeriodSeconds: _grace, name = '', ...rest } = admitted.metadata;
  const { uid, creationTimestamp, resourceVersion } = was;
  const metadata = { name, ...rest, uid, creationTimestamp, resourceVersion };
  return inNamespace(resource, { ...admitted, metadata }, was.namespace ?? '');
}

/** Plugins that change it are told of it before its name is made up. */
const named = (attributes: Attributes, { metadata }: KubeObject): Attributes =>
  attributes.name ? attributes : { ...attributes, name: metadata.generateName ?? '' };

/** rest.BeforeCreate and the validating plugins, again with another name while the one made up is taken. */
function firstFree(
  registry: Registry,
  { resource, collection }: Endpoint,
  given: KubeObject,
  admitted: KubeObject,
  options: WriteOptions,
  attributes: Attributes,
): KubeObject {
  const { context } = registry;
  const { generateName: prefix, name: asked, resourceVersion = '' } = given.metadata;
  let next = admitted;
  for (let tries = 1; ; tries++) {
    const object = beforeCreate(registry, resource, next);
    // Warned of before the store is asked: also when the name turns out to be taken.
    if (options.warn && tries === 1)
      for (const text of resource.warnings?.(object, undefined) ?? []) options.warn(text);
    const { name } = object.metadata;
    registry.admission.validate({ ...attributes, name, object });
    if (!collection.get(object.metadata.namespace ?? '', name)) {
      // The store's own error, which is none of the API's (storage.ErrResourceVersionSetOnCreate).
      if (!options.dryRun && /^0*[1-9][0-9]*$/.test(resourceVersion))
        throw failure(500, '', 'resourceVersion should not be set on objects to be created');
      return object;
    }
    if (!prefix || asked) throw alreadyExists(resource, name);
    if (tries === MAX_NAME_TRIES) throw generateNameConflict(resource, name);
    next = rename(admitted, generateName(prefix, context.nameSuffix(resource.name)));
  }
}

function beforeCreate({ context }: Registry, resource: Resource, admitted: KubeObject): KubeObject {
  let object = resource.prepareForCreate ? resource.prepareForCreate(admitted, context) : admitted;
  if (resource.generation && object.metadata.generation !== 1)
    object = { ...object, metadata: { ...object.metadata, generation: 1 } };
  const errors = validateMetadata(resource, object);
  if (resource.validate) errors.push(...resource.validate(object, context));
  if (errors.length > 0) throw invalid({ group: resource.group, name: resource.kind }, object.metadata.name, errors);
  return object;
}

/** What the client sent, with its defaults and system metadata, before anybody else touches it. */
function prepare(registry: Registry, resource: Resource, namespace: string, given: KubeObject): KubeObject {
  const { context } = registry;
  const defaulted = resource.defaults ? resource.defaults(given) : given;
  const { generateName: prefix, name } = defaulted.metadata;
  const {
    uid: _uid,
    resourceVersion: _revision,
    creationTimestamp: _created,
    deletionTimestamp: _deleted,
    deletionGracePeriodSeconds: _grace,
    managedFields: _fields,
    generation: _generation,
    name: _name,
    namespace: _namespace,
    ...rest
  } = defaulted.metadata as ObjectMeta & { selfLink?: string };
  const metadata = {
    name: name || (prefix ? generateName(prefix, context.nameSuffix(resource.name)) : ''),
    ...(resource.namespaced && { namespace }),
    uid: context.uuid(resource.name),
    resourceVersion: '',
    creationTimestamp: context.timestamp,
    ...rest,
  };
  return { ...defaulted, metadata } as KubeObject;
}

const generateName = (prefix: string, suffix: string): string => prefix.slice(0, MAX_GENERATED_PREFIX) + suffix;

const rename = (object: KubeObject, name: string): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, name },
});
