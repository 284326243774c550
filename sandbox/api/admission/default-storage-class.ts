/** DefaultStorageClass: a claim that names no class gets the youngest of the default ones; an empty name is a name (plugin/pkg/admission/storage/storageclass/setdefault). */

import { BETA_STORAGE_CLASS } from '../resources/persistentvolumes.ts';
import { put } from '../resources/shared.ts';
import { isDefaultClass } from '../resources/storageclasses.ts';
import type { PersistentVolumeClaim, StorageClass } from '../types.ts';
import type { Plugin } from './plugin.ts';

export const defaultStorageClass: Plugin = {
  name: 'DefaultStorageClass',
  operations: ['CREATE'],
  resources: ['persistentvolumeclaims'],
  admit: (object, _, { list }) => {
    const claim = object as PersistentVolumeClaim;
    if (classOf(claim) !== undefined) return claim;
    const classes = (list('storageclasses', '') as readonly StorageClass[]).filter(isDefaultClass);
    const youngest = [...classes].sort(byAge)[0];
    return youngest ? put(claim, 'spec', { ...claim.spec, storageClassName: youngest.metadata.name }) : claim;
  },
};

/** As the annotation of old or the field names it. */
export const classOf = ({ metadata, spec }: PersistentVolumeClaim): string | undefined =>
  metadata.annotations?.[BETA_STORAGE_CLASS] ?? spec?.storageClassName;

function byAge({ metadata: a }: StorageClass, { metadata: b }: StorageClass): number {
  if (a.creationTimestamp !== b.creationTimestamp) return a.creationTimestamp > b.creationTimestamp ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}
