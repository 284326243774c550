/** overlayfs, as containers have it: an image's shared tree below, what the container changed above (Documentation/filesystems/overlayfs.rst). */

import type { Clock } from '../../sim/clock.ts';
import type { Stat } from '../process.ts';
import type { Disk } from './disk.ts';
import { xfs } from './formats.ts';
import { type AllocateOptions, type Attributes, byteLength, type Draft, type Inode } from './inode.ts';
import { type Format, MemoryDirectory, MemoryFileSystem, MemoryInode } from './memory.ts';

export interface OverlayOptions {
  readonly clock: Clock;
  readonly dev: number;
  /** The disk that holds the upper layer. */
  readonly disk: Disk;
  /** The root directory of the image; never written. */
  readonly lower: MemoryDirectory;
  /** lowerdir=…, upperdir=…, workdir=… as /proc/mounts prints them. */
  readonly options: readonly string[];
  /** Seem to be another kind (a tmpfs that starts with the same files everywhere). */
  readonly format?: Format;
}

/** Entries below appear when they are first looked up: making a container costs one inode. */
export class OverlayFileSystem extends MemoryFileSystem {
  constructor({ clock, dev, disk, lower, options, format }: OverlayOptions) {
    super({ format: format ?? { ...overlay, options }, clock, dev, disk });
    const root = this.root as OverlayDirectory;
    root.coverRoot(lower);
  }

  override make(draft: Draft): MemoryInode {
    return draft.type === 'directory' ? new OverlayDirectory(this, draft) : new OverlayInode(this, draft);
  }
}

const overlay: Format = { ...xfs, type: 'overlay' };

/** Where an inode of the merged tree hangs, for copying up the way to it. */
interface Place {
  readonly directory: OverlayDirectory;
  readonly name: string;
}

class OverlayInode extends MemoryInode {
  place: Place | undefined;

  override change(attributes: Attributes): void {
    this.#copyUp();
    super.change(attributes);
  }

  override write(offset: number, data: Uint8Array): void {
    this.#copyUp();
    super.write(offset, data);
  }

  override truncate(size: number): void {
    this.#copyUp();
    super.truncate(size);
  }

  override allocate(offset: number, length: number, options?: AllocateOptions): void {
    this.#copyUp();
    super.allocate(offset, length, options);
  }

  /** Its blocks belong to the image until it is changed. */
  override get allocated(): number {
    return this.place ? 0 : super.allocated;
  }

  #copyUp(): void {
    const { place } = this;
    if (!place) return;
    this.fs.disk.allocate(super.allocated);
    this.place = undefined;
    place.directory.noteUpper(place.name);
  }
}

export class OverlayDirectory extends MemoryDirectory {
  place: Place | undefined;
  #lower: MemoryDirectory | undefined;
  /** Names of the lower directory that were removed or renamed here. */
  #whiteouts: Set<string> | undefined;
  /** What the upper directory holds: its size is what `ls -ld` shows. */
  #upper: Set<string> | undefined;
  #upperBytes = 0;

  coverRoot(lower: MemoryDirectory): void {
    this.#lower = lower;
    Object.assign(this, pick(lower));
  }

  override stat(): Stat {
    const stat = super.stat();
    if (!this.#lower) return stat;
    const pure = this.place !== undefined;
    return {
      ...stat,
      // A merged directory counts as one link: find(1) then does not rely on it.
      nlink: pure ? this.#lower.nlink : 1,
      size: pure ? this.#lower.size : this.#upperSize(),
      blocks: 0,
    };
  }

  override lookup(name: string): Inode | undefined {
    const entry = this.entries.get(name);
    if (entry || !this.#lower || this.#whiteouts?.has(name)) return entry;
    const below = this.#lower.lookup(name);
    return below instanceof MemoryInode ? this.#reveal(name, below) : undefined;
  }

  /** What looking a name up gives, without the inode that would be made for it. */
  peekEntry(name: string): Inode | undefined {
    return this.entries.get(name) ?? (this.#whiteouts?.has(name) ? undefined : this.#lower?.lookup(name));
  }

  override names(): string[] {
    if (!this.#lower) return super.names();
    const below = this.#lower.names().filter((name) => !this.#whiteouts?.has(name));
    const known = new Set(below);
    return [...below, ...super.names().filter((name) => !known.has(name))];
  }

  override get empty(): boolean {
    return this.names().length === 0;
  }

  override change(attributes: Attributes): void {
    this.#copyUp();
    super.change(attributes);
  }

  override attach(name: string, inode: MemoryInode): void {
    this.#copyUp();
    this.#whiteouts?.delete(name);
    if (inode instanceof OverlayInode || inode instanceof OverlayDirectory) inode.place = undefined;
    super.attach(name, inode);
    this.#hold(name);
  }

  noteUpper(name: string): void {
    this.#copyUp();
    this.#hold(name);
  }

  protected override detach(name: string, inode: MemoryInode): void {
    this.#copyUp();
    super.detach(name, inode);
    if (this.#upper?.delete(name)) this.#upperBytes -= byteLength(name);
    if (!this.#lower?.lookup(name)) return;
    this.#whiteouts ??= new Set();
    this.#whiteouts.add(name);
    this.#hold(name);
  }

  /** The merged inode for an entry of the layer below. */
  #reveal(name: string, below: MemoryInode): MemoryInode {
    const { type, mode, uid, gid, rdev, program } = below;
    const target = type === 'symlink' ? below.target() : undefined;
    const inode = this.fs.make({
      type,
      mode,
      uid,
      gid,
      ...(target !== undefined && { target }),
      ...(rdev && { rdev }),
      ...(program !== undefined && { program }),
    }) as OverlayInode | OverlayDirectory;
    inode.place = { directory: this, name };
    if (inode instanceof OverlayDirectory) inode.#lower = below as MemoryDirectory;
    else if (type === 'file') inode.share(below);
    Object.assign(inode, pick(below));
    this.entries.set(name, inode);
    return inode;
  }

  #copyUp(): void {
    const { place } = this;
    if (!place) return;
    this.place = undefined;
    place.directory.noteUpper(place.name);
  }

  #hold(name: string): void {
    this.#upper ??= new Set();
    if (this.#upper.has(name)) return;
    this.#upper.add(name);
    this.#upperBytes += byteLength(name);
  }

  #upperSize(): number {
    return xfs.directorySize(this.#upper?.size ?? 0, this.#upperBytes);
  }
}

const pick = ({ mode, uid, gid, atime, mtime, ctime }: MemoryInode) => ({ mode, uid, gid, atime, mtime, ctime });
