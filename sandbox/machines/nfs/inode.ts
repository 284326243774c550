/** A file of a server as a client knows it: cached attributes and names, silly renames, files held open (fs/nfs/{dir,inode,unlink}.c). */

import type { Task } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import type { AllocateOptions, Attributes, Author, Draft, Inode, Intent } from '../filesystem/inode.ts';
import type { LockMode } from '../kernel/locks.ts';
import type { FileType, OpenFile, Stat } from '../process.ts';
import { AttributeCache } from './attributes.ts';
import type { NfsFileSystem } from './client.ts';
import type { Granted } from './server.ts';
import type { Pin } from './state.ts';

interface Name {
  /** Undefined: the server said that there is nothing. */
  readonly inode: NfsInode | undefined;
  /** The directory as it was then. */
  readonly version: number;
}

/** Numbers silly names, per client. */
const sillyCounters = new WeakMap<object, number>();

export class NfsInode implements Inode {
  readonly fs: NfsFileSystem;
  readonly type: FileType;
  readonly #granted: Granted;
  readonly #attributes = new AttributeCache();
  #names: Map<string, Name> | undefined;
  #opens = 0;
  #pin: Pin | undefined;
  /** Where the file is until its last close, after it was removed while open. */
  #silly: { readonly directory: NfsInode; readonly name: string } | undefined;

  constructor(fs: NfsFileSystem, granted: Granted) {
    this.fs = fs;
    this.type = granted.at.inode.type;
    this.#granted = granted;
  }

  get granted(): Granted {
    return this.#granted;
  }

  get remote(): Inode {
    return this.#granted.at.inode;
  }

  get program(): string | undefined {
    return this.remote.program;
  }

  get creator(): Author | undefined {
    return this.remote.creator;
  }

  get writer(): Author | undefined {
    return this.remote.writer;
  }

  set writer(author: Author | undefined) {
    this.remote.writer = author;
  }

  get device(): (() => OpenFile) | undefined {
    return this.remote.device;
  }

  stat(): Stat {
    return this.#attributes.valid(this.#now) ?? this.#fetch();
  }

  rights(): Stat {
    return this.#live().stat();
  }

