/** Admission plugin NamespaceLifecycle: nothing is created in a namespace that is not there or is going (apiserver pkg/admission/plugin/namespace/lifecycle). */

import { forbidden, notFound } from '../errors.ts';
import type { KubeObject } from '../object.ts';
import type { Registry } from '../registry/registry.ts';
import type { Resource } from '../resource.ts';
import type { Namespace } from '../types.ts';

export function admitNamespace(registry: Registry, resource: Resource, object: KubeObject): void {
  const name = object.metadata.namespace ?? '';
  const namespace = registry.context.lookup('namespaces', '', name) as Namespace | undefined;
  if (!namespace) throw notFound({ group: '', name: 'namespaces' }, name);
  if (namespace.status?.phase !== 'Terminating') return;
  throw forbidden(
    resource,
    object.metadata.name,
    `unable to create new content in namespace ${name} because it is being terminated`,
    [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${name} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  );
}

/** Namespaces that may not be deleted. */
export const IMMORTAL: readonly string[] = ['default', 'kube-system', 'kube-public'];
