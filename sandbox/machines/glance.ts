/**
 * A path of a machine, looked at from outside without a trace: no access time is renewed, no name cached by an NFS client, no inode
 * of a layer made. On an NFS mount it is what the server has now, seen with the rights that it grants root.
 */

import { Errno } from './errno.ts';
import { type Credentials, type FileSystem, type Inode, ROOT } from './filesystem/inode.ts';
import { MemoryInode } from './filesystem/memory.ts';
import { OverlayDirectory } from './filesystem/overlay.ts';
import type { KernelMachine } from './kernel/machine.ts';
import type { Location } from './kernel/mounts.ts';
import { EXECUTE, permits, READ } from './kernel/permissions.ts';
import { NfsInode } from './nfs/inode.ts';
import type { Granted } from './nfs/server.ts';

/** path_resolution(7) */
const MAX_LINKS = 40;

/** It lies on a server that does not answer now: a program would wait. */
export class Unanswered extends Error {}
/** It is made when it is read. */
export class MadeWhenRead extends Error {}

/** A thing in the tree, as it is now. */
export abstract class Glimpse {
  readonly parent: Glimpse | undefined;
  readonly name: string;

  constructor(parent: Glimpse | undefined, name: string) {
    this.parent = parent;
    this.name = name;
  }

  /** Throws Unanswered, MadeWhenRead, or what the server says (ESTALE). */
  abstract get inode(): MemoryInode;
  abstract get who(): Credentials;
  protected abstract entry(name: string): Glimpse | undefined;
  /** In directory order. */
  protected abstract listed(): string[];

  get type() {
    return this.inode.type;
  }

  get path(): string {
    return this.parent ? `${this.parent.parent ? this.parent.path : ''}/${this.name}` : '/';
  }

  names(): string[] {
    if (this.type !== 'directory') throw new Errno('ENOTDIR');
    this.#demand(READ);
    return this.listed();
  }

  below(name: string): Glimpse | undefined {
    if (this.type !== 'directory') throw new Errno('ENOTDIR');
    this.#demand(EXECUTE);
    return this.entry(name);
  }

  read(max: number): Uint8Array {
    this.#demand(READ);
    return this.inode.peek(0, max);
  }

  #demand(want: number): void {
    if (!permits(this.inode.stat(), this.who, want)) throw new Errno('EACCES');
  }
}

class Local extends Glimpse {
  readonly #at: Location;
  readonly who = ROOT;

  constructor(at: Location, parent: Glimpse | undefined) {
    super(parent, at.name);
    this.#at = at;
  }

  get inode(): MemoryInode {
    return kept(this.#at.inode);
  }

  protected entry(name: string): Glimpse | undefined {
    const directory = this.inode;
    const inode = directory instanceof OverlayDirectory ? directory.peekEntry(name) : directory.lookup(name);
    return inode && glimpse(this.#at.child(name, inode), this);
  }

  protected listed(): string[] {
    return this.inode.names();
  }
}

/** On a client's mount: a place of the server, and the filesystem through which the client sees it. */
class Remote extends Glimpse {
  readonly #fs: NfsInode['fs'];
  readonly #granted: Granted;

  constructor(fs: NfsInode['fs'], granted: Granted, parent: Glimpse | undefined, name: string) {
    super(parent, name);
    this.#fs = fs;
    this.#granted = granted;
  }

  get inode(): MemoryInode {
    if (!this.#fs.session.answering) throw new Unanswered(`server ${this.#fs.session.address} not responding`);
    this.#fs.granted();
    const inode = kept(this.#granted.at.inode);
    if (inode.nlink === 0) throw new Errno('ESTALE');
    return inode;
  }

  get who(): Credentials {
    return this.#fs.credentials(ROOT);
  }

  protected entry(name: string): Glimpse | undefined {
    const { session } = this.#fs;
    const granted = session.server.lookup(session.machine.address, this.#granted, name, session.versionFour);
    return granted && new Remote(this.#fs, granted, this, name);
  }

  protected listed(): string[] {
    const names = this.inode.names();
    return this.#granted.pseudo ? names.filter((name) => this.entry(name)) : names;
  }
}

function glimpse(at: Location, parent: Glimpse | undefined): Glimpse {
  const { inode } = at;
  return inode instanceof NfsInode ? new Remote(inode.fs, inode.granted, parent, at.name) : new Local(at, parent);
}

/** Whatever is kept in memory is there without being asked to be. */
function kept(inode: Inode): MemoryInode {
  if (inode instanceof MemoryInode) return inode;
  throw new MadeWhenRead(describe(inode.fs));
}

const describe = ({ type }: FileSystem): string => `${type} is made when it is read`;

/** Throws Errno, Unanswered, MadeWhenRead. `path` is absolute. */
export function glance(machine: KernelMachine, path: string): Glimpse {
  const { namespace } = machine.init.view;
  return resolve(glimpse(namespace.root, undefined), path.split('/'), { left: MAX_LINKS });
}

/** What a link leads to, from the directory in which it lies. */
export const follow = (link: Glimpse): Glimpse => leadsTo(link, { left: MAX_LINKS });

/** Links that may yet be gone through on a whole way, as the kernel counts them: two that each lead through two are four. */
interface Links {
  left: number;
}

function leadsTo(link: Glimpse, links: Links): Glimpse {
  if (links.left-- <= 0) throw new Errno('ELOOP');
  const target = link.inode.target();
  let from = link.parent!;
  if (target.startsWith('/')) while (from.parent) from = from.parent;
  return resolve(from, target.split('/'), links);
}

function resolve(from: Glimpse, names: readonly string[], links: Links): Glimpse {
  let at = from;
  for (const name of names) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      at = at.parent ?? at;
      continue;
    }
    const next = at.below(name);
    if (!next) throw new Errno('ENOENT');
    at = isLink(next) ? leadsTo(next, links) : next;
  }
  return at;
}

/** What cannot be told of a place is not that it is a link: mounts never are. */
function isLink(at: Glimpse): boolean {
  try {
    return at.type === 'symlink';
  } catch (error) {
    if (error instanceof Unanswered || error instanceof MadeWhenRead || error instanceof Errno) return false;
    throw error;
  }
}
