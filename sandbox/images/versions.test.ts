/** What an image's tag says, its container says. */

import { expect, test } from 'vitest';
import { startLab } from '../kubelet/testing/lab.ts';
import { DECLARATIONS } from './declarations.ts';
import { RELEASES, releaseOf } from './releases.ts';

test.for([
  ['latest', '1.29.3', '1.29.3'],
  ['1', '1.29.3', '1.29.3'],
  ['1.29-alpine', '1.29.3', '1.29.3'],
  ['1.25', '1.29.3', '1.25.0'],
  ['1.14.2', '1.29.3', '1.14.2'],
  ['17', '18.1', '17.0'],
  ['stable', '1.29.3', '1.29.3'],
])('%s of %s is %s', ([tag, latest, release]) => expect(releaseOf(tag!, latest!)).toBe(release));

const logged = (text: (release: string) => string) => ({ said: text });
const asked = (command: string, text: (release: string) => string) => ({ command, said: text });

/** Where a container says which release it is: in its log, or asked for. */
const SAYS: Readonly<Record<string, { command?: string; said: (release: string) => string }>> = {
  nginx: asked('nginx -v 2>&1', (release) => `nginx version: nginx/${release}\n`),
  httpd: logged((release) => `Apache/${release} (Unix) configured`),
  redis: logged((release) => `Redis version=${release},`),
  mysql: logged((release) => `Version: '${release}'`),
  mariadb: logged((release) => `Version: '${release}'`),
  postgres: logged((release) => `starting PostgreSQL ${release} (Debian ${release}-1.pgdg12+1)`),
  memcached: asked('echo $MEMCACHED_VERSION', (release) => `${release}\n`),
  wordpress: asked('echo $WORDPRESS_VERSION', (release) => `${release}\n`),
  busybox: asked('busybox | head -n 1', (release) => `BusyBox v${release} `),
  alpine: asked('cat /etc/alpine-release', (release) => `${release}\n`),
  debian: asked('cat /etc/debian_version', (release) => `${release}\n`),
  ubuntu: asked('. /etc/os-release; echo $VERSION_ID', (release) => `${release}\n`),
  centos: asked('. /etc/os-release; echo $VERSION_ID', (release) => `${release.split('.')[0]}\n`),
};
const ENV = ['MYSQL_ROOT_PASSWORD', 'MARIADB_ROOT_PASSWORD', 'POSTGRES_PASSWORD'].map((name) => ({ name, value: 'x' }));

/** Beside the newest: an older one whose containers differ. */
const OLDER = ['nginx:1.25.5', 'httpd:2.4.58', 'redis:7.2.4', 'mysql:8.4.0', 'postgres:17.6', 'alpine:3.20.3'].concat([
  'debian:12.5',
  'ubuntu:22.04',
  'centos:7',
  'memcached:1.6.20',
  'busybox:1.36.1',
  'mariadb:11.4.2',
]);
const newest = DECLARATIONS.filter(
  ({ names: [name], version }) => version !== undefined && !/^(registry\.k8s|quay)\.io\//.test(name!),
).map(({ names: [name], version }) => `${name}:${version}`);

test.for([...newest, ...OLDER])('%s says so', (image) => {
  const [name = '', release = ''] = image.split(':');
  const says = SAYS[name];
  if (!says) throw new Error(`where does ${name} say its version?`);
  const lab = startLab();
  const shell = says.command !== undefined && !['nginx', 'memcached', 'wordpress'].includes(name);
  lab.pod('p', { containers: [{ name: 'c', image, env: ENV, ...(shell && { args: ['sleep', '9999'] }) }] });
  lab.clock.settle();
  lab.advance(10_000);
  const heard = says.command ? lab.exec('p', 'c', ['sh', '-c', says.command]).stdout : lab.logs('p', 'c');
  expect(heard).toContain(says.said(release));
});

