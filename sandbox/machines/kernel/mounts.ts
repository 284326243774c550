/** Mount namespaces: which filesystem is seen at which path (mount_namespaces(7)). */

import { Errno } from '../errno.ts';
import type { Author, FileSystem, Inode } from '../filesystem/inode.ts';
import type { MountEntry } from '../process.ts';

/** A filesystem, or a part of it, attached at a place. */
export class Mount {
  readonly id: number;
  readonly fs: FileSystem;
  readonly root: Inode;
  readonly source: string;
  /** The path of `root` inside the filesystem. */
  readonly rootPath: string;
  /** Options of this mount: `nosuid`, `relatime` …; `ro` is `readOnly`. */
  options: readonly string[];
  readOnly: boolean;
  /** Where it is attached; undefined for the root of a namespace, and once it was taken away. */
  at: Location | undefined;
  #children: Map<Inode, Mount> | undefined;
  /** Bind mounts that receive what is mounted below this one later (rslave). */
  slaves: Set<Mount> | undefined;

  constructor(id: number, options: MountSpec) {
    this.id = id;
    this.fs = options.fs;
    this.root = options.root ?? options.fs.root;
    this.rootPath = options.rootPath ?? '/';
    this.source = options.source;
    this.options = options.options ?? ['relatime'];
    this.readOnly = options.readOnly ?? false;
  }

  /** What is mounted directly on it. Most mounts carry none, so there is a map only once there is one. */
  get children(): Iterable<Mount> {
    return this.#children?.values() ?? NONE;
  }

  get isParent(): boolean {
    return this.#children !== undefined && this.#children.size > 0;
  }

  covering(inode: Inode): Mount | undefined {
    return this.#children?.get(inode);
  }

  cover(inode: Inode, mount: Mount): void {
    this.#children ??= new Map();
    this.#children.set(inode, mount);
  }

  uncover(inode: Inode): void {
    this.#children?.delete(inode);
  }
}

const NONE: readonly Mount[] = [];

export interface MountSpec {
  readonly fs: FileSystem;
  readonly source: string;
  readonly root?: Inode;
  readonly rootPath?: string;
  readonly options?: readonly string[];
  readonly readOnly?: boolean;
}

/** A resolved path: an inode seen through a mount, and the way that led there (what Linux calls a dentry). */
export class Location {
  readonly mount: Mount;
  readonly inode: Inode;
  readonly parent: Location | undefined;
  readonly name: string;

  constructor(mount: Mount, inode: Inode, parent: Location | undefined, name: string) {
    this.mount = mount;
    this.inode = inode;
    this.parent = parent;
    this.name = name;
  }

  /** The directory entry below, and whatever is mounted on it. */
  child(name: string, inode: Inode): Location {
    let { mount } = this;
    let at = inode;
    for (let upper = mount.covering(at); upper; upper = mount.covering(at)) {
      mount = upper;
      at = upper.root;
    }
    return new Location(mount, at, this, name);
  }

  is(other: Location): boolean {
    return this.mount === other.mount && this.inode === other.inode;
  }

  /** As seen by a process whose root is `root`. */
  path(root: Location): string {
    const names: string[] = [];
    for (let at: Location | undefined = this; at?.parent && !at.is(root); at = at.parent) names.push(at.name);
    return `/${names.reverse().join('/')}`;
  }
}

/** Numbers the mounts of one kernel, whichever namespace they are in (`mnt_id_ida` of Linux); the first are its own. */
export class MountIds {
  #next = 22;

  take(): number {
    return this.#next++;
  }
}

export class MountNamespace {
  readonly mounts: Mount[] = [];
  readonly root: Location;
  readonly ids: MountIds;
  /** What the processes in it are remembered as by the files they make. */
  readonly author: Author;

  constructor(root: MountSpec, ids: MountIds, author: Author) {
    this.ids = ids;
    this.author = author;
    const mount = new Mount(ids.take(), root);
    this.mounts.push(mount);
    this.root = new Location(mount, mount.root, undefined, '');
  }

