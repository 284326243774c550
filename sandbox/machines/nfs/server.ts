/** A machine's NFS server: the export table, who may reach what, and whether the threads run (nfsd(7), rpc.mountd(8)). */

import { runSync } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import type { Inode } from '../filesystem/inode.ts';
import type { KernelMachine } from '../kernel/machine.ts';
import { clientType, EVERYBODY } from './export-table.ts';
import type { Export } from './exports.ts';
import type { ExportOptions } from './options.ts';

export const NFS_PORT = 2049;
export const RPCBIND_PORT = 111;
export const MOUNTD_PORT = 20_048;

/** What a client gets when it mounts. */
export interface Granted {
  readonly inode: Inode;
  readonly export: Export;
  /** The directory's own path on the server. */
  readonly path: string;
}

export class NfsServer {
  readonly machine: KernelMachine;
  /** The export table (`/var/lib/nfs/etab`), as exportfs left it. */
  #table: readonly Export[] = [];
  #stop: (() => void)[] = [];
  #revision = 0;

  constructor(machine: KernelMachine) {
    this.machine = machine;
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
  }

  start(): void {
    if (this.running) return;
    const { network, address } = this.machine;
    network.provide(address, NFS_PORT, this);
    this.#stop = [NFS_PORT, MOUNTD_PORT].map((port) => network.listen(address, port, ({ send }) => send.close()));
  }

  stop(): void {
    for (const stop of this.#stop) stop();
    this.#stop = [];
  }

  /** MOUNT version 3: the export the path lies in must admit the client. Throws EACCES, ENOENT, ENOTDIR. */
  mount(client: string, path: string): Granted {
    const found = this.exportOf(client, path);
    if (!found) throw new Errno('EACCES');
    const inode = this.inode(path);
    if (inode.type !== 'directory') throw new Errno('ENOTDIR');
    return { inode, export: found, path };
  }

  /** NFS version 4 walks down from the pseudo root, where what is not exported to the client is not there. */
  open(client: string, path: string): Granted {
    const root = this.#table.find((one) => one.options.fsid === 0 && this.admits(one, client));
    const real = root && !this.exportOf(client, path) ? join(root.path, path) : path;
    const found = this.exportOf(client, real);
    if (!found) throw new Errno('ENOENT');
    const inode = this.inode(real);
    if (inode.type !== 'directory') throw new Errno('ENOTDIR');
    return { inode, export: found, path: real };
  }

  /** The innermost exported directory that contains the path and admits the client, by its most specific entry. */
  exportOf(client: string, path: string): Export | undefined {
    const candidates = this.#table.filter((one) => contains(one.path, path) && this.admits(one, client));
    candidates.sort((a, b) => b.path.length - a.path.length || clientType(a.client) - clientType(b.client));
    return candidates[0];
  }

  admits({ client }: Export, address: string): boolean {
    if (clientType(client) === EVERYBODY) return true;
    if (client.startsWith('@')) return false;
    if (client.includes('/')) return inSubnet(address, client);
    if (client === address) return true;
    const names = this.#namesOf(address);
    if (!/[*?[]/.test(client)) return names.includes(client);
    const pattern = globToRegExp(client);
    return names.some((name) => pattern.test(name)) || pattern.test(address);
  }

  /** Whether the filesystem has an identity that handles can carry (validate_export); tmpfs and overlayfs want `fsid=`. */
  exportable({ path, options }: { readonly path: string; readonly options: ExportOptions }): boolean {
    if (options.fsid !== undefined || options.uuid !== undefined) return true;
    return !['tmpfs', 'overlay', 'ramfs'].includes(this.inode(path).fs.type);
  }

  /** What the server itself sees at a path. Throws ENOENT, ENOTDIR … */
  inode(path: string): Inode {
    return runSync(this.machine.init.view.walk(path, { trusting: true })).inode;
  }

  /** Names by /etc/hosts, the lab's only directory. */
  #namesOf(address: string): string[] {
    const hosts = runSync(this.machine.init.readText('/etc/hosts'));
    return hosts
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
      .filter(([at]) => at === address)
      .flatMap(([, ...names]) => names);
  }
}

export const contains = (directory: string, path: string): boolean =>
  directory === '/' || path === directory || path.startsWith(`${directory}/`);

const join = (base: string, path: string): string => `${base === '/' ? '' : base}${path === '/' ? '' : path}` || '/';

function inSubnet(address: string, subnet: string): boolean {
  const [network, bits] = subnet.split('/');
  const mask = bits!.includes('.') ? toNumber(bits!) : prefixMask(Number(bits));
  return (toNumber(address) & mask) === (toNumber(network!) & mask);
}

const prefixMask = (bits: number): number => (bits === 0 ? 0 : (-1 << (32 - bits)) | 0);

const toNumber = (address: string): number => address.split('.').reduce((sum, part) => (sum << 8) | Number(part), 0);

/** Wildcards do not cross dots (exports(5)). */
function globToRegExp(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^.]*')
    .replaceAll('?', '[^.]');
  return new RegExp(`^${source}$`);
}
