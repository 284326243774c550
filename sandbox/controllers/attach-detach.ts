/** The attach/detach controller: volumes of CSI drivers are attached to one node before pods there use them (pkg/controller/volume/attachdetach). */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Node, PersistentVolume, Pod, VolumeAttachment } from '../api/types.ts';
import type { ControllerContext } from './context.ts';
import { keyOf, splitKey } from './context.ts';
import { NODE_INDEX, nodeOfPod } from './node-lifecycle/node-lifecycle.ts';
import { CLAIM_INDEX, claimsOfPod } from './persistentvolume-binder/binder.ts';
import { hasEnded } from './pods.ts';
import { WorkQueue } from './work-queue.ts';

/** The reconciler's loop and its patience with a volume in use elsewhere. */
const RETRY = 5000;

export function startAttachDetach({ client, clock, random, recorder }: ControllerContext): void {
  const pods = client.informer('pods');
  const podsOfClaim = pods.index(CLAIM_INDEX, claimsOfPod);
  const podsOn = pods.index(NODE_INDEX, nodeOfPod);
  const attachments = client.informer('volumeattachments');
  const podsByAttachment = new Map<string, Pod>();
  /** Pods that have been told that a volume is in use elsewhere: once, while it is (MultiAttachErrorReported). */
  const reported = new Map<string, Set<string>>();

  /** CSI volumes whose driver wants them attached. */
  const attachable = (pod: Pod): PersistentVolume[] =>
    claimsOfPod(pod).flatMap((key) => {
      const claim = client.get('persistentvolumeclaims', ...splitKey(key));
      const volume = client.get('persistentvolumes', '', claim?.spec?.volumeName ?? '');
      const driver = client.get('csidrivers', '', volume?.spec?.csi?.driver ?? '');
      return volume && driver && driver.spec.attachRequired !== false ? [volume] : [];
    });

  const usersOf = (volume: PersistentVolume, except: string): Pod[] =>
    [...pods.list()].filter(
      (pod) =>
        pod.spec?.nodeName &&
        pod.spec.nodeName !== except &&
        !hasEnded(pod) &&
        attachable(pod).some(({ metadata }) => metadata.uid === volume.metadata.uid),
    );

  const reconcile = (key: string) => {
    const pod = pods.get(...splitKey(key));
    if (!pod?.spec?.nodeName || hasEnded(pod)) return;
    const { nodeName } = pod.spec;
    for (const volume of attachable(pod)) {
      const { name } = volume.metadata;
      const attachment = attachmentName(volume, nodeName);
      if (client.get('volumeattachments', '', attachment)) continue;
      const others = attachedElsewhere(volume, nodeName);
      if (others.length > 0 && !isShared(volume)) {
        queue.addAfter(key, RETRY);
        if (reported.get(attachment)?.has(pod.metadata.uid)) continue;
        reported.set(attachment, (reported.get(attachment) ?? new Set<string>()).add(pod.metadata.uid));
        const why = multiAttachReason(pod, usersOf(volume, nodeName));
        recorder.event(pod, 'Warning', 'FailedAttachVolume', `Multi-Attach error for volume "${name}" ${why}`);
        continue;
      }
      reported.delete(attachment);
      podsByAttachment.set(attachment, pod);
      client.create('volumeattachments', '', {
        metadata: { name: attachment },
        spec: { attacher: volume.spec!.csi!.driver, nodeName, source: { persistentVolumeName: name } },
      });
    }
  };

  const attachedElsewhere = ({ metadata }: PersistentVolume, node: string): VolumeAttachment[] =>
    [...attachments.list()].filter(
      ({ spec }) => spec.source.persistentVolumeName === metadata.name && spec.nodeName !== node,
    );

  /** Nobody on the node uses it any more. */
  const detach = ({ metadata, spec }: VolumeAttachment) => {
    const volume = client.get('persistentvolumes', '', spec.source.persistentVolumeName ?? '');
    const used = [...podsOn(spec.nodeName)].some((pod) =>
      attachable(pod).some((each) => each.metadata.uid === volume?.metadata.uid),
    );
    if (!used) client.delete('volumeattachments', '', metadata.name);
  };

  const queue = new WorkQueue({ clock, random, reconcile, latency: [20, 100] });
  const wake = (pod: Pod) => {
    if (pod.spec?.nodeName && claimsOfPod(pod).length > 0) queue.add(keyOf(pod));
  };
  pods.handle({
    added: wake,
    updated: (before, pod) => {
      if (before.spec?.nodeName !== pod.spec?.nodeName) wake(pod);
    },
    deleted: (pod) => {
      for (const attachment of [...attachments.list()])
        if (attachment.spec.nodeName === pod.spec?.nodeName) detach(attachment);
      for (const [attachment, told] of reported)
        if (told.delete(pod.metadata.uid) && told.size === 0) reported.delete(attachment);
    },
  });
  // A pod that was made for its node may be older than its claim's volume (processPVC).
  client.informer('persistentvolumeclaims').handle({
    updated: (before, claim) => {
      if (!claim.spec?.volumeName || before.spec?.volumeName) return;
      for (const pod of podsOfClaim(keyOf(claim))) wake(pod);
    },
  });
  attachments.handle({
    updated: (before, after) => {
      const volume = after.spec.source.persistentVolumeName ?? '';
      if (before.status?.attached || !after.status?.attached) return;
      report(after, volume);
      const pod = podsByAttachment.get(after.metadata.name);
      if (!pod) return;
      const message = `AttachVolume.Attach succeeded for volume "${volume}" `;
      recorder.event(pod, 'Normal', 'SuccessfulAttachVolume', message);
    },
    deleted: ({ metadata }) => podsByAttachment.delete(metadata.name),
  });

  /** The node's status lists what is attached to it. */
  const report = ({ spec }: VolumeAttachment, volumeName: string) => {
    const volume = client.get('persistentvolumes', '', volumeName);
    if (!volume?.spec?.csi) return;
    const { driver, volumeHandle } = volume.spec.csi;
    const name = `kubernetes.io/csi/${driver}^${volumeHandle}`;
    client.mutate(
      'nodes',
      '',
      spec.nodeName,
      (node): Node => {
        const attached = node.status?.volumesAttached ?? [];
        if (attached.some((each) => each.name === name)) return node;
        return { ...node, status: { ...node.status, volumesAttached: [...attached, { name, devicePath: '' }] } };
      },
      'status',
    );
  };
}

/** reportMultiAttachError: nobody learns the names of pods in other namespaces. */
function multiAttachReason({ metadata }: Pod, users: readonly Pod[]): string {
  if (users.length === 0) return "Volume is already exclusively attached to one node and can't be attached to another";
  const local = users
    .filter((user) => user.metadata.namespace === metadata.namespace)
    .map((user) => user.metadata.name);
  const others = users.length - local.length;
  if (local.length === 0) return `Volume is already used by ${others} pod(s) in different namespaces`;
  const more = others > 0 ? ` and ${others} pod(s) in different namespaces` : '';
  return `Volume is already used by pod(s) ${local.join(', ')}${more}`;
}

/** Only volumes that several nodes may write to, or read, are attached twice (isMultiAttachAllowed). */
const isShared = ({ spec }: PersistentVolume): boolean =>
  spec?.accessModes?.some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany') ?? false;

/** getAttachmentName (pkg/volume/csi/csi_attacher.go). */
function attachmentName({ spec }: PersistentVolume, node: string): string {
  const { driver, volumeHandle } = spec!.csi!;
  const hash = sha256(new TextEncoder().encode(`${volumeHandle}${driver}${node}`));
  return `csi-${bytesToHex(hash)}`;
}
