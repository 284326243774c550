/** local: a directory of this node given as a PersistentVolume, bind-mounted below the pod's directory (pkg/volume/local/local.go). */

import type { KernelProcess } from '../../machines/kernel/process.ts';
import type { Task } from '../../sim/task.ts';
import { makeDirectory } from '../host-files.ts';
import { exists, MountError, type MountRequest, type VolumePlugin } from './plugin.ts';

export const local: VolumePlugin = {
  name: 'kubernetes.io~local-volume',

  *setUp({ process, volume, directory }: MountRequest): Task<void> {
    const { path } = volume.source.local!;
    if (!(yield* exists(process, path))) {
      throw new MountError(`path "${path}" does not exist`, 'MountVolume.NewMounter initialization');
    }
    makeDirectory(process, directory);
    const options = ['bind', ...(volume.readOnly ? ['ro'] : [])];
    yield* process.mount({ source: path, target: directory, type: 'none', options });
  },

  *tearDown(process: KernelProcess, directory: string): Task<void> {
    yield* process.umount(directory);
  },
};
