/** Which volume a claim gets (component-helpers storage/volume/pv_helpers.go FindMatchingVolume, pkg/controller/volume/persistentvolume/index.go). Pure. */

import { compareQuantities } from '../../api/quantity.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim } from '../../api/types.ts';
import { matcher } from '../label-selector.ts';
import { matchesNodeSelector } from '../scheduler/node-selector.ts';
import { capacityOf, classOf, isBoundTo, modeOf, requestOf } from './claims.ts';

export interface MatchOptions {
  /** The node a pod would run on; the binder itself knows none. */
  readonly node?: Node;
  /** Volumes already promised to other claims of the same pod. */
  readonly excluded?: ReadonlySet<string>;
  /** The class waits for a pod: only what was bound to the claim beforehand counts, unless a node is given. */
  readonly delayBinding?: boolean;
}

/**
 * The smallest volume that fits, a pre-bound one before all others, and of those with the fewest access modes first
 * (findByClaim). Between equals the name decides: upstream leaves it to chance.
 */
export function findBestMatchForClaim(
  volumes: Iterable<PersistentVolume>,
  claim: PersistentVolumeClaim,
  options: MatchOptions = {},
): PersistentVolume | undefined {
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    if (!offersModes(volume, claim)) continue;
    if (isPromised(volume, claim, options)) return volume;
    if (isCandidate(volume, claim, options) && (!best || isBetter(volume, best))) best = volume;
  }
  return best;
}

const isBetter = (a: PersistentVolume, b: PersistentVolume): boolean => {
  const modes = (a.spec?.accessModes?.length ?? 0) - (b.spec?.accessModes?.length ?? 0);
  if (modes !== 0) return modes < 0;
  const size = compareQuantities(capacityOf(a), capacityOf(b));
  return size !== 0 ? size < 0 : a.metadata.name < b.metadata.name;
};

const offersModes = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  claim.spec?.accessModes?.every((mode) => volume.spec?.accessModes?.includes(mode)) ?? true;

const isLargeEnough = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  compareQuantities(capacityOf(volume), requestOf(claim)) >= 0;

function isPromised(volume: PersistentVolume, claim: PersistentVolumeClaim, { node, excluded }: MatchOptions): boolean {
  return (
    !excluded?.has(volume.metadata.name) &&
    isBoundTo(volume, claim) &&
    !volume.metadata.deletionTimestamp &&
    modeOf(volume) === modeOf(claim) &&
    isLargeEnough(volume, claim) &&
    (!node || isReachable(volume, node))
  );
}

function isCandidate(volume: PersistentVolume, claim: PersistentVolumeClaim, options: MatchOptions): boolean {
  const { node, excluded, delayBinding = false } = options;
  if (excluded?.has(volume.metadata.name) || volume.metadata.deletionTimestamp) return false;
  if (volume.spec?.claimRef || (delayBinding && !node)) return false;
  if (volume.status?.phase !== 'Available') return false;
  const { selector } = claim.spec ?? {};
  return (
    modeOf(volume) === modeOf(claim) &&
    classOf(volume) === classOf(claim) &&
    (volume.spec?.volumeAttributesClassName ?? '') === (claim.spec?.volumeAttributesClassName ?? '') &&
    (!selector || matcher(selector)(volume.metadata.labels)) &&
    isLargeEnough(volume, claim) &&
    (!node || isReachable(volume, node))
  );
}

/** CheckNodeAffinity. */
export function isReachable(volume: PersistentVolume, node: Node): boolean {
  const required = volume.spec?.nodeAffinity?.required;
  return !required || matchesNodeSelector(required, node);
}

/** checkVolumeSatisfyClaim: why a volume asked for by name will not do. */
export function whyUnsatisfied(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (!isLargeEnough(volume, claim)) return 'requested PV is too small';
  if (classOf(volume) !== classOf(claim)) return 'storageClassName does not match';
  if ((volume.spec?.volumeAttributesClassName ?? '') !== (claim.spec?.volumeAttributesClassName ?? '')) {
    return 'volumeAttributesClassName does not match';
  }
  if (modeOf(volume) !== modeOf(claim)) return 'incompatible volumeMode';
  if (!offersModes(volume, claim)) return 'incompatible accessMode';
  return undefined;
}
