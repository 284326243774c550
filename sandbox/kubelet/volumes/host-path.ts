/** hostPath: a path of the node itself, checked against its declared type (pkg/volume/hostpath/host_path.go). */

import { Errno } from '../../machines/errno.ts';
import type { FileType, Process } from '../../machines/process.ts';
import type { Task } from '../../sim/task.ts';
import { exists, MountError, type MountRequest, makeDirectories, type VolumePlugin } from './plugin.ts';
import type { ResolvedVolume } from './volume.ts';

const KINDS: Readonly<Record<string, { readonly type: FileType; readonly words: string }>> = {
  Directory: { type: 'directory', words: 'a directory' },
  File: { type: 'file', words: 'a file' },
  Socket: { type: 'socket', words: 'a socket file' },
  CharDevice: { type: 'char', words: 'a character device' },
  BlockDevice: { type: 'block', words: 'a block device' },
};

export const hostPath: VolumePlugin = {
  name: 'kubernetes.io~host-path',

  *setUp({ process, volume }: MountRequest): Task<void> {
    const { path, type = '' } = volume.source.hostPath!;
    if (type === '') return;
    if (type.endsWith('OrCreate')) yield* create(process, path, type);
    const kind = KINDS[type.replace('OrCreate', '')];
    if (!kind) throw new MountError(`${type} is an invalid volume type`);
    if (!(yield* isType(process, path, kind.type))) {
      throw new MountError(`hostPath type check failed: ${path} is not ${kind.words}`);
    }
  },

  *tearDown(): Task<void> {},

  hostPath: (volume: ResolvedVolume) => volume.source.hostPath!.path,
};

function* create(process: Process, path: string, type: string): Task<void> {
  if (yield* exists(process, path)) return;
  if (type === 'DirectoryOrCreate') yield* makeDirectories(process, path, 0o755);
  else yield* process.writeFile(path, '', { mode: 0o644 });
}

function* isType(process: Process, path: string, type: FileType): Task<boolean> {
  try {
    return (yield* process.stat(path)).type === type;
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}
