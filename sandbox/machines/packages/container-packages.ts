/** The package database that a process sees: its machine's, or, in a container, the one its image brought. */

import { binaryPath } from '../filesystem/debian-base.ts';
import type { FileSystem, Inode } from '../filesystem/inode.ts';
import type { KernelMachine } from '../kernel/machine.ts';
import type { KernelProcess } from '../kernel/process.ts';
import { CATALOGUE } from './catalogue.ts';
import { PackageDatabase } from './database.ts';

/** What debian:bookworm-slim holds of the lab's base system. */
const IMAGE_PACKAGES = [
  'adduser',
  'apt',
  'base-files',
  'bash',
  'bsdutils',
  'coreutils',
  'dash',
  'dpkg',
  'findutils',
  'grep',
  'gzip',
  'hostname',
  'mount',
  'sed',
  'tar',
  'util-linux',
];

const databases = new WeakMap<FileSystem, PackageDatabase>();

export function packagesOf(process: KernelProcess): PackageDatabase {
  const machine = process.kernel.machine as KernelMachine;
  const { root } = process.view;
  const fs = root.inode.fs;
  if (fs === machine.rootFileSystem) return machine.packages;
  const known = databases.get(fs);
  if (known) return known;
  const host = { rootFileSystem: { root: root.inode, disk: machine.disk }, programs: machine.programs, up: true };
  const database = new PackageDatabase(host);
  for (const name of IMAGE_PACKAGES) database.markManual(name);
  for (const { name, programs = [] } of CATALOGUE.values())
    if (programs.length > 0 && programs.every((program) => isThere(root.inode, binaryPath(program))))
      database.markManual(name);
  databases.set(fs, database);
  return database;
}

export function isThere(root: Inode, path: string): boolean {
  let at: Inode | undefined = root;
  for (const name of path.split('/')) at = at?.type === 'directory' ? at.lookup(name) : undefined;
  return at !== undefined;
}
