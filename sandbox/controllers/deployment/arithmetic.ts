/** The numbers of a rollout: surge, unavailability, and shares of a scaling (pkg/controller/deployment/util/deployment_util.go). Pure. */

import { parseTime } from '../../api/time.ts';
import type { Deployment, ReplicaSet } from '../../api/types.ts';
import { scaled } from '../int-or-percent.ts';
import { desiredReplicasOf, maxReplicasOf } from './annotations.ts';

export const replicasOf = (set: ReplicaSet | undefined): number => (set ? (set.spec?.replicas ?? 1) : 0);

export const desiredBy = (deployment: Deployment): number => deployment.spec?.replicas ?? 1;

export const isRollingUpdate = (deployment: Deployment): boolean => deployment.spec?.strategy?.type !== 'Recreate';

const sum = (sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number | undefined): number =>
  sets.reduce((total, set) => total + (count(set) ?? 0), 0);

export const wantedReplicas = (sets: readonly ReplicaSet[]): number => sum(sets, replicasOf);
export const actualReplicas = (sets: readonly ReplicaSet[]): number => sum(sets, (set) => set.status?.replicas);
export const readyReplicas = (sets: readonly ReplicaSet[]): number => sum(sets, (set) => set.status?.readyReplicas);
export const availableReplicas = (sets: readonly ReplicaSet[]): number =>
  sum(sets, (set) => set.status?.availableReplicas);
/** Known once every set has told its own (GetTerminatingReplicaCountForReplicaSets). */
export const terminatingReplicas = (sets: readonly ReplicaSet[]): number | undefined =>
  sets.every((set) => set.status?.terminatingReplicas !== undefined)
    ? sum(sets, (set) => set.status?.terminatingReplicas)
    : undefined;

export const isActiveSet = (set: ReplicaSet): boolean => replicasOf(set) > 0;

/** ResolveFenceposts: not both zero, or nothing could ever move. */
function fenceposts(deployment: Deployment): { surge: number; unavailable: number } {
  const desired = desiredBy(deployment);
  const { maxSurge, maxUnavailable } = deployment.spec?.strategy?.rollingUpdate ?? {};
  const surge = scaled(maxSurge, desired, 'up');
  const unavailable = scaled(maxUnavailable, desired, 'down');
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

export const maxSurge = (deployment: Deployment): number =>
  isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0;

export function maxUnavailable(deployment: Deployment): number {
  const desired = desiredBy(deployment);
  if (!isRollingUpdate(deployment) || desired === 0) return 0;
  return Math.min(fenceposts(deployment).unavailable, desired);
}

/** NewRSNewReplicas: how large the new set may be now. */
export function newSetReplicas(deployment: Deployment, all: readonly ReplicaSet[], newSet: number): number {
  const desired = desiredBy(deployment);
  if (!isRollingUpdate(deployment)) return desired;
  const room = desired + maxSurge(deployment) - wantedReplicas(all);
  if (room <= 0) return newSet;
  return newSet + Math.min(room, desired - newSet);
}

export const byCreation = (a: ReplicaSet, b: ReplicaSet): number =>
  parseTime(a.metadata.creationTimestamp) - parseTime(b.metadata.creationTimestamp) ||
  (a.metadata.name < b.metadata.name ? -1 : 1);

/** Largest first, then oldest first. */
const bySizeOlder = (a: ReplicaSet, b: ReplicaSet): number => replicasOf(b) - replicasOf(a) || byCreation(a, b);
/** Largest first, then newest first. */
const bySizeNewer = (a: ReplicaSet, b: ReplicaSet): number => replicasOf(b) - replicasOf(a) || byCreation(b, a);

/**
 * Proportional scaling: a deployment resized amid a rollout spreads the difference over its sets by their size
 * (sync.go scale, GetReplicaSetProportion); what rounding leaves goes to the largest.
 */
export function proportions(deployment: Deployment, active: readonly ReplicaSet[]): Map<ReplicaSet, number> {
  const desired = desiredBy(deployment);
  const allowed = desired > 0 ? desired + maxSurge(deployment) : 0;
  const toAdd = allowed - wantedReplicas(active);
  const sorted = [...active].sort(toAdd > 0 ? bySizeNewer : bySizeOlder);
  const sizes = new Map<ReplicaSet, number>();
  let added = 0;
  for (const set of sorted) {
    const share = toAdd === 0 ? 0 : proportion(deployment, set, toAdd, added);
    sizes.set(set, replicasOf(set) + share);
    added += share;
  }
  const largest = sorted[0];
  if (largest && toAdd !== 0) sizes.set(largest, Math.max(0, sizes.get(largest)! + toAdd - added));
  return sizes;
}

function proportion(deployment: Deployment, set: ReplicaSet, toAdd: number, added: number): number {
  const fraction = replicaFraction(deployment, set);
  const allowed = toAdd - added;
  return toAdd > 0 ? Math.min(fraction, allowed) : Math.max(fraction, allowed);
}

/** getReplicaSetFraction: what the set would gain if all sets grew as the deployment did. */
function replicaFraction(deployment: Deployment, set: ReplicaSet): number {
  const size = replicasOf(set);
  if (desiredBy(deployment) === 0) return -size;
  const target = desiredBy(deployment) + maxSurge(deployment);
  const before = maxReplicasOf(set) || deployment.status?.replicas || desiredReplicasOf(set) || 1;
  return roundAwayFromZero((size * target) / before) - size;
}

const roundAwayFromZero = (value: number): number => (value < 0 ? -Math.round(-value) : Math.round(value));
