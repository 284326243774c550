/** StorageObjectInUseProtection: a new volume, claim or class of attributes stays until nobody uses it (plugin/pkg/admission/storage/storageobjectinuseprotection). */

import { addFinalizer } from '../resources/shared.ts';
import type { Plugin } from './plugin.ts';

const FINALIZERS: Readonly<Record<string, string>> = {
  persistentvolumes: 'kubernetes.io/pv-protection',
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  volumeattributesclasses: 'kubernetes.io/vac-protection',
};

export const storageObjectInUseProtection: Plugin = {
  name: 'StorageObjectInUseProtection',
  operations: ['CREATE'],
  resources: Object.keys(FINALIZERS),
  admit: (object, { resource }) => addFinalizer(object, FINALIZERS[resource.name]!),
};
