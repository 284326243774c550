/** A machine's NFS server: the export table, who may reach what, and whether the threads run (nfsd(7), rpc.mountd(8)). */

import type { Cause } from '../../sim/cause.ts';
import { runSync } from '../../sim/task.ts';
import { Errno, isErrno } from '../errno.ts';
import type { Inode } from '../filesystem/inode.ts';
import type { KernelMachine } from '../kernel/machine.ts';
import { Location } from '../kernel/mounts.ts';
import { above, admits, namesIn, readHosts } from './admission.ts';
import type { Export } from './exports.ts';
import { accessOf, type ExportOptions, INITIAL } from './options.ts';
import { ServerState } from './state.ts';

export const NFS_PORT = 2049;
export const RPCBIND_PORT = 111;
export const MOUNTD_PORT = 20_048;

/** A place on the server, and the entry by which a client may see it. */
export interface Granted {
  readonly at: Location;
  /** The path of the export; below the pseudo root, the place itself. */
  readonly exportPath: string;
  /** Not exported itself, only on the way to what is (NFSEXP_V4ROOT): read-only, and nothing else is seen in it. */
  readonly pseudo: boolean;
}

export class NfsServer {
  readonly machine: KernelMachine;
  /** The export table (`/var/lib/nfs/etab`), as exportfs left it. */
  #table: readonly Export[] = [];
  #stop: (() => void)[] = [];
  #revision = 0;
  /** Why the table is what it is, and when it became so; why the threads run, or do not. */
  written: { readonly at: number; readonly because: Cause | undefined };
  turned: NfsServer['written'];
  /** What clients have open and locked. */
  readonly state: ServerState;

  constructor(machine: KernelMachine) {
    this.machine = machine;
    this.state = new ServerState(machine);
    this.written = this.turned = this.#now();
  }

