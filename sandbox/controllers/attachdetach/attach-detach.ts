/** The attach/detach controller: volumes of CSI drivers are attached to one node before pods there use them (pkg/controller/volume/attachdetach). */

import type { Pod } from '../../api/types.ts';
import type { ControllerContext } from '../context.ts';
import { keyOf } from '../context.ts';
import { readiness } from '../node-lifecycle/conditions.ts';
import { CLAIM_INDEX, claimsOfPod } from '../persistentvolume-binder/binder.ts';
import { hasEnded } from '../pods.ts';
import { attachableVolumes, attachmentName, uniqueNameOf } from './csi-volume.ts';
import { Reconciler } from './reconciler.ts';
import { World } from './world.ts';

/** reconcilerSyncDuration: an attachment that somebody else deleted is missed by then. */
const SYNC = 60_000;

export function startAttachDetach(context: ControllerContext): void {
  const { client, clock } = context;
  const pods = client.informer('pods');
  const podsOfClaim = pods.index(CLAIM_INDEX, claimsOfPod);
  const world = new World();
  const reconciler = new Reconciler(context, world);

  /** ProcessPodVolumes. */
  const process = (pod: Pod) => {
    if (!pod.spec?.nodeName || claimsOfPod(pod).length === 0) return;
    for (const name of world.setVolumes(pod, isTerminated(pod) ? [] : attachableVolumes(client, pod)))
      reconciler.wake(name);
  };
  pods.handle({
    added: process,
    updated: (before, pod) => {
      if (before.spec?.nodeName !== pod.spec?.nodeName || isTerminated(before) !== isTerminated(pod)) process(pod);
    },
    deleted: (pod) => {
      for (const name of world.setVolumes(pod, [])) reconciler.wake(name);
    },
  });
  // A pod that was made for its node may be older than its claim's volume (processPVC).
  client.informer('persistentvolumeclaims').handle({
    updated: (before, claim) => {
      if (before.spec?.volumeName === claim.spec?.volumeName && before.status?.phase === claim.status?.phase) return;
      for (const pod of podsOfClaim(keyOf(claim))) process(pod);
    },
  });
  // processVolumesInUse.
  client.informer('nodes').handle({
    updated: (before, node) => {
      const inUse = node.status?.volumesInUse ?? [];
      const changed = before.spec?.taints !== node.spec?.taints || readiness(before) !== readiness(node);
      for (const attached of world.on(node.metadata.name)) {
        const name = uniqueNameOf(attached.volume);
        const mounted = inUse.includes(name);
        if (changed || mounted !== attached.mounted) reconciler.wake(name);
        attached.mounted = mounted;
      }
    },
  });
  client.informer('volumeattachments').handle({
    added: ({ metadata, spec }) => {
      // What was attached before this controller began (processVolumeAttachments).
      const volume = client.get('persistentvolumes', '', spec.source.persistentVolumeName ?? '');
      if (!volume?.spec?.csi || attachmentName(volume, spec.nodeName) !== metadata.name) return;
      const name = uniqueNameOf(volume);
      if (world.attached(name, spec.nodeName) || world.wanted(name, spec.nodeName)) return;
      world.add(volume, spec.nodeName, false);
      reconciler.wake(name);
    },
    deleted: ({ metadata, spec }) => {
      const missed = [...world.on(spec.nodeName)].find(
        ({ volume, node }) => attachmentName(volume, node) === metadata.name,
      );
      if (!missed) return;
      const sync = () => {
        if (client.get('volumeattachments', '', metadata.name)) return;
        missed.confirmed = false;
        reconciler.wake(uniqueNameOf(missed.volume));
      };
      clock.after(SYNC, sync, { background: true });
    },
  });
}

/** IsPodTerminated: it has ended, or goes and nothing of it runs any more. */
function isTerminated(pod: Pod): boolean {
  if (hasEnded(pod)) return true;
  const statuses = pod.status?.containerStatuses ?? [];
  return (
    pod.metadata.deletionTimestamp !== undefined &&
    statuses.every(({ state }) => state?.terminated !== undefined || state?.waiting !== undefined)
  );
}
