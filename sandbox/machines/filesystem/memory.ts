/** Filesystems that keep their inodes in memory: XFS, tmpfs, devtmpfs and the layers of container images. */

import type { Cause } from '../../sim/cause.ts';
import type { Clock } from '../../sim/clock.ts';
import { Errno } from '../errno.ts';
import { memoryOf } from '../memory.ts';
import type { FileType, OpenFile, Stat, StatFs } from '../process.ts';
import type { Disk } from './disk.ts';
import { type Content, demandLength, newContent } from './extents.ts';
import {
  type AllocateOptions,
  type Attributes,
  type Author,
  BaseInode,
  byteLength,
  type Credentials,
  type Draft,
  type FileSystem,
  type Inode,
} from './inode.ts';
import { zeros } from './patterns.ts';

const EMPTY = new Uint8Array(0);
const NAME_MAX = 255;
/** Blocks are of 4 KiB everywhere in the lab. */
export const BLOCK = 4096;
/** What an inode and its name take of the world's memory for files. */
const INODE_MEMORY = 512;
/** relatime: reading renews an access time older than this. */
const DAY = 86_400_000;

/** How one kind of filesystem counts. */
export interface Format {
  readonly type: string;
  readonly options: readonly string[];
  /** What `ls -ld` shows for a directory of so many entries, whose names have so many bytes together. */
  directorySize(entries: number, nameBytes: number): number;
  /** Bytes on disk. */
  allocated(type: FileType, size: number): number;
}

export interface MemoryFileSystemOptions {
  readonly format: Format;
  readonly clock: Clock;
  readonly dev: number;
  readonly disk: Disk;
  readonly mode?: number;
  readonly readOnly?: boolean;
}

export class MemoryFileSystem implements FileSystem {
  readonly format: Format;
  readonly clock: Clock;
  readonly dev: number;
  readonly disk: Disk;
  readonly root: MemoryInode;
  readOnly: boolean;
  #nextIno: number;

  constructor(options: MemoryFileSystemOptions) {
    this.format = options.format;
    this.clock = options.clock;
    this.dev = options.dev;
    this.disk = options.disk;
    this.readOnly = options.readOnly ?? false;
    this.#nextIno = options.format.type === 'xfs' ? 128 : 1;
    this.root = this.make({ type: 'directory', mode: options.mode ?? 0o755, uid: 0, gid: 0 });
  }

  get type(): string {
    return this.format.type;
  }

  get options(): readonly string[] {
    return this.format.options;
  }

  credentials(caller: Credentials): Credentials {
    return caller;
  }

  statfs(): StatFs {
    const { total, free, files } = this.disk;
    // XFS gives inodes as long as there is space: one per 512 bytes of what is free.
    const filesFree = Math.floor(free / 512);
    return { type: this.type, total, free, available: free, files: files + filesFree, filesFree };
  }

  make(draft: Draft): MemoryInode {
    if (draft.type === 'directory') return new MemoryDirectory(this, draft);
    return new MemoryInode(this, draft);
  }

  nextIno(): number {
    return this.#nextIno++;
  }
}

export class MemoryInode extends BaseInode {
  readonly fs: MemoryFileSystem;
  readonly type: FileType;
  readonly ino: number;
  override program: string | undefined;
  mode: number;
  uid: number;
  gid: number;
  nlink = 1;
  atime: number;
  mtime: number;
  #ctime = 0;
  size = 0;
  readonly rdev: readonly [number, number] | undefined;
  readonly creator: Author | undefined;
  writer: Author | undefined;
  /** Why it was changed last. */
  because: Cause | undefined;
  device?: () => OpenFile;
  readonly #target: string | undefined;
  /** Of a file that something was written to. */
  #content: Content | undefined;
  /** The content is another inode's (of a layer below): copy before writing. */
  #borrowed = false;
  #opens = 0;

  /** Throws ENOSPC where the world's memory for files ends. */
  constructor(fs: MemoryFileSystem, draft: Draft) {
    super();
    memoryOf(fs.clock).files.take(INODE_MEMORY);
    this.fs = fs;
    this.type = draft.type;
    this.ino = fs.nextIno();
    this.mode = draft.mode & 0o7777;
    this.uid = draft.uid;
    this.gid = draft.gid;
    this.rdev = draft.rdev;
    this.program = draft.program;
    this.creator = draft.creator;
    this.#target = draft.target;
    if (draft.target !== undefined) this.size = byteLength(draft.target);
    this.atime = this.mtime = this.ctime = fs.clock.now;
    fs.disk.count(1);
  }

  get ctime(): number {
    return this.#ctime;
  }

