/** What the kernel asks of any filesystem: inodes, their operations (synchronous, throwing Errno) and a superblock. */

import type { Task } from '../../sim/task.ts';
import type { ErrnoCode } from '../errno.ts';
import { Errno } from '../errno.ts';
import type { FileType, OpenFile, Stat, StatFs } from '../process.ts';

export interface Credentials {
  readonly uid: number;
  readonly gid: number;
}

export const ROOT: Credentials = { uid: 0, gid: 0 };

/** What chmod, chown and utimes may change. */
export interface Attributes {
  mode?: number;
  uid?: number;
  gid?: number;
  atime?: number;
  mtime?: number;
}

/** Who made or wrote a file: a process on a machine, and the pod's container that it runs in. */
export interface Author {
  /** The machine whose kernel ran the process; for a file on NFS, the client's. */
  readonly host: string;
  readonly pod?: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly container?: string;
}

/** A new directory entry's inode. */
export interface Draft {
  readonly type: FileType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a symbolic link. */
  readonly target?: string;
  /** Of a device. */
  readonly rdev?: readonly [major: number, minor: number];
  /** Of an executable: the entry of the program table that it is. */
  readonly program?: string;
  readonly creator?: Author;
}

/** Modes of fallocate(2). */
export interface AllocateOptions {
  /** FALLOC_FL_KEEP_SIZE */
  readonly keepSize?: boolean;
  /** FALLOC_FL_PUNCH_HOLE: a hole instead of blocks. */
  readonly punch?: boolean;
}

export interface FileSystem {
  /** As mount(8) prints it: `xfs`, `tmpfs`, `nfs4`. */
  readonly type: string;
  readonly dev: number;
  readonly root: Inode;
  /** Options of the superblock, as /proc/mounts prints them after the mount's own. */
  readonly options: readonly string[];
  readonly readOnly: boolean;
  /** Changes `readOnly` of the superblock (remount); absent where only the mount's own flag changes. */
  remount?(readOnly: boolean): void;
  statfs(): StatFs;
  /** Ends once the filesystem can answer (a network filesystem whose server is gone waits here). Absent for local ones. */
  reach?(): Task<void>;
  /** Whose rights a caller has in here (root squashing). */
  credentials(caller: Credentials): Credentials;
  /** Throws EROFS if a server grants reading only; what the mount itself forbids is asked before. */
  demandWritable?(): void;
  /** Ends the waiting of all who wait in it (MNT_FORCE). */
  abort?(): void;
  /** Called when the last mount of it goes. */
  unmounted?(): void;
}

/** Of a path's last name: it is opened, or made (and must not be there). */
export type Intent = 'open' | 'create';

export interface Inode {
  readonly fs: FileSystem;
  readonly type: FileType;
  readonly program: string | undefined;
  /** Who made it; undefined for what was there before any process (an image's files, the base system). */
  readonly creator?: Author | undefined;
  /** Who last changed its content since it was made; kept for the lessons, no program sees it. */
  writer?: Author | undefined;
  stat(): Stat;
  change(attributes: Attributes): void;
  /** Calls of an open file that came and went: a file removed while open keeps its blocks until the last close. */
  opened(): void;
  closed(): void;

  read(offset: number, max: number): Uint8Array;
  /** What fits is written before ENOSPC is thrown. */
  write(offset: number, data: Uint8Array): void;
  truncate(size: number): void;
  /** fallocate(2). Throws ENOSPC, EFBIG; ENOTSUP where the filesystem has no such thing. */
  allocate(offset: number, length: number, options?: AllocateOptions): void;
  /** Of a symbolic link. */
  target(): string;

  /** `intent`: what the caller is about to do with the name; caches of network filesystems go by it. */
  lookup(name: string, intent?: Intent): Inode | undefined;
  /** In directory order. */
  names(): string[];
  create(name: string, draft: Draft): Inode;
  link(name: string, inode: Inode): void;
  /** Takes the entry away; a directory must be empty. */
  remove(name: string): void;
  rename(name: string, to: Inode, toName: string): void;

  /** The attributes by which rights are judged, where those of `stat` may be old: a server's own. */
  rights?(): Stat;
  /** Asks the server whether what is known of it is still true: at every open (close-to-open consistency). */
  revalidate?(): void;
  /** flock(2) beyond this machine; absent where the kernel's own lock is all there is. Throws EAGAIN, EBADF. */
  lock?(owner: object, mode: 'shared' | 'exclusive', wait: boolean): Task<void>;
  unlock?(owner: object): void;

  /** Opens it in its own way, if it is not plain bytes (terminals, pipes). */
  device?: () => OpenFile;
}

/** Refuses every operation with the errno of a file that is not of the right kind; filesystems override what they can do. */
export abstract class BaseInode implements Inode {
  abstract readonly fs: FileSystem;
  abstract readonly type: FileType;
  program: string | undefined = undefined;
  abstract stat(): Stat;

  change(_attributes: Attributes): void {
    throw new Errno('EPERM');
  }
  opened(): void {}
  closed(): void {}
  read(_offset: number, _max: number): Uint8Array {
    throw new Errno(this.type === 'directory' ? 'EISDIR' : 'EINVAL');
  }
  write(_offset: number, _data: Uint8Array): void {
    throw new Errno(this.type === 'directory' ? 'EISDIR' : 'EACCES');
  }
  truncate(_size: number): void {
    throw new Errno(this.type === 'directory' ? 'EISDIR' : 'EINVAL');
  }
  allocate(_offset: number, _length: number, _options?: AllocateOptions): void {
    throw new Errno(this.type === 'directory' ? 'EBADF' : 'ENOTSUP');
  }
  target(): string {
    throw new Errno('EINVAL');
  }
  lookup(_name: string): Inode | undefined {
    throw new Errno('ENOTDIR');
  }
  names(): string[] {
    throw new Errno('ENOTDIR');
  }
  create(_name: string, _draft: Draft): Inode {
    throw new Errno(this.#refusal());
  }
  link(_name: string, _inode: Inode): void {
    throw new Errno(this.#refusal());
  }
  remove(_name: string): void {
    throw new Errno(this.#refusal());
  }
  rename(_name: string, _to: Inode, _toName: string): void {
    throw new Errno(this.#refusal());
  }

  #refusal(): ErrnoCode {
    return this.type === 'directory' ? 'EPERM' : 'ENOTDIR';
  }
}

const encoder = new TextEncoder();

/** The length of a name on disk. */
export function byteLength(text: string): number {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return encoder.encode(text).length;
  return text.length;
}
