/** Filters that look at a pod's claims (pkg/scheduler/framework/plugins/{volumerestrictions,volumebinding}). */

import type { Node, PersistentVolume, PersistentVolumeClaim, Pod, PodSpec, StorageClass } from '../../api/types.ts';
import { keyOf } from '../context.ts';
import { CLAIM_INDEX, claimsOfPod } from '../persistentvolume-binder/binder.ts';
import { ANNOTATION, annotationOf, classOf, hasBindCompleted } from '../persistentvolume-binder/claims.ts';
import { findBestMatchForClaim, isReachable } from '../persistentvolume-binder/matching.ts';
import { volumeIndex } from '../persistentvolume-binder/volume-index.ts';
import { hasEnded } from '../pods.ts';
import { matchesTerm } from './node-selector.ts';
import type { FilterContext, FilterPlugin } from './plugin.ts';
import { PreFilterRejection, resolvable, unresolvable } from './plugin.ts';
import { hasEnoughCapacity } from './storage-capacity.ts';
import { nodeVolumeLimits } from './volume-limits.ts';

const RWOP_IN_USE = resolvable(
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
);
const NO_SPACE = unresolvable('node(s) did not have enough free storage');
const NO_VOLUME = unresolvable("node(s) didn't find available persistent volumes to bind");
const WRONG_NODE = unresolvable("node(s) didn't match PersistentVolume's node affinity");
const VOLUME_GONE = unresolvable('node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)');

/** The claims a pod mounts, or why it cannot be scheduled for their sake. */
function podClaims(pod: Pod, spec: PodSpec, { client }: FilterContext): PersistentVolumeClaim[] | PreFilterRejection {
  const claims: PersistentVolumeClaim[] = [];
  const { namespace = '', name: podName } = pod.metadata;
  for (const volume of spec.volumes ?? []) {
    const { ephemeral, persistentVolumeClaim } = volume;
    const name = persistentVolumeClaim?.claimName ?? (ephemeral && `${podName}-${volume.name}`);
    if (!name) continue;
    const claim = client.get('persistentvolumeclaims', namespace, name);
    if (!claim) {
      const waiting = `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`;
      return new PreFilterRejection(ephemeral ? waiting : `persistentvolumeclaim "${name}" not found`);
    }
    if (claim.status?.phase === 'Lost') {
      const volumeName = claim.spec?.volumeName ?? '';
      return new PreFilterRejection(
        `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${volumeName}"`,
      );
    }
    if (claim.metadata.deletionTimestamp) {
      return new PreFilterRejection(`persistentvolumeclaim "${name}" is being deleted`);
    }
    claims.push(claim);
  }
  return claims;
}

const volumeRestrictions: FilterPlugin = {
  name: 'VolumeRestrictions',
  prepare: (pod, spec, context) => {
    const claims = podClaims(pod, spec, context);
    if (claims instanceof PreFilterRejection) return claims;
    const exclusive = claims.filter((claim) => claim.spec?.accessModes?.includes('ReadWriteOncePod'));
    if (exclusive.length === 0) return undefined;
    const podsOfClaim = context.client.informer('pods').index(CLAIM_INDEX, claimsOfPod);
    const taken = exclusive.some((claim) =>
      [...podsOfClaim(keyOf(claim))].some(
        (other) => other.metadata.uid !== pod.metadata.uid && other.spec?.nodeName && !hasEnded(other),
      ),
    );
    return taken ? () => RWOP_IN_USE : undefined;
  },
};

/** isPVCFullyBound. */
export const isFullyBound = (claim: PersistentVolumeClaim): boolean =>
  Boolean(claim.spec?.volumeName) && hasBindCompleted(claim);

