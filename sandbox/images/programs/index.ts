/** What only images hold: the servers they start, and busybox's clients. */

import type { ProgramEntry } from '../../machines/machine.ts';
import type { Program } from '../../machines/process.ts';
import { part } from '../../sim/parts.ts';
import { BUSYBOX_APPLETS } from './busybox/applet-names.ts';
import { busyboxPrograms } from './busybox/index.ts';
import { helloApp } from './hello-app.ts';
import { httpd } from './httpd.ts';
import { memcached, redisCli, redisEntrypoint, redisServer } from './key-value.ts';
import { nginx, nginxEntrypoint, runInstead } from './nginx.ts';
import { postgres, postgresEntrypoint, psql } from './postgres.ts';

const pause: Program = function* () {
  yield () => undefined;
  return 0;
};

/** docker-entrypoint.sh of images that only change the user: runs its arguments. */
const entrypoint: Program = (process, argv) => runInstead(process, argv.slice(1));

const PROGRAMS: Readonly<Record<string, Program>> = {
  pause,
  nginx,
  'docker-entrypoint-nginx': nginxEntrypoint,
  'docker-entrypoint-exec': entrypoint,
  httpd,
  'docker-entrypoint-redis': redisEntrypoint,
  'redis-server': redisServer,
  'redis-cli': redisCli,
  memcached,
  postgres,
  psql,
  'docker-entrypoint-postgres': postgresEntrypoint,
  'hello-app': helloApp,
};

/** Rarer ones are loaded when first called. */
const mysqlClient = part('image/mysql', () => import('./mysql/client.ts'));
const mysqlServer = part('image/mysqld', () => import('./mysql.ts'));
const nslookup = part('image/nslookup', () => import('./nslookup.ts'));
const wget = part('image/wget', () => import('./wget.ts'));

const ON_CALL: Readonly<Record<string, () => Promise<Program>>> = {
  mysql: async () => (await mysqlClient()).mysqlClient,
  mysqld: async () => (await mysqlServer()).mysqld,
  'docker-entrypoint-mysql': async () => (await mysqlServer()).mysqlEntrypoint,
  nslookup: async () => (await nslookup()).nslookup,
  'nslookup-1.28': async () => (await nslookup()).oldNslookup,
  wget: async () => (await wget()).wget,
};

const own = new Map<string, ProgramEntry>([
  ...Object.entries(PROGRAMS).map(([name, run]) => [name, { run }] as const),
  ...Object.entries(ON_CALL).map(([name, load]) => [name, { load }] as const),
]);

export const imagePrograms: ReadonlyMap<string, ProgramEntry> = new Map<string, ProgramEntry>([
  ...own,
  ...busyboxPrograms(BUSYBOX_APPLETS, own),
]);
