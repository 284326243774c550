/** Volumes of CSI drivers as the attach/detach controller names them (pkg/volume/csi/csi_attacher.go, pkg/volume/util). */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Client } from '../../api/client.ts';
import type { PersistentVolume, Pod, VolumeAttachment } from '../../api/types.ts';
import { splitKey } from '../context.ts';
import { claimsOfPod } from '../persistentvolume-binder/binder.ts';

/** `kubernetes.io/csi/DRIVER^HANDLE`, as a node's status lists it. */
export const uniqueNameOf = ({ spec }: PersistentVolume): string =>
  `kubernetes.io/csi/${spec!.csi!.driver}^${spec!.csi!.volumeHandle}`;

/** Only volumes that several nodes may write to, or read, are attached twice (IsMultiAttachAllowed). */
export const isMultiAttachAllowed = ({ spec }: PersistentVolume): boolean =>
  spec?.accessModes?.some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany') ?? false;

/** getAttachmentName. */
export function attachmentName({ spec }: PersistentVolume, node: string): string {
  const { driver, volumeHandle } = spec!.csi!;
  const hash = sha256(new TextEncoder().encode(`${volumeHandle}${driver}${node}`));
  return `csi-${bytesToHex(hash)}`;
}

/** A pod's volumes of drivers that want them attached; a driver that says nothing does (skipAttach). */
export const attachableVolumes = (client: Client, pod: Pod): PersistentVolume[] =>
  claimsOfPod(pod).flatMap((key) => {
    const claim = client.get('persistentvolumeclaims', ...splitKey(key));
    if (claim?.status?.phase !== 'Bound' && !claim?.spec?.volumeName) return [];
    const volume = client.get('persistentvolumes', '', claim.spec?.volumeName ?? '');
    if (!volume?.spec?.csi || volume.spec.claimRef?.uid !== claim.metadata.uid) return [];
    const driver = client.get('csidrivers', '', volume.spec.csi.driver);
    return driver?.spec.attachRequired === false ? [] : [volume];
  });

/** verifyAttachmentStatus: whether it is attached, or why it will not be. */
export function attachmentStatus(attachment: VolumeAttachment | undefined): boolean | { readonly failure: string } {
  if (!attachment) return false;
  if (attachment.metadata.deletionTimestamp) return { failure: 'volume attachment is being deleted' };
  if (attachment.status?.attached) return true;
  const failure = attachment.status?.attachError?.message;
  return failure === undefined ? false : { failure };
}

/** verifyDetachmentStatus. */
export function detachmentStatus(attachment: VolumeAttachment | undefined): boolean | { readonly failure: string } {
  if (!attachment) return true;
  const failure = attachment.status?.detachError?.message;
  return failure === undefined ? false : { failure };
}
