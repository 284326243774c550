/**
 * The volumes as a claim looks for one: those promised to it, and those that are free, best first
 * (pkg/controller/volume/persistentvolume/index.go, persistentVolumeOrderedIndex).
 */

import type { Client } from '../../api/client.ts';
import { compareQuantities } from '../../api/quantity.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/types.ts';
import { keyOf } from '../context.ts';
import { capacityOf, claimKeyOf, classOf } from './claims.ts';

export interface VolumeIndex {
  /** Volumes whose claimRef names the claim, by name. */
  promisedTo(claim: PersistentVolumeClaim): Iterable<PersistentVolume>;
  /** Available volumes of the claim's class, in the order of `betterFirst`. */
  available(claim: PersistentVolumeClaim): Iterable<PersistentVolume>;
}

export function volumeIndex(client: Client): VolumeIndex {
  const volumes = client.informer('persistentvolumes');
  const promised = volumes.index('claimRef', (volume) => (volume.spec?.claimRef ? [claimKeyOf(volume)] : []), byName);
  const available = volumes.index('available', (volume) => (isFree(volume) ? [classOf(volume)] : []), betterFirst);
  return {
    promisedTo: (claim) => promised(keyOf(claim)),
    available: (claim) => available(classOf(claim)),
  };
}

export const isFree = ({ spec, status }: PersistentVolume): boolean => !spec?.claimRef && status?.phase === 'Available';

const byName = (a: PersistentVolume, b: PersistentVolume): number => {
  if (a.metadata.name === b.metadata.name) return 0;
  return a.metadata.name < b.metadata.name ? -1 : 1;
};

/** The fewest access modes first, then the smallest (findByClaim). Between equals the name decides: upstream leaves it to chance. */
const betterFirst = (a: PersistentVolume, b: PersistentVolume): number =>
  (a.spec?.accessModes?.length ?? 0) - (b.spec?.accessModes?.length ?? 0) ||
  compareQuantities(capacityOf(a), capacityOf(b)) ||
  byName(a, b);
