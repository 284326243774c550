/** The NFS plugin: the server's export mounted on the node, below the pod's directory (pkg/volume/nfs/nfs.go). */

import type { KernelProcess } from '../../machines/kernel/process.ts';
import type { Task } from '../../sim/task.ts';
import { makeDirectory } from '../host-files.ts';
import { cleanUpMountPoint, joinOptions, mount } from './mount-command.ts';
import type { MountRequest, VolumePlugin } from './plugin.ts';

export const nfs: VolumePlugin = {
  name: 'kubernetes.io~nfs',

  *setUp({ process, volume, directory }: MountRequest): Task<void> {
    const { server, path } = volume.source.nfs!;
    if (process.mounts().some((one) => one.target === directory)) return;
    const host = server.includes(':') && !server.startsWith('[') ? `[${server}]` : server;
    makeDirectory(process, directory);
    const options = joinOptions(...volume.mountOptions, ...(volume.readOnly ? ['ro'] : []));
    try {
      yield* mount(process, `${host}:${path}`, directory, 'nfs', options);
    } catch (error) {
      yield* process.rmdir(directory);
      throw error;
    }
  },

  tearDown(process: KernelProcess, directory: string): Task<void> {
    return cleanUpMountPoint(process, directory);
  },
};
