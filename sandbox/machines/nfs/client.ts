/** The NFS client: a mounted export. Its inodes are the server's, seen with the rights the server grants and when it answers (nfs(5)). */

import { firstOf, sleep, type Task, type Wait } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import type {
  AllocateOptions,
  Attributes,
  Author,
  Credentials,
  Draft,
  FileSystem,
  Inode,
} from '../filesystem/inode.ts';
import type { KernelMachine } from '../kernel/machine.ts';
import type { FileType, OpenFile, Stat, StatFs } from '../process.ts';
import type { Export } from './exports.ts';
import { NFS_PORT, type NfsServer } from './server.ts';

export interface NfsMountOptions {
  /** `4.2`, `4.1`, `4.0`, `3`. */
  readonly version: string;
  readonly soft: boolean;
  /** Tenths of a second, and how often. */
  readonly timeo: number;
  readonly retrans: number;
  /** Other options, in the order /proc/mounts has them. */
  readonly shown: readonly string[];
}

export interface NfsMountSpec {
  readonly machine: KernelMachine;
  readonly dev: number;
  readonly server: NfsServer;
  readonly serverAddress: string;
  readonly path: string;
  readonly root: Inode;
  readonly options: NfsMountOptions;
  readonly unmounted: () => void;
}

/** A reconnecting transport tries again after this. */
const RECONNECT = 1_000;

export class NfsFileSystem implements FileSystem {
  readonly type: string;
  readonly dev: number;
  readonly readOnly = false;
  readonly root: Inode;
  readonly options: readonly string[];
  readonly unmounted: () => void;
  readonly #spec: NfsMountSpec;
  readonly #inodes = new WeakMap<Inode, NfsInode>();
  #export: Export | undefined;
  #revision = -1;
  /** The kernel log has been told that the server does not respond. */
  #complained = false;
  #abortions = 0;

  constructor(spec: NfsMountSpec) {
    this.#spec = spec;
    this.type = spec.options.version.startsWith('4') ? 'nfs4' : 'nfs';
    this.dev = spec.dev;
    this.options = spec.options.shown;
    this.root = this.wrap(spec.root);
    this.unmounted = spec.unmounted;
  }

  get canAllocate(): boolean {
    return this.#spec.options.version === '4.2';
  }

