/** PersistentVolumeClaim (pkg/registry/core/persistentvolumeclaim, plugin/pkg/admission/storage). */

import type { Resource } from '../resource.ts';
import type { PersistentVolumeClaim } from '../types.ts';
import { accessModes, quantityText } from './cells.ts';
import { defaultClaim, withSources } from './claim-defaults.ts';
import { claimWarnings } from './claim-warnings.ts';
import { aged, named, printed, text, wide } from './columns.ts';
import { BETA_STORAGE_CLASS } from './persistentvolumes.ts';
import { keepStatus, put } from './shared.ts';
import { status } from './subresources.ts';
import { validateClaim, validateClaimUpdate } from './validation/claim-update.ts';

export const persistentVolumeClaims: Resource<PersistentVolumeClaim> = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  name: 'persistentvolumeclaims',
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.PersistentVolumeClaim',
  subresources: { status: status('PersistentVolumeClaim') },

  defaults: defaultClaim,
  prepareForCreate: (claim) => withSources(put(claim, 'status', { phase: 'Pending' })),
  prepareForUpdate: (claim, before) => withSources(keepStatus(claim, before), before),
  validate: validateClaim,
  validateUpdate: validateClaimUpdate,
  warnings: claimWarnings,
  returnDeletedObject: true,

  ...printed<PersistentVolumeClaim>([
    named,
    text('Status', 'phase represents the current phase of PersistentVolumeClaim.', ({ metadata, status }) =>
      metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
    ),
    text(
      'Volume',
      'volumeName is the binding reference to the PersistentVolume backing this claim.',
      ({ spec }) => spec?.volumeName ?? '',
    ),
    text('Capacity', 'capacity represents the actual resources of the underlying volume.', ({ spec, status }) =>
      spec?.volumeName ? quantityText(status?.capacity?.storage ?? '0') : '',
    ),
    text(
      'Access Modes',
      'accessModes contains the actual access modes the volume backing the PVC has. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#access-modes-1',
      ({ spec, status }) => (spec?.volumeName ? accessModes(status?.accessModes) : ''),
    ),
    text(
      'StorageClass',
      'StorageClass of the pvc',
      ({ metadata, spec }) => metadata.annotations?.[BETA_STORAGE_CLASS] ?? spec?.storageClassName ?? '',
    ),
    text(
      'VolumeAttributesClass',
      'VolumeAttributesClass of the pvc',
      ({ spec }) => spec?.volumeAttributesClassName ?? '<unset>',
    ),
    aged,
    wide(
      'VolumeMode',
      'volumeMode defines what type of volume is required by the claim. Value of Filesystem is implied when not included in claim spec.',
      ({ spec }) => spec?.volumeMode ?? '<unset>',
    ),
  ]),
  selectableFields: { name: (claim) => claim.metadata.name },
};
