/** Validation of the storage.k8s.io kinds (pkg/apis/storage/validation/validation.go). */

import { equal } from '../../equality.ts';
import type { CSIDriver, StorageClass, VolumeAttachment } from '../../types.ts';
import { duplicate, type FieldErrors, forbidden, invalid, notSupported, Problems, required } from './errors.ts';
import { immutable } from './immutable.ts';
import { isQualifiedName } from './names.ts';

const RECLAIM_POLICIES = ['Delete', 'Retain'];
const BINDING_MODES = ['Immediate', 'WaitForFirstConsumer'];
const MAX_PARAMETERS = 512;

export function validateStorageClass(storageClass: StorageClass): FieldErrors {
  const problems = new Problems();
  const { provisioner, parameters = {}, reclaimPolicy, volumeBindingMode } = storageClass;
  if (!provisioner) problems.add(required('provisioner'));
  else
    for (const text of isQualifiedName(provisioner.toLowerCase()))
      problems.add(invalid('provisioner', provisioner, text));
  const keys = Object.keys(parameters);
  if (keys.length > MAX_PARAMETERS)
    problems.add({
      type: 'FieldValueTooLong',
      field: 'Provisioner Parameters exceeded max allowed',
      detail: `Too long: may not be more than ${MAX_PARAMETERS} bytes`,
    });
  for (const key of keys) if (!key) problems.add(invalid('parameters', key, 'field can not be empty.'));
  if (reclaimPolicy && !RECLAIM_POLICIES.includes(reclaimPolicy))
    problems.add(notSupported('reclaimPolicy', reclaimPolicy, RECLAIM_POLICIES));
  if (!volumeBindingMode) problems.add(required('volumeBindingMode'));
  else if (!BINDING_MODES.includes(volumeBindingMode))
    problems.add(notSupported('volumeBindingMode', volumeBindingMode, BINDING_MODES));
  return problems.list;
}

export function validateStorageClassUpdate(storageClass: StorageClass, before: StorageClass): FieldErrors {
  const problems = new Problems();
  if (!equal(storageClass.parameters, before.parameters))
    problems.add(forbidden('parameters', 'updates to parameters are forbidden.'));
  immutable(problems, storageClass.provisioner, before.provisioner, 'provisioner');
  immutable(problems, storageClass.reclaimPolicy, before.reclaimPolicy, 'reclaimPolicy');
  immutable(problems, storageClass.volumeBindingMode, before.volumeBindingMode, 'volumeBindingMode');
  return problems.list;
}

export function validateAttachment({ spec }: VolumeAttachment): FieldErrors {
  const problems = new Problems();
  if (!spec?.attacher) problems.add(required('spec.attacher'));
  const { persistentVolumeName, inlineVolumeSpec } = spec?.source ?? {};
  if (!persistentVolumeName && !inlineVolumeSpec) problems.add(required('spec.source'));
  if (persistentVolumeName && inlineVolumeSpec)
    problems.add(forbidden('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'));
  if (!spec?.nodeName) problems.add(required('spec.nodeName'));
  return problems.list;
}

export function validateAttachmentUpdate(attachment: VolumeAttachment, before: VolumeAttachment): FieldErrors {
  const problems = new Problems();
  problems.addAll(validateAttachment(attachment));
  if (!equal(attachment.spec, before.spec)) problems.add(invalid('spec', attachment.spec, 'field is immutable'));
  return problems.list;
}

const LIFECYCLE_MODES = ['Ephemeral', 'Persistent'];
const FS_GROUP_POLICIES = ['File', 'None', 'ReadWriteOnceWithFSType'];

export function validateCSIDriver({ spec = {} }: CSIDriver): FieldErrors {
  const problems = new Problems();
  for (const field of ['attachRequired', 'podInfoOnMount', 'storageCapacity'] as const)
    if (spec[field] === undefined) problems.add(required(`spec.${field}`));
  if (spec.fsGroupPolicy && !FS_GROUP_POLICIES.includes(spec.fsGroupPolicy))
    problems.add(notSupported('spec.fsGroupPolicy', spec.fsGroupPolicy, FS_GROUP_POLICIES));
  const audiences = new Set<string>();
  for (const [i, { audience }] of (spec.tokenRequests ?? []).entries()) {
    if (audiences.has(audience)) problems.add(duplicate(`spec.tokenRequests[${i}].audience`, audience));
    audiences.add(audience);
  }
  for (const mode of spec.volumeLifecycleModes ?? [])
    if (!LIFECYCLE_MODES.includes(mode)) problems.add(notSupported('spec.volumeLifecycleModes', mode, LIFECYCLE_MODES));
  return problems.list;
}

export function validateCSIDriverUpdate(driver: CSIDriver, before: CSIDriver): FieldErrors {
  const problems = new Problems();
  problems.addAll(validateCSIDriver(driver));
  for (const field of ['attachRequired', 'volumeLifecycleModes'] as const)
    immutable(problems, driver.spec?.[field], before.spec?.[field], `spec.${field}`);
  return problems.list;
}
