/** mount(2) for nfs and nfs4: the conversation with the server, as the kernel and mount.nfs have it (nfs-utils utils/mount/stropts.c). */

import { runSync, type Task } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import type { FileSystem } from '../filesystem/inode.ts';
import type { KernelMachine } from '../kernel/machine.ts';
import { fileSystemOptions, type MountRequest } from '../kernel/mounting.ts';
import type { KernelProcess } from '../kernel/process.ts';
import { NfsFileSystem, type NfsMountOptions } from './client.ts';
import { NFS_PORT, NfsServer } from './server.ts';

const KNOWN = new Set([
  'vers',
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
    const version = values.get('vers') ?? values.get('nfsvers') ?? (request.type === 'nfs4' ? '4.2' : '3');
    yield* machine.network.handshake(machine.address, serverAddress, Number(values.get('port') ?? NFS_PORT));
    const server = machine.network.service(serverAddress, NFS_PORT);
    if (!(server instanceof NfsServer)) throw new Errno('ECONNREFUSED');
    const granted = version.startsWith('4') ? server.open(machine.address, path) : server.mount(machine.address, path);
    const noted = version.startsWith('4') ? undefined : `${machine.address}:${path}:0x00000001\n`;
    if (noted) note(server.machine, noted);
    return new NfsFileSystem({
      machine,
      dev: machine.nextDevice(),
      server,
      serverAddress,
      path: granted.path,
      root: granted.inode,
      options: mountOptions(values, version, machine.address, serverAddress),
      unmounted: () => {
        if (noted) forget(server.machine, noted);
      },
    });
  };
}

function mountOptions(
  values: ReadonlyMap<string, string | undefined>,
  version: string,
  client: string,
  server: string,
): NfsMountOptions {
  const soft = values.has('soft') || values.has('softerr');
  const timeo = Number(values.get('timeo') ?? 600);
  const retrans = Number(values.get('retrans') ?? 2);
  const v4 = version.startsWith('4');
  const shown = [
    `vers=${version}`,
    `rsize=${values.get('rsize') ?? 262_144}`,
    `wsize=${values.get('wsize') ?? 262_144}`,
    'namlen=255',
    ...(values.has('noac') ? ['acregmin=0', 'acregmax=0', 'acdirmin=0', 'acdirmax=0'] : []),
    ...(values.has('actimeo')
      ? ['acregmin', 'acregmax', 'acdirmin', 'acdirmax'].map((name) => `${name}=${values.get('actimeo')}`)
      : []),
    soft ? (values.has('softerr') ? 'softerr' : 'soft') : 'hard',
    ...(values.has('noac') ? ['noac'] : []),
    ...(values.has('nolock') ? ['nolock'] : []),
    `proto=${values.has('udp') ? 'udp' : (values.get('proto') ?? 'tcp')}`,
    `timeo=${timeo}`,
    `retrans=${retrans}`,
    `sec=${values.get('sec') ?? 'sys'}`,
    ...(v4 ? [`clientaddr=${client}`] : [`mountaddr=${server}`, 'mountvers=3', 'mountport=20048', 'mountproto=udp']),
    `local_lock=${values.has('nolock') ? 'all' : 'none'}`,
    `addr=${server}`,
  ];
  return { version, soft, timeo, retrans, shown };
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
