/** The attach/detach controller: volumes of CSI drivers are attached to one node before pods there use them (pkg/controller/volume/attachdetach). */

import { sha256 } from '../api/sha256.ts';
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
        const users = usersOf(volume, nodeName).map(({ metadata }) => metadata.name);
        const why =
          users.length > 0
            ? `Volume is already used by pod(s) ${users.join(', ')}`
            : "Volume is already exclusively attached to one node and can't be attached to another";
        recorder.event(pod, 'Warning', 'FailedAttachVolume', `Multi-Attach error for volume "${name}" ${why}`);
        queue.addAfter(key, RETRY);
        continue;
      }
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

/** Only volumes that several nodes may write to, or read, are attached twice (isMultiAttachAllowed). */
const isShared = ({ spec }: PersistentVolume): boolean =>
  spec?.accessModes?.some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany') ?? false;

/** getAttachmentName (pkg/volume/csi/csi_attacher.go). */
function attachmentName({ spec }: PersistentVolume, node: string): string {
  const { driver, volumeHandle } = spec!.csi!;
  const hash = sha256(new TextEncoder().encode(`${volumeHandle}${driver}${node}`));
  return `csi-${[...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