  get #answering(): boolean {
    const { machine, server, serverAddress } = this.#spec;
    const { network } = machine;
    return (
      server.running &&
      network.service(serverAddress, NFS_PORT) === server &&
      network.reach(machine.address, serverAddress) === 'up'
    );
  }

  /** A hard mount waits for the server for ever; a soft one gives up after a major timeout: timeo × (retrans + 1). */
  *reach(): Task<void> {
    if (!this.#answering) yield* this.#wait();
    this.granted();
  }

  *#wait(): Task<void> {
    const { machine, serverAddress, options } = this.#spec;
    const { clock, network, kernel } = machine;
    const end = clock.now + options.timeo * 100 * (options.retrans + 1);
    const abortions = this.#abortions;
    while (!this.#answering) {
      const majorTimeout: Wait = (resume) => {
        if (this.#complained && !options.soft) return undefined;
        const timer = clock.at(end, resume, { background: !options.soft });
        return () => timer.cancel();
      };
      const { index } = yield* firstOf(network.nextChange, majorTimeout);
      if (this.#abortions !== abortions) throw new Errno('EIO');
      if (index === 0) continue;
      if (options.soft) {
        kernel.print(`nfs: server ${serverAddress} not responding, timed out`);
        throw new Errno('EIO');
      }
      kernel.print(`nfs: server ${serverAddress} not responding, still trying`);
      this.#complained = true;
    }
    yield* sleep(clock, RECONNECT, true);
    if (this.#complained) kernel.print(`nfs: server ${serverAddress} OK`);
    this.#complained = false;
  }

  /** `umount -f`: those who wait get EIO. */
  abort(): void {
    this.#abortions++;
    this.#spec.machine.network.changed();
  }

  /** The export entry that covers this mount now; without one, the handles are stale. */
  granted(): Export {
    const { server, machine, path } = this.#spec;
    if (this.#revision !== server.revision) {
      this.#revision = server.revision;
      this.#export = server.exportOf(machine.address, path);
    }
    if (!this.#export) throw new Errno('ESTALE');
    return this.#export;
  }

  demandWritable(): void {
    if (this.granted().options.readOnly) throw new Errno('EROFS');
  }

  /** Root squashing: root, or everybody, is nobody to the server. */
  credentials(caller: Credentials): Credentials {
    const { rootSquash, allSquash, anonuid, anongid } = this.granted().options;
    if (allSquash) return { uid: anonuid, gid: anongid };
    if (!rootSquash) return caller;
    return { uid: caller.uid === 0 ? anonuid : caller.uid, gid: caller.gid === 0 ? anongid : caller.gid };
  }

  statfs(): StatFs {
    return { ...this.#spec.root.fs.statfs(), type: this.type };
  }

  wrap(inode: Inode): NfsInode {
    let known = this.#inodes.get(inode);
    if (!known) {
      known = new NfsInode(this, inode);
      this.#inodes.set(inode, known);
    }
    return known;
  }
}

class NfsInode implements Inode {
  readonly fs: NfsFileSystem;
  readonly type: FileType;
  readonly #remote: Inode;

  constructor(fs: NfsFileSystem, remote: Inode) {
    this.fs = fs;
    this.type = remote.type;
    this.#remote = remote;
  }

  get program(): string | undefined {
    return this.#remote.program;
  }

  get creator(): Author | undefined {
    return this.#remote.creator;
  }

  get writer(): Author | undefined {
    return this.#remote.writer;
  }

  set writer(author: Author | undefined) {
    this.#remote.writer = author;
  }

  get device(): (() => OpenFile) | undefined {
    return this.#remote.device;
  }

  stat(): Stat {
    return { ...this.#live().stat(), dev: this.fs.dev };
  }

  change(attributes: Attributes): void {
    this.#writable().change(attributes);
  }

  opened(): void {
    this.#remote.opened();
  }

  closed(): void {
    this.#remote.closed();
  }

  read(offset: number, max: number): Uint8Array {
    return this.#live().read(offset, max);
  }

  write(offset: number, data: Uint8Array): void {
    this.#writable().write(offset, data);
  }

  truncate(size: number): void {
    this.#writable().truncate(size);
  }

  /** ALLOCATE and DEALLOCATE came with 4.2 (RFC 7862). */
  allocate(offset: number, length: number, options?: AllocateOptions): void {
    if (!this.fs.canAllocate) throw new Errno('ENOTSUP');
    this.#writable().allocate(offset, length, options);
  }

  target(): string {
    return this.#live().target();
  }

  lookup(name: string): Inode | undefined {
    const found = this.#live().lookup(name);
    return found && this.fs.wrap(found);
  }

  names(): string[] {
    return this.#live().names();
  }

  create(name: string, draft: Draft): Inode {
    return this.fs.wrap(this.#writable().create(name, draft));
  }

  link(name: string, inode: Inode): void {
    if (!(inode instanceof NfsInode)) throw new Errno('EXDEV');
    this.#writable().link(name, inode.#remote);
  }

  remove(name: string): void {
    this.#writable().remove(name);
  }

  rename(name: string, to: Inode, toName: string): void {
    if (!(to instanceof NfsInode)) throw new Errno('EXDEV');
    this.#writable().rename(name, to.#remote, toName);
  }

  /** A handle of what the server has removed is stale. */
  #live(): Inode {
    if (this.#remote.stat().nlink === 0) throw new Errno('ESTALE');
    return this.#remote;
  }

  #writable(): Inode {
    this.fs.demandWritable();
    return this.#live();
  }
}
