/** A pod's volume resolved to what will be mounted: which plugin, which source, under which name (pkg/kubelet/volumemanager/populator). */

import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '../../api/types.ts';

export type Source = Omit<Volume, 'name' | 'persistentVolumeClaim' | 'ephemeral'> &
  Pick<NonNullable<PersistentVolume['spec']>, 'local'>;

export interface ResolvedVolume {
  /** In the pod's spec. */
  readonly name: string;
  /** The volume's own: the name of the PersistentVolume, or that in the pod's spec. */
  readonly specName: string;
  readonly source: Source;
  readonly readOnly: boolean;
  readonly mountOptions: readonly string[];
  readonly claim?: PersistentVolumeClaim;
  readonly volume?: PersistentVolume;
}

/** Why a volume cannot even be tried: reported as `failed to process volumes`. */
export class ProcessingError extends Error {}

export interface ClaimSource {
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
}

/** Throws ProcessingError. */
export function resolveVolume(pod: Pod, volume: Volume, from: ClaimSource): ResolvedVolume {
  const namespace = pod.metadata.namespace!;
  const reference = volume.persistentVolumeClaim;
  const claimName = reference?.claimName ?? (volume.ephemeral ? `${pod.metadata.name}-${volume.name}` : undefined);
  if (claimName === undefined) {
    const readOnly = volume.nfs?.readOnly ?? volume.csi?.readOnly ?? false;
    return { name: volume.name, specName: volume.name, source: volume, readOnly, mountOptions: [] };
  }
  const wrap = (message: string) => new ProcessingError(`error processing PVC ${namespace}/${claimName}: ${message}`);
  const claim = from.claim(namespace, claimName);
  if (!claim) throw wrap(`failed to fetch PVC from API server: persistentvolumeclaims "${claimName}" not found`);
  if (claim.metadata.deletionTimestamp) throw wrap('PVC is being deleted');
  if (claim.status?.phase !== 'Bound' || !claim.spec?.volumeName) throw wrap('PVC is not bound');
  const bound = from.volume(claim.spec.volumeName);
  if (!bound) throw wrap(`failed to fetch PV "${claim.spec.volumeName}" from API server: not found`);
  if (bound.spec?.claimRef?.uid !== claim.metadata.uid) {
    throw wrap(`pv ${bound.metadata.name} is bound to another claim: claimRef is ${bound.spec?.claimRef?.uid ?? ''}`);
  }
  return {
    name: volume.name,
    specName: bound.metadata.name,
    source: bound.spec as Source,
    readOnly: (reference?.readOnly ?? false) || (bound.spec?.nfs?.readOnly ?? false),
    mountOptions: bound.spec?.mountOptions ?? [],
    claim,
    volume: bound,
  };
}
