/** PersistentVolume (pkg/registry/core/persistentvolume, pkg/apis/core/v1/defaults.go, pkg/apis/core/validation). */

import type { Resource, StrategyContext } from '../resource.ts';
import type { PersistentVolume } from '../types.ts';
import { accessModes, quantityText } from './cells.ts';
import { aged, named, printed, text, wide } from './columns.ts';
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

  ...printed<PersistentVolume>([
    named,
    text(
      'Capacity',
      "capacity is the description of the persistent volume's resources and capacity. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#capacity",
      ({ spec }) => quantityText(spec?.capacity?.storage),
    ),
    text(
      'Access Modes',
      'accessModes contains all ways the volume can be mounted. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#access-modes',
      ({ spec }) => accessModes(spec?.accessModes),
    ),
    text(
      'Reclaim Policy',
      'persistentVolumeReclaimPolicy defines what happens to a persistent volume when released from its claim. Valid options are Retain (default for manually created PersistentVolumes), Delete (default for dynamically provisioned PersistentVolumes), and Recycle (deprecated). Recycle must be supported by the volume plugin underlying this PersistentVolume. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#reclaiming',
      ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? '',
    ),
    text(
      'Status',
      'phase indicates if a volume is available, bound to a claim, or released by a claim. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#phase',
      ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? '')),
    ),
    text(
      'Claim',
      'claimRef is part of a bi-directional binding between PersistentVolume and PersistentVolumeClaim. Expected to be non-nil when bound. claim.VolumeName is the authoritative bind between PV and PVC. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#binding',
      ({ spec }) => (spec?.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : ''),
    ),
    text(
      'StorageClass',
      'StorageClass of the pv',
      ({ metadata, spec }) => metadata.annotations?.[BETA_STORAGE_CLASS] ?? spec?.storageClassName ?? '',
    ),
    text(
      'VolumeAttributesClass',
      'VolumeAttributesClass of the pv',
      ({ spec }) => spec?.volumeAttributesClassName ?? '<unset>',
    ),
    text(
      'Reason',
      'reason is a brief CamelCase string that describes any failure and is meant for machine parsing and tidy display in the CLI.',
      ({ status }) => status?.reason ?? '',
    ),
    aged,
    wide(
      'VolumeMode',
      'volumeMode defines if a volume is intended to be used with a formatted filesystem or to remain in raw block state. Value of Filesystem is implied when not included in spec.',
      ({ spec }) => spec?.volumeMode ?? '<unset>',
    ),
  ]),
  selectableFields: { name: (volume) => volume.metadata.name },
};

/** persistentvolumeStatusStrategy.PrepareForUpdate: a new phase is stamped. */
function stampPhase(
  volume: PersistentVolume,
  before: PersistentVolume,
  { timestamp }: StrategyContext,
): PersistentVolume {
  if (volume.status?.phase === before.status?.phase) return volume;
  const stamped = volume.status?.lastPhaseTransitionTime !== before.status?.lastPhaseTransitionTime;
  return stamped ? volume : put(volume, 'status', { ...volume.status, lastPhaseTransitionTime: timestamp });
}