test('latest is the newest', () => {
  const lab = startLab();
  lab.pod('p', { containers: [{ name: 'c', image: 'postgres', env: ENV }] });
  lab.clock.settle();
  lab.advance(10_000);
  expect(lab.logs('p', 'c')).toContain('starting PostgreSQL 18.1 ');
  expect(lab.exec('p', 'c', ['sh', '-c', 'cat $PGDATA/PG_VERSION; echo $PGDATA']).stdout).toBe(
    '18\n/var/lib/postgresql/18/docker\n',
  );
});

/** What each image's container answers when it is asked, by the part of the name that says what is in it. */
const ANSWERS: Readonly<Record<string, Readonly<Record<string, (release: string) => string>>>> = {
  nginx: { 'nginx -v 2>&1': (release) => `nginx version: nginx/${release}\n` },
  httpd: { 'httpd -v | head -n 1': (release) => `Server version: Apache/${release} (Unix)\n` },
  postgres: {
    'psql --version': (release) => `psql (PostgreSQL) ${release} (Debian ${release}-1.pgdg12+1)\n`,
    'postgres -V': (release) => `postgres (PostgreSQL) ${release} (Debian ${release}-1.pgdg12+1)\n`,
  },
  mysql: {
    'mysqld --version': (release) =>
      `/usr/sbin/mysqld  Ver ${release} for Linux on x86_64 (MySQL Community Server - GPL)\n`,
    'mysql -V': (release) => `mysql  Ver ${release} for Linux on x86_64 (MySQL Community Server - GPL)\n`,
  },
  mariadb: {
    'mariadbd --version': (release) =>
      `mariadbd  Ver ${release}-MariaDB-ubu2404 for debian-linux-gnu on x86_64 (mariadb.org binary distribution)\n`,
    'mariadb --version': (release) => `mariadb from ${release}-MariaDB, client `,
  },
  memcached: { 'memcached --version': (release) => `memcached ${release}\n` },
  redis: { 'echo $REDIS_DOWNLOAD_URL': (release) => `/${release}.tar.gz\n` },
  /** Of 1.28, 1.36 and 1.37 there are builds; 1.29 to 1.35 are the second. */
  busybox: { 'busybox | head -n 1': (release) => `BusyBox v${release.replace(/^1\.29\.0$/, '1.36.1')}` },
};
/** FROM scratch: nobody there to ask. */
const MUTE = ['pause', 'hello-app'];
/** Versioned by themselves, not as the server in them. */
const HOLDS: Readonly<Record<string, readonly [what: string, release: string]>> = {
  wordpress: ['httpd', RELEASES.httpd],
  'nginx-slim': ['nginx', RELEASES.nginx],
};
/** A tag's release of a distribution: what `. /etc/os-release; echo $ID $VERSION_ID` prints. */
const DISTRIBUTIONS: Readonly<Record<string, RegExp>> = {
  'debian 13': /trixie|^13|^(stable|stable-slim|sid|testing)$/,
  'debian 12': /bookworm|^12|^oldstable$/,
  'debian 11': /bullseye|^11/,
  'ubuntu 25.10': /^(25\.10|questing|rolling|devel)$/,
  'ubuntu 24.04': /^(24\.04|noble)$/,
  'ubuntu 22.04': /^(22\.04|jammy)$/,
  'ubuntu 20.04': /^(20\.04|focal)$/,
  'ubuntu 18.04': /^(18\.04|bionic)$/,
  'centos 8': /^(8.*|centos8)$/,
  'centos 7': /^(7.*|centos7)$/,
};

const everyImage = DECLARATIONS.map((declaration) => ({ image: declaration.names[0]!, declaration }));

