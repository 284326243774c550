/** What database servers do with their data directory: their entrypoints make it their user's, and one server at a time works on it. */

import { Errno } from '../../machines/errno.ts';
import type { Inode } from '../../machines/filesystem/inode.ts';
import type { KernelProcess } from '../../machines/kernel/process.ts';
import type { Process } from '../../machines/process.ts';
import type { Task } from '../../sim/task.ts';

/**
 * `find DIR \! -user USER -exec chown USER '{}' +`, of the directory itself: false when it may not, and then chown(1) has said so
 * (an export with root_squash takes the entrypoint's root for nobody).
 */
export function* ownDirectory(process: Process, directory: string, user: number): Task<boolean> {
  try {
    if ((yield* process.stat(directory)).uid === user) return true;
    yield* process.chown(directory, user, undefined);
    return true;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code === 'ENOENT') return true;
    yield* process.error(`chown: changing ownership of '${directory}': ${error.message}\n`);
    return false;
  }
}

/** Whose write lock lies on a file (fcntl(2), F_SETLK): it holds on all hosts that have the file, and goes with its process. */
const locks = new WeakMap<Inode, KernelProcess>();

/** False while another process holds it (EAGAIN). Throws Errno where there is no such file. */
export function* lockFile(process: Process, path: string): Task<boolean> {
  const own = process as KernelProcess;
  const { inode } = yield* own.view.walk(path);
  const holder = locks.get(inode);
  if (holder && holder !== own && !holder.status) return false;
  locks.set(inode, own);
  return true;
}
