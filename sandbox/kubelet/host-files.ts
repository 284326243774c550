/** The kubelet's and the runtime's own files on the node's local disk: reached at once, since no network mount lies on their way. */

import { Errno } from '../machines/errno.ts';
import type { Inode } from '../machines/filesystem/inode.ts';
import type { Location } from '../machines/kernel/mounts.ts';
import type { KernelProcess } from '../machines/kernel/process.ts';
import { runSync } from '../sim/task.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const namesOf = (path: string): string[] => path.split('/').filter((name) => name !== '');

/** The place of a path, through the mounts there are; undefined if it is not there. */
export function find(process: KernelProcess, path: string): Location | undefined {
  let at: Location | undefined = process.view.root;
  for (const name of namesOf(path)) {
    const inode: Inode | undefined = at.inode.type === 'directory' ? at.inode.lookup(name) : undefined;
    if (!inode) return undefined;
    at = at.child(name, inode);
    if (at.inode.type === 'symlink') return followed(process, path);
  }
  return at;
}

/** Somebody has put a symbolic link on the way. */
function followed(process: KernelProcess, path: string): Location | undefined {
  try {
    return runSync(process.view.walk(path, { trusting: true }));
  } catch (error) {
    if (error instanceof Errno) return undefined;
    throw error;
  }
}

/** mkdir -p. */
export function makeDirectory(process: KernelProcess, path: string, mode = 0o750): Location {
  let at: Location = process.view.root;
  for (const name of namesOf(path)) {
    if (at.inode.type === 'symlink') at = runSync(process.view.walk(at.path(process.view.root), { trusting: true }));
    const inode = at.inode.lookup(name) ?? at.inode.create(name, { type: 'directory', mode, uid: 0, gid: 0 });
    at = at.child(name, inode);
  }
  return at;
}

/** Writes a file of its own making; the directory must be there. */
export function writeFile(directory: Inode, name: string, data: string | Uint8Array, mode = 0o644): Inode {
  const old = directory.lookup(name);
  const inode = old ?? directory.create(name, { type: 'file', mode, uid: 0, gid: 0 });
  if (old) inode.truncate(0);
  if (data.length > 0) inode.write(0, typeof data === 'string' ? encoder.encode(data) : data);
  return inode;
}

export function link(directory: Inode, name: string, target: string): void {
  directory.create(name, { type: 'symlink', mode: 0o777, uid: 0, gid: 0, target });
}

/** Up to `max` bytes as text; empty if there is no such file. */
export function readFile(process: KernelProcess, path: string, max: number): string {
  const inode = find(process, path)?.inode;
  return inode?.type === 'file' ? decoder.decode(inode.read(0, max)) : '';
}

/** rm -rf of what lies on one filesystem; mount points below must be gone. */
export function removeTree(process: KernelProcess, path: string): void {
  const at = path.lastIndexOf('/');
  const directory = find(process, path.slice(0, at))?.inode;
  if (directory) removeEntry(directory, path.slice(at + 1));
}

export function removeEntry(directory: Inode, name: string): void {
  const inode = directory.lookup(name);
  if (!inode) return;
  if (inode.type === 'directory') for (const below of inode.names()) removeEntry(inode, below);
  directory.remove(name);
}
