/** PersistentVolumeClaimResize: only bound claims of a class that allows it grow (plugin/pkg/admission/storage/persistentvolume/resize). */

import { compareQuantities } from '../quantity.ts';
import type { PersistentVolumeClaim, StorageClass } from '../types.ts';
import { classOf } from './default-storage-class.ts';
import type { Plugin } from './plugin.ts';
import { refused } from './plugin.ts';

export const persistentVolumeClaimResize: Plugin = {
  name: 'PersistentVolumeClaimResize',
  operations: ['UPDATE'],
  resources: ['persistentvolumeclaims'],
  validate: (attributes, { lookup }) => {
    const claim = attributes.object as PersistentVolumeClaim;
    const before = attributes.oldObject as PersistentVolumeClaim;
    const [size, old] = [sizeOf(claim), sizeOf(before)];
    if (size === old || compareQuantities(size, old) <= 0) return;
    if (before.status?.phase !== 'Bound')
      throw refused(attributes, 'Only bound persistent volume claims can be expanded');
    const name = classOf(claim);
    const storageClass = name ? (lookup('storageclasses', '', name) as StorageClass | undefined) : undefined;
    if (name === classOf(before) && storageClass?.allowVolumeExpansion) return;
    throw refused(
      attributes,
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
  },
};

const sizeOf = ({ spec }: PersistentVolumeClaim): string | number => spec?.resources?.requests?.storage ?? 0;
