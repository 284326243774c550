/** What admission does to claims: the default class, and who may grow (plugin/pkg/admission/storage). */

import { forbidden } from '../errors.ts';
import { compareQuantities } from '../quantity.ts';
import type { StrategyContext } from '../resource.ts';
import type { PersistentVolumeClaim, StorageClass } from '../types.ts';
import { BETA_STORAGE_CLASS } from './persistentvolumes.ts';
import { put } from './shared.ts';
import { isDefaultClass } from './storageclasses.ts';

type Claim = PersistentVolumeClaim;

/** DefaultStorageClass: the youngest of the default classes; an empty name is a name. */
export function withDefaultClass(claim: Claim, context: StrategyContext): Claim {
  if (classOf(claim) !== undefined) return claim;
  const classes = (context.list('storageclasses', '') as readonly StorageClass[]).filter(isDefaultClass);
  const youngest = [...classes].sort(byAge)[0];
  return youngest ? put(claim, 'spec', { ...claim.spec, storageClassName: youngest.metadata.name }) : claim;
}

const classOf = ({ metadata, spec }: Claim): string | undefined =>
  metadata.annotations?.[BETA_STORAGE_CLASS] ?? spec?.storageClassName;

const byAge = ({ metadata: a }: StorageClass, { metadata: b }: StorageClass): number =>
  a.creationTimestamp === b.creationTimestamp
    ? a.name < b.name
      ? -1
      : 1
    : a.creationTimestamp > b.creationTimestamp
      ? -1
      : 1;

/** PersistentVolumeClaimResize: only bound claims of a class that allows it grow. It asks after validation. */
export function admitResize(claim: Claim, before: Claim, context: StrategyContext): void {
  const [size, old] = [sizeOf(claim), sizeOf(before)];
  if (size === old || compareQuantities(size, old) <= 0) return;
  if (before.status?.phase !== 'Bound') throw refused(claim, 'Only bound persistent volume claims can be expanded');
  const name = classOf(claim);
  const storageClass = name ? (context.lookup('storageclasses', '', name) as StorageClass | undefined) : undefined;
  if (name !== classOf(before) || !storageClass?.allowVolumeExpansion)
    throw refused(
      claim,
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
}

const sizeOf = ({ spec }: Claim): string | number => spec?.resources?.requests?.storage ?? 0;

const refused = (claim: Claim, why: string) =>
  forbidden({ group: '', name: 'persistentvolumeclaims' }, claim.metadata.name, why);
