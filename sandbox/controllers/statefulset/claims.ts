/** The claims of a StatefulSet's pods: made before the pod, and owned as the retention policy says (stateful_pod_control.go, stateful_set_utils.go). */

import type { OwnerReference } from '../../api/object.ts';
import { StatusError } from '../../api/object.ts';
import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../api/types.ts';
import type { ControllerContext } from '../context.ts';
import { controllerReference, withOwners } from '../ownership.ts';
import { claimName, firstOrdinal, newClaims, replicasOf, STATEFUL_SET } from './ordinals.ts';

/** Why a pod's claims are not as they should be. */
export class ClaimError extends Error {}

/** createPersistentVolumeClaims: those that are missing; one being deleted stands in the way of the pod. */
export function createClaims(context: ControllerContext, set: StatefulSet, podName: string, ordinal: number): void {
  const { client, recorder } = context;
  const { namespace = '', name: setName } = set.metadata;
  for (const draft of newClaims(set, ordinal)) {
    const name = draft.metadata.name!;
    const existing = client.get('persistentvolumeclaims', namespace, name);
    if (existing?.metadata.deletionTimestamp) throw new ClaimError(`pvc ${name} is being deleted`);
    if (existing) continue;
    try {
      client.create('persistentvolumeclaims', namespace, draft);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      const message = `Create Claim ${name} for Pod ${podName} in StatefulSet ${setName} failed error: ${error.message}`;
      recorder.event(set, 'Warning', 'FailedCreate', message);
      throw new ClaimError(`failed to create PVC ${name}: ${error.message}`);
    }
    const message = `Create Claim ${name} Pod ${podName} in StatefulSet ${setName} success`;
    recorder.event(set, 'Normal', 'SuccessfulCreate', message);
  }
}

/** UpdatePodClaimForRetentionPolicy: sets the owner of each claim of the pod, if it is not as the policy says. */
export function applyRetention({ client }: ControllerContext, set: StatefulSet, pod: Pod, ordinal: number): void {
  const { namespace = '' } = set.metadata;
  const wanted = claimOwner(set, pod, ordinal);
  for (const { metadata } of set.spec?.volumeClaimTemplates ?? []) {
    const name = claimName(metadata!.name!, set, ordinal);
    client.mutate('persistentvolumeclaims', namespace, name, (claim) => retained(claim, set, pod, wanted));
  }
}

/** Who takes the claim along: the set, the pod once it is one too many, or nobody. */
function claimOwner(set: StatefulSet, pod: Pod, ordinal: number): OwnerReference | undefined {
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
  const start = firstOrdinal(set);
  const condemned = ordinal < start || ordinal >= start + replicasOf(set);
  if (whenScaled === 'Delete' && condemned) return controllerReference(pod, { apiVersion: 'v1', kind: 'Pod' });
  return whenDeleted === 'Delete' ? controllerReference(set, STATEFUL_SET) : undefined;
}

/** Owners other than the set and the pod are none of ours; a claim with another controller is left alone. */
function retained(
  claim: PersistentVolumeClaim,
  set: StatefulSet,
  pod: Pod,
  wanted: OwnerReference | undefined,
): PersistentVolumeClaim {
  const owners = claim.metadata.ownerReferences ?? [];
  if (owners.length === 0 && !wanted) return claim;
  const ours = new Set([set.metadata.uid, pod.metadata.uid]);
  const isOurs = ({ uid, kind, name }: OwnerReference) =>
    ours.has(uid) ||
    (kind === 'Pod' && name === pod.metadata.name) ||
    (kind === 'StatefulSet' && name === set.metadata.name);
  const others = owners.filter((owner) => !isOurs(owner));
  if (others.some(({ controller }) => controller)) return claim;
  const current = owners.filter(isOurs);
  const same = wanted ? current.length === 1 && current[0]!.uid === wanted.uid : current.length === 0;
  return same ? claim : withOwners(claim, wanted ? [...others, wanted] : others);
}

/** PodClaimIsStale: a claim still belongs to an earlier pod of the same name, and goes with it. */
export function hasStaleClaim(
  { client }: ControllerContext,
  set: StatefulSet,
  ordinal: number,
  podName: string,
): boolean {
  if (set.spec?.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') return false;
  const { namespace = '' } = set.metadata;
  const current = client.get('pods', namespace, podName);
  return (set.spec.volumeClaimTemplates ?? []).some(({ metadata }) => {
    const claim = client.get('persistentvolumeclaims', namespace, claimName(metadata!.name!, set, ordinal));
    return claim?.metadata.ownerReferences?.some(
      ({ kind, name, uid }) => kind === 'Pod' && name === podName && uid !== current?.metadata.uid,
    );
  });
}
