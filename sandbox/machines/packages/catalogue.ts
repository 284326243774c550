/** The lab's share of Debian 12: what is installed from the start, and what apt-get can install. */

import { NFS_COMMON_UNITS, NFS_SERVER_UNITS, RPCBIND_UNITS } from '../systemd/units.ts';
import type { Package } from './package.ts';

const NFS_UTILS = {
  version: '1:2.6.2-4+deb12u1',
  maintainer: 'Debian kernel team <debian-kernel@lists.debian.org>',
  homepage: 'https://linux-nfs.org/',
};

const enabled = (unit: string, target = 'multi-user.target'): string =>
  `Created symlink /etc/systemd/system/${target}.wants/${unit} → /lib/systemd/system/${unit}.`;

const EXPORTS = `# /etc/exports: the access control list for filesystems which may be exported
#		to NFS clients.  See exports(5).
#
# Example for NFSv2 and NFSv3:
# /srv/homes       hostname1(rw,sync,no_subtree_check) hostname2(ro,sync,no_subtree_check)
#
# Example for NFSv4:
# /srv/nfs4        gss/krb5i(rw,sync,fsid=0,crossmnt,no_subtree_check)
# /srv/nfs4/homes  gss/krb5i(rw,sync,no_subtree_check)
#
`;

const INSTALLABLE: readonly Package[] = [
  {
    name: 'libnfsidmap1',
    ...NFS_UTILS,
    section: 'libs',
    description: 'NFS idmapping library',
    installedSize: 276,
    size: 54_896,
    multiArch: true,
    files: { 'usr/lib/x86_64-linux-gnu/libnfsidmap.so.1.0.0': '' },
    configuration: {
      'etc/idmapd.conf':
        '[General]\n\nVerbosity = 0\n# set your own domain here, if it differs from FQDN minus hostname\n# Domain = localdomain\n\n[Mapping]\n\nNobody-User = nobody\nNobody-Group = nogroup\n',
    },
  },
  {
    name: 'libevent-core-2.1-7',
    version: '2.1.12-stable-8',
    section: 'libs',
    description: 'Asynchronous event notification library (core)',
    installedSize: 302,
    size: 131_276,
    multiArch: true,
    files: { 'usr/lib/x86_64-linux-gnu/libevent_core-2.1.so.7.0.1': '' },
  },
  {
    name: 'libwrap0',
    version: '7.6.q-32',
    section: 'libs',
    description: "Wietse Venema's TCP wrappers library",
    installedSize: 105,
    size: 54_984,
    multiArch: true,
    files: { 'usr/lib/x86_64-linux-gnu/libwrap.so.0.7.6': '' },
  },
  {
    name: 'rpcbind',
    version: '1.2.6-6+b1',
    section: 'net',
    description: 'converts RPC program numbers into universal addresses',
    maintainer: 'Josue Ortega <josue@debian.org>',
    installedSize: 158,
    size: 48_324,
    depends: ['libwrap0'],
    programs: ['rpcbind', 'rpcinfo'],
    files: { 'lib/systemd/system/rpcbind.service': '', 'lib/systemd/system/rpcbind.socket': '' },
    configuration: { 'etc/default/rpcbind': 'OPTIONS="-w"\n' },
    units: RPCBIND_UNITS,
    setUp: [enabled('rpcbind.service'), enabled('rpcbind.socket', 'sockets.target')],
  },
  {
    name: 'keyutils',
    version: '1.6.3-2',
    section: 'admin',
    description: 'Linux Key Management Utilities',
    maintainer: 'Christian Kastner <ckk@debian.org>',
    installedSize: 161,
    size: 54_456,
    configuration: { 'etc/request-key.conf': '#OP\tTYPE\tDESCRIPTION\tCALLOUT INFO\tPROGRAM ARG1 ARG2 ARG3 ...\n' },
  },
  {
    name: 'nfs-common',
    ...NFS_UTILS,
    section: 'net',
    description: 'NFS support files common to client and server',
    installedSize: 1_111,
    size: 259_632,
    depends: ['libnfsidmap1', 'libevent-core-2.1-7', 'libwrap0', 'rpcbind', 'keyutils'],
    suggests: ['open-iscsi', 'watchdog'],
    programs: ['mount.nfs', 'mount.nfs4', 'umount.nfs', 'umount.nfs4', 'showmount', 'nfsstat'],
    files: {
      'var/lib/nfs/rmtab': '',
      'var/lib/nfs/sm/': '',
      'lib/systemd/system/rpc-statd.service': '',
      'lib/systemd/system/nfs-client.target': '',
    },
    configuration: {
      'etc/default/nfs-common': 'NEED_STATD=\nNEED_IDMAPD=\nNEED_GSSD=\n',
      'etc/nfs.conf':
        '#\n# This is a general configuration for the\n# NFS daemons and tools\n#\n[general]\npipefs-directory=/run/rpc_pipefs\n',
    },
    units: NFS_COMMON_UNITS,
    setUp: [
      '',
      'Creating config file /etc/idmapd.conf with new version',
      '',
      'Creating config file /etc/nfs.conf with new version',
      "Adding system user `statd' (UID 104) ...",
      "Adding new user `statd' (UID 104) with group `nogroup' ...",
      "Not creating home directory `/var/lib/nfs'.",
      enabled('nfs-client.target'),
      enabled('nfs-client.target', 'remote-fs.target'),
      'nfs-utils.service is a disabled or a static unit, not starting it.',
    ],
  },
  {
    name: 'nfs-kernel-server',
    ...NFS_UTILS,
    section: 'net',
    description: 'support for NFS kernel server',
    installedSize: 611,
    size: 151_664,
    depends: ['nfs-common', 'keyutils', 'libevent-core-2.1-7', 'libwrap0'],
    programs: ['exportfs'],
    files: {
      'var/lib/nfs/etab': '',
      'lib/systemd/system/nfs-server.service': '',
      'lib/systemd/system/nfs-mountd.service': '',
    },
    configuration: { 'etc/exports': EXPORTS, 'etc/default/nfs-kernel-server': 'RPCNFSDPRIORITY=0\nNEED_SVCGSSD=""\n' },
    units: NFS_SERVER_UNITS,
    setUp: [
      'Created symlink /etc/systemd/system/nfs-client.target.wants/nfs-blkmap.service → /lib/systemd/system/nfs-blkmap.service.',
      enabled('nfs-server.service'),
      'nfs-mountd.service is a disabled or a static unit, not starting it.',
      'nfsdcld.service is a disabled or a static unit, not starting it.',
      '',
      'Creating config file /etc/exports with new version',
      '',
      'Creating config file /etc/default/nfs-kernel-server with new version',
    ],
  },
  simple('tree', '2.1.0-1', 'utils', 'displays an indented directory tree, in color', 113, 52_464, ['tree']),
  simple(
    'jq',
    '1.6-2.1+deb12u3',
    'utils',
    'lightweight and flexible command-line JSON processor',
    111,
    64_432,
    ['jq'],
    ['libjq1'],
  ),
  simple(
    'libjq1',
    '1.6-2.1+deb12u3',
    'libs',
    'lightweight and flexible command-line JSON processor - shared library',
    351,
    133_000,
    [],
    ['libonig5'],
  ),
  simple('libonig5', '6.9.8-1', 'libs', 'regular expressions library', 704, 188_000, []),
  simple('curl', '7.88.1-10+deb12u12', 'web', 'command line tool for transferring data with URL syntax', 489, 315_764, [
    'curl',
  ]),
  simple(
    'vim',
    '2:9.0.1378-2+deb12u2',
    'editors',
    'Vi IMproved - enhanced vi editor',
    3_650,
    1_567_756,
    ['vim'],
    ['vim-runtime'],
  ),
  {
    ...simple('vim-runtime', '2:9.0.1378-2+deb12u2', 'editors', 'Vi IMproved - Runtime files', 34_200, 7_025_000, []),
    architecture: 'all',
  },
  simple('psmisc', '23.6-1', 'admin', 'utilities that use the proc file system', 954, 259_000, [
    'fuser',
    'killall',
    'pstree',
  ]),
  simple('lsof', '4.95.0-1', 'utils', 'utility to list open files', 470, 318_000, ['lsof']),
];

