/** Path resolution and the system calls that take paths, for one process's root, directory and mount namespace. */

import type { Task } from '../../sim/task.ts';
import { Errno, isErrno } from '../errno.ts';
import type { Credentials, FileSystem, Inode, Intent } from '../filesystem/inode.ts';
import type { OpenFlags, Stat, StatFs } from '../process.ts';
import { CALL_COST } from './current.ts';
import type { Location, MountNamespace } from './mounts.ts';
import { demand, demandOwner, demandRemoval, EXECUTE, permits, READ, WRITE } from './permissions.ts';

/** path_resolution(7): forty links, no more. */
const MAX_LINKS = 40;
const PATH_MAX = 4096;
/** Microseconds for each component of a path. */
const COMPONENT_COST = 0.2;
/** And for each name that a directory is read of. */
const NAME_COST = 0.1;

/** A process that pays for system calls (see current.ts). */
export interface Payer {
  owes(microseconds: number): boolean;
  pay(): Task<void>;
}

export interface WalkOptions {
  /** Follow a symbolic link in the last component. */
  readonly follow?: boolean;
  /** Do not ask a network filesystem that may not answer (umount). */
  readonly trusting?: boolean;
}

/** The place of a new entry. */
interface Slot {
  readonly directory: Location;
  readonly name: string;
  readonly existing: Location | undefined;
  /** The path ended in a slash: it must be a directory. */
  readonly mustBeDirectory: boolean;
}

export class PathView {
  readonly namespace: MountNamespace;
  root: Location;
  cwd: Location;
  credentials: Credentials;
  /** Directories held open, innermost last: what is named below one is looked up from it (openat(2)). */
  readonly #anchors: { readonly prefix: string; readonly location: Location }[] = [];
  /** Whose time a path's resolution takes; nobody's while it is undefined. */
  payer: Payer | undefined;
  readonly #waiting: (fs: FileSystem) => Task<void>;

  /** `waiting` waits until a filesystem can answer, as the process does (uninterruptibly). */
  constructor(namespace: MountNamespace, credentials: Credentials, waiting: (fs: FileSystem) => Task<void>) {
    this.namespace = namespace;
    this.root = namespace.root;
    this.cwd = namespace.root;
    this.credentials = credentials;
    this.#waiting = waiting;
  }

  fork(credentials: Credentials, waiting: (fs: FileSystem) => Task<void>): PathView {
    const view = new PathView(this.namespace, credentials, waiting);
    view.root = this.root;
    view.cwd = this.cwd;
    return view;
  }

  /** The existing thing at a path. */
  *walk(path: string, { follow = true, trusting = false }: WalkOptions = {}): Task<Location> {
    const slot = yield* this.#slot(path, follow, trusting);
    if (!slot.existing) throw new Errno('ENOENT');
    if (slot.mustBeDirectory && slot.existing.inode.type !== 'directory') throw new Errno('ENOTDIR');
    return slot.existing;
  }

  pathOf(location: Location): string {
    return location.path(this.root);
  }

  *stat(path: string, follow: boolean): Task<Stat> {
    return (yield* this.walk(path, { follow })).inode.stat();
  }

  /** The inode to open, made if asked for. */
  *open(path: string, flags: OpenFlags, mode: number): Task<Location> {
    const slot = yield* this.#slot(path, !(flags.create && flags.exclusive), false, flags.create ? 'create' : 'open');
    if (!slot.existing) {
      if (!flags.create) throw new Errno('ENOENT');
      if (slot.mustBeDirectory) throw new Errno('EISDIR');
      return this.#make(slot, { type: 'file', mode });
    }
    if (flags.create && flags.exclusive) throw new Errno('EEXIST');
    const { inode } = slot.existing;
    if (inode.type === 'symlink') throw new Errno('ELOOP');
    if (inode.type === 'directory' && (flags.write || flags.append || flags.create)) throw new Errno('EISDIR');
    if ((flags.directory || slot.mustBeDirectory) && inode.type !== 'directory') throw new Errno('ENOTDIR');
    inode.revalidate?.();
    const writes = Boolean(flags.write || flags.append || flags.truncate);
    const reads = Boolean(flags.read) || !writes;
    if (writes && (inode.type === 'file' || inode.type === 'directory')) this.#demandWritable(slot.existing);
    demand(inode, this.credentials, (reads ? READ : 0) | (writes ? WRITE : 0));
    if (flags.truncate && inode.type === 'file') this.#truncate(inode, 0);
    return slot.existing;
  }

