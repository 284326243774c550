/** What a freshly installed Debian 12 has on its disk, as far as the lab's programs look at it. */

import type { ProgramTable } from '../machine.ts';
import type { Entry, Tree } from './tree.ts';

export interface DebianOptions {
  readonly hostname: string;
  /** Lines of /etc/hosts after localhost: address and names. */
  readonly hosts: readonly (readonly [address: string, ...names: string[]])[];
  /** The block device of the root filesystem. */
  readonly rootDevice: string;
  readonly programs: ProgramTable;
  /** Those of the table that the base system has. */
  readonly executables: Iterable<string>;
}

/** System administration programs live in sbin (hier(7)). */
const SBIN = new Set([
  'agetty',
  'blkid',
  'chroot',
  'exportfs',
  'getcap',
  'groupadd',
  'halt',
  'init',
  'insmod',
  'lsmod',
  'mkfs',
  'modprobe',
  'mount.nfs',
  'mount.nfs4',
  'nologin',
  'poweroff',
  'reboot',
  'rpcbind',
  'rpcinfo',
  'service',
  'showmount',
  'shutdown',
  'sshd',
  'swapoff',
  'swapon',
  'sysctl',
  'umount.nfs',
  'umount.nfs4',
  'useradd',
  'usermod',
  'runlevel',
]);

export const binaryPath = (name: string): string => (SBIN.has(name) ? `usr/sbin/${name}` : `usr/bin/${name}`);

export function debianBase(options: DebianOptions): Tree {
  const { hostname, hosts, rootDevice } = options;
  return {
    'usr/bin/': '',
    'usr/sbin/': '',
    'usr/lib/': '',
    'usr/lib64/': '',
    'usr/local/bin/': '',
    'usr/local/sbin/': '',
    'usr/share/doc/': '',
    bin: { link: 'usr/bin' },
    sbin: { link: 'usr/sbin' },
    lib: { link: 'usr/lib' },
    lib64: { link: 'usr/lib64' },
    'boot/': '',
    'dev/': '',
    'home/': '',
    'media/': '',
    'mnt/': '',
    'opt/': '',
    proc: { directory: true, mode: 0o555 },
    root: { directory: true, mode: 0o700 },
    'run/': '',
    'srv/': '',
    sys: { directory: true, mode: 0o555 },
    tmp: { directory: true, mode: 0o1777 },
    'var/cache/apt/archives/': '',
    'var/lib/dpkg/': '',
    'var/lib/apt/lists/': '',
    'var/log/': '',
    'var/mail/': '',
    'var/spool/': '',
    'var/tmp': { directory: true, mode: 0o1777 },
    'var/run': { link: '/run' },
    'var/lock': { link: '/run/lock' },
    'etc/hostname': `${hostname}\n`,
    'etc/hosts': hostsFile(hosts),
    'etc/os-release': { link: '../usr/lib/os-release' },
    'usr/lib/os-release': OS_RELEASE,
    'etc/debian_version': '12.11\n',
    'etc/passwd': PASSWD,
    'etc/group': GROUP,
    'etc/shadow': { text: shadow(), mode: 0o640, gid: 42 },
    'etc/shells': '# /etc/shells: valid login shells\n/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n',
    'etc/fstab': fstab(rootDevice),
    'etc/nsswitch.conf':
      'passwd:         files\ngroup:          files\nshadow:         files\n\nhosts:          files dns\n',
    'etc/resolv.conf': 'nameserver 192.168.120.1\n',
    'etc/services': SERVICES,
    'etc/timezone': 'Etc/UTC\n',
    'etc/localtime': { link: '/usr/share/zoneinfo/Etc/UTC' },
    'etc/mtab': { link: '../proc/self/mounts' },
    'etc/issue': 'Debian GNU/Linux 12 \\n \\l\n\n',
    'etc/motd': '',
    'etc/profile': PROFILE,
    'etc/bash.bashrc': '# System-wide .bashrc file for interactive bash(1) shells.\n',
    'etc/skel/.bashrc': ROOT_BASHRC,
    'etc/apt/sources.list': SOURCES,
    'root/.bashrc': ROOT_BASHRC,
    'root/.profile': ROOT_PROFILE,
    ...executables(options),
  };
}

function executables({ programs, executables: names }: DebianOptions): Tree {
  const tree: Record<string, Entry> = {};
  for (const name of names) if (programs.has(name)) tree[binaryPath(name)] = { program: name };
  return tree;
}

