/** Update of an object or one of its subresources (apiserver pkg/registry/rest/update.go, pkg/registry/generic/registry/store.go). */

import type { Attributes } from '../admission/plugin.ts';
import { component } from '../authenticator/user.ts';
import { equal } from '../equality.ts';
import { conflict, failure, invalid, MODIFIED, notFound } from '../errors.ts';
import { sentEntries } from '../fields/managed.ts';
import type { KubeObject, ObjectMeta } from '../object.ts';
import { StatusError } from '../object.ts';
import type { Resource, Strategy } from '../resource.ts';
import { strategyOf } from '../resource.ts';
import { notANumber } from '../resource-version.ts';
import { removeNow } from './delete.ts';
import { inNamespace, validateMetadataUpdate } from './metadata.ts';
import { withoutDuplicateOwners } from './owners.ts';
import type { Endpoint, Registry, WriteOptions } from './registry.ts';

export interface UpdateOptions extends WriteOptions {
  /** What the URL names; the object itself unless given. */
  readonly target?: { readonly namespace: string; readonly name: string };
  /** A patch has no preconditions: the uid it may have changed is judged with the rest. */
  readonly isPatch?: boolean;
}

/** Replaces an object; what its subresource does not own stays as it was. Writes nothing when nothing changed. */
export function update(registry: Registry, endpoint: Endpoint, given: KubeObject, options: UpdateOptions): KubeObject {
  const { resource, collection } = endpoint;
  const { context } = registry;
  const { name, namespace = '' } = options.target ?? given.metadata;
  const before = collection.get(resource.namespaced ? namespace : '', name);
  if (!before) throw notFound(resource, name);
  checkPreconditions(resource, given, before, options.isPatch);

  const { subresource = '' } = options;
  const strategy = strategyOf(resource, subresource);
  const configured = withSystemMetadata(withoutDuplicateOwners(given, options.warn), before);
  const base = subresource ? undefined : sentEntries(given.metadata.managedFields);
  const rebased = base !== undefined && !equal(base, registry.fields.of(before));
  const reset = strategy.resetFields ? strategy.resetFields(configured, before) : configured;
  const sent = strategy.defaults ? strategy.defaults(reset) : reset;
  const attributes: Attributes = {
    operation: 'UPDATE',
    resource,
    subresource,
    namespace: before.metadata.namespace ?? '',
    name: before.metadata.name,
    object: sent,
    oldObject: before,
    dryRun: options.dryRun ?? false,
    user: options.user ?? component(options.manager),
    apiVersion: options.apiVersion,
    manager: options.manager,
    warn: options.warn,
  };
  const admitted = registry.admission.admit(sent, attributes);
  // A policy may have made anything of what is the server's own.
  let object = admitted === sent ? sent : withSystemMetadata(admitted, before);
  object = inNamespace(resource, object, attributes.namespace);
  if (options.user) strategy.permit?.(object, before, options.user, context);
  if (strategy.prepareForUpdate) object = strategy.prepareForUpdate(object, before, context);
  if (strategy.generation) object = raiseGeneration(strategy, object, before);
  if (equal(object, before) && !options.managedFields && !rebased) return before;

  validate(registry, resource, strategy, object, before);
  if (options.warn) for (const text of strategy.warnings?.(object, before) ?? []) options.warn(text);
  registry.admission.validate({ ...attributes, object });

  const note = (stored: KubeObject) => {
    if (options.managedFields) registry.fields.set(stored, options.managedFields);
    else
      registry.fields.note(stored, before, {
        manager: options.manager,
        operation: 'Update',
        apiVersion: options.apiVersion ?? endpoint.apiVersion,
        subresource: options.subresource,
        time: resource.subresources?.[subresource]?.untimed ? undefined : context.timestamp,
        before,
        after: sent,
        ...(base && { base }),
      });
  };
  if (options.dryRun) {
    note(object);
    return object;
  }
  // What was never stored is not what is taken out (store.go deleteWithoutFinalizers).
  if (isDone(resource, object)) return removeNow(registry, endpoint, before, options.by ?? options.manager, note);
  return registry.store.put(collection, object, options.by ?? options.manager, note);
}

