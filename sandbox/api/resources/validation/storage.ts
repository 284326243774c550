/** Validation of the storage.k8s.io kinds (pkg/apis/storage/validation/validation.go). */

import { equal } from '../../equality.ts';
import { compareQuantities } from '../../quantity.ts';
import type {
  CSIDriver,
  CSIStorageCapacity,
  StorageClass,
  VolumeAttachment,
  VolumeAttributesClass,
} from '../../types.ts';
import {
  duplicate,
  type FieldErrors,
  forbidden,
  invalid,
  notSupported,
  Problems,
  required,
  tooLong,
} from './errors.ts';
import { goShape } from './go-shape.ts';
import { immutable } from './immutable.ts';
import { isDNS1123Subdomain, isQualifiedName } from './names.ts';
import { labelSelector } from './selectors.ts';

const RECLAIM_POLICIES = ['Delete', 'Retain'];
const BINDING_MODES = ['Immediate', 'WaitForFirstConsumer'];
const MAX_PARAMETERS = 512;
const MAX_DRIVER_NAME = 63;

export function validateStorageClass(storageClass: StorageClass): FieldErrors {
  const problems = new Problems();
  const { provisioner, parameters = {}, reclaimPolicy, volumeBindingMode } = storageClass;
  qualified(problems, provisioner, 'provisioner');
  validateParameters(problems, parameters);
  if (reclaimPolicy && !RECLAIM_POLICIES.includes(reclaimPolicy))
    problems.add(notSupported('reclaimPolicy', reclaimPolicy, RECLAIM_POLICIES));
  if (!volumeBindingMode) problems.add(required('volumeBindingMode'));
  else if (!BINDING_MODES.includes(volumeBindingMode))
    problems.add(notSupported('volumeBindingMode', volumeBindingMode, BINDING_MODES));
  return problems.list;
}

/** validateProvisioner. */
function qualified(problems: Problems, name: string | undefined, path: string): void {
  if (!name) problems.add(required(path));
  else for (const text of isQualifiedName(name.toLowerCase())) problems.add(invalid(path, name, text));
}

function validateParameters(problems: Problems, parameters: Readonly<Record<string, string>>): void {
  const keys = Object.keys(parameters);
  if (keys.length > MAX_PARAMETERS)
    problems.add({
      type: 'FieldValueTooLong',
      field: 'Provisioner Parameters exceeded max allowed',
      detail: `Too long: may not be more than ${MAX_PARAMETERS} bytes`,
    });
  for (const key of keys) if (!key) problems.add(invalid('parameters', key, 'field can not be empty.'));
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

export function validateVolumeAttributesClass({ driverName, parameters = {} }: VolumeAttributesClass): FieldErrors {
  const problems = new Problems();
  qualified(problems, driverName, 'driverName');
  if (Object.keys(parameters).length === 0)
    problems.add(required('parameters', 'must contain at least one key/value pair'));
  validateParameters(problems, parameters);
  return problems.list;
}

export function validateVolumeAttributesClassUpdate(
  volumeClass: VolumeAttributesClass,
  before: VolumeAttributesClass,
): FieldErrors {
  const problems = new Problems();
  if (volumeClass.driverName !== before.driverName)
    problems.add(forbidden('driverName', 'updates to driverName are forbidden.'));
  if (!equal(volumeClass.parameters ?? {}, before.parameters ?? {}))
    problems.add(forbidden('parameters', 'updates to parameters are forbidden.'));
  return problems.list;
}

export function validateCSIStorageCapacity(object: CSIStorageCapacity): FieldErrors {
  const { nodeTopology, storageClassName, capacity } = object;
  const problems = new Problems();
  if (nodeTopology) labelSelector(problems, nodeTopology, 'nodeTopology');
  for (const text of isDNS1123Subdomain(storageClassName))
    problems.add(invalid('storageClassName', storageClassName, text));
  if (capacity !== undefined && compareQuantities(capacity, 0) < 0)
    problems.add(invalid('capacity', capacity, 'must be greater than or equal to 0'));
  return problems.list;
}

export function validateCSIStorageCapacityUpdate(object: CSIStorageCapacity, before: CSIStorageCapacity): FieldErrors {
  const problems = new Problems();
  if (!equal(object.nodeTopology, before.nodeTopology))
    problems.add(invalid('nodeTopology', object.nodeTopology, 'field is immutable'));
  if (object.storageClassName !== before.storageClassName)
    problems.add(invalid('storageClassName', object.storageClassName, 'field is immutable'));
  return problems.list;
}

const ONE_SOURCE = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';

export function validateAttachment({ spec }: VolumeAttachment): FieldErrors {
  const problems = new Problems();
  const { persistentVolumeName, inlineVolumeSpec } = spec?.source ?? {};
  csiDriverName(problems, spec?.attacher ?? '', 'spec.attacher');
  if (persistentVolumeName === undefined && !inlineVolumeSpec) problems.add(required('spec.source', ONE_SOURCE));
  else if (persistentVolumeName !== undefined && inlineVolumeSpec) problems.add(forbidden('spec.source', ONE_SOURCE));
  else if (persistentVolumeName === '')
    problems.add(required('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName'));
  const nodeName = spec?.nodeName ?? '';
  for (const text of isDNS1123Subdomain(nodeName)) problems.add(invalid('spec.nodeName', nodeName, text));
  return problems.list;
}

/** ValidateCSIDriverName. */
function csiDriverName(problems: Problems, name: string, path: string): void {
  if (!name) problems.add(required(path));
  if (name.length > MAX_DRIVER_NAME) problems.add(tooLong(path, MAX_DRIVER_NAME));
  if (name) for (const text of isDNS1123Subdomain(name.toLowerCase())) problems.add(invalid(path, name, text));
}

export function validateAttachmentUpdate(attachment: VolumeAttachment, before: VolumeAttachment): FieldErrors {
  const problems = new Problems();
  problems.addAll(validateAttachment(attachment));
  if (!equal(attachment.spec, before.spec))
    problems.add(invalid('spec', goShape('VolumeAttachmentSpec', attachment.spec), 'field is immutable'));
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