  *readdir(path: string): Task<string[]> {
    const { inode } = yield* this.walk(path);
    if (inode.type !== 'directory') throw new Errno('ENOTDIR');
    inode.revalidate?.();
    demand(inode, this.credentials, READ);
    const names = inode.names();
    if (this.payer?.owes(names.length * NAME_COST)) yield* this.payer.pay();
    return names;
  }

  *create(
    path: string,
    what: {
      type: 'directory' | 'fifo' | 'symlink' | 'char' | 'block';
      mode: number;
      target?: string;
      rdev?: readonly [number, number];
    },
  ): Task<Location> {
    const slot = yield* this.#slot(path, false, false, 'create');
    if (slot.existing) throw new Errno('EEXIST');
    if (slot.mustBeDirectory && what.type !== 'directory') throw new Errno('ENOENT');
    return this.#make(slot, what);
  }

  *remove(path: string, kind: 'file' | 'directory'): Task<void> {
    const last = path.replace(/\/+$/, '').split('/').pop() ?? '';
    if (kind === 'directory' && last === '.') throw new Errno('EINVAL');
    const { directory, name, existing, mustBeDirectory } = yield* this.#slot(path, false, false);
    if (!existing) throw new Errno('ENOENT');
    if (existing === this.root || name === '' || name === '..')
      throw new Errno(kind === 'directory' ? 'EBUSY' : 'EISDIR');
    const { inode } = existing;
    if (kind === 'directory' && inode.type !== 'directory') throw new Errno('ENOTDIR');
    if (mustBeDirectory && inode.type !== 'directory') throw new Errno('ENOTDIR');
    this.#demandWritable(directory);
    demandRemoval(directory.inode, inode, this.credentials);
    if (existing.mount !== directory.mount) throw new Errno('EBUSY');
    if (kind === 'file' && inode.type === 'directory') throw new Errno('EISDIR');
    directory.inode.remove(name);
  }

  *rename(from: string, to: string): Task<void> {
    const source = yield* this.#slot(from, false, false);
    if (!source.existing) throw new Errno('ENOENT');
    const target = yield* this.#slot(to, false, false);
    const { inode } = source.existing;
    for (const slot of [source, target]) if (slot.name === '' || slot.name === '..') throw new Errno('EBUSY');
    if (source.directory.mount !== target.directory.mount) throw new Errno('EXDEV');
    if (target.mustBeDirectory && inode.type !== 'directory') throw new Errno('ENOTDIR');
    if (source.existing.mount !== source.directory.mount) throw new Errno('EBUSY');
    if (target.existing && target.existing.mount !== target.directory.mount) throw new Errno('EBUSY');
    for (let at: Location | undefined = target.directory; at; at = at.parent)
      if (at.inode === inode) throw new Errno('EINVAL');
    this.#demandWritable(source.directory);
    demandRemoval(source.directory.inode, inode, this.credentials);
    if (target.existing) demandRemoval(target.directory.inode, target.existing.inode, this.credentials);
    else demand(target.directory.inode, this.credentials, WRITE | EXECUTE);
    source.directory.inode.rename(source.name, target.directory.inode, target.name);
  }

  *link(target: string, path: string): Task<void> {
    const { inode, mount } = yield* this.walk(target, { follow: false });
    const slot = yield* this.#slot(path, false, false);
    if (slot.existing) throw new Errno('EEXIST');
    if (slot.directory.mount !== mount) throw new Errno('EXDEV');
    if (inode.type === 'directory') throw new Errno('EPERM');
    this.#demandWritable(slot.directory);
    demand(slot.directory.inode, this.credentials, WRITE | EXECUTE);
    slot.directory.inode.link(slot.name, inode);
  }