  /** Attaches at a place already resolved through the mounts there (so a second mount covers the first). */
  attach(at: Location, spec: MountSpec): Mount {
    if ((at.inode.type === 'directory') !== ((spec.root ?? spec.fs.root).type === 'directory'))
      throw new Errno('ENOTDIR');
    const mount = new Mount(this.ids.take(), spec);
    mount.at = at;
    mountCounts.set(mount.fs, (mountCounts.get(mount.fs) ?? 0) + 1);
    // What is mounted stays, as if it were open, even once its last name goes.
    mount.root.opened();
    at.mount.cover(at.inode, mount);
    this.mounts.push(mount);
    for (const slave of at.mount.slaves ?? NONE) this.#propagate(mount, at, slave);
    return mount;
  }

  /** Takes a mount away; the caller has made sure that it is not busy, or does not care (`umount -l`). */
  detach(mount: Mount): void {
    const { at } = mount;
    if (!at) throw new Errno('EINVAL');
    for (const child of [...mount.children]) this.detach(child);
    at.mount.uncover(at.inode);
    mount.at = undefined;
    const index = this.mounts.indexOf(mount);
    if (index >= 0) this.mounts.splice(index, 1);
    for (const [namespace, copy] of copies(mount)) namespace.detach(copy);
    mount.root.closed();
    letGo(mount.fs);
  }

  /** Takes all away, as when the last process of the namespace ends. */
  dismantle(): void {
    for (const mount of [...this.mounts].reverse()) {
      forgetSlave(mount);
      if (!mount.at) continue;
      mount.at.mount.uncover(mount.at.inode);
      mount.at = undefined;
      mount.root.closed();
      letGo(mount.fs);
    }
    this.mounts.length = 0;
  }

  entries(root: Location): MountEntry[] {
    return this.mounts
      .filter((mount) => !mount.at || isBelow(mount.at, root))
      .map((mount) => ({
        id: mount.id,
        source: mount.source,
        target: mount.at ? mount.at.path(root) : '/',
        type: mount.fs.type,
        options: mountOptions(mount),
        root: mount.rootPath,
      }));
  }

  #propagate(mount: Mount, at: Location, slave: Mount): void {
    const names: string[] = [];
    let from: Location | undefined = at;
    for (; from && from.inode !== slave.root; from = from.parent) names.push(from.name);
    if (!from || !slave.at) return;
    const owner = owners.get(slave);
    if (!owner) return;
    const place = new Location(slave, at.inode, slave.at.parent, [slave.at.name, ...names.reverse()].join('/'));
    const copy = owner.attach(place, mount);
    registerCopy(mount, owner, copy);
  }

  /** Makes `mount` (of this namespace) a slave of `master`: what is mounted below there appears here. */
  follow(mount: Mount, master: Mount): void {
    owners.set(mount, this);
    masters.set(mount, master);
    master.slaves ??= new Set();
    master.slaves.add(mount);
  }
}

/** In how many places a filesystem is mounted, in all namespaces. */
const mountCounts = new WeakMap<FileSystem, number>();

function letGo(fs: FileSystem): void {
  const count = (mountCounts.get(fs) ?? 1) - 1;
  mountCounts.set(fs, count);
  if (count === 0) fs.unmounted?.();
}

const owners = new WeakMap<Mount, MountNamespace>();
const masters = new WeakMap<Mount, Mount>();
const copiesOf = new WeakMap<Mount, [MountNamespace, Mount][]>();

function registerCopy(mount: Mount, namespace: MountNamespace, copy: Mount): void {
  const list = copiesOf.get(mount) ?? [];
  list.push([namespace, copy]);
  copiesOf.set(mount, list);
}

const copies = (mount: Mount): [MountNamespace, Mount][] =>
  (copiesOf.get(mount) ?? []).filter(([, copy]) => copy.at !== undefined);

const forgetSlave = (mount: Mount): boolean => masters.get(mount)?.slaves?.delete(mount) ?? false;

function isBelow(at: Location, root: Location): boolean {
  for (let place: Location | undefined = at; place; place = place.parent) if (place.is(root)) return true;
  return false;
}

/** As in /proc/mounts: the mount's own flags, then the superblock's. */
function mountOptions(mount: Mount): string {
  const access = mount.readOnly || mount.fs.readOnly ? 'ro' : 'rw';
  return [access, ...mount.options, ...mount.fs.options].join(',');
}
