/** PV and PVC protection: a volume or claim in use is deleted only once nobody uses it (pkg/controller/volume/{pvprotection,pvcprotection}). */

import type { KubeObject } from '../api/object.ts';
import type { PersistentVolumeClaim, Pod } from '../api/types.ts';
import type { ControllerContext } from './context.ts';
import { keyOf, splitKey } from './context.ts';
import { CLAIM_INDEX, claimsOfPod } from './persistentvolume-binder/binder.ts';
import { hasEnded, isTerminating } from './pods.ts';
import { WorkQueue } from './work-queue.ts';

const PV_FINALIZER = 'kubernetes.io/pv-protection';
const PVC_FINALIZER = 'kubernetes.io/pvc-protection';

export function startPvProtection({ client, clock, random }: ControllerContext): void {
  const volumes = client.informer('persistentvolumes');
  const reconcile = (key: string) => {
    const volume = volumes.get(...splitKey(key));
    if (!volume) return;
    if (isTerminating(volume)) {
      if (volume.status?.phase !== 'Bound' && hasFinalizer(volume, PV_FINALIZER)) {
        client.update('persistentvolumes', withoutFinalizer(volume, PV_FINALIZER));
      }
    } else if (!hasFinalizer(volume, PV_FINALIZER)) {
      client.update('persistentvolumes', withFinalizer(volume, PV_FINALIZER));
    }
  };
  const queue = new WorkQueue({ clock, random, reconcile, latency: [8, 14] });
  volumes.handle({ added: (volume) => queue.add(keyOf(volume)), updated: (_, volume) => queue.add(keyOf(volume)) });
}

export function startPvcProtection({ client, clock, random }: ControllerContext): void {
  const claims = client.informer('persistentvolumeclaims');
  const pods = client.informer('pods');
  const podsOfClaim = pods.index(CLAIM_INDEX, claimsOfPod);

  const reconcile = (key: string) => {
    const claim = claims.get(...splitKey(key));
    if (!claim) return;
    if (isTerminating(claim)) {
      if (hasFinalizer(claim, PVC_FINALIZER) && !isUsed(claim, podsOfClaim(key))) {
        client.update('persistentvolumeclaims', withoutFinalizer(claim, PVC_FINALIZER));
      }
    } else if (!hasFinalizer(claim, PVC_FINALIZER)) {
      client.update('persistentvolumeclaims', withFinalizer(claim, PVC_FINALIZER));
    }
  };
  const queue = new WorkQueue({ clock, random, reconcile, latency: [10, 18] });
  const wakeClaims = (pod: Pod) => {
    for (const key of claimsOfPod(pod)) queue.add(key);
  };
  claims.handle({ added: (claim) => queue.add(keyOf(claim)), updated: (_, claim) => queue.add(keyOf(claim)) });
  pods.handle({
    updated: (before, pod) => {
      if (hasEnded(pod) && !hasEnded(before)) wakeClaims(pod);
    },
    deleted: wakeClaims,
  });
}

/** A pod uses a claim from its scheduling until it ends (podUsesPVC). */
function isUsed(claim: PersistentVolumeClaim, pods: Iterable<Pod>): boolean {
  for (const pod of pods) if (pod.spec?.nodeName && !hasEnded(pod) && !belongsToAnother(pod, claim)) return true;
  return false;
}

/** A generic ephemeral volume uses its name's claim only if the pod owns it. */
function belongsToAnother(pod: Pod, { metadata }: PersistentVolumeClaim): boolean {
  const direct = pod.spec?.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === metadata.name);
  return !direct && !metadata.ownerReferences?.some(({ uid }) => uid === pod.metadata.uid);
}

export const hasFinalizer = ({ metadata }: Pick<KubeObject, 'metadata'>, finalizer: string): boolean =>
  metadata.finalizers?.includes(finalizer) ?? false;

export function withoutFinalizer<T extends Pick<KubeObject, 'metadata'>>(object: T, finalizer: string): T {
  const { finalizers = [], ...metadata } = object.metadata;
  const kept = finalizers.filter((each) => each !== finalizer);
  return { ...object, metadata: kept.length > 0 ? { ...metadata, finalizers: kept } : metadata };
}

const withFinalizer = <T extends Pick<KubeObject, 'metadata'>>(object: T, finalizer: string): T => ({
  ...object,
  metadata: { ...object.metadata, finalizers: [...(object.metadata.finalizers ?? []), finalizer] },
});
