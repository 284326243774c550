/** Delete with preconditions, grace, finalizers and propagation (apiserver pkg/registry/rest/delete.go, pkg/registry/generic/registry/store.go). */

import { component, type User } from '../authenticator/user.ts';
import type { DeleteOptions } from '../client.ts';
import { conflict, notFound } from '../errors.ts';
import type { KubeObject } from '../object.ts';
import type { Resource } from '../resource.ts';
import { parseTime, timestamp } from '../time.ts';
import type { Endpoint, Registry } from './registry.ts';

export interface Deletion {
  /** The object as it now is, or as it last was. */
  readonly object: KubeObject;
  readonly gone: boolean;
}

export interface DeletionOptions extends DeleteOptions {
  readonly dryRun?: boolean;
  /** Who deletes; the API server itself unless given. */
  readonly user?: User;
  /** The component that deletes; the user's name unless given. */
  readonly by?: string;
  readonly apiVersion?: string;
  readonly warn?: (text: string) => void;
}

export function remove(
  registry: Registry,
  endpoint: Endpoint,
  namespace: string,
  name: string,
  options: DeletionOptions = {},
): Deletion {
  const { resource, collection } = endpoint;
  const before = collection.get(namespace, name);
  if (!before) throw notFound(resource, name);
  const { dryRun = false, user = component('kube-apiserver'), by = user.name, apiVersion, warn } = options;
  registry.admission.review({
    operation: 'DELETE',
    resource,
    subresource: '',
    namespace,
    name,
    object: undefined,
    oldObject: before,
    dryRun,
    user,
    apiVersion,
    warn,
  });
  checkPreconditions(resource, before, options);
  const own = resource.remove?.(before, registry.context);
  if (own === 'gone') return { object: dryRun ? before : removeNow(registry, endpoint, before, by), gone: true };
  if (own) return { object: dryRun ? own : putDeleted(registry, endpoint, own, before, by), gone: false };

  const graceful = beginGrace(registry, resource, before, options);
  if (graceful === 'pending') return { object: before, gone: false };
  let object = withFinalizers(graceful ?? before, options.propagationPolicy);
  const held = (object.metadata.finalizers?.length ?? 0) > 0;
  if (!graceful && held) object = markDeleted(object, timestamp(registry.clock.now), 0);
  const stays = held || (graceful !== undefined && (object.metadata.deletionGracePeriodSeconds ?? 0) > 0);
  if (options.dryRun) return { object, gone: !stays };
  const put = () => putDeleted(registry, endpoint, object, before, by);
  // A grace period of 0 is written too, and seen by watches, before the object goes (updateForGracefulDeletionAndFinalizers).
  if (!stays) return { object: removeNow(registry, endpoint, graceful ? put() : object, by), gone: true };
  return { object: object === before ? object : put(), gone: false };
}

const putDeleted = (
  registry: Registry,
  { collection }: Endpoint,
  object: KubeObject,
  before: KubeObject,
  by: string,
): KubeObject => registry.store.put(collection, object, by, (written) => registry.fields.note(written, before));

/** Takes the object out of the store at once. */
export function removeNow(
  registry: Registry,
  endpoint: Endpoint,
  object: KubeObject,
  by: string,
  note?: (stored: KubeObject) => void,
): KubeObject {
  return registry.store.remove(endpoint.collection, object, by, (last, before) => {
    if (note) note(last);
    else registry.fields.note(last, before);
  });
}

function checkPreconditions(resource: Resource, { metadata }: KubeObject, { preconditions }: DeleteOptions): void {
  // Upstream names the kind, not the resource, here (storage.Preconditions and rest.BeforeDelete).
  const named = { group: resource.group, name: resource.kind };
  if (preconditions?.uid !== undefined && preconditions.uid !== metadata.uid) {
    throw conflict(
      named,
      metadata.name,
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      named,
      metadata.name,
      `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

/** rest.BeforeDelete: the object with its grace period begun or shortened, 'pending' if it runs already, undefined without grace. */
function beginGrace(
  registry: Registry,
  resource: Resource,
  before: KubeObject,
  { gracePeriodSeconds: wanted }: DeleteOptions,
): KubeObject | 'pending' | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds: running } = before.metadata;
  if (deletionTimestamp !== undefined) {
    if (running === undefined) return undefined;
    if (wanted === undefined || wanted >= running) return resource.gracePeriod || running > 0 ? 'pending' : undefined;
    const period = Math.max(wanted, wanted < 0 ? 1 : 0);
    const end = parseTime(deletionTimestamp) - running * 1000 + period * 1000;
    // Not into the past: what was to be graceful still gets the shortest grace there is.
    const late = end < registry.clock.now;
    return {
      ...before,
      metadata: {
        ...before.metadata,
        deletionTimestamp: timestamp(late ? registry.clock.now : end),
        deletionGracePeriodSeconds: late && period !== 0 ? 1 : period,
      },
    };
  }
  if (!resource.gracePeriod) return undefined;
  const usual = resource.gracePeriod(before);
  const period = usual === 0 ? 0 : Math.max(wanted ?? usual, wanted !== undefined && wanted < 0 ? 1 : 0);
  return markDeleted(before, timestamp(registry.clock.now + period * 1000), period);
}

function markDeleted(object: KubeObject, at: string, grace: number): KubeObject {
  const { metadata } = object;
  if (metadata.deletionTimestamp !== undefined) return object;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(metadata.generation && { generation: metadata.generation + 1 }),
      deletionTimestamp: at,
      deletionGracePeriodSeconds: grace,
    },
  };
}

const POLICY_FINALIZERS = { Background: undefined, Foreground: 'foregroundDeletion', Orphan: 'orphan' } as const;

/** deletionFinalizersForGarbageCollection: at most one of the two, as the policy says. */
function withFinalizers(object: KubeObject, policy: DeleteOptions['propagationPolicy']): KubeObject {
  if (!policy) return object;
  const wanted = POLICY_FINALIZERS[policy];
  const has = object.metadata.finalizers ?? [];
  const finalizers = has.filter((each) => (each !== 'orphan' && each !== 'foregroundDeletion') || each === wanted);
  if (wanted && !finalizers.includes(wanted)) finalizers.push(wanted);
  if (finalizers.length === has.length && finalizers.every((each, i) => each === has[i])) return object;
  return { ...object, metadata: { ...object.metadata, finalizers } };
}