  set ctime(time: number) {
    this.#ctime = time;
    this.fs.disk.changes++;
    this.because = this.fs.clock.cause;
  }

  stat(): Stat {
    return {
      dev: this.fs.dev,
      ino: this.ino,
      type: this.type,
      mode: this.mode,
      nlink: this.nlink,
      uid: this.uid,
      gid: this.gid,
      size: this.size,
      blocks: this.allocated / 512,
      atime: this.atime,
      mtime: this.mtime,
      ctime: this.ctime,
      ...(this.rdev && { rdev: this.rdev }),
    };
  }

  /** Bytes on the disk. */
  get allocated(): number {
    if (this.type === 'file') return this.#content?.allocation.bytes ?? 0;
    return this.fs.format.allocated(this.type, this.size);
  }

  /** Open files that lead here. */
  get opens(): number {
    return this.#opens;
  }

  override change(attributes: Attributes): void {
    if (attributes.mode !== undefined) this.mode = attributes.mode & 0o7777;
    if (attributes.uid !== undefined) this.uid = attributes.uid;
    if (attributes.gid !== undefined) this.gid = attributes.gid;
    if (attributes.atime !== undefined) this.atime = attributes.atime;
    if (attributes.mtime !== undefined) this.mtime = attributes.mtime;
    this.ctime = this.fs.clock.now;
  }

  override opened(): void {
    this.#opens++;
  }

  override closed(): void {
    this.#opens--;
    this.forgetIfGone();
  }

  override read(offset: number, max: number): Uint8Array {
    if (this.type !== 'file') return super.read(offset, max);
    const now = this.fs.clock.now;
    if (!this.fs.readOnly && (this.atime <= this.mtime || now - this.atime > DAY)) this.atime = now;
    return this.peek(offset, max);
  }

  /** What reading gives, without the access time: for who looks from outside. */
  peek(offset: number, max: number): Uint8Array {
    if (offset >= this.size) return EMPTY;
    const end = Math.min(this.size, offset + max);
    return this.#content?.extents.read(offset, end) ?? zeros(end - offset);
  }

  /** Writes as much as the disk has room for; throws ENOSPC if that is not all (write(2) tells it at the next call). */
  override write(offset: number, data: Uint8Array): void {
    if (this.type !== 'file') super.write(offset, data);
    if (data.length === 0) return;
    demandLength(offset + data.length);
    const { extents, allocation } = this.#ownContent();
    const { disk } = this.fs;
    const room = allocation.reach(offset, offset + data.length, disk.free) - offset;
    const written = room > 0 ? extents.write(offset, room < data.length ? data.subarray(0, room) : data) : 0;
    if (written > 0) {
      disk.allocate(allocation.missing(offset, offset + written));
      allocation.add(offset, offset + written);
      this.size = Math.max(this.size, offset + written);
      this.#modified();
    }
    if (written < data.length) throw new Errno('ENOSPC');
  }

  override truncate(size: number): void {
    if (this.type !== 'file') super.truncate(size);
    demandLength(size);
    if (size < this.size || this.allocated > 0) {
      const { extents, allocation } = this.#ownContent();
      const before = allocation.bytes;
      extents.clear(size, Number.POSITIVE_INFINITY);
      // What lies behind the end is given back too (fallocate --keep-size).
      allocation.remove(size, Number.POSITIVE_INFINITY);
      this.fs.disk.allocate(allocation.bytes - before);
    }
    this.size = size;
    this.#modified();
  }

  /** fallocate(2): blocks for a stretch, all or none. Throws ENOSPC. */
  override allocate(offset: number, length: number, options: AllocateOptions = {}): void {
    if (this.type !== 'file') super.allocate(offset, length, options);
    demandLength(offset + length);
    const { extents, allocation } = this.#ownContent();
    const { disk } = this.fs;
    if (options.punch) {
      const before = allocation.bytes;
      extents.clear(offset, offset + length);
      allocation.remove(offset, offset + length);
      disk.allocate(allocation.bytes - before);
    } else {
      disk.allocate(allocation.missing(offset, offset + length));
      allocation.add(offset, offset + length);
      if (!options.keepSize) this.size = Math.max(this.size, offset + length);
    }
    this.#modified();
  }

  override target(): string {
    return this.#target ?? super.target();
  }

  /** Takes the content of an inode of a lower layer, without copying it. */
  share(lower: MemoryInode): void {
    this.#content = lower.#content;
    this.#borrowed = this.#content !== undefined;
    this.size = lower.size;
  }

