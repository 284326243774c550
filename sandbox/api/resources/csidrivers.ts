/** CSIDriver (pkg/registry/storage/csidriver, pkg/apis/storage/v1/defaults.go, printCSIDriver). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { CSIDriver } from '../types.ts';
import { columns } from './columns.ts';
import { change, fill } from './shared.ts';
import { validateCSIDriver, validateCSIDriverUpdate } from './validation/storage.ts';

export const csiDrivers: Resource<CSIDriver> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  name: 'csidrivers',
  singular: 'csidriver',
  namespaced: false,
  schema: 'io.k8s.api.storage.v1.CSIDriver',
  returnDeletedObject: true,

  defaults: (driver) =>
    change(driver, 'spec', (spec) =>
      fill(spec, {
        attachRequired: true,
        podInfoOnMount: false,
        storageCapacity: false,
        fsGroupPolicy: 'ReadWriteOnceWithFSType',
        volumeLifecycleModes: ['Persistent'],
        requiresRepublish: false,
        seLinuxMount: false,
      }),
    ),
  validate: validateCSIDriver,
  validateUpdate: validateCSIDriverUpdate,

  columns: columns.csidrivers,
  row: ({ metadata, spec }, { now }) => [
    metadata.name,
    spec.attachRequired ?? true,
    spec.podInfoOnMount ?? false,
    spec.storageCapacity ?? false,
    (spec.tokenRequests ?? []).map((one) => one.audience).join(',') || '<unset>',
    spec.requiresRepublish ?? false,
    (spec.volumeLifecycleModes ?? []).join(',') || '<none>',
    age(metadata.creationTimestamp, now),
  ],
};
