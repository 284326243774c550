/** PV, PVC and VAC protection: what is in use is deleted only once nobody uses it (pkg/controller/volume/{pvprotection,pvcprotection,vacprotection}). */

import type { KubeObject } from '../api/object.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../api/types.ts';
import type { ControllerContext } from './context.ts';
import { keyOf, splitKey } from './context.ts';
import { CLAIM_INDEX, claimsOfPod } from './persistentvolume-binder/binder.ts';
import { hasEnded, isTerminating } from './pods.ts';
import { WorkQueue } from './work-queue.ts';

const PV_FINALIZER = 'kubernetes.io/pv-protection';
const PVC_FINALIZER = 'kubernetes.io/pvc-protection';
const VAC_FINALIZER = 'kubernetes.io/vac-protection';

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
      if (hasEnded(pod) !== hasEnded(before) || isShutDown(pod) !== isShutDown(before)) wakeClaims(pod);
    },
    deleted: wakeClaims,
  });
}

/** A pod uses a claim from its scheduling until it is gone; one made for it, until the kubelet is done with the pod (podUsesPVC). */
function isUsed({ metadata }: PersistentVolumeClaim, pods: Iterable<Pod>): boolean {
  for (const pod of pods) {
    if (!pod.spec?.nodeName) continue;
    if (pod.spec.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === metadata.name)) return true;
    if (!isShutDown(pod) && metadata.ownerReferences?.some(({ uid }) => uid === pod.metadata.uid)) return true;
  }
  return false;
}

/** podIsShutDown: it only waits to be taken out of the store. */
const isShutDown = ({ metadata }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;

/** A class of attributes stays while claims or volumes name it (pkg/controller/volume/vacprotection). */
export function startVacProtection({ client, clock, random }: ControllerContext): void {
  const classes = client.informer('volumeattributesclasses');
  const claims = client.informer('persistentvolumeclaims');
  const volumes = client.informer('persistentvolumes');
  const claimsOf = claims.index(CLASS_INDEX, classesOfClaim);
  const volumesOf = volumes.index(CLASS_INDEX, classesOfVolume);
  const reconcile = (key: string) => {
    const volumeClass = classes.get(...splitKey(key));
    if (!volumeClass) return;
    if (isTerminating(volumeClass)) {
      const { name } = volumeClass.metadata;
      const used = !isEmpty(volumesOf(name)) || !isEmpty(claimsOf(name));
      if (!used && hasFinalizer(volumeClass, VAC_FINALIZER))
        client.update('volumeattributesclasses', withoutFinalizer(volumeClass, VAC_FINALIZER));
    } else if (!hasFinalizer(volumeClass, VAC_FINALIZER)) {
      client.update('volumeattributesclasses', withFinalizer(volumeClass, VAC_FINALIZER));
    }
  };
  const queue = new WorkQueue({ clock, random, reconcile, latency: [8, 14] });
  const wake = (before: readonly string[], after: readonly string[]) => {
    for (const name of before) if (!after.includes(name)) queue.add(`/${name}`);
  };
  classes.handle({ added: (each) => queue.add(keyOf(each)), updated: (_, each) => queue.add(keyOf(each)) });
  claims.handle({
    updated: (before, claim) => wake(classesOfClaim(before), classesOfClaim(claim)),
    deleted: (claim) => wake(classesOfClaim(claim), NONE),
  });
  volumes.handle({
    updated: (before, volume) => wake(classesOfVolume(before), classesOfVolume(volume)),
    deleted: (volume) => wake(classesOfVolume(volume), NONE),
  });
}

const CLASS_INDEX = 'volumeAttributesClassName';
const NONE: readonly string[] = [];

const isEmpty = (values: Iterable<unknown>): boolean => values[Symbol.iterator]().next().done === true;

/** getPVCReferencedVACNames. */
function classesOfClaim({ spec, status }: PersistentVolumeClaim): readonly string[] {
  const names = [
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ].filter((name) => name);
  return names.length > 0 ? [...new Set(names as string[])] : NONE;
}

const classesOfVolume = ({ spec }: PersistentVolume): readonly string[] =>
  spec?.volumeAttributesClassName ? [spec.volumeAttributesClassName] : NONE;

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
