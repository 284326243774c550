/** NodeVolumeLimits: how many volumes of a driver a node takes, as its CSINode says (pkg/scheduler/framework/plugins/nodevolumelimits/csi.go). */

import type { Client } from '../../api/client.ts';
import type { CSINode, Pod } from '../../api/types.ts';
import { uniqueNameOf } from '../attachdetach/csi-volume.ts';
import { splitKey } from '../context.ts';
import { claimsOfPod } from '../persistentvolume-binder/binder.ts';
import { classOf } from '../persistentvolume-binder/claims.ts';
import type { FilterPlugin } from './plugin.ts';
import { resolvable } from './plugin.ts';

const EXCEEDED = resolvable('node(s) exceed max volume count');

/** By their unique names, the drivers of a pod's volumes; of a claim that has none yet, its class's (filterAttachableVolumes). */
function volumesOf(client: Client, pod: Pod): Map<string, string> {
  const volumes = new Map<string, string>();
  for (const key of claimsOfPod(pod)) {
    const claim = client.get('persistentvolumeclaims', ...splitKey(key));
    if (!claim) continue;
    const volume = client.get('persistentvolumes', '', claim.spec?.volumeName ?? '');
    if (volume?.spec?.csi) volumes.set(uniqueNameOf(volume), volume.spec.csi.driver);
    else if (!volume) {
      const driver = client.get('storageclasses', '', classOf(claim))?.provisioner;
      if (driver) volumes.set(`${driver}/${key}`, driver);
    }
  }
  return volumes;
}

function limitsOf(csiNode: CSINode | undefined): Map<string, number> {
  const limits = new Map<string, number>();
  for (const { name, allocatable } of csiNode?.spec?.drivers ?? [])
    if (allocatable?.count !== undefined) limits.set(name, allocatable.count);
  return limits;
}

export const nodeVolumeLimits: FilterPlugin = {
  name: 'NodeVolumeLimits',
  prepare: (pod, spec, { client }) => {
    if (!spec.volumes?.some(({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim || ephemeral)) {
      return undefined;
    }
    const wanted = volumesOf(client, pod);
    if (wanted.size === 0) return undefined;
    return ({ node, pods }) => {
      const limits = limitsOf(client.get('csinodes', '', node.metadata.name));
      if (limits.size === 0) return undefined;
      const there = new Map<string, string>();
      for (const placed of pods.values())
        for (const [name, driver] of volumesOf(client, placed.pod)) there.set(name, driver);
      for (const [driver, limit] of limits) {
        const more = [...wanted].filter(([name, its]) => its === driver && !there.has(name)).length;
        const count = [...there.values()].filter((its) => its === driver).length;
        if (more > 0 && count + more > limit) return EXCEEDED;
      }
      return undefined;
    };
  },
};
