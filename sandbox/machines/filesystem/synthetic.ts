/** Files whose text is made when they are read: what proc(5) and sysfs(5) consist of. */

import { Errno } from '../errno.ts';
import type { FileType, Stat, StatFs } from '../process.ts';
import { BaseInode, type Credentials, type FileSystem, type Inode } from './inode.ts';

const encoder = new TextEncoder();

export class SyntheticFileSystem implements FileSystem {
  readonly type: string;
  readonly dev: number;
  readonly options: readonly string[] = [];
  readonly readOnly = false;
  readonly root: Inode;
  readonly now: () => number;
  #nextIno = 1;

  constructor(type: string, dev: number, now: () => number, root: (fs: SyntheticFileSystem) => Inode) {
    this.type = type;
    this.dev = dev;
    this.now = now;
    this.root = root(this);
  }

  statfs(): StatFs {
    return { type: this.type, total: 0, free: 0, available: 0, files: 0, filesFree: 0 };
  }

  credentials(caller: Credentials): Credentials {
    return caller;
  }

  nextIno(): number {
    return this.#nextIno++;
  }
}

abstract class SyntheticInode extends BaseInode {
  readonly fs: SyntheticFileSystem;
  readonly ino: number;
  readonly made: number;
  owner: Credentials = { uid: 0, gid: 0 };

  constructor(fs: SyntheticFileSystem) {
    super();
    this.fs = fs;
    this.ino = fs.nextIno();
    this.made = fs.now();
  }

  protected abstract readonly mode: number;

  stat(): Stat {
    const { made: time, owner } = this;
    const nlink = this.type === 'directory' ? 2 : 1;
    return {
      dev: this.fs.dev,
      ino: this.ino,
      type: this.type,
      mode: this.mode,
      nlink,
      ...owner,
      size: 0,
      blocks: 0,
      atime: time,
      mtime: time,
      ctime: time,
    };
  }
}

export class SyntheticFile extends SyntheticInode {
  readonly type: FileType = 'file';
  protected readonly mode: number;
  readonly #text: () => string;
  readonly #store: ((text: string) => void) | undefined;

  constructor(fs: SyntheticFileSystem, text: () => string, store?: (text: string) => void) {
    super(fs);
    this.#text = text;
    this.#store = store;
    this.mode = store ? 0o644 : 0o444;
  }

  override read(offset: number, max: number): Uint8Array {
    return encoder.encode(this.#text()).slice(offset, offset + max);
  }

  override write(_offset: number, data: Uint8Array): void {
    if (!this.#store) throw new Errno('EIO');
    this.#store(new TextDecoder().decode(data));
  }

  override truncate(): void {}
}

export class SyntheticLink extends SyntheticInode {
  readonly type: FileType = 'symlink';
  protected readonly mode = 0o777;
  readonly #target: () => string;

  constructor(fs: SyntheticFileSystem, target: () => string) {
    super(fs);
    this.#target = target;
  }

  override target(): string {
    return this.#target();
  }
}

/** What a directory of fixed entries is made from; each is made when it is first looked up. */
export type Blueprint<T> = Readonly<Record<string, (fs: SyntheticFileSystem, context: T) => Inode>>;

/** Entries by name, some fixed, some found when asked for. */
export class SyntheticDirectory<T = undefined> extends SyntheticInode {
  readonly type: FileType = 'directory';
  protected readonly mode = 0o555;
  readonly #blueprint: Blueprint<T>;
  readonly #context: T;
  readonly #made = new Map<string, Inode>();
  readonly #more: { names(): string[]; lookup(name: string): Inode | undefined } | undefined;

  constructor(
    fs: SyntheticFileSystem,
    blueprint: Blueprint<T>,
    context: T,
    more?: { names(): string[]; lookup(name: string): Inode | undefined },
  ) {
    super(fs);
    this.#blueprint = blueprint;
    this.#context = context;
    this.#more = more;
  }

  override lookup(name: string): Inode | undefined {
    const made = this.#made.get(name);
    if (made) return made;
    if (!Object.hasOwn(this.#blueprint, name)) return this.#more?.lookup(name);
    const inode = this.#blueprint[name]!(this.fs, this.#context);
    this.#made.set(name, inode);
    return inode;
  }

  override names(): string[] {
    return [...(this.#more?.names() ?? []), ...Object.keys(this.#blueprint)];
  }
}

/** A tree of empty directories, as much of sysfs as anybody looks at. */
export interface EmptyTree {
  readonly [name: string]: EmptyTree;
}

export const emptyTree = (fs: SyntheticFileSystem, tree: EmptyTree): SyntheticDirectory =>
  new SyntheticDirectory(
    fs,
    Object.fromEntries(Object.entries(tree).map(([name, below]) => [name, () => emptyTree(fs, below)])),
    undefined,
  );