function hostsFile(hosts: DebianOptions['hosts']): string {
  const rows = hosts.map(([address, ...names]) => `${address}\t${names.join(' ')}\n`).join('');
  return `127.0.0.1\tlocalhost\n${rows}\n# The following lines are desirable for IPv6 capable hosts\n::1     localhost ip6-localhost ip6-loopback\nff02::1 ip6-allnodes\nff02::2 ip6-allrouters\n`;
}

const fstab = (rootDevice: string): string => `# /etc/fstab: static file system information.
#
# <file system> <mount point>   <type>  <options>       <dump>  <pass>
${rootDevice} /               xfs     defaults        0       0
/dev/sda1       /boot           ext4    defaults        0       2
`;

const OS_RELEASE = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`;

const PASSWD = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
sync:x:4:65534:sync:/bin:/bin/sync
games:x:5:60:games:/usr/games:/usr/sbin/nologin
man:x:6:12:man:/var/cache/man:/usr/sbin/nologin
lp:x:7:7:lp:/var/spool/lpd:/usr/sbin/nologin
mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
news:x:9:9:news:/var/spool/news:/usr/sbin/nologin
uucp:x:10:10:uucp:/var/spool/uucp:/usr/sbin/nologin
proxy:x:13:13:proxy:/bin:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
backup:x:34:34:backup:/var/backups:/usr/sbin/nologin
list:x:38:38:Mailing List Manager:/var/list:/usr/sbin/nologin
irc:x:39:39:ircd:/run/ircd:/usr/sbin/nologin
_apt:x:42:65534::/nonexistent:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
systemd-network:x:998:998:systemd Network Management:/:/usr/sbin/nologin
messagebus:x:100:107::/nonexistent:/usr/sbin/nologin
sshd:x:101:65534::/run/sshd:/usr/sbin/nologin
debian:x:1000:1000:Debian,,,:/home/debian:/bin/bash
`;

const GROUP = `root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
tty:x:5:
disk:x:6:
lp:x:7:
mail:x:8:
news:x:9:
uucp:x:10:
man:x:12:
proxy:x:13:
kmem:x:15:
cdrom:x:24:debian
sudo:x:27:debian
audio:x:29:
www-data:x:33:
backup:x:34:
operator:x:37:
list:x:38:
irc:x:39:
src:x:40:
shadow:x:42:
utmp:x:43:
video:x:44:
staff:x:50:
games:x:60:
users:x:100:
nogroup:x:65534:
systemd-journal:x:999:
systemd-network:x:998:
messagebus:x:107:
debian:x:1000:
`;

/** No password is set: nobody logs in by one. */
const shadow = (): string =>
  PASSWD.trimEnd()
    .split('\n')
    .map((line) => `${line.split(':', 1)[0]}:*:20200:0:99999:7:::\n`)
    .join('');

const SERVICES = `ssh\t\t22/tcp\ndomain\t\t53/tcp\ndomain\t\t53/udp\nhttp\t\t80/tcp\t\twww\nsunrpc\t\t111/tcp\tportmapper\nsunrpc\t\t111/udp\tportmapper\nhttps\t\t443/tcp\nnfs\t\t2049/tcp\nnfs\t\t2049/udp\nmysql\t\t3306/tcp\npostgresql\t5432/tcp\nredis\t\t6379/tcp\n`;

const PROFILE = `# /etc/profile: system-wide .profile file for the Bourne shell (sh(1))

if [ "$(id -u)" -eq 0 ]; then
  PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
else
  PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
fi
export PATH
`;

const ROOT_BASHRC = `# ~/.bashrc: executed by bash(1) for non-login shells.

PS1='[\\u@\\h \\W]\\$ '
umask 022

export LS_OPTIONS='--color=auto'
alias ls='ls $LS_OPTIONS'
alias ll='ls $LS_OPTIONS -l'
alias l='ls $LS_OPTIONS -lA'
`;

const ROOT_PROFILE = `# ~/.profile: executed by Bourne-compatible login shells.

if [ "$BASH" ]; then
  if [ -f ~/.bashrc ]; then
    . ~/.bashrc
  fi
fi
`;

const SOURCES = `deb http://deb.debian.org/debian bookworm main non-free-firmware
deb http://security.debian.org/debian-security bookworm-security main non-free-firmware
deb http://deb.debian.org/debian bookworm-updates main non-free-firmware
`;