  #now() {
    const { now: at, cause: because } = this.machine.clock;
    return { at, because };
  }

  get running(): boolean {
    return this.#stop.length > 0;
  }

  /** Changes with every change of the table, so that clients need not look again when nothing did. */
  get revision(): number {
    return this.#revision;
  }

  get exports(): readonly Export[] {
    return this.#table;
  }

  set exports(table: readonly Export[]) {
    this.#table = table;
    this.#revision++;
    this.written = this.#now();
  }

  /** Returns whether clients have something to reclaim first. */
  start(): boolean {
    if (this.running) return false;
    this.turned = this.#now();
    const { network, address } = this.machine;
    network.provide(address, NFS_PORT, this);
    const grace = this.state.started();
    this.#stop = [NFS_PORT, MOUNTD_PORT].map((port) => network.listen(address, port, ({ send }) => send.close()));
    return grace;
  }

  /** What clients hold is gone with the threads; those of version 4 may take it back when they start again (RFC 8881, 8.4.2). */
  stop(): void {
    if (!this.running) return;
    this.turned = this.#now();
    for (const stop of this.#stop) stop();
    this.#stop = [];
    this.state.stopped();
  }

  /** MOUNT version 3: the export the path lies in must admit the client. Throws EACCES, ENOENT, ENOTDIR. */
  mount(client: string, path: string): Granted {
    const exportPath = above(path).find((directory) => this.entry(client, directory));
    if (exportPath === undefined) throw new Errno('EACCES');
    const at = this.#walk(path);
    if (at.inode.type !== 'directory') throw new Errno('ENOTDIR');
    return { at, exportPath, pseudo: false };
  }

  /** Version 4 walks down from its root: the export with `fsid=0`, else a pseudo filesystem that leads to the exports. Throws ENOENT, ENOTDIR. */
  open(client: string, path: string): Granted {
    let granted = this.#root(client);
    for (const name of path.split('/').filter(Boolean)) {
      if (granted.at.inode.type !== 'directory') throw new Errno('ENOTDIR');
      const next = this.lookup(client, granted, name, true);
      if (!next) throw new Errno('ENOENT');
      granted = next;
    }
    if (granted.at.inode.type !== 'directory') throw new Errno('ENOTDIR');
    return granted;
  }

  #root(client: string): Granted {
    const zero = this.#table.find((one) => one.options.fsid === 0 && this.admits(one, client));
    if (zero) return { at: this.#walk(zero.path), exportPath: zero.path, pseudo: false };
    if (this.entry(client, '/')) return { at: this.#walk('/'), exportPath: '/', pseudo: false };
    if (!this.#table.some((one) => this.admits(one, client))) throw new Errno('ENOENT');
    return { at: this.#walk('/'), exportPath: '/', pseudo: true };
  }

  /**
   * The entry of a directory (nfsd_lookup, nfsd_cross_mnt). What is mounted there is entered if it is exported too, by version 3 only with
   * `nohide` or below `crossmnt`; otherwise the covered directory is seen. Nested exports of one filesystem are not crossed into.
   */
  lookup(client: string, from: Granted, name: string, versionFour: boolean): Granted | undefined {
    const { at } = from;
    const inode = at.inode.lookup(name);
    if (!inode) return undefined;
    const top = at.child(name, inode);
    const path = top.path(this.machine.init.view.root);
    if (from.pseudo) {
      if (this.entry(client, path)) return { at: top, exportPath: path, pseudo: false };
      const leads = this.#table.some((one) => contains(path, one.path) && this.admits(one, client));
      return leads ? { at: top, exportPath: path, pseudo: true } : undefined;
    }
    const { exportPath } = from;
    if (top.mount === at.mount) return { at: top, exportPath, pseudo: false };
    const inner = this.entry(client, path);
    const outer = this.entry(client, exportPath);
    if (inner && (versionFour || outer?.options.crossmnt || !inner.options.hide))
      return { at: top, exportPath: path, pseudo: false };
    return { at: new Location(at.mount, inode, at, name), exportPath, pseudo: false };
  }

  /** The entry by which a client is let at a path: that of the innermost exported directory that contains it. */
  exportOf(client: string, path: string): Export | undefined {
    for (const directory of above(path)) {
      const entry = this.entry(client, directory);
      if (entry) return entry;
    }
    return undefined;
  }

  /** The entry for an exported directory itself, or for what is mounted below one with `crossmnt` (rpc.mountd, export_matches). */
  entry(client: string, path: string): Export | undefined {
    const own = this.#table.find((one) => one.path === path && this.#admitsUser(one, client));
    if (own) return own;
    const above = this.#table.filter(
      (one) => one.options.crossmnt && contains(one.path, path) && this.#admitsUser(one, client),
    );
    if (above.length === 0 || !this.#isMountPoint(path)) return undefined;
    above.sort((a, b) => b.path.length - a.path.length);
    return above[0];
  }

  /** The pseudo root's own entry: read-only, root squashed, and there as long as something below is exported to the client. */
  pseudoEntry(client: string, path: string): Export | undefined {
    const leads = this.#table.some((one) => contains(path, one.path) && this.admits(one, client));
    return leads ? { path, client: '*', options: INITIAL } : undefined;
  }

  /** All callers of the lab identify themselves by uid: an export without `sec=sys` is not for them. */
  #admitsUser(one: Export, client: string): boolean {
    const { mountpoint } = one.options;
    if (mountpoint !== undefined && !this.#isMountPoint(mountpoint || one.path)) return false;
    return accessOf(one.options) !== undefined && this.admits(one, client);
  }

  #isMountPoint(path: string): boolean {
    try {
      const at = this.#walk(path);
      return at.inode === at.mount.root;
    } catch (error) {
      if (!isErrno(error)) throw error;
      return false;
    }
  }

  admits({ client }: Export, address: string): boolean {
    return admits(client, address, () => namesIn(this.#hostsFile(), address));
  }

  /** Whether the filesystem has an identity that handles can carry (validate_export); tmpfs and overlayfs want `fsid=`. */
  exportable({ path, options }: { readonly path: string; readonly options: ExportOptions }): boolean {
    if (options.fsid !== undefined || options.uuid !== undefined) return true;
    return !['tmpfs', 'overlay', 'ramfs'].includes(this.inode(path).fs.type);
  }

  /** What the server itself sees at a path. Throws ENOENT, ENOTDIR … */
  inode(path: string): Inode {
    return this.#walk(path).inode;
  }

  #walk(path: string): Location {
    return runSync(this.machine.init.view.walk(path, { trusting: true }));
  }

  /** Whether an entry for many holds a host as well, by its name or its address. */
  includes(one: Export, host: string): boolean {
    const named = readHosts(this.#hostsFile()).filter(({ names }) => names.includes(host));
    return [host, ...named.map(({ address }) => address)].some((address) => this.admits(one, address));
  }

  /** The lab's only directory. */
  #hostsFile(): string {
    return runSync(this.machine.init.readText('/etc/hosts'));
  }
}

const contains = (directory: string, path: string): boolean =>
  directory === '/' || path === directory || path.startsWith(`${directory}/`);
