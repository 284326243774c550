/** All of a world, as text to be compared: every object, every file of every machine, every process. */

import { createHash } from 'node:crypto';
import type { Inode } from '../../sandbox/machines/filesystem/inode.ts';
import type { KernelMachine } from '../../sandbox/machines/kernel/machine.ts';
import type { World } from '../../sandbox/world/world.ts';

/** By name, so that a difference says where it is. */
export function whole({ api, machines, clock, revision }: World): Map<string, string> {
  const all = new Map([['now', `${clock.now} at revision ${revision}`]]);
  for (const collection of api.store.collections)
    for (const object of collection.list(''))
      all.set(`${collection.name} ${object.metadata.namespace ?? ''}/${object.metadata.name}`, JSON.stringify(object));
  for (const [host, machine] of machines) {
    const { rootFileSystem, processes, disk } = machine as KernelMachine;
    for (const [path, file] of files(rootFileSystem.root, '')) all.set(`${host}:${path}`, file);
    for (const { pid, argv } of processes.values()) all.set(`${host} process ${pid}`, argv.join(' '));
    all.set(`${host} disk`, String(disk.changes));
  }
  return all;
}

function* files(inode: Inode, path: string): Generator<[path: string, file: string]> {
  const { mode, uid, gid, size, mtime, ctime } = inode.stat();
  const content =
    inode.type === 'file' ? hashOf(inode.read(0, size)) : inode.type === 'symlink' ? inode.target() : inode.type;
  yield [path || '/', `${mode.toString(8)} ${uid}:${gid} ${size} ${mtime} ${ctime} ${content}`];
  if (inode.type !== 'directory') return;
  for (const name of inode.names()) yield* files(inode.lookup(name)!, `${path}/${name}`);
}

const hashOf = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('base64');
