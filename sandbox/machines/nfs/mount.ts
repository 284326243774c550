/** mount(2) for nfs and nfs4: the conversation with the server, as the kernel and mount.nfs have it (nfs-utils utils/mount/stropts.c). */

import { runSync, type Task } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import type { FileSystem } from '../filesystem/inode.ts';
import type { KernelMachine } from '../kernel/machine.ts';
import { fileSystemOptions, type MountRequest } from '../kernel/mounting.ts';
import type { KernelProcess } from '../kernel/process.ts';
import { NfsFileSystem } from './client.ts';
import { MOUNTD_PORT, NFS_PORT, NfsServer } from './server.ts';
import { type NfsMountOptions, NfsSession } from './session.ts';

const KNOWN = new Set([
  'vers',
  'v3',
  'v4',
  'v4.0',
  'v4.1',
  'v4.2',
  'sloppy',
  'nfsvers',
  'minorversion',
  'hard',
  'soft',
  'softerr',
  'softreval',
  'timeo',
  'retrans',
  'rsize',
  'wsize',
  'acregmin',
  'acregmax',
  'acdirmin',
  'acdirmax',
  'actimeo',
  'ac',
  'noac',
  'bg',
  'fg',
  'retry',
  'sec',
  'sharecache',
  'nosharecache',
  'resvport',
  'noresvport',
  'lookupcache',
  'fsc',
  'nofsc',
  'proto',
  'udp',
  'tcp',
  'port',
  'mountport',
  'mountproto',
  'mountvers',
  'mounthost',
  'namlen',
  'lock',
  'nolock',
  'cto',
  'nocto',
  'acl',
  'noacl',
  'rdirplus',
  'nordirplus',
  'local_lock',
  'clientaddr',
  'addr',
  'mountaddr',
  'intr',
  'nointr',
  'migration',
  'nomigration',
  'nconnect',
  'max_connect',
  'xprtsec',
]);

/** The driver's arguments are settled ones: `addr=` and `vers=` are mount.nfs's to find out. */
export function nfsDriver(machine: KernelMachine) {
  /** Mounts of one export with the same options share their superblock (`sharecache`). */
  const mounted = new Map<string, NfsFileSystem>();
  return function* mountNfs(_process: KernelProcess, request: MountRequest): Task<FileSystem> {
    const values = new Map<string, string | undefined>(
      fileSystemOptions(request.options).map((option) => {
        const [name, value] = option.split('=', 2);
        return [name!, value];
      }),
    );
    for (const name of values.keys()) if (!KNOWN.has(name)) throw new Errno('EINVAL');
    const at = request.source.indexOf(':');
    const serverAddress = values.get('addr');
    if (at < 0 || serverAddress === undefined) throw new Errno('EINVAL');
    const path = request.source.slice(at + 1).replace(/(.)\/+$/, '$1');
    const options = mountOptions(request, values, machine.address, serverAddress);
    yield* machine.network.handshake(machine.address, serverAddress, Number(values.get('port') ?? NFS_PORT));
    const server = machine.network.service(serverAddress, NFS_PORT);
    if (!(server instanceof NfsServer)) throw new Errno('ECONNREFUSED');
    const versionFour = options.version.startsWith('4');
    const granted = versionFour ? server.open(machine.address, path) : server.mount(machine.address, path);
    const key = [serverAddress, path, options.readOnly, ...options.shown].join(' ');
    const shared = values.has('nosharecache') ? undefined : mounted.get(key);
    if (shared && shared.root.remote === granted.at.inode) return shared;
    const noted = versionFour ? undefined : `${machine.address}:${path}:0x00000001\n`;
    if (noted) note(server.machine, noted);
    const session = new NfsSession(machine, server, serverAddress, options);
    const fs: NfsFileSystem = new NfsFileSystem(session, granted, () => {
      if (mounted.get(key) === fs) mounted.delete(key);
      if (noted) forget(server.machine, noted);
    });
    mounted.set(key, fs);
    return fs;
  };
}

/** Versions that the kernel's client has; 2 is no longer among them (Debian's CONFIG_NFS_V2 is off). Throws EPROTONOSUPPORT, EINVAL. */
function versionOf(request: MountRequest, values: ReadonlyMap<string, string | undefined>): string {
  const named = ['v3', 'v4', 'v4.0', 'v4.1', 'v4.2'].find((name) => values.has(name))?.slice(1);
  let version = values.get('vers') ?? values.get('nfsvers') ?? named ?? (request.type === 'nfs4' ? '4' : '3');
  if (version === '4') version = `4.${values.get('minorversion') ?? '0'}`;
  if (version === '2') throw new Errno('EPROTONOSUPPORT');
  if (!['3', '4.0', '4.1', '4.2'].includes(version)) throw new Errno('EINVAL');
  return version;
}

/** nfs_fs_context_parse_param: a number, or EINVAL. */
function numeric(
  values: ReadonlyMap<string, string | undefined>,
  name: string,
  from: number,
  to: number,
): number | undefined {
  if (!values.has(name)) return undefined;
  const value = values.get(name);
  if (value === undefined || !/^\d+$/.test(value) || Number(value) < from || Number(value) > to)
    throw new Errno('EINVAL');
  return Number(value);
}

function oneOf<T extends string>(
  values: ReadonlyMap<string, string | undefined>,
  name: string,
  allowed: readonly T[],
): T | undefined {
  if (!values.has(name)) return undefined;
  const value = values.get(name) as T;
  if (!allowed.includes(value)) throw new Errno('EINVAL');
  return value;
}

