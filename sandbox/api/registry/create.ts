/** Create: default, admit, prepare, validate, store (apiserver pkg/endpoints/handlers/create.go, pkg/registry/rest/create.go). */

import { admitLimits } from '../admission/limit-ranger.ts';
import { admitNamespace } from '../admission/namespace-lifecycle.ts';
import { admitQuota } from '../admission/resource-quota.ts';
import { alreadyExists, failure, generateNameConflict, invalid } from '../errors.ts';
import type { KubeObject, ObjectMeta } from '../object.ts';
import type { Resource } from '../resource.ts';
import { validateMetadata } from './metadata.ts';
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
  const { context } = registry;
  const prepared = prepare(registry, resource, namespace, withoutDuplicateOwners(given, options.warn));
  const { configured } = prepared;
  let { object } = prepared;

  for (let tries = 1; ; tries++) {
    if (resource.namespaced) admitNamespace(registry, resource, object);
    object = admitLimits(registry, resource, object);
    if (resource.admit) object = resource.admit(object, undefined, context);
    if (resource.prepareForCreate) object = resource.prepareForCreate(object, context);
    if (resource.generation && object.metadata.generation !== 1) {
      object = { ...object, metadata: { ...object.metadata, generation: 1 } };
    }
    const errors = validateMetadata(resource, object);
    if (resource.validate) errors.push(...resource.validate(object, context));
    if (errors.length > 0) {
      throw invalid({ group: resource.group, name: resource.kind }, object.metadata.name, errors);
    }
    // Warned of before the store is asked: also when the name turns out to be taken.
    if (options.warn && tries === 1) {
      for (const text of resource.warnings?.(object, undefined) ?? []) options.warn(text);
    }
    if (!collection.get(object.metadata.namespace ?? '', object.metadata.name)) {
      const { resourceVersion = '' } = given.metadata;
      // The store's own error, which is none of the API's (storage.ErrResourceVersionSetOnCreate).
      if (!options.dryRun && /^0*[1-9][0-9]*$/.test(resourceVersion)) {
        throw failure(500, '', 'resourceVersion should not be set on objects to be created');
      }
      break;
    }
    if (!given.metadata.generateName || given.metadata.name) throw alreadyExists(resource, object.metadata.name);
    if (tries === MAX_NAME_TRIES) throw generateNameConflict(resource, object.metadata.name);
    object = rename(object, generateName(given.metadata.generateName, context.nameSuffix(resource.name)));
  }

  admitQuota(registry, resource, object, undefined);
  const write = {
    manager: options.manager,
    operation: 'Update' as const,
    apiVersion: options.apiVersion ?? endpoint.apiVersion,
    subresource: undefined,
    time: object.metadata.creationTimestamp,
    before: undefined,
    after: configured,
  };
  const note = (stored: KubeObject) => {
    if (options.managedFields) registry.fields.set(stored, options.managedFields);
    else registry.fields.note(stored, undefined, write);
  };
  if (options.dryRun) {
    note(object);
    return object;
  }
  return registry.store.put(collection, object, note);
}

/** What the client sent with its defaults, before anybody else touches it, and the same with system metadata. */
function prepare(registry: Registry, resource: Resource, namespace: string, given: KubeObject) {
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
  const object = { ...defaulted, metadata } as KubeObject;
  return { object, configured: object };
}

export const generateName = (prefix: string, suffix: string): string => prefix.slice(0, MAX_GENERATED_PREFIX) + suffix;

const rename = (object: KubeObject, name: string): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, name },
});
