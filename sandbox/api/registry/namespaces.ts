/** Deleting a namespace only marks it: the namespace controller empties it and takes the `kubernetes` finalizer off (pkg/registry/core/namespace/storage/storage.go). */

import { IMMORTAL } from '../admission/namespace-lifecycle.ts';
import type { DeleteOptions } from '../client.ts';
import { conflict, forbidden } from '../errors.ts';
import type { KubeObject } from '../object.ts';
import type { Namespace } from '../types.ts';
import type { Deletion } from './delete.ts';
import { removeNow } from './delete.ts';
import type { Endpoint, Registry } from './registry.ts';

export function terminateNamespace(
  registry: Registry,
  endpoint: Endpoint,
  before: KubeObject,
  options: DeleteOptions & { readonly dryRun?: boolean },
): Deletion {
  const namespace = before as Namespace;
  if (IMMORTAL.includes(namespace.metadata.name)) {
    throw forbidden({ group: '', name: 'namespaces' }, namespace.metadata.name, 'this namespace may not be deleted');
  }
  if (!namespace.metadata.deletionTimestamp) {
    const object: Namespace = {
      ...namespace,
      metadata: { ...namespace.metadata, deletionTimestamp: registry.context.timestamp },
      status: { ...namespace.status, phase: 'Terminating' },
    };
    if (options.dryRun) return { object, gone: false };
    const stored = registry.store.put(endpoint.collection, object, (written) => registry.fields.note(written, before));
    return { object: stored, gone: false };
  }
  if (namespace.spec?.finalizers?.length) {
    throw conflict(
      { group: '', name: 'namespaces' },
      namespace.metadata.name,
      'The system is ensuring all content is removed from this namespace.  Upon completion, this namespace will automatically be purged by the system.',
    );
  }
  return { object: removeNow(registry, endpoint, before), gone: true };
}
