/** emptyDir: a directory of the node's disk, or memory, that lives as long as the pod (pkg/volume/emptydir/empty_dir.go). */

import { wholeUnits } from '../../api/quantity.ts';
import type { KernelProcess } from '../../machines/kernel/process.ts';
import type { Task } from '../../sim/task.ts';
import { makeDirectory } from '../host-files.ts';
import type { MountRequest, VolumePlugin } from './plugin.ts';

export const emptyDir: VolumePlugin = {
  name: 'kubernetes.io~empty-dir',

  *setUp({ process, volume, directory, sources }: MountRequest): Task<void> {
    const { medium, sizeLimit } = volume.source.emptyDir!;
    makeDirectory(process, directory);
    if (medium === 'Memory') {
      const size = sizeLimit === undefined ? sources.allocatable.memory : wholeUnits(sizeLimit as string);
      yield* process.mount({ source: 'tmpfs', target: directory, type: 'tmpfs', options: [`size=${size}`] });
    }
    yield* process.chmod(directory, 0o777);
  },

  *tearDown(process: KernelProcess, directory: string): Task<void> {
    if (process.mounts().some((mount) => mount.target === directory)) yield* process.umount(directory);
  },
};
