/** ResourceQuota (pkg/registry/core/resourcequota, printResourceQuota). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { ResourceQuota } from '../types.ts';
import { columns } from './columns.ts';
import { keepStatus, withStatus } from './shared.ts';
import { status } from './subresources.ts';
import { validateQuota, validateQuotaUpdate } from './validation/policies.ts';

export const resourceQuotas: Resource<ResourceQuota> = {
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  name: 'resourcequotas',
  singular: 'resourcequota',
  shortNames: ['quota'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.ResourceQuota',
  returnDeletedObject: true,
  subresources: { status: status('ResourceQuota') },

  prepareForCreate: (quota) => withStatus(quota, {}),
  prepareForUpdate: keepStatus,
  validate: validateQuota,
  validateUpdate: validateQuotaUpdate,

  columns: columns.resourcequotas,
  row: (quota, { now }) => [
    quota.metadata.name,
    used(quota, (name) => !name.startsWith('limits')),
    used(quota, (name) => name.startsWith('limits')),
    age(quota.metadata.creationTimestamp, now),
  ],
};

/** `persistentvolumeclaims: 1/1, requests.storage: 1Gi/2Gi`. */
function used({ status }: ResourceQuota, wanted: (name: string) => boolean): string {
  const names = Object.keys(status?.hard ?? {})
    .filter(wanted)
    .sort();
  return names.map((name) => `${name}: ${status?.used?.[name] ?? 0}/${status?.hard?.[name] ?? 0}`).join(', ');
}
