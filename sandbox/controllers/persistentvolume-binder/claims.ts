/** What the binder reads off volumes and claims (component-helpers storage/volume/pv_helpers.go). Pure. */

import type { KubeObject } from '../../api/object.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/types.ts';

export const ANNOTATION = {
  bindCompleted: 'pv.kubernetes.io/bind-completed',
  boundByController: 'pv.kubernetes.io/bound-by-controller',
  provisionedBy: 'pv.kubernetes.io/provisioned-by',
  selectedNode: 'volume.kubernetes.io/selected-node',
  storageProvisioner: 'volume.kubernetes.io/storage-provisioner',
  betaStorageProvisioner: 'volume.beta.kubernetes.io/storage-provisioner',
  betaStorageClass: 'volume.beta.kubernetes.io/storage-class',
  migratedTo: 'pv.kubernetes.io/migrated-to',
} as const;

export const annotationOf = (object: Pick<KubeObject, 'metadata'>, name: string): string | undefined =>
  object.metadata.annotations?.[name];

export const classOf = (object: PersistentVolume | PersistentVolumeClaim): string =>
  annotationOf(object, ANNOTATION.betaStorageClass) ?? object.spec?.storageClassName ?? '';

/** Neither the field nor the old annotation is there: a default class may be filled in. */
export const hasNoClass = (claim: PersistentVolumeClaim): boolean =>
  claim.spec?.storageClassName === undefined && annotationOf(claim, ANNOTATION.betaStorageClass) === undefined;

export const modeOf = (object: PersistentVolume | PersistentVolumeClaim): string =>
  object.spec?.volumeMode ?? 'Filesystem';

export const requestOf = (claim: PersistentVolumeClaim): string | number =>
  claim.spec?.resources?.requests?.storage ?? 0;

export const capacityOf = (volume: PersistentVolume): string | number => volume.spec?.capacity?.storage ?? 0;

/** IsVolumeBoundToClaim: the claimRef names the claim, and its uid is the claim's or not yet set. */
export function isBoundTo(volume: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const reference = volume.spec?.claimRef;
  if (!reference || reference.name !== metadata.name || reference.namespace !== metadata.namespace) return false;
  return !reference.uid || reference.uid === metadata.uid;
}

export const hasBindCompleted = (claim: PersistentVolumeClaim): boolean =>
  annotationOf(claim, ANNOTATION.bindCompleted) !== undefined;

export const isPrebound = (volume: PersistentVolume): boolean =>
  volume.spec?.claimRef !== undefined && !volume.spec.claimRef.uid;

export const claimKeyOf = (volume: PersistentVolume): string =>
  `${volume.spec?.claimRef?.namespace ?? ''}/${volume.spec?.claimRef?.name ?? ''}`;

export function withAnnotations<T extends Pick<KubeObject, 'metadata'>>(
  object: T,
  added: Readonly<Record<string, string>>,
): T {
  const { annotations } = object.metadata;
  if (Object.entries(added).every(([name, value]) => annotations?.[name] === value)) return object;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, ...added } } };
}

export function withoutAnnotation<T extends Pick<KubeObject, 'metadata'>>(object: T, name: string): T {
  const { annotations, ...metadata } = object.metadata;
  if (annotations?.[name] === undefined) return object;
  const { [name]: _, ...kept } = annotations;
  return { ...object, metadata: Object.keys(kept).length > 0 ? { ...metadata, annotations: kept } : metadata };
}
