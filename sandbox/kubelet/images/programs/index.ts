/** What only images hold: the servers they start, and busybox's clients. */

import type { ProgramEntry } from '../../../machines/machine.ts';
import type { Program } from '../../../machines/process.ts';
import { helloApp } from './hello-app.ts';
import { httpd } from './httpd.ts';
import { memcached, redisCli, redisServer } from './key-value.ts';
import { mysqlClient } from './mysql/client.ts';
import { mysqld, mysqlEntrypoint } from './mysql.ts';
import { nginx, nginxEntrypoint, runInstead } from './nginx.ts';
import { nslookup, oldNslookup } from './nslookup.ts';
import { postgres, postgresEntrypoint } from './postgres.ts';
import { wget } from './wget.ts';

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
  'redis-server': redisServer,
  'redis-cli': redisCli,
  memcached,
  mysql: mysqlClient,
  mysqld,
  'docker-entrypoint-mysql': mysqlEntrypoint,
  postgres,
  'docker-entrypoint-postgres': postgresEntrypoint,
  'hello-app': helloApp,
  nslookup,
  'nslookup-1.28': oldNslookup,
  wget,
};

export const imagePrograms: ReadonlyMap<string, ProgramEntry> = new Map(
  Object.entries(PROGRAMS).map(([name, run]) => [name, { run }]),
);
