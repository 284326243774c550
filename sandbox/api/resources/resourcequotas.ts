/** ResourceQuota (pkg/registry/core/resourcequota, printResourceQuota). */

import type { Resource } from '../resource.ts';
import type { ResourceQuota } from '../types.ts';
import { aged, named, printed, text } from './columns.ts';
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

  ...printed<ResourceQuota>([
    named,
    text('Request', 'Request represents a minimum amount of cpu/memory that a container may consume.', (quota) =>
      used(quota, (name) => !name.startsWith('limits')),
    ),
    text(
      'Limit',
      'Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.',
      (quota) => used(quota, (name) => name.startsWith('limits')),
    ),
    aged,
  ]),
};

/** `persistentvolumeclaims: 1/1, requests.storage: 1Gi/2Gi`. */
function used({ status }: ResourceQuota, wanted: (name: string) => boolean): string {
  const names = Object.keys(status?.hard ?? {})
    .filter(wanted)
    .sort();
  return names.map((name) => `${name}: ${status?.used?.[name] ?? 0}/${status?.hard?.[name] ?? 0}`).join(', ');
}
