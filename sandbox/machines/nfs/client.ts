/** The NFS client's filesystems: what a server exports, seen with the rights it grants and when it answers (nfs(5), fs/nfs). */

import type { Task } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import type { Credentials, FileSystem, Inode } from '../filesystem/inode.ts';
import type { StatFs } from '../process.ts';
import type { Export } from './exports.ts';
import { NfsInode } from './inode.ts';
import { accessOf } from './options.ts';
import type { Granted } from './server.ts';
import type { NfsSession } from './session.ts';

/** Superblocks of one mount: the export, and those of what is mounted below it on the server. */
export class NfsFileSystem implements FileSystem {
  readonly type: string;
  readonly dev: number;
  readOnly: boolean;
  readonly root: NfsInode;
  readonly options: readonly string[];
  readonly session: NfsSession;
  readonly #granted: Granted;
  readonly #unmounted: (() => void) | undefined;
  readonly #inodes = new WeakMap<Inode, NfsInode>();
  readonly #inner = new Map<string, NfsFileSystem>();
  #entry: Export | undefined;
  #revision = -1;

  constructor(session: NfsSession, granted: Granted, unmounted?: () => void) {
    this.session = session;
    this.#granted = granted;
    this.type = session.versionFour ? 'nfs4' : 'nfs';
    this.dev = session.machine.nextDevice();
    this.readOnly = session.options.readOnly;
    this.options = session.options.shown;
    this.#unmounted = unmounted;
    this.root = this.wrap(granted);
  }

  /** ALLOCATE and DEALLOCATE came with 4.2 (RFC 7862). */
  get canAllocate(): boolean {
    return this.session.options.version === '4.2';
  }

  get pseudo(): boolean {
    return this.#granted.pseudo;
  }

  unmounted(): void {
    this.#unmounted?.();
  }

  remount(readOnly: boolean): void {
    this.readOnly = readOnly;
  }

  *reach(): Task<void> {
    yield* this.session.reach();
    this.granted();
  }

  abort(): void {
    this.session.abort();
  }

  /** The entry that covers this filesystem now; without one, its handles are stale. */
  granted(): Export {
    const { server, machine } = this.session;
    if (this.#revision !== server.revision) {
      this.#revision = server.revision;
      const { pseudo, exportPath } = this.#granted;
      this.#entry = pseudo
        ? server.pseudoEntry(machine.address, exportPath)
        : server.entry(machine.address, exportPath);
    }
    if (!this.#entry) throw new Errno('ESTALE');
    return this.#entry;
  }

  demandWritable(): void {
    if (accessOf(this.granted().options)!.readOnly) throw new Errno('EROFS');
  }

  /** Root squashing: root, or everybody, is nobody to the server. */
  credentials(caller: Credentials): Credentials {
    const { options } = this.granted();
    const { rootSquash, allSquash } = accessOf(options)!;
    const { anonuid, anongid, squashUids, squashGids } = options;
    if (allSquash) return { uid: anonuid, gid: anongid };
    const among = (id: number, ranges: readonly (readonly [number, number])[]) =>
      ranges.some(([from, to]) => id >= from && id <= to);
    return {
      uid: (rootSquash && caller.uid === 0) || among(caller.uid, squashUids) ? anonuid : caller.uid,
      gid: (rootSquash && caller.gid === 0) || among(caller.gid, squashGids) ? anongid : caller.gid,
    };
  }

  statfs(): StatFs {
    return { ...this.#granted.at.inode.fs.statfs(), type: this.type };
  }

  /** The inode of a place that the server granted: of this filesystem, or of one below it. */
  wrap(granted: Granted): NfsInode {
    const { at, exportPath, pseudo } = granted;
    const own =
      at.mount === this.#granted.at.mount && exportPath === this.#granted.exportPath && pseudo === this.pseudo;
    if (!own) {
      const key = `${at.mount.id} ${exportPath} ${pseudo}`;
      let inner = this.#inner.get(key);
      if (!inner) {
        inner = new NfsFileSystem(this.session, granted);
        this.#inner.set(key, inner);
      }
      return inner.wrap(granted);
    }
    let known = this.#inodes.get(at.inode);
    if (!known) {
      known = new NfsInode(this, granted);
      this.#inodes.set(at.inode, known);
    }
    return known;
  }
}
