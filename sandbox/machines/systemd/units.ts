/** The units of the lab's machines, base system first; those of packages are named by the catalogue. */

import { runSync } from '../../sim/task.ts';
import { isErrno } from '../errno.ts';
import { parseExports } from '../nfs/exports.ts';
import { RPCBIND_PORT } from '../nfs/server.ts';
import type { UnitContext, UnitDefinition } from './unit.ts';

/** Ready before anybody logs in. */
export const BASE_UNITS: readonly UnitDefinition[] = [
  {
    name: 'ssh.service',
    aliases: ['sshd.service'],
    description: 'OpenBSD Secure Shell server',
    documentation: ['man:sshd(8)', 'man:sshd_config(5)'],
    type: 'notify',
    enabled: true,
    preset: 'enabled',
    command: ['sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups'],
    start: (context) => {
      const { network, address } = context.machine;
      context.log('Server listening on 0.0.0.0 port 22.', 'sshd');
      return network.listen(address, 22, ({ send }) =>
        send.push(new TextEncoder().encode('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u6\r\n')),
      );
    },
    reload: (context) => context.log('Received SIGHUP; restarting.', 'sshd'),
  },
  {
    name: 'cron.service',
    description: 'Regular background program processing daemon',
    documentation: ['man:cron(8)'],
    enabled: true,
    preset: 'enabled',
    command: ['/usr/sbin/cron', '-f'],
  },
  {
    name: 'dbus.service',
    description: 'D-Bus System Message Bus',
    documentation: ['man:dbus-daemon(1)'],
    static: true,
    enabled: true,
    command: [
      '/usr/bin/dbus-daemon',
      '--system',
      '--address=systemd:',
      '--nofork',
      '--nopidfile',
      '--systemd-activation',
      '--syslog-only',
    ],
  },
  {
    name: 'systemd-journald.service',
    description: 'Journal Service',
    static: true,
    enabled: true,
    command: ['/lib/systemd/systemd-journald'],
  },
  {
    name: 'systemd-logind.service',
    description: 'User Login Management',
    static: true,
    enabled: true,
    command: ['/lib/systemd/systemd-logind'],
  },
];

export const RPCBIND_UNITS: readonly UnitDefinition[] = [
  {
    name: 'rpcbind.service',
    aliases: ['portmap.service'],
    description: 'RPC bind portmap service',
    documentation: ['man:rpcbind(8)'],
    type: 'notify',
    preset: 'enabled',
    command: ['/sbin/rpcbind', '-f', '-w'],
    start: ({ machine }) => machine.network.listen(machine.address, RPCBIND_PORT, ({ send }) => send.close()),
  },
];

export const NFS_COMMON_UNITS: readonly UnitDefinition[] = [
  {
    name: 'rpc-statd.service',
    description: 'NFS status monitor for NFSv2/3 locking.',
    type: 'forking',
    static: true,
    command: ['/sbin/rpc.statd'],
    requires: ['rpcbind.service'],
  },
  { name: 'nfs-client.target', description: 'NFS client services', preset: 'enabled' },
];

export const NFS_SERVER_UNITS: readonly UnitDefinition[] = [
  {
    name: 'nfs-mountd.service',
    description: 'NFS Mount Daemon',
    type: 'forking',
    static: true,
    partOf: ['nfs-server.service'],
    command: ['/usr/sbin/rpc.mountd'],
    start: (context) => {
      context.log('Version 2.6.2 starting', 'rpc.mountd');
      return undefined;
    },
  },
  {
    name: 'nfs-idmapd.service',
    description: 'NFSv4 ID-name mapping service',
    static: true,
    partOf: ['nfs-server.service'],
    command: ['/usr/sbin/rpc.idmapd'],
  },
  {
    name: 'nfs-server.service',
    aliases: ['nfs-kernel-server.service'],
    description: 'NFS server and services',
    type: 'oneshot',
    preset: 'enabled',
    requires: ['rpcbind.service', 'nfs-mountd.service', 'nfs-idmapd.service'],
    steps: ['/usr/sbin/exportfs -r', '/usr/sbin/rpc.nfsd'],
    start: startServer,
    reload: exportAll,
  },
];

/** ExecStartPre=exportfs -r, ExecStart=rpc.nfsd; and at the end exportfs -au. */
function startServer(context: UnitContext): () => void {
  const { nfs, kernel } = context.machine;
  exportAll(context);
  nfs.start();
  kernel.print('NFSD: Using nfsdcld client tracking operations.');
  kernel.print('NFSD: no clients to reclaim, skipping NFSv4 grace period (net f0000000)');
  return () => {
    nfs.stop();
    nfs.exports = [];
    kernel.print('nfsd: last server has exited, flushing export cache');
  };
}

function exportAll({ machine, log }: UnitContext): void {
  let text = '';
  try {
    text = runSync(machine.init.readText('/etc/exports'));
  } catch (error) {
    // ExecStartPre=-/usr/sbin/exportfs -r: without the file the server exports nothing.
    if (!isErrno(error)) throw error;
    log("exportfs: can't open /etc/exports for reading", 'exportfs');
  }
  const { exports, complaints } = parseExports(text, '/etc/exports');
  for (const complaint of complaints)
    if (complaint) log(complaint.startsWith(' ') ? complaint : `exportfs: ${complaint}`, 'exportfs');
  machine.nfs.exports = exports;
}
