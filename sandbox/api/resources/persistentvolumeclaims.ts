/** PersistentVolumeClaim (pkg/registry/core/persistentvolumeclaim, plugin/pkg/admission/storage). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { PersistentVolumeClaim } from '../types.ts';
import { accessModes, quantityText } from './cells.ts';
import { defaultClaim, withSources } from './claim-defaults.ts';
import { claimWarnings } from './claim-warnings.ts';
import { columns } from './columns.ts';
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

  columns: columns.persistentvolumeclaims,
  row: ({ metadata, spec, status }, { now }) => [
    metadata.name,
    metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
    spec?.volumeName ?? '',
    // Go's empty Quantity prints as 0.
    spec?.volumeName ? quantityText(status?.capacity?.storage ?? '0') : '',
    spec?.volumeName ? accessModes(status?.accessModes) : '',
    metadata.annotations?.[BETA_STORAGE_CLASS] ?? spec?.storageClassName ?? '',
    spec?.volumeAttributesClassName ?? '<unset>',
    age(metadata.creationTimestamp, now),
    spec?.volumeMode ?? '<unset>',
  ],
  selectableFields: { name: (claim) => claim.metadata.name },
};