function simple(
  name: string,
  version: string,
  section: string,
  description: string,
  installedSize: number,
  size: number,
  programs: readonly string[],
  depends: readonly string[] = [],
): Package {
  return { name, version, section, description, installedSize, size, programs, depends, multiArch: section === 'libs' };
}

/** Its programs are named where an image may lack them. */
const base = (
  name: string,
  version: string,
  description: string,
  section = 'admin',
  programs: readonly string[] = [],
): Package => ({
  ...simple(name, version, section, description, 1_000, 100_000, programs),
  multiArch: false,
  essential: true,
});

const PROCPS = ['free', 'kill', 'pgrep', 'pkill', 'ps', 'top', 'uptime', 'w', 'watch'];

const BASE: readonly Package[] = [
  base('adduser', '3.134', 'add and remove users and groups'),
  base('apt', '2.6.1', 'commandline package manager'),
  base('base-files', '12.4+deb12u11', 'Debian base system miscellaneous files'),
  base('bash', '5.2.15-2+b8', 'GNU Bourne Again SHell', 'shells'),
  base('bsdutils', '1:2.38.1-5+deb12u3', 'basic utilities from 4.4BSD-Lite'),
  base('coreutils', '9.1-1', 'GNU core utilities', 'utils'),
  base('cron', '3.0pl1-162', 'process scheduling daemon'),
  base('dash', '0.5.12-2', 'POSIX-compliant shell', 'shells'),
  base('dpkg', '1.21.22', 'Debian package management system'),
  base('findutils', '4.9.0-4', 'utilities for finding files--find, xargs', 'utils'),
  base('grep', '3.8-5', 'GNU grep, egrep and fgrep', 'utils'),
  base('gzip', '1.12-1', 'GNU compression utilities', 'utils'),
  base('hostname', '3.23+nmu1', 'utility to set/show the host name or domain name'),
  base('iproute2', '6.1.0-3', 'networking and traffic control tools', 'net', ['ip', 'ss']),
  base('iputils-ping', '3:20221126-1+deb12u1', 'Tools to test the reachability of network hosts', 'net', ['ping']),
  base('less', '590-2.1~deb12u2', 'pager program similar to more', 'text', ['less']),
  base('linux-image-6.1.0-37-amd64', '6.1.140-1', 'Linux 6.1 for 64-bit PCs (signed)', 'kernel'),
  base('mount', '2.38.1-5+deb12u3', 'tools for mounting and manipulating filesystems'),
  base('openssh-client', '1:9.2p1-2+deb12u6', 'secure shell (SSH) client, for secure access to remote machines', 'net'),
  base(
    'openssh-server',
    '1:9.2p1-2+deb12u6',
    'secure shell (SSH) server, for secure access from remote machines',
    'net',
  ),
  base('procps', '2:4.0.2-3', '/proc file system utilities', 'admin', PROCPS),
  base('sed', '4.9-1', 'GNU stream editor for filtering/transforming text', 'utils'),
  base('sudo', '1.9.13p3-1+deb12u2', 'Provide limited super user privileges to specific users', 'admin', ['sudo']),
  base('systemd', '252.38-1~deb12u1', 'system and service manager'),
  base('tar', '1.34+dfsg-1.2+deb12u1', 'GNU version of the tar archiving utility', 'utils'),
  base('util-linux', '2.38.1-5+deb12u3', 'miscellaneous system utilities', 'utils'),
  base('vim-tiny', '2:9.0.1378-2+deb12u2', 'Vi IMproved - enhanced vi editor - compact version', 'editors', ['vi']),
  base('xfsprogs', '6.1.0-1', 'Utilities for managing the XFS filesystem'),
];

export const CATALOGUE: ReadonlyMap<string, Package> = new Map([...BASE, ...INSTALLABLE].map((one) => [one.name, one]));

export const BASE_PACKAGES: readonly string[] = BASE.map((one) => one.name);

/** Programs that are there only when their package is. */
export const PACKAGED_PROGRAMS: ReadonlySet<string> = new Set(INSTALLABLE.flatMap((one) => one.programs ?? []));
