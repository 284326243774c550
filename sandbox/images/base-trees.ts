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

/** The releases whose images there are, newest first: codename, and the point release that the codename means. */
const DEBIANS: Readonly<Record<string, readonly [codename: string, point: string]>> = {
  13: ['trixie', '13.1'],
  12: ['bookworm', '12.12'],
  11: ['bullseye', '11.11'],
};
/** Names that move on (`stable`); what is newer than any release says its codename only. */
const DEBIAN_SUITES: Readonly<Record<string, string>> = { stable: '13', oldstable: '12', testing: '13', sid: '13' };

/** `bookworm-slim`, `12`, `12.5`, `latest`: the major release, and the point release where the tag says one. */
function debianRelease(tag: string): { major: string; codename: string; point: string } {
  const [name = ''] = tag.split('-');
  const named = Object.entries(DEBIANS).find(([, [codename]]) => codename === name)?.[0] ?? DEBIAN_SUITES[name];
  const major = named ?? /^\d+/.exec(name)?.[0] ?? '13';
  const [codename, newest] = DEBIANS[major] ?? ['bookworm', '12.12'];
  return { major, codename, point: /^\d+\.\d+/.exec(name)?.[0] ?? newest };
}

/** As `cat /etc/os-release` shows it in debian:11, 12 and 13 (base-files); its full version is there since 13. */
const debianOsRelease = (major: string, codename: string, point: string): string =>
  `PRETTY_NAME="Debian GNU/Linux ${major} (${codename})"
NAME="Debian GNU/Linux"
VERSION_ID="${major}"
VERSION="${major} (${codename})"
VERSION_CODENAME=${codename}
${Number(major) >= 13 ? `DEBIAN_VERSION_FULL=${point}\n` : ''}ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`;

/** By release: the adjective of the version, the codename, and the Debian it was made from. */
const UBUNTUS: Readonly<Record<string, readonly [version: string, name: string, codename: string, debian: string]>> = {
  '25.10': ['25.10', 'Questing Quokka', 'questing', 'trixie/sid'],
  '24.04': ['24.04.3 LTS', 'Noble Numbat', 'noble', 'trixie/sid'],
  '22.04': ['22.04.5 LTS', 'Jammy Jellyfish', 'jammy', 'bookworm/sid'],
  '20.04': ['20.04.6 LTS', 'Focal Fossa', 'focal', 'bullseye/sid'],
  '18.04': ['18.04.6 LTS', 'Bionic Beaver', 'bionic', 'buster/sid'],
};

const ubuntuRelease = (tag: string): string => {
  if (tag === 'rolling' || tag === 'devel') return '25.10';
  return Object.entries(UBUNTUS).find(([id, [, , codename]]) => id === tag || codename === tag)?.[0] ?? '24.04';
};

/** As in ubuntu:18.04 to 25.10 (base-files): newer releases begin with the pretty name, and have a logo since 24.04. */
const ubuntuOsRelease = (id: string): string => {
  const [version, name, codename] = UBUNTUS[id]!;
  const pretty = `PRETTY_NAME="Ubuntu ${version}"\n`;
  const full = `VERSION="${version} (${name})"\n`;
  const codenameLine = `VERSION_CODENAME=${codename}\n`;
  const addresses = `HOME_URL="https://www.ubuntu.com/"
SUPPORT_URL="https://help.ubuntu.com/"
BUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"
PRIVACY_POLICY_URL="https://www.ubuntu.com/legal/terms-and-policies/privacy-policy"
`;
  const older = Number(id) < 22;
  const head = older
    ? `NAME="Ubuntu"\n${full}ID=ubuntu\nID_LIKE=debian\n${pretty}VERSION_ID="${id}"\n${addresses}${codenameLine}`
    : `${pretty}NAME="Ubuntu"\nVERSION_ID="${id}"\n${full}${codenameLine}ID=ubuntu\nID_LIKE=debian\n${addresses}`;
  return `${head}UBUNTU_CODENAME=${codename}\n${Number(id) >= 24 ? 'LOGO=ubuntu-logo\n' : ''}`;
};

/** As in centos:7 and centos:8 (centos-release, centos-linux-release). */
const centosOsRelease = (major: string): string => {
  const seven = major === '7';
  const version = seven ? '7 (Core)' : major;
  return `NAME="CentOS Linux"
VERSION="${version}"
ID="centos"
ID_LIKE="rhel fedora"
VERSION_ID="${major}"
${seven ? '' : `PLATFORM_ID="platform:el${major}"\n`}PRETTY_NAME="CentOS Linux ${version}"
ANSI_COLOR="0;31"
CPE_NAME="cpe:/o:centos:centos:${major}"
HOME_URL="https://${seven ? 'www.' : ''}centos.org/"
BUG_REPORT_URL="https://bugs.centos.org/"
${seven ? '\n' : ''}CENTOS_MANTISBT_PROJECT="CentOS-${major}"
CENTOS_MANTISBT_PROJECT_VERSION="${major}"
${seven ? 'REDHAT_SUPPORT_PRODUCT="centos"\nREDHAT_SUPPORT_PRODUCT_VERSION="7"\n\n' : ''}`;
};

/** As in alpine:3.22 (alpine-baselayout). */
const alpineOsRelease = (release: string): string => `NAME="Alpine Linux"
ID=alpine
VERSION_ID=${release}
PRETTY_NAME="Alpine Linux v${release.split('.').slice(0, 2).join('.')}"
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

/** Its packages are bookworm's, whatever its release (machines/packages). */
export function debian(tag: string, users = '', groups = ''): Tree {
  const { major, codename, point } = debianRelease(tag);
  const release = debianOsRelease(major, codename, point);
  return layers(glibc(release, users, groups), programs('/usr/bin', 'apt apt-cache apt-get dpkg dpkg-query'), {
    '/etc/debian_version': file(`${point}\n`),
    '/var/lib/apt/lists/partial': directory(0o700, 42),
  });
}

export function ubuntu(tag: string): Tree {
  const id = ubuntuRelease(tag);
  return layers(
    glibc(ubuntuOsRelease(id)),
    { '/etc/debian_version': file(`${UBUNTUS[id]![3]}\n`) },
    programs('/usr/bin', 'ps top free uptime pgrep pkill watch'),
  );
}

/** What each tag's images say in /etc/centos-release; 6 is before os-release, and has nothing else. */
const CENTOSES: Readonly<Record<string, string>> = {
  8: 'CentOS Linux release 8.4.2105',
  7: 'CentOS Linux release 7.9.2009 (Core)',
  6: 'CentOS release 6.10 (Final)',
};

export function centos(tag: string): Tree {
  const major = /[678]/.exec(tag)?.[0] ?? '8';
  const { '/etc/os-release': release, ...base } = glibc(centosOsRelease(major));
  return layers(base, programs('/usr/bin', 'ps top free uptime pgrep pkill watch less vi curl'), {
    '/usr/bin/sh': program('bash'),
    '/etc/centos-release': file(`${CENTOSES[major]}\n`),
    '/etc/redhat-release': link('centos-release'),
    ...(major !== '6' && { '/etc/os-release': release! }),
  });
}

export const alpine = (release: string, users = '', groups = ''): Tree =>
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
    '/etc/os-release': file(alpineOsRelease(release)),
    '/etc/alpine-release': file(`${release}\n`),
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
