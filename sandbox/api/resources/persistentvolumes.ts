/** PersistentVolume (pkg/registry/core/persistentvolume, pkg/apis/core/v1/defaults.go, pkg/apis/core/validation). */

import { age } from '../age.ts';
import type { Resource, StrategyContext } from '../resource.ts';
import type { PersistentVolume } from '../types.ts';
import { accessModes, quantityText } from './cells.ts';
import { columns } from './columns.ts';
import { change, fill, keepStatus, put } from './shared.ts';
import { status } from './subresources.ts';
import { validateVolume, validateVolumeUpdate } from './validation/persistent-volumes.ts';
import { volumeWarnings } from './warnings.ts';

export const BETA_STORAGE_CLASS = 'volume.beta.kubernetes.io/storage-class';

export const persistentVolumes: Resource<PersistentVolume> = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  name: 'persistentvolumes',
  singular: 'persistentvolume',
  shortNames: ['pv'],
  namespaced: false,
  schema: 'io.k8s.api.core.v1.PersistentVolume',
  subresources: {
    status: status<PersistentVolume>('PersistentVolume', { prepareForUpdate: stampPhase }),
  },

  defaults: (volume) => {
    const next = change(volume, 'spec', (spec) => {
      const filled = fill(spec, { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' });
      return change(filled, 'hostPath', (path) => fill(path, { type: '' }));
    });
    return put(next, 'status', fill(volume.status ?? {}, { phase: 'Pending' }));
  },
  prepareForCreate: (volume, { timestamp }) =>
    put(volume, 'status', { phase: 'Pending', lastPhaseTransitionTime: timestamp }),
  prepareForUpdate: keepStatus,
  validate: validateVolume,
  validateUpdate: validateVolumeUpdate,
  warnings: volumeWarnings,
  returnDeletedObject: true,

  columns: columns.persistentvolumes,
  row: ({ metadata, spec, status }, { now }) => [
    metadata.name,
    quantityText(spec?.capacity?.storage),
    accessModes(spec?.accessModes),
    spec?.persistentVolumeReclaimPolicy ?? '',
    metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
    spec?.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '',
    metadata.annotations?.[BETA_STORAGE_CLASS] ?? spec?.storageClassName ?? '',
    spec?.volumeAttributesClassName ?? '<unset>',
    status?.reason ?? '',
    age(metadata.creationTimestamp, now),
    spec?.volumeMode ?? '<unset>',
  ],
  selectableFields: { name: (volume) => volume.metadata.name },
};

/** persistentvolumeStatusStrategy.PrepareForUpdate: a new phase is stamped. */
export function stampPhase(
  volume: PersistentVolume,
  before: PersistentVolume,
  { timestamp }: StrategyContext,
): PersistentVolume {
  if (volume.status?.phase === before.status?.phase) return volume;
  const stamped = volume.status?.lastPhaseTransitionTime !== before.status?.lastPhaseTransitionTime;
  return stamped ? volume : put(volume, 'status', { ...volume.status, lastPhaseTransitionTime: timestamp });
}