  revalidate(): void {
    if (this.#cache.closeToOpen) this.#fetch();
  }

  change(attributes: Attributes): void {
    this.#writable().change(attributes);
    this.#fetch();
  }

  opened(): void {
    this.#opens++;
    if (this.#opens === 1) this.#hold();
  }

  closed(): void {
    this.#opens--;
    if (this.#opens > 0) return;
    const { machine, answering } = this.fs.session;
    // A client that loses its power says nothing.
    if (!machine.up) return;
    this.#pin?.release();
    this.#pin = undefined;
    const silly = this.#silly;
    this.#silly = undefined;
    if (!silly || !answering) return;
    const { directory, name } = silly;
    if (directory.remote.lookup(name) === this.remote) directory.remote.remove(name);
    directory.#fetch();
  }

  read(offset: number, max: number): Uint8Array {
    return this.#live().read(offset, max);
  }

  write(offset: number, data: Uint8Array): void {
    const file = this.#writable();
    try {
      file.write(offset, data);
    } finally {
      // What fitted was written.
      this.#fetch();
    }
  }

  allocate(offset: number, length: number, options?: AllocateOptions): void {
    if (!this.fs.canAllocate) throw new Errno('ENOTSUP');
    this.#writable().allocate(offset, length, options);
    this.#fetch();
  }

  truncate(size: number): void {
    this.#writable().truncate(size);
    this.#fetch();
  }

  target(): string {
    return this.#live().target();
  }

  lookup(name: string, intent?: Intent): Inode | undefined {
    const known = this.#names?.get(name);
    if (known && this.#believes(known, intent)) return known.inode;
    this.#live();
    if (!this.#attributes.valid(this.#now)) this.#fetch();
    const { session } = this.fs;
    const granted = session.server.lookup(session.machine.address, this.#granted, name, session.versionFour);
    const inode = granted && this.fs.wrap(granted);
    this.#names ??= new Map();
    this.#names.set(name, { inode, version: this.#attributes.version });
    return inode;
  }

  names(): string[] {
    const names = this.#live().names();
    if (!this.fs.pseudo) return names;
    const { session } = this.fs;
    return names.filter((name) => session.server.lookup(session.machine.address, this.#granted, name, true));
  }

  create(name: string, draft: Draft): Inode {
    this.#writable().create(name, draft);
    this.#fetch();
    return this.lookup(name, 'create')!;
  }

  link(name: string, inode: Inode): void {
    if (!(inode instanceof NfsInode) || inode.fs !== this.fs) throw new Errno('EXDEV');
    this.#writable().link(name, inode.remote);
    this.#fetch();
    inode.#fetch();
  }

  remove(name: string): void {
    const directory = this.#writable();
    const found = this.lookup(name, 'create');
    if (found instanceof NfsInode && this.#renamedAside(name, found)) return;
    directory.remove(name);
    this.#fetch();
    if (found instanceof NfsInode && found.type !== 'directory') found.#attributes.forget();
  }

  rename(name: string, to: Inode, toName: string): void {
    if (!(to instanceof NfsInode) || to.fs !== this.fs) throw new Errno('EXDEV');
    const directory = this.#writable();
    const moved = this.lookup(name, 'create');
    const replaced = to.lookup(toName, 'create');
    if (replaced instanceof NfsInode && replaced !== moved) to.#renamedAside(toName, replaced);
    directory.rename(name, to.remote, toName);
    this.#fetch();
    to.#fetch();
  }

  /** Over NFS a lock of flock(2) is one of the whole file on the server, and exclusive ones want a file open for writing. */
  *lock(owner: object, mode: LockMode, wait: boolean): Task<void> {
    const { session } = this.fs;
    const { localLock, version } = session.options;
    if (localLock === 'flock' || localLock === 'all') return;
    const { state } = session.server;
    const lock = { client: session.client, version };
    yield* state.lock(lock, state.locks(this.remote), owner, mode, wait, () => session.reach());
  }

  unlock(owner: object): void {
    const { session } = this.fs;
    if (session.machine.up) session.server.state.locks(this.remote).release(owner);
  }

  /** A file that somebody here has open gets another name instead of none (nfs_sillyrename). */
  #renamedAside(name: string, file: NfsInode): boolean {
    if (file.type === 'directory' || file.#opens === 0 || file.#silly) return false;
    const { kernel } = this.fs.session.machine;
    const count = (sillyCounters.get(kernel) ?? 0) + 1;
    sillyCounters.set(kernel, count);
    const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
    const silly = `.nfs${hex(file.remote.stat().ino, 16)}${hex(count, 8)}`;
    this.remote.rename(name, this.remote, silly);
    file.#silly = { directory: this, name: silly };
    this.#fetch();
    return true;
  }

  /** Whether a cached answer will do. Names that are opened are asked for by OPEN, those to be made by CREATE. */
  #believes({ inode, version }: Name, intent: Intent | undefined): boolean {
    const { lookups } = this.#cache;
    if (intent === 'create' || lookups === 'none') return false;
    if (inode ? intent === 'open' : lookups === 'positive') return false;
    if (!this.#attributes.valid(this.#now)) this.#fetch();
    return this.#attributes.version === version;
  }

  get #cache() {
    return this.fs.session.options.cache;
  }

  get #now(): number {
    return this.fs.session.machine.clock.now;
  }

  #fetch(): Stat {
    const limits = this.type === 'directory' ? this.#cache.directory : this.#cache.file;
    return this.#attributes.update({ ...this.#live().stat(), dev: this.fs.dev }, this.#now, limits);
  }

  /** Version 4 opens the file on the server, so that it stays there even if it is removed there. */
  #hold(): void {
    const { session } = this.fs;
    if (session.versionFour && this.type === 'file') this.#pin = session.server.state.pin(this.remote);
  }

  /** A handle of what the server has removed is stale; one that is open stays so across the server's restart. */
  #live(): Inode {
    const gone = this.remote.stat().nlink === 0;
    if (this.#pin && !this.#pin.held && !gone) this.#hold();
    if (gone && !this.#pin?.held) throw new Errno('ESTALE');
    return this.remote;
  }

  #writable(): Inode {
    this.fs.demandWritable();
    return this.#live();
  }
}
