/** mount(2) and umount(2). */

import type { Task } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import type { FileSystem } from '../filesystem/inode.ts';
import { InodeFile } from './files.ts';
import { Location, type Mount, type MountNamespace } from './mounts.ts';
import type { KernelProcess } from './process.ts';

export interface MountRequest {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** Makes the superblock of one filesystem type; a task, because a server may have to be asked. */
export type MountDriver = (process: KernelProcess, request: MountRequest) => Task<FileSystem>;

/** Options that are the mount's; others go to the filesystem (MS_* flags of mount(2)). */
const MOUNT_FLAGS = new Set([
  'nosuid',
  'nodev',
  'noexec',
  'noatime',
  'nodiratime',
  'relatime',
  'strictatime',
  'sync',
  'dirsync',
  'lazytime',
]);
const NOT_PASSED = new Set([
  'rw',
  'ro',
  'defaults',
  'bind',
  'rbind',
  'remount',
  'auto',
  'noauto',
  'user',
  'nouser',
  'users',
  'owner',
  'suid',
  'dev',
  'exec',
  'async',
  'atime',
  'diratime',
  'nofail',
  '_netdev',
  'private',
  'rprivate',
  'slave',
  'rslave',
  'shared',
  'rshared',
  'norelatime',
]);

export const fileSystemOptions = (options: readonly string[]): string[] =>
  options.filter((option) => !MOUNT_FLAGS.has(option) && !NOT_PASSED.has(option) && !option.startsWith('x-'));

export function* mountFileSystem(process: KernelProcess, request: MountRequest): Task<void> {
  const { options } = request;
  if (process.uid !== 0) throw new Errno('EPERM');
  if (options.includes('remount')) return yield* remount(process, request);
  const at = yield* process.view.walk(request.target);
  const readOnly = options.includes('ro');
  const flags = mountFlags(options);
  if (options.includes('bind') || options.includes('rbind')) {
    const from = yield* process.view.walk(request.source);
    bind(process.view.namespace, from, at, {
      readOnly,
      recursive: options.includes('rbind'),
    });
    return;
  }
  if (at.inode.type !== 'directory') throw new Errno('ENOTDIR');
  const driver = process.kernel.drivers.get(request.type);
  if (!driver) throw new Errno('ENODEV');
  const fs = yield* driver(process, request);
  const covered = at.mount.root === at.inode && at.mount.fs === fs && at.mount.source === request.source;
  if (covered) throw new Errno('EBUSY');
  process.view.namespace.attach(at, { fs, source: request.source, options: flags, readOnly });
}

export function bind(
  namespace: MountNamespace,
  from: Location,
  at: Location,
  options: { readOnly?: boolean; recursive?: boolean; slave?: boolean },
): Mount {
  const mount = namespace.attach(at, {
    fs: from.mount.fs,
    root: from.inode,
    rootPath: pathInside(from),
    source: from.mount.source,
    options: from.mount.options,
    // A bind mount has the flags of the mount it was made from (clone_mnt).
    readOnly: (options.readOnly ?? false) || from.mount.readOnly,
  });
  if (options.recursive && from.inode.type === 'directory') copyBelow(namespace, from, mount);
  if (options.slave) namespace.follow(mount, from.mount);
  return mount;
}

/** rbind: what is mounted below the source comes along. */
function copyBelow(namespace: MountNamespace, from: Location, to: Mount): void {
  for (const child of from.mount.children) {
    if (!child.at || child === to) continue;
    const names: string[] = [];
    let at: Location | undefined = child.at;
    for (; at && at.inode !== from.inode; at = at.parent) names.push(at.name);
    if (!at || !to.at) continue;
    const name = [to.at.name, ...names.reverse()].join('/');
    const copy = namespace.attach(new Location(to, child.at.inode, to.at.parent, name), child);
    copyBelow(namespace, child.at.child('', child.root), copy);
  }
}

/** The path of a place inside its filesystem, as mountinfo's fourth column has it. */
function pathInside(location: Location): string {
  const names: string[] = [];
  let at: Location | undefined = location;
  for (; at && at.inode !== at.mount.root; at = at.parent) names.push(at.name);
  const base = location.mount.rootPath === '/' ? '' : location.mount.rootPath;
  return `${base}/${names.reverse().join('/')}`.replace(/(.)\/$/, '$1');
}

function* remount(process: KernelProcess, { target, options }: MountRequest): Task<void> {
  const at = yield* process.view.walk(target, { trusting: true });
  if (at.inode !== at.mount.root) throw new Errno('EINVAL');
  if (options.includes('ro')) {
    if (writers(process, at.mount)) throw new Errno('EBUSY');
    at.mount.readOnly = true;
  }
  if (options.includes('rw')) at.mount.readOnly = false;
  const access = options.includes('ro') || options.includes('rw');
  if (access && !options.includes('bind')) at.mount.fs.remount?.(at.mount.readOnly);
  const flags = options.filter((option) => MOUNT_FLAGS.has(option));
  if (flags.length > 0) at.mount.options = mountFlags(options);
}

export function* unmount(
  process: KernelProcess,
  target: string,
  options: { lazy?: boolean; force?: boolean },
): Task<void> {
  if (process.uid !== 0) throw new Errno('EPERM');
  const at = yield* process.view.walk(target, { trusting: true });
  const { mount } = at;
  if (at.inode !== mount.root || !mount.at) throw new Errno('EINVAL');
  if (options.force) mount.fs.abort?.();
  else if (!options.lazy) yield* process.view.settled(mount.fs);
  if (!options.lazy && (mount.isParent || isBusy(process, mount))) throw new Errno('EBUSY');
  process.view.namespace.detach(mount);
}

/** Somebody works in it, or has a file of it open. */
function isBusy(process: KernelProcess, mount: Mount): boolean {
  return users(process, mount).length > 0;
}

function users(process: KernelProcess, mount: Mount): KernelProcess[] {
  return [...process.kernel.processes.values()].filter(
    (one) =>
      one.view.cwd.mount === mount ||
      one.view.root.mount === mount ||
      [...one.files.values()].some((file) => file instanceof InodeFile && file.location.mount === mount),
  );
}

function writers(process: KernelProcess, mount: Mount): boolean {
  return [...process.kernel.processes.values()].some((one) =>
    [...one.files.values()].some((file) => file instanceof InodeFile && file.location.mount === mount && file.writes),
  );
}

function mountFlags(options: readonly string[]): string[] {
  const flags = options.filter((option) => MOUNT_FLAGS.has(option) && option !== 'relatime');
  const times = flags.some((flag) => flag === 'noatime' || flag === 'strictatime');
  return times ? flags : [...flags, 'relatime'];
}