test.for(everyImage.filter(({ image }) => !MUTE.includes(image.split('/').pop()!)))(
  '$image, each of its tags',
  ({ image, declaration: { version = '', tags = '', alpine } }) => {
    const lab = startLab();
    const name = image.split('/').pop()!;
    const every = [version, ...tags.split(' '), ...(alpine ? ['alpine'] : [])].filter(Boolean);
    for (const [i, tag] of every.entries())
      lab.pod(`p${i}`, { containers: [{ name: 'c', image: `${image}:${tag}`, command: ['sleep', '99999'] }] });
    lab.clock.settle();
    lab.advance(30_000);
    for (const [i, tag] of every.entries()) {
      const says = (command: string) => lab.exec(`p${i}`, 'c', ['sh', '-c', command]).stdout;
      const [what, release] = HOLDS[name] ?? [name, releaseOf(tag, version)];
      for (const [command, answer] of Object.entries(ANSWERS[what] ?? {}))
        expect(says(command), tag).toContain(answer(/^\d/.test(release) ? release : version));
      if (name === 'centos' && tag === 'centos6') expect(says('cat /etc/centos-release')).toMatch(/^CentOS release 6/);
      else if (name === 'debian' || name === 'ubuntu' || name === 'centos')
        expect(DISTRIBUTIONS[says('. /etc/os-release; echo $ID $VERSION_ID').trim()]?.test(tag), tag).toBe(true);
      else if (name === 'alpine' || tag === 'alpine')
        expect(says('. /etc/os-release; echo $ID $VERSION_ID'), tag).toBe(`alpine ${says('cat /etc/alpine-release')}`);
      else if (name !== 'busybox') expect(says('. /etc/os-release; echo $ID $VERSION_ID'), tag).toBe('debian 12\n');
    }
  },
);

test('os-release is what the distributions ship, line by line', () => {
  const lab = startLab();
  const shown = (image: string) => {
    const pod = image.replace(/\W/g, '-');
    lab.pod(pod, { containers: [{ name: 'c', image, command: ['sleep', '99999'] }] });
    lab.clock.settle();
    lab.advance(30_000);
    return lab.exec(pod, 'c', ['cat', '/etc/os-release']).stdout;
  };
  expect(shown('debian:13.1')).toBe(`PRETTY_NAME="Debian GNU/Linux 13 (trixie)"
NAME="Debian GNU/Linux"
VERSION_ID="13"
VERSION="13 (trixie)"
VERSION_CODENAME=trixie
DEBIAN_VERSION_FULL=13.1
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`);
  expect(shown('ubuntu:20.04')).toBe(`NAME="Ubuntu"
VERSION="20.04.6 LTS (Focal Fossa)"
ID=ubuntu
ID_LIKE=debian
PRETTY_NAME="Ubuntu 20.04.6 LTS"
VERSION_ID="20.04"
HOME_URL="https://www.ubuntu.com/"
SUPPORT_URL="https://help.ubuntu.com/"
BUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"
PRIVACY_POLICY_URL="https://www.ubuntu.com/legal/terms-and-policies/privacy-policy"
VERSION_CODENAME=focal
UBUNTU_CODENAME=focal
`);
  expect(shown('ubuntu:22.04')).toMatch(
    /^PRETTY_NAME="Ubuntu 22.04.5 LTS"\nNAME="Ubuntu"\n.*\nUBUNTU_CODENAME=jammy\n$/s,
  );
  expect(shown('centos:7')).toBe(`NAME="CentOS Linux"
VERSION="7 (Core)"
ID="centos"
ID_LIKE="rhel fedora"
VERSION_ID="7"
PRETTY_NAME="CentOS Linux 7 (Core)"
ANSI_COLOR="0;31"
CPE_NAME="cpe:/o:centos:centos:7"
HOME_URL="https://www.centos.org/"
BUG_REPORT_URL="https://bugs.centos.org/"

CENTOS_MANTISBT_PROJECT="CentOS-7"
CENTOS_MANTISBT_PROJECT_VERSION="7"
REDHAT_SUPPORT_PRODUCT="centos"
REDHAT_SUPPORT_PRODUCT_VERSION="7"

`);
});
