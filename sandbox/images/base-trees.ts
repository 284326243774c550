/** The base layers that images are built on: Debian, Alpine and BusyBox, each with the tools it really has and without those it lacks. */

import { BUSYBOX_APPLETS } from './programs/busybox/applet-names.ts';
import { directory, file, layers, link, program, programs, type Tree } from './tree.ts';

const COMMON_DIRECTORIES: Tree = Object.fromEntries(
  ['/dev', '/etc', '/home', '/mnt', '/opt', '/proc', '/root', '/run', '/sys', '/usr/local/bin', '/var/lib'].map(
    (path) => [path, directory(path === '/root' ? 0o700 : 0o755)],
  ),
);
const TEMPORARY: Tree = { '/tmp': directory(0o1777), '/var/tmp': directory(0o1777) };

/** Essential packages of debian:bookworm-slim: coreutils, findutils, grep, sed, gawk's mawk, tar, diffutils, util-linux; no ps, ip, vi. */
const DEBIAN_TOOLS = `
  bash sh dash ls cat cp mv rm mkdir rmdir touch ln chmod chown chgrp stat find xargs head tail wc sort uniq cut tr tee seq yes
  date sleep timeout env printenv basename dirname realpath readlink mktemp diff cmp comm paste join nl tac fold expand
  split od base64 md5sum sha256sum dd truncate sync true false test [ echo printf kill expr nproc id whoami groups uname
  hostname grep egrep fgrep sed awk df du mount umount findmnt mountpoint more nohup nice stdbuf shuf factor rev getent
  stty tty mknod mkfifo install numfmt column fallocate flock lslocks lsblk dmesg su pwd who tar chroot gzip gunzip zcat
`;

const passwd = (shell: string, extra = ''): string =>
  `root:x:0:0:root:/root:${shell}\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nbin:x:2:2:bin:/bin:/usr/sbin/nologin\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n${extra}nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n`;

const group = (extra = ''): string =>
  `root:x:0:\ndaemon:x:1:\nbin:x:2:\ntty:x:5:\nwww-data:x:33:\n${extra}nogroup:x:65534:\n`;

const DEBIAN_RELEASE = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`;

const UBUNTU_RELEASE = `PRETTY_NAME="Ubuntu 24.04.3 LTS"
NAME="Ubuntu"
VERSION_ID="24.04"
VERSION="24.04.3 LTS (Noble Numbat)"
VERSION_CODENAME=noble
ID=ubuntu
ID_LIKE=debian
HOME_URL="https://www.ubuntu.com/"
SUPPORT_URL="https://help.ubuntu.com/"
BUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"
PRIVACY_POLICY_URL="https://www.ubuntu.com/legal/terms-and-policies/privacy-policy"
UBUNTU_CODENAME=noble
LOGO=ubuntu-logo
`;

const CENTOS_RELEASE = `NAME="CentOS Stream"
VERSION="9"
ID="centos"
ID_LIKE="rhel fedora"
VERSION_ID="9"
PLATFORM_ID="platform:el9"
PRETTY_NAME="CentOS Stream 9"
`;

const ALPINE_RELEASE = `NAME="Alpine Linux"
ID=alpine
VERSION_ID=3.22.1
PRETTY_NAME="Alpine Linux v3.22"
HOME_URL="https://alpinelinux.org/"
BUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"
`;

/** /root/.bashrc of a Debian image sets no prompt; this is what /etc/bash.bashrc gives a container's interactive shell. */
const BASH_RC = `# System-wide .bashrc file for interactive bash(1) shells.
[ -z "$PS1" ] && return
shopt -s checkwinsize
PS1='\${debian_chroot:+($debian_chroot)}\\u@\\h:\\w\\$ '
`;

function glibc(release: string, users = '', groups = ''): Tree {
  return layers(COMMON_DIRECTORIES, TEMPORARY, programs('/usr/bin', DEBIAN_TOOLS), {
    '/bin': link('usr/bin'),
    '/lib': link('usr/lib'),
    '/lib64': link('usr/lib64'),
    '/sbin': link('usr/sbin'),
    '/boot': directory(),
    '/media': directory(),
    '/srv': directory(),
    '/usr/lib': directory(),
    '/usr/lib64': directory(),
    '/usr/sbin': directory(),
    '/usr/share': directory(),
    '/var/cache': directory(),
    '/var/log': directory(),
    '/var/run': link('/run'),
    '/run/lock': directory(0o1777),
    '/etc/os-release': file(release),
    '/etc/passwd': file(passwd('/bin/bash', users)),
    '/etc/group': file(group(groups)),
    '/etc/bash.bashrc': file(BASH_RC),
    '/root/.profile': file('# ~/.profile: executed by Bourne-compatible login shells.\n'),
    '/root/.bashrc': file('# ~/.bashrc: executed by bash(1) for non-login shells.\n'),
  });
}

export const debian = (users = '', groups = ''): Tree =>
  layers(glibc(DEBIAN_RELEASE, users, groups), programs('/usr/bin', 'apt apt-cache apt-get dpkg dpkg-query'), {
    '/etc/debian_version': file('12.11\n'),
    '/var/lib/apt/lists/partial': directory(0o700, 42),
  });

export const ubuntu = (): Tree =>
  layers(
    glibc(UBUNTU_RELEASE),
    { '/etc/debian_version': file('trixie/sid\n') },
    programs('/usr/bin', 'ps top free uptime pgrep pkill watch'),
  );

export const centos = (): Tree =>
  layers(glibc(CENTOS_RELEASE), programs('/usr/bin', 'ps top free uptime pgrep pkill watch less vi curl'), {
    '/usr/bin/sh': program('bash'),
  });

export const alpine = (users = '', groups = ''): Tree =>
  layers(COMMON_DIRECTORIES, TEMPORARY, busyboxTree('alpine'), {
    '/lib': directory(),
    '/media': directory(),
    '/sbin': directory(),
    '/srv': directory(),
    '/usr/bin': directory(),
    '/usr/sbin': directory(),
    '/usr/lib': directory(),
    '/usr/share': directory(),
    '/var/log': directory(),
    '/var/cache': directory(),
    '/var/run': link('../run'),
    '/etc/os-release': file(ALPINE_RELEASE),
    '/etc/alpine-release': file('3.22.1\n'),
    '/etc/passwd': file(passwd('/bin/sh', users)),
    '/etc/group': file(group(groups)),
  });

/** One build's applets. */
const busyboxTree = (build: string): Tree =>
  Object.fromEntries(BUSYBOX_APPLETS.map((name) => [`/bin/${name}`, program(`busybox-${build}/${name}`)]));

const OLD = /^1\.(?:\d|1\d|2[0-8])(?:\D|$)/;

/** Its nslookup was written anew in 1.29. */
export const busybox = (tag: string): Tree => ({
  ...busyboxTree(OLD.test(tag) ? '1.28' : /^1\.(29|3[0-6])(\D|$)/.test(tag) ? '1.36' : '1.37'),
  ...(OLD.test(tag) && { '/bin/nslookup': program('nslookup-1.28') }),
  '/dev': directory(),
  '/etc': directory(),
  '/etc/group': file(group()),
  '/etc/passwd': file(passwd('/bin/sh')),
  '/home': directory(0o755, 65534, 65534),
  '/root': directory(0o700),
  '/tmp': directory(0o1777),
  '/usr/bin': directory(),
  '/usr/sbin': directory(),
  '/var/spool/mail': directory(),
  '/var/www': directory(),
});

/** FROM scratch, with one static binary. */
export const scratch = (path: string, name: string): Tree => ({ [path]: program(name) });
