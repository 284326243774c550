/** One step of a rolling update, and the scaling of a deployment as a whole (pkg/controller/deployment/{rolling,sync}.go). */

import type { ReplicaSet } from '../../api/types.ts';
import { desiredReplicasOf } from './annotations.ts';
import {
  availableReplicas,
  byCreation,
  desiredBy,
  isActiveSet,
  isRollingUpdate,
  maxUnavailable,
  newSetReplicas,
  proportions,
  replicasOf,
  wantedReplicas,
} from './arithmetic.ts';
import type { ReplicaSets } from './replica-sets.ts';

/** reconcileNewReplicaSet: as large as surge allows. */
export function reconcileNew(sets: ReplicaSets): boolean {
  const { deployment, new: current } = sets;
  if (!current || replicasOf(current) === desiredBy(deployment)) return false;
  const tooLarge = replicasOf(current) > desiredBy(deployment);
  return sets.scale(
    current,
    tooLarge ? desiredBy(deployment) : newSetReplicas(deployment, sets.all, replicasOf(current)),
  );
}

/** reconcileOldReplicaSets: broken pods first, then as many as may be missing. */
export function reconcileOld(sets: ReplicaSets): boolean {
  const { deployment, new: current } = sets;
  if (wantedReplicas(sets.old) === 0) return false;
  const minAvailable = desiredBy(deployment) - maxUnavailable(deployment);
  const newUnavailable = replicasOf(current) - (current?.status?.availableReplicas ?? 0);
  const spare = wantedReplicas(sets.all) - minAvailable - newUnavailable;
  if (spare <= 0) return false;
  const cleaned = cleanUpUnhealthy(sets, spare);
  const scaled = scaleDownOld(sets, minAvailable);
  return cleaned || scaled;
}

function cleanUpUnhealthy(sets: ReplicaSets, spare: number): boolean {
  let left = spare;
  for (const set of sets.old.filter(isActiveSet).sort(byCreation)) {
    if (left === 0) break;
    const unhealthy = replicasOf(set) - (set.status?.availableReplicas ?? 0);
    const down = Math.min(left, unhealthy);
    if (down <= 0) continue;
    sets.scale(set, replicasOf(set) - down);
    left -= down;
  }
  return left < spare;
}

function scaleDownOld(sets: ReplicaSets, minAvailable: number): boolean {
  let left = availableReplicas(sets.all) - minAvailable;
  let scaled = false;
  for (const set of sets.old.filter(isActiveSet).sort(byCreation)) {
    if (left <= 0) break;
    const down = Math.min(replicasOf(set), left);
    sets.scale(set, replicasOf(set) - down);
    left -= down;
    scaled = true;
  }
  return scaled;
}

/** scale: one set takes it all; in the middle of a rollout each takes its share. */
export function scaleProportionally(sets: ReplicaSets): void {
  const { deployment, new: current, old } = sets;
  const only = activeOrLatest(sets);
  if (only) {
    sets.scale(only, desiredBy(deployment));
    return;
  }
  if (isSaturated(sets, current)) {
    for (const set of old.filter(isActiveSet)) sets.scale(set, 0);
    return;
  }
  if (!isRollingUpdate(deployment)) return;
  for (const [set, replicas] of proportions(deployment, sets.all.filter(isActiveSet))) sets.scale(set, replicas);
}

/** FindActiveOrLatest: the only set with pods; with none, the new one or the latest. */
function activeOrLatest({ all, new: current, old }: ReplicaSets): ReplicaSet | undefined {
  const active = all.filter(isActiveSet);
  if (active.length === 1) return active[0];
  if (active.length > 1) return undefined;
  return current ?? [...old].sort(byCreation).at(-1);
}

function isSaturated({ deployment }: ReplicaSets, set: ReplicaSet | undefined): boolean {
  if (!set) return false;
  const desired = desiredBy(deployment);
  return replicasOf(set) === desired && desiredReplicasOf(set) === desired && set.status?.availableReplicas === desired;
}