/** A terminating object whose last finalizer went is gone. */
function isDone(resource: Resource, object: KubeObject): boolean {
  const { deletionTimestamp, finalizers, deletionGracePeriodSeconds } = object.metadata;
  if (!deletionTimestamp || finalizers?.length || deletionGracePeriodSeconds) return false;
  return resource.isComplete?.(object) ?? true;
}

function checkPreconditions(resource: Resource, given: KubeObject, before: KubeObject, isPatch = false): void {
  const { uid, resourceVersion, name } = given.metadata;
  if (!isPatch && uid && uid !== before.metadata.uid) {
    throw conflict(
      resource,
      name,
      `StorageError: invalid object, Code: 4, Key: /registry/${resource.name}/${before.metadata.namespace ? `${before.metadata.namespace}/` : ''}${name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`,
    );
  }
  if (resourceVersion && resourceVersion !== '0' && resourceVersion !== before.metadata.resourceVersion) {
    if (!/^[0-9]+$/.test(resourceVersion)) throw failure(500, '', `resourceVersion: ${notANumber(resourceVersion)}`);
    throw conflict(resource, name, MODIFIED);
  }
  if (resource.conditionalUpdate && (!resourceVersion || resourceVersion === '0')) {
    const detail = 'Invalid value: 0: must be specified for an update';
    throw invalid(resource, name, [{ type: 'FieldValueInvalid', field: 'metadata.resourceVersion', detail }]);
  }
}

/** What only the server sets. */
function withSystemMetadata(given: KubeObject, before: KubeObject): KubeObject {
  const was = before.metadata;
  const metadata: Record<string, unknown> = { ...given.metadata };
  const system: Partial<ObjectMeta> = {
    // An empty one is left out where a policy took it away.
    name: given.metadata.name ?? '',
    uid: given.metadata.uid || was.uid,
    resourceVersion: was.resourceVersion,
    generation: was.generation,
    creationTimestamp: was.creationTimestamp,
    // What is being deleted stays so; of what is not, nobody may say so but DELETE (validation tells).
    deletionTimestamp: was.deletionTimestamp ?? given.metadata.deletionTimestamp,
    deletionGracePeriodSeconds: given.metadata.deletionGracePeriodSeconds ?? was.deletionGracePeriodSeconds,
  };
  for (const [key, value] of Object.entries(system)) {
    if (value === undefined) delete metadata[key];
    else metadata[key] = value;
  }
  delete metadata.managedFields;
  return { ...given, metadata: metadata as unknown as ObjectMeta };
}

type Parts = KubeObject & { readonly spec?: unknown };

function raiseGeneration({ generation }: Strategy, object: Parts, before: Parts): KubeObject {
  const annotated = generation === 'with annotations' && !equal(annotationsOf(object), annotationsOf(before));
  if (!annotated && equal(specOf(object), specOf(before))) return object;
  return {
    ...object,
    metadata: { ...object.metadata, generation: (before.metadata.generation ?? 0) + 1 },
  };
}

const specOf = ({ spec }: Parts): unknown => spec;
const annotationsOf = ({ metadata }: Parts): unknown => metadata.annotations ?? {};

function validate(
  { context }: Registry,
  resource: Resource,
  strategy: Strategy,
  object: KubeObject,
  before: KubeObject,
): void {
  const errors = validateMetadataUpdate(resource, object, before);
  errors.push(...(strategy.validateUpdate?.(object, before, context) ?? strategy.validate?.(object, context) ?? []));
  if (errors.length > 0) throw invalid({ group: resource.group, name: resource.kind }, object.metadata.name, errors);
}

/** Reads, changes, writes; again if somebody else was faster. Undefined if the object is gone. */
export function mutate(
  registry: Registry,
  endpoint: Endpoint,
  namespace: string,
  name: string,
  change: (object: KubeObject) => KubeObject,
  options: UpdateOptions,
): KubeObject | undefined {
  for (;;) {
    const before = endpoint.collection.get(namespace, name);
    if (!before) return undefined;
    const after = change(before);
    if (after === before) return before;
    try {
      return update(registry, endpoint, after, options);
    } catch (error) {
      if (!(error instanceof StatusError) || error.status.reason !== 'Conflict') throw error;
      if (endpoint.collection.get(namespace, name) === before) throw error;
    }
  }
}