const volumeBinding: FilterPlugin = {
  name: 'VolumeBinding',
  prepare: (pod, spec, context) => {
    if (!spec.volumes?.some(({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim || ephemeral)) {
      return undefined;
    }
    const claims = podClaims(pod, spec, context);
    if (claims instanceof PreFilterRejection) return claims;
    const { client } = context;
    const bound = claims.filter(isFullyBound);
    const delayed = claims.filter((claim) => waitsForConsumer(claim, context));
    if (bound.length + delayed.length < claims.length) {
      return new PreFilterRejection('pod has unbound immediate PersistentVolumeClaims');
    }
    const volumes = bound.map((claim) => client.get('persistentvolumes', '', claim.spec!.volumeName!));
    if (delayed.length === 0 && volumes.every((volume) => volume && !volume.spec?.nodeAffinity)) return undefined;
    return ({ node }) => {
      for (const volume of volumes) {
        if (!volume) return VOLUME_GONE;
        if (!isReachable(volume, node)) return WRONG_NODE;
      }
      if (delayed.length === 0) return undefined;
      const plan = planVolumes(delayed, node, context);
      if (!plan) return NO_VOLUME;
      return plan.provision.every((claim) => hasSpace(claim, node, context)) ? undefined : NO_SPACE;
    };
  },
};

/** A claim that names its volume is the binder's, whatever its class (GetPodVolumeClaims). */
function waitsForConsumer(claim: PersistentVolumeClaim, { client }: FilterContext): boolean {
  if (isFullyBound(claim) || claim.spec?.volumeName) return false;
  return client.get('storageclasses', '', classOf(claim))?.volumeBindingMode === 'WaitForFirstConsumer';
}

export interface VolumePlan {
  readonly bindings: readonly { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }[];
  readonly provision: readonly PersistentVolumeClaim[];
}

/** Delayed claims on one node: volumes there are, or volumes a provisioner could make (FindPodVolumes); undefined if neither. */
export function planVolumes(
  claims: readonly PersistentVolumeClaim[],
  node: Node,
  { client }: FilterContext,
): VolumePlan | undefined {
  const volumes = volumeIndex(client);
  const excluded = new Set<string>();
  const bindings: { claim: PersistentVolumeClaim; volume: PersistentVolume }[] = [];
  const provision: PersistentVolumeClaim[] = [];
  for (const claim of claims) {
    const selected = annotationOf(claim, ANNOTATION.selectedNode);
    if (selected !== undefined) {
      if (selected !== node.metadata.name) return undefined;
      provision.push(claim);
      continue;
    }
    const options = { node, excluded, delayBinding: true };
    const volume = findBestMatchForClaim(volumes, claim, options);
    if (volume) {
      excluded.add(volume.metadata.name);
      bindings.push({ claim, volume });
    } else if (canProvision(client.get('storageclasses', '', classOf(claim)), node)) provision.push(claim);
    else return undefined;
  }
  return { bindings, provision };
}

function canProvision(storageClass: StorageClass | undefined, node: Node): boolean {
  if (!storageClass || storageClass.provisioner === 'kubernetes.io/no-provisioner') return false;
  const topologies = storageClass.allowedTopologies ?? [];
  return (
    topologies.length === 0 ||
    topologies.some(({ matchLabelExpressions = [] }) =>
      matchesTerm(
        { matchExpressions: matchLabelExpressions.map(({ key, values }) => ({ key, operator: 'In', values })) },
        node,
      ),
    )
  );
}

function hasSpace(claim: PersistentVolumeClaim, node: Node, { client }: FilterContext): boolean {
  const storageClass = client.get('storageclasses', '', classOf(claim));
  return !storageClass || hasEnoughCapacity(client, claim, storageClass, node);
}

/** The claims of a pod that wait for its node. */
export function delayedClaims(pod: Pod, context: FilterContext): readonly PersistentVolumeClaim[] {
  const claims = podClaims(pod, pod.spec as PodSpec, context);
  return claims instanceof PreFilterRejection ? [] : claims.filter((claim) => waitsForConsumer(claim, context));
}

export const volumeFilters: readonly FilterPlugin[] = [volumeRestrictions, nodeVolumeLimits, volumeBinding];
