/** Volumes whose files are API objects: configMap on the node's disk; secret, downwardAPI and projected in memory. */

import type { Pod } from '../../api/types.ts';
import type { KernelProcess } from '../../machines/kernel/process.ts';
import type { Task } from '../../sim/task.ts';
import { find, makeDirectory } from '../host-files.ts';
import { datedName, writePayload } from './atomic-writer.ts';
import { configMapPayload, downwardPayload, type Payload, projectedPayload, secretPayload } from './payload.ts';
import type { MountRequest, VolumePlugin, VolumeSources } from './plugin.ts';
import type { Source } from './volume.ts';

type MakePayload = (pod: Pod, source: Source, sources: VolumeSources) => Payload;

export const configMap = filesPlugin('kubernetes.io~configmap', false, (pod, source, sources) =>
  configMapPayload(pod, source.configMap!, sources),
);

export const secret = filesPlugin('kubernetes.io~secret', true, (pod, source, sources) =>
  secretPayload(pod, source.secret!, sources),
);

export const downwardAPI = filesPlugin('kubernetes.io~downward-api', true, (pod, { downwardAPI: source }, sources) =>
  downwardPayload(pod, source!.items, source!.defaultMode ?? 0o644, sources),
);

export const projected = filesPlugin('kubernetes.io~projected', true, (pod, source, sources) =>
  projectedPayload(pod, source.projected!, sources),
);

function filesPlugin(name: string, memory: boolean, payloadOf: MakePayload): VolumePlugin {
  return {
    name,
    readOnly: true,
    *setUp(request: MountRequest): Task<void> {
      const { process, pod, volume, directory, sources } = request;
      const payload = payloadOf(pod, volume.source, sources);
      makeDirectory(process, directory, 0o755);
      if (memory) {
        const options = [`size=${Math.floor(sources.allocatable.memory / 1024)}k`, 'noswap'];
        yield* process.mount({ source: 'tmpfs', target: directory, type: 'tmpfs', options });
      }
      const { inode } = find(process, directory)!;
      const gid = pod.spec!.securityContext?.fsGroup;
      inode.change({ mode: memory ? 0o1777 : 0o777, ...(gid === undefined ? {} : { gid: Number(gid) }) });
      writePayload(inode, payload, datedName(process.now(), process.random.uint32()));
    },
    *tearDown(process: KernelProcess, directory: string): Task<void> {
      if (memory) yield* process.umount(directory);
    },
    *refresh({ process, pod, volume, directory, sources }: MountRequest): Task<void> {
      const inode = find(process, directory)?.inode;
      if (inode)
        writePayload(inode, payloadOf(pod, volume.source, sources), datedName(process.now(), process.random.uint32()));
    },
  };
}