/** What the options of mount(2) come to, and how /proc/mounts prints them (fs/nfs/super.c, nfs_show_mount_options). Throws EINVAL. */
function mountOptions(
  request: MountRequest,
  values: ReadonlyMap<string, string | undefined>,
  client: string,
  server: string,
): NfsMountOptions {
  const version = versionOf(request, values);
  const v4 = version.startsWith('4');
  const proto = values.has('udp') ? 'udp' : (oneOf(values, 'proto', ['tcp', 'udp', 'tcp6', 'udp6', 'rdma']) ?? 'tcp');
  // Version 4 wants a transport that controls congestion; nfsd of this kernel serves version 3 on TCP and UDP.
  if (v4 && proto.startsWith('udp')) throw new Errno('EINVAL');
  const recovery = values.has('softerr') ? 'softerr' : values.has('soft') ? 'soft' : 'hard';
  const timeo = numeric(values, 'timeo', 1, 0xffff_ffff) ?? (proto.startsWith('udp') ? 11 : 600);
  const retrans = numeric(values, 'retrans', 0, 0xffff_ffff) ?? (proto.startsWith('udp') ? 3 : 2);
  const noac = values.has('noac');
  const actimeo = numeric(values, 'actimeo', 0, 0xffff_ffff);
  const limit = (name: string, usual: number) =>
    noac ? 0 : (numeric(values, name, 0, 0xffff_ffff) ?? actimeo ?? usual);
  const limits = {
    acregmin: limit('acregmin', 3),
    acregmax: limit('acregmax', 60),
    acdirmin: limit('acdirmin', 30),
    acdirmax: limit('acdirmax', 60),
  };
  if (limits.acregmin > limits.acregmax || limits.acdirmin > limits.acdirmax) throw new Errno('EINVAL');
  const lookups = oneOf(values, 'lookupcache', ['all', 'none', 'pos', 'positive']) ?? 'all';
  const localLock =
    oneOf(values, 'local_lock', ['none', 'all', 'flock', 'posix']) ?? (values.has('nolock') && !v4 ? 'all' : 'none');
  const security = oneOf(values, 'sec', ['sys', 'none', 'null', 'krb5', 'krb5i', 'krb5p']) ?? 'sys';
  if (security.startsWith('krb5')) throw new Errno('EACCES');
  const size = (name: string) => Math.min(numeric(values, name, 0, 0xffff_ffff) ?? 262_144, 262_144) || 262_144;
  const port = numeric(values, 'port', 0, 65_535);
  const shown = [
    `vers=${version}`,
    `rsize=${size('rsize')}`,
    `wsize=${size('wsize')}`,
    'namlen=255',
    ...(noac || limits.acregmin !== 3 ? [`acregmin=${limits.acregmin}`] : []),
    ...(noac || limits.acregmax !== 60 ? [`acregmax=${limits.acregmax}`] : []),
    ...(noac || limits.acdirmin !== 30 ? [`acdirmin=${limits.acdirmin}`] : []),
    ...(noac || limits.acdirmax !== 60 ? [`acdirmax=${limits.acdirmax}`] : []),
    recovery,
    ...['softreval', 'nocto', 'noac', 'nolock', 'noacl', 'nordirplus', 'nosharecache', 'noresvport'].filter(
      (name) => values.has(name) && !(name === 'nolock' && v4),
    ),
    `proto=${proto}`,
    ...((numeric(values, 'nconnect', 1, 16) ?? 1) > 1 ? [`nconnect=${values.get('nconnect')}`] : []),
    ...(port !== undefined && port !== 0 && port !== NFS_PORT ? [`port=${port}`] : []),
    `timeo=${timeo}`,
    `retrans=${retrans}`,
    `sec=${security === 'none' ? 'null' : security}`,
    ...(v4
      ? [`clientaddr=${values.get('clientaddr') ?? client}`]
      : [
          `mountaddr=${server}`,
          'mountvers=3',
          `mountport=${MOUNTD_PORT}`,
          `mountproto=${proto.startsWith('udp') ? 'udp' : (values.get('mountproto') ?? 'udp')}`,
        ]),
    ...(values.has('fsc') ? ['fsc'] : []),
    ...(lookups === 'none' ? ['lookupcache=none'] : lookups === 'all' ? [] : ['lookupcache=pos']),
    `local_lock=${localLock}`,
    `addr=${server}`,
  ];
  return {
    version,
    readOnly: request.options.includes('ro'),
    recovery,
    timeo,
    retrans,
    cache: {
      file: [limits.acregmin * 1_000, limits.acregmax * 1_000],
      directory: [limits.acdirmin * 1_000, limits.acdirmax * 1_000],
      lookups: lookups === 'all' ? 'all' : lookups === 'none' ? 'none' : 'positive',
      closeToOpen: !values.has('nocto'),
    },
    localLock,
    shown,
  };
}

const RMTAB = '/var/lib/nfs/rmtab';

/** rpc.mountd keeps who mounted what; showmount -a reads it. Version 4 never asks it. */
function note(server: KernelMachine, line: string): void {
  const before = rmtab(server);
  if (before.includes(line)) return;
  runSync(server.init.writeFile(RMTAB, before.join('') + line));
}

function forget(server: KernelMachine, line: string): void {
  if (server.up)
    runSync(
      server.init.writeFile(
        RMTAB,
        rmtab(server)
          .filter((one) => one !== line)
          .join(''),
      ),
    );
}

function rmtab(server: KernelMachine): string[] {
  try {
    return runSync(server.init.readText(RMTAB)).split(/(?<=\n)/);
  } catch {
    return [];
  }
}
