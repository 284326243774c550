/** StorageClass (pkg/registry/storage/storageclass, pkg/apis/storage/v1/defaults.go). */

import type { Resource } from '../resource.ts';
import type { StorageClass } from '../types.ts';
import { aged, named, printed, text } from './columns.ts';
import { deprecatedLabel } from './node-labels.ts';
import { fill } from './shared.ts';
import { validateStorageClass, validateStorageClassUpdate } from './validation/storage.ts';

const DEFAULT_CLASS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

export const isDefaultClass = ({ metadata }: StorageClass): boolean =>
  DEFAULT_CLASS.some((annotation) => metadata.annotations?.[annotation] === 'true');

export const storageClasses: Resource<StorageClass> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  name: 'storageclasses',
  singular: 'storageclass',
  shortNames: ['sc'],
  namespaced: false,
  schema: 'io.k8s.api.storage.v1.StorageClass',
  returnDeletedObject: true,

  defaults: (storageClass) => fill(storageClass, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  validate: validateStorageClass,
  validateUpdate: validateStorageClassUpdate,
  warnings: ({ allowedTopologies = [] }) =>
    allowedTopologies.flatMap(({ matchLabelExpressions = [] }, i) =>
      matchLabelExpressions.flatMap(({ key }, j) => {
        const text = deprecatedLabel(key);
        return text ? [`allowedTopologies[${i}].matchLabelExpressions[${j}].key: ${text}`] : [];
      }),
    ),

  ...printed<StorageClass>([
    {
      column: named.column,
      cell: (storageClass) => storageClass.metadata.name + (isDefaultClass(storageClass) ? ' (default)' : ''),
    },
    text(
      'Provisioner',
      'provisioner indicates the type of the provisioner.',
      (storageClass) => storageClass.provisioner,
    ),
    text(
      'ReclaimPolicy',
      'reclaimPolicy controls the reclaimPolicy for dynamically provisioned PersistentVolumes of this storage class. Defaults to Delete.',
      (storageClass) => storageClass.reclaimPolicy ?? 'Delete',
    ),
    text(
      'VolumeBindingMode',
      'volumeBindingMode indicates how PersistentVolumeClaims should be provisioned and bound.  When unset, VolumeBindingImmediate is used. This field is only honored by servers that enable the VolumeScheduling feature.',
      (storageClass) => storageClass.volumeBindingMode ?? 'Immediate',
    ),
    text(
      'AllowVolumeExpansion',
      'allowVolumeExpansion shows whether the storage class allow volume expand.',
      (storageClass) => storageClass.allowVolumeExpansion ?? false,
    ),
    aged,
  ]),
};