  *readlink(path: string): Task<string> {
    return (yield* this.walk(path, { follow: false })).inode.target();
  }

  *realpath(path: string): Task<string> {
    return this.pathOf(yield* this.walk(path));
  }

  *access(path: string, want: number): Task<void> {
    const location = yield* this.walk(path);
    const { inode, mount } = location;
    if (want !== 0) demand(inode, this.credentials, want);
    if ((want & WRITE) === 0 || inode.type === 'char') return;
    if (mount.readOnly || inode.fs.readOnly) throw new Errno('EROFS');
    try {
      inode.fs.demandWritable?.();
    } catch (error) {
      // A server does not say why: it leaves the right out of what it grants (nfsd_access).
      if (isErrno(error, 'EROFS')) throw new Errno('EACCES');
      throw error;
    }
  }

  *chmod(path: string, mode: number): Task<void> {
    const location = yield* this.walk(path);
    this.#demandWritable(location);
    demandOwner(location.inode, this.credentials);
    location.inode.change({ mode });
  }

  /** Only root gives files away; an owner may choose its own group. Set-id bits go. */
  *chown(path: string, uid: number | undefined, gid: number | undefined, follow: boolean): Task<void> {
    const location = yield* this.walk(path, { follow });
    const { inode } = location;
    this.#demandWritable(location);
    const who = inode.fs.credentials(this.credentials);
    const stat = inode.stat();
    if (who.uid !== 0) {
      if (uid !== undefined && (uid !== stat.uid || who.uid !== stat.uid)) throw new Errno('EPERM');
      if (gid !== undefined && (who.uid !== stat.uid || (gid !== who.gid && gid !== stat.gid)))
        throw new Errno('EPERM');
    }
    const setId = stat.type === 'file' && (stat.mode & 0o111) !== 0 ? 0o6000 : 0;
    inode.change({ uid: uid ?? stat.uid, gid: gid ?? stat.gid, mode: stat.mode & ~setId });
  }

  *utimes(path: string, atime: number | undefined, mtime: number | undefined, follow = true): Task<void> {
    const location = yield* this.walk(path, { follow });
    const { inode } = location;
    this.#demandWritable(location);
    const who = inode.fs.credentials(this.credentials);
    if (who.uid !== inode.stat().uid && !permits(inode.stat(), who, WRITE)) throw new Errno('EACCES');
    inode.change({ ...(atime !== undefined && { atime }), ...(mtime !== undefined && { mtime }) });
  }

  *truncate(path: string, length: number): Task<void> {
    const location = yield* this.walk(path);
    this.#demandWritable(location);
    demand(location.inode, this.credentials, WRITE);
    this.#truncate(location.inode, length);
  }

