/** Writes a volume's files so that all of them change at once: data in a dated directory, `..data` pointing to it, names pointing through it (pkg/volume/util/atomic_writer.go). */

import type { Inode } from '../../machines/filesystem/inode.ts';
import { link, removeEntry, writeFile } from '../host-files.ts';
import type { Payload } from './payload.ts';

const DATA = '..data';

/** `dated` is the name of the directory for this version, `..2026_11_22_19_59_16.1234567890`. */
export function writePayload(volume: Inode, payload: Payload, dated: string): void {
  const before = volume.lookup(DATA)?.target();
  const old = before === undefined ? undefined : volume.lookup(before);
  if (old && isSame(old, payload)) return;
  const directory = volume.create(dated, { type: 'directory', mode: 0o755, uid: 0, gid: 0 });
  for (const [path, { data, mode }] of payload) {
    const parts = path.split('/');
    const name = parts.pop()!;
    writeFile(parts.reduce(subdirectory, directory), name, data, mode);
  }
  if (before === undefined) link(volume, DATA, dated);
  else {
    link(volume, `${DATA}_tmp`, dated);
    volume.rename(`${DATA}_tmp`, volume, DATA);
  }
  linkNames(volume, directory);
  if (before !== undefined) removeEntry(volume, before);
}

export function datedName(now: number, random: number): string {
  return `..${new Date(now).toISOString().slice(0, 19).replace(/[-T:]/g, '_')}.${random}`;
}

const subdirectory = (directory: Inode, name: string): Inode =>
  directory.lookup(name) ?? directory.create(name, { type: 'directory', mode: 0o755, uid: 0, gid: 0 });

/** One visible name for each entry of the data. */
function linkNames(volume: Inode, data: Inode): void {
  for (const name of data.names()) if (!volume.lookup(name)) link(volume, name, `${DATA}/${name}`);
  for (const name of volume.names()) if (!name.startsWith('..') && !data.lookup(name)) volume.remove(name);
}

function isSame(directory: Inode, payload: Payload): boolean {
  for (const [path, { data }] of payload) {
    const file = path.split('/').reduce((at: Inode | undefined, name) => at?.lookup(name), directory);
    if (file?.type !== 'file' || file.stat().size !== data.length) return false;
    const old = file.read(0, data.length);
    if (old.some((byte, i) => byte !== data[i])) return false;
  }
  const names = new Set([...payload.keys()].map((path) => path.split('/')[0]!));
  return directory.names().every((name) => names.has(name));
}