  /** Gives its blocks back once neither a name nor an open file leads to it. */
  forgetIfGone(): void {
    if (this.nlink > 0 || this.#opens > 0) return;
    this.release();
  }

  protected release(): void {
    this.fs.disk.allocate(-this.allocated);
    this.fs.disk.count(-1);
    memoryOf(this.fs.clock).files.take(-INODE_MEMORY);
    if (!this.#borrowed) this.#content?.extents.drop();
    this.#content = undefined;
    this.size = 0;
  }

  #ownContent(): Content {
    if (this.#borrowed || !this.#content) {
      const { files } = memoryOf(this.fs.clock);
      this.#content = this.#content
        ? { extents: this.#content.extents.clone(files), allocation: this.#content.allocation.clone() }
        : newContent(files, BLOCK);
      this.#borrowed = false;
    }
    return this.#content;
  }

  #modified(): void {
    this.mtime = this.ctime = this.fs.clock.now;
  }
}

export class MemoryDirectory extends MemoryInode {
  protected readonly entries = new Map<string, MemoryInode>();
  #nameBytes = 0;

  constructor(fs: MemoryFileSystem, draft: Draft) {
    super(fs, draft);
    this.nlink = 2;
    this.measure();
  }

  override lookup(name: string): Inode | undefined {
    return this.entries.get(name);
  }

  override names(): string[] {
    return [...this.entries.keys()];
  }

  override create(name: string, draft: Draft): MemoryInode {
    this.#admit(name);
    const inherits = (this.mode & 0o2000) !== 0;
    const gid = inherits ? this.gid : draft.gid;
    const mode = inherits && draft.type === 'directory' ? draft.mode | 0o2000 : draft.mode;
    const inode = this.fs.make({ ...draft, gid, mode });
    this.attach(name, inode);
    return inode;
  }

  override link(name: string, inode: Inode): void {
    this.#admit(name);
    if (!(inode instanceof MemoryInode) || inode.fs !== this.fs) throw new Errno('EXDEV');
    if (inode.type === 'directory') throw new Errno('EPERM');
    inode.nlink++;
    inode.ctime = this.fs.clock.now;
    this.attach(name, inode);
  }

  override remove(name: string): void {
    const inode = this.lookup(name);
    if (!(inode instanceof MemoryInode)) throw new Errno('ENOENT');
    if (inode instanceof MemoryDirectory) {
      if (!inode.empty) throw new Errno('ENOTEMPTY');
      inode.nlink = 0;
    } else inode.nlink--;
    inode.ctime = this.fs.clock.now;
    this.detach(name, inode);
    inode.forgetIfGone();
  }

  override rename(name: string, to: Inode, toName: string): void {
    const inode = this.lookup(name);
    if (!(inode instanceof MemoryInode)) throw new Errno('ENOENT');
    if (!(to instanceof MemoryDirectory) || to.fs !== this.fs) throw new Errno('EXDEV');
    const replaced = to.lookup(toName);
    if (replaced === inode) return;
    if (replaced) {
      if (replaced.type === 'directory' && inode.type !== 'directory') throw new Errno('EISDIR');
      if (replaced.type !== 'directory' && inode.type === 'directory') throw new Errno('ENOTDIR');
      to.remove(toName);
    } else to.#demandRoom(toName);
    this.detach(name, inode);
    to.attach(toName, inode);
    inode.ctime = this.fs.clock.now;
  }

  get empty(): boolean {
    return this.entries.size === 0;
  }

  /** Enters an inode that has no name here yet. */
  attach(name: string, inode: MemoryInode): void {
    this.entries.set(name, inode);
    this.#nameBytes += byteLength(name);
    if (inode.type === 'directory') this.nlink++;
    this.#touch();
  }

  protected detach(name: string, inode: MemoryInode): void {
    this.entries.delete(name);
    this.#nameBytes -= byteLength(name);
    if (inode.type === 'directory') this.nlink--;
    this.#touch();
  }

  protected measure(): void {
    const before = this.allocated;
    this.size = this.fs.format.directorySize(this.entries.size, this.#nameBytes);
    if (this.allocated !== before) this.fs.disk.allocate(this.allocated - before);
  }

  /** Throws ENOSPC if there is no room for one more entry. */
  #demandRoom(name: string): void {
    const { format, disk } = this.fs;
    const size = format.directorySize(this.entries.size + 1, this.#nameBytes + byteLength(name));
    disk.demand(format.allocated('directory', size) - format.allocated('directory', this.size));
  }

  #touch(): void {
    this.mtime = this.ctime = this.fs.clock.now;
    this.measure();
  }

  #admit(name: string): void {
    if (this.nlink === 0) throw new Errno('ENOENT');
    if (byteLength(name) > NAME_MAX) throw new Errno('ENAMETOOLONG');
    if (this.lookup(name)) throw new Errno('EEXIST');
    this.#demandRoom(name);
  }
}