  #truncate(inode: Inode, length: number): void {
    inode.truncate(length);
    inode.writer = this.namespace.author;
  }

  *statfs(path: string): Task<StatFs> {
    return (yield* this.walk(path)).inode.fs.statfs();
  }

  *chdir(path: string): Task<void> {
    const location = yield* this.walk(path);
    if (location.inode.type !== 'directory') throw new Errno('ENOTDIR');
    demand(location.inode, this.credentials, EXECUTE);
    this.cwd = location;
  }

  #make(
    slot: Slot,
    what: {
      type: 'file' | 'directory' | 'fifo' | 'symlink' | 'char' | 'block';
      mode: number;
      target?: string;
      rdev?: readonly [number, number];
    },
  ): Location {
    const { directory, name } = slot;
    this.#demandWritable(directory);
    demand(directory.inode, this.credentials, WRITE | EXECUTE);
    const owner = directory.inode.fs.credentials(this.credentials);
    return directory.child(
      name,
      directory.inode.create(name, { ...what, uid: owner.uid, gid: owner.gid, creator: this.namespace.author }),
    );
  }

  /** What can be written at all is asked before who may write it (mnt_want_write, sb_permission; nfsd_permission on a server). */
  #demandWritable({ mount, inode }: Location): void {
    if (mount.readOnly || inode.fs.readOnly) throw new Errno('EROFS');
    inode.fs.demandWritable?.();
  }

  /** Waits for a filesystem about to be unmounted: what is in memory goes to its server first. What it answers does not matter. */
  *settled(fs: FileSystem): Task<void> {
    if (!fs.reach) return;
    try {
      yield* this.#waiting(fs);
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
  }

  /** Resolves all but the last component for good, and the last one if it is there. */
  *#slot(path: string, follow: boolean, trusting: boolean, intent?: Intent): Task<Slot> {
    if (path === '') throw new Errno('ENOENT');
    const anchor = this.#anchors.length > 0 ? this.#anchorOf(path) : undefined;
    const below = anchor ? path.slice(anchor.prefix.length) : path;
    if (below.length >= PATH_MAX) throw new Errno('ENAMETOOLONG');
    let mustBeDirectory = path.endsWith('/');
    let at = anchor?.location ?? (path.startsWith('/') ? this.root : this.cwd);
    let links = 0;
    const rest = components(below).reverse();
    if (this.payer?.owes(CALL_COST + rest.length * COMPONENT_COST)) yield* this.payer.pay();
    if (rest.length === 0) yield* this.#reach(at, trusting);
    for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
      const last = rest.length === 0;
      if (at.inode.type !== 'directory') throw new Errno('ENOTDIR');
      if (name === '..') {
        at = at.is(this.root) ? at : (at.parent ?? at);
        if (last) return { directory: at.parent ?? at, name: '..', existing: at, mustBeDirectory };
        continue;
      }
      if (at.inode.fs.reach) yield* this.#reach(at, trusting);
      demand(at.inode, this.credentials, EXECUTE);
      const inode = at.inode.lookup(name, last ? intent : undefined);
      if (!inode) {
        if (!last) throw new Errno('ENOENT');
        return { directory: at, name, existing: undefined, mustBeDirectory };
      }
      const next = at.child(name, inode);
      if (next.inode.type === 'symlink' && (!last || follow || mustBeDirectory)) {
        if (++links > MAX_LINKS) throw new Errno('ELOOP');
        const target = next.inode.target();
        if (last && target.endsWith('/')) mustBeDirectory = true;
        if (target.startsWith('/')) at = this.root;
        for (const part of components(target).reverse()) rest.push(part);
        if (rest.length === 0) return { directory: at, name: '', existing: at, mustBeDirectory };
        continue;
      }
      if (last) {
        if (next.mount !== at.mount) yield* this.#reach(next, trusting);
        return { directory: at, name, existing: next, mustBeDirectory };
      }
      at = next;
    }
    return { directory: at.parent ?? at, name: '', existing: at, mustBeDirectory };
  }

  /** Holds the directory at a path open until the function that is returned is called. */
  *anchor(path: string): Task<() => void> {
    const location = yield* this.walk(path);
    if (location.inode.type !== 'directory') throw new Errno('ENOTDIR');
    const anchor = { prefix: path.endsWith('/') ? path : `${path}/`, location };
    this.#anchors.push(anchor);
    return () => {
      const at = this.#anchors.lastIndexOf(anchor);
      if (at >= 0) this.#anchors.splice(at, 1);
    };
  }

  #anchorOf(path: string): { readonly prefix: string; readonly location: Location } | undefined {
    // A walk through two trees (cp) has the other's directory on top of its own.
    for (let at = this.#anchors.length - 1; at >= Math.max(0, this.#anchors.length - 4); at--)
      if (path.startsWith(this.#anchors[at]!.prefix)) return this.#anchors[at];
    return undefined;
  }

  *#reach(at: Location, trusting: boolean): Task<void> {
    if (!trusting && at.inode.fs.reach) yield* this.#waiting(at.inode.fs);
  }
}

const components = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');
