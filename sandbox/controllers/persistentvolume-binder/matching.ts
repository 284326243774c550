/** Which volume a claim gets (component-helpers storage/volume/pv_helpers.go FindMatchingVolume, pkg/controller/volume/persistentvolume/index.go). Pure. */

import { compareQuantities } from '../../api/quantity.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim } from '../../api/types.ts';
import { matcher } from '../label-selector.ts';
import { matchesNodeSelector } from '../scheduler/node-selector.ts';
import { capacityOf, classOf, isBoundTo, modeOf, requestOf } from './claims.ts';
import { isFree, type VolumeIndex } from './volume-index.ts';

export interface MatchOptions {
  /** The node a pod would run on; the binder itself knows none. */
  readonly node?: Node;
  /** Volumes already promised to other claims of the same pod. */
  readonly excluded?: ReadonlySet<string>;
  /** The class waits for a pod: only what was bound to the claim beforehand counts, unless a node is given. */
  readonly delayBinding?: boolean;
}

/** A volume promised to the claim before all others; else the first that fits of the free ones, which come best first (findByClaim). */
export function findBestMatchForClaim(
  volumes: VolumeIndex,
  claim: PersistentVolumeClaim,
  options: MatchOptions = {},
): PersistentVolume | undefined {
  for (const volume of volumes.promisedTo(claim)) {
    if (offersModes(volume, claim) && isPromised(volume, claim, options)) return volume;
  }
  if (options.delayBinding && !options.node) return undefined;
  for (const volume of volumes.available(claim)) {
    if (offersModes(volume, claim) && isCandidate(volume, claim, options)) return volume;
  }
  return undefined;
}

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
    // Who looks for a node's sake, the scheduler, looks among the volumes of the claim's class only (GetPodVolumeClaims).
    (!node || (classOf(volume) === classOf(claim) && isReachable(volume, node)))
  );
}

/** Why a volume will not do for a claim that looks for one. */
export type Misfit =
  | 'taken'
  | 'released'
  | 'unavailable'
  | 'terminating'
  | 'class'
  | 'modes'
  | 'mode'
  | 'attributes'
  | 'selector'
  | 'size'
  | 'node';

/** Whether a free volume of the claim's class will do. */
const isCandidate = (volume: PersistentVolume, claim: PersistentVolumeClaim, options: MatchOptions): boolean =>
  misfitOfFree(volume, claim, options) === undefined;

function misfitOfFree(
  volume: PersistentVolume,
  claim: PersistentVolumeClaim,
  { node, excluded }: MatchOptions,
): Misfit | undefined {
  if (excluded?.has(volume.metadata.name)) return 'taken';
  if (volume.metadata.deletionTimestamp) return 'terminating';
  const { selector } = claim.spec ?? {};
  if (modeOf(volume) !== modeOf(claim)) return 'mode';
  if ((volume.spec?.volumeAttributesClassName ?? '') !== (claim.spec?.volumeAttributesClassName ?? ''))
    return 'attributes';
  if (selector && !matcher(selector)(volume.metadata.labels)) return 'selector';
  if (!isLargeEnough(volume, claim)) return 'size';
  return !node || isReachable(volume, node) ? undefined : 'node';
}

/** What keeps any volume from the claim; undefined where the binder takes it at its next look. */
export function misfitOf(volume: PersistentVolume, claim: PersistentVolumeClaim): Misfit | undefined {
  if (isBoundTo(volume, claim)) return misfitOfFree(volume, claim, {});
  if (classOf(volume) !== classOf(claim)) return 'class';
  if (volume.spec?.claimRef) return volume.status?.phase === 'Released' ? 'released' : 'taken';
  if (!isFree(volume)) return 'unavailable';
  return offersModes(volume, claim) ? misfitOfFree(volume, claim, {}) : 'modes';
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
