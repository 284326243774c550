/** What an image's tag says, its container says. */

import { expect, test } from 'vitest';
import { startLab } from '../kubelet/testing/lab.ts';
import { DECLARATIONS } from './declarations.ts';
import { releaseOf } from './releases.ts';

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
