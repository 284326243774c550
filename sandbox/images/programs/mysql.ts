/** MySQL and MariaDB as their images start them: the password is asked for, the data directory is filled, the server answers on its port. */

import { Errno } from '../../machines/errno.ts';
import type { Process } from '../../machines/process.ts';
import { firstOf, type Task, until } from '../../sim/task.ts';
import { RELEASES } from '../releases.ts';
import { lockFile, ownDirectory } from './data-directory.ts';
import { serveClient } from './mysql/session.ts';
import { runInstead } from './nginx.ts';
import { beside, Listening, signals } from './waiting.ts';

const DATA = '/var/lib/mysql';
const PASSWORDS = ['ROOT_PASSWORD', 'ALLOW_EMPTY_PASSWORD', 'RANDOM_ROOT_PASSWORD'];
/** InnoDB's system tablespace and logs, as large as they are at first would be 12 MiB; the lab's are short. */
const FILES: Readonly<Record<string, number>> = {
  'auto.cnf': 56,
  'binlog.000001': 158,
  'binlog.index': 16,
  'ca.pem': 1112,
  'client-cert.pem': 1112,
  ib_buffer_pool: 3584,
  ibdata1: 12_288,
  'server-cert.pem': 1112,
  undo_001: 16_384,
  undo_002: 16_384,
};
/** Who may log in: the lab's grant tables are JSON. */
const ACCOUNTS = `${DATA}/mysql.ibd`;
const FIRST_CONNECTION = 8;
/** uid of `mysql` in the images. */
const MYSQL_USER = 999;
const FOLDERS = ['#innodb_redo', '#innodb_temp', 'mysql', 'performance_schema', 'sys'];

export function* mysqlEntrypoint(process: Process, argv: readonly string[]): Task<number> {
  const [, command = 'mysqld', ...rest] = argv;
  if (command !== 'mysqld' && command !== 'mariadbd') return yield* runInstead(process, argv.slice(1));
  const name = command === 'mysqld' ? 'MySQL' : 'MariaDB';
  const note = (text: string) => `${entrypointDate(process.now())} [Note] [Entrypoint]: ${text}\n`;
  yield* process.print(note(`Entrypoint script for ${name} Server started.`));
  if (!(yield* initialized(process))) {
    const prefixes = name === 'MySQL' ? ['MYSQL_'] : ['MYSQL_', 'MARIADB_'];
    const given = prefixes.some((prefix) => PASSWORDS.some((one) => process.env.get(prefix + one)));
    if (!given) {
      const options = PASSWORDS.map((one) => `    - ${prefixes.at(-1)}${one}`).join('\n');
      yield* process.error(
        `${entrypointDate(process.now())} [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n    You need to specify one of the following as an environment variable:\n${options}\n`,
      );
      return 1;
    }
    if (!(yield* ownDirectory(process, DATA, MYSQL_USER))) return 1;
    yield* process.print(note('Initializing database files'));
    yield* process.sleep(2_500);
    const failure = yield* initialize(process);
    if (failure !== undefined) {
      yield* process.error(`${entrypointDate(process.now())} [ERROR] [Entrypoint]: ${failure}\n`);
      return 1;
    }
    yield* process.print(
      note('Database files initialized') + note('MySQL init process done. Ready for start up.').replace('MySQL', name),
    );
  }
  return yield* mysqld(process, [command, ...rest]);
}

function* initialized(process: Process): Task<boolean> {
  try {
    return (yield* process.stat(`${DATA}/mysql`)).type === 'directory';
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}

function* initialize(process: Process): Task<string | undefined> {
  try {
    for (const folder of FOLDERS) yield* process.mkdir(`${DATA}/${folder}`, 0o750);
    for (const [name, size] of Object.entries(FILES))
      yield* process.writeFile(`${DATA}/${name}`, new Uint8Array(size), { mode: 0o640 });
    yield* process.writeFile(ACCOUNTS, JSON.stringify(accounts(process)), { mode: 0o640 });
    const database = process.env.get('MYSQL_DATABASE') ?? process.env.get('MARIADB_DATABASE');
    if (database) yield* process.mkdir(`${DATA}/${database}`, 0o750);
    return undefined;
  } catch (error) {
    if (error instanceof Errno && error.code === 'EEXIST')
      return '--initialize specified but the data directory has files in it. Aborting.';
    if (error instanceof Errno) return `mysqld: Can't create/write to file '${DATA}' (${error.message})`;
    throw error;
  }
}

/** What the image's variables ask for; later they change nothing. */
function accounts(process: Process): Record<string, string> {
  const value = (name: string) => process.env.get(`MYSQL_${name}`) ?? process.env.get(`MARIADB_${name}`);
  const user = value('USER');
  return { root: value('ROOT_PASSWORD') ?? '', ...(user !== undefined && { [user]: value('PASSWORD') ?? '' }) };
}

function* passwords(process: Process): Task<Record<string, string>> {
  try {
    return JSON.parse(yield* process.readText(ACCOUNTS)) as Record<string, string>;
  } catch (error) {
    if (error instanceof Errno || error instanceof SyntaxError) return {};
    throw error;
  }
}

/** What `mysqld --version` and `mysql --version` say after the version (mysql:8 images). */
const MYSQL_BUILD = 'for Linux on x86_64 (MySQL Community Server - GPL)\n';
/** What `mariadbd --version` says (mariadb:11 images). */
const mariaVersion = (version: string): string =>
  `mariadbd  Ver ${version}-MariaDB-ubu2404 for debian-linux-gnu on x86_64 (mariadb.org binary distribution)\n`;

export function* mysqld(process: Process, argv: readonly string[]): Task<number> {
  const maria = argv[0]?.endsWith('mariadbd') ?? false;
  const version = maria
    ? (process.env.get('MARIADB_VERSION') ?? RELEASES.mariadb)
    : (process.env.get('MYSQL_VERSION') ?? RELEASES.mysql);
  if (argv.slice(1).some((word) => word === '--version' || word === '-V')) {
    yield* process.print(maria ? mariaVersion(version) : `/usr/sbin/mysqld  Ver ${version} ${MYSQL_BUILD}`);
    return 0;
  }
  const stop = signals(process, 'SIGTERM', 'SIGQUIT');
  const system: LogLine = (code, text) => logLine(process, 'System', code, 'Server', text);
  yield* process.error(
    system('015015', 'MySQL Server - start.') +
      system('010116', `/usr/sbin/${argv[0]} (mysqld ${version}) starting as process ${process.pid}`),
  );
  if (!(yield* lockTablespace(process, { maria, system }))) return 1;
  yield* process.sleep(700);
  const listening = new Listening(process, 3306);
  try {
    yield* process.error(
      system(
        '010931',
        `/usr/sbin/${argv[0]}: ready for connections. Version: '${version}'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306  ${maria ? 'mariadb.org binary distribution' : 'MySQL Community Server - GPL'}.`,
      ),
    );
    const identity = { version, passwords: yield* passwords(process) };
    let id = FIRST_CONNECTION;
    yield* listening.until(stop, (connection) => beside(process, serveClient(process, connection, id++, identity)));
    yield* process.error(system('013172', 'Received SHUTDOWN from user <via user signal>. Shutting down mysqld.'));
    yield* process.sleep(400);
    yield* process.error(
      system(
        '010910',
        `/usr/sbin/${argv[0]}: Shutdown complete (mysqld ${version})  ${maria ? 'mariadb.org' : 'MySQL Community Server - GPL'}.`,
      ),
    );
    return 0;
  } finally {
    listening.close();
  }
}

type LogLine = (code: string, text: string) => string;

/** A line of MySQL 8's error log. */
const logLine = (process: Process, level: string, code: string, subsystem: string, text: string): string =>
  `${new Date(process.now()).toISOString().replace('Z', '000Z')} ${subsystem === 'InnoDB' ? 1 : 0} [${level}] [MY-${code}] [${subsystem}] ${text}\n`;

/** InnoDB tries a hundred times, a second apart (storage/innobase/fil/fil0fil.cc, os0file.cc). */
const LOCK_RETRIES = 100;

/** Another server may work on the same files: InnoDB waits for its lock, says so each second, and gives up. */
function* lockTablespace(
  process: Process,
  { maria, system }: { readonly maria: boolean; readonly system: LogLine },
): Task<boolean> {
  const stop = signals(process, 'SIGTERM', 'SIGQUIT');
  const error = (code: string, text: string, subsystem = 'InnoDB') =>
    maria
      ? `${entrypointDate(process.now()).slice(0, 19)} 0 [ERROR] ${subsystem === 'InnoDB' ? 'InnoDB: ' : ''}${text}\n`
      : logLine(process, 'ERROR', code, subsystem, text);
  for (let tried = 0; tried <= LOCK_RETRIES; tried++) {
    try {
      if (yield* lockFile(process, `${DATA}/ibdata1`)) return true;
    } catch (problem) {
      // There is no tablespace: it is made, and nobody else has it.
      if (!(problem instanceof Errno)) throw problem;
      return true;
    }
    yield* process.error(error('012574', 'Unable to lock ./ibdata1 error: 11'));
    const woken = yield* firstOf(stop.readable, until(process.machine.clock, process.now() + 1_000));
    if (woken.index === 0) return false;
  }
  yield* process.error(
    error('012592', 'Operating system error number 11 in a file operation.') +
      error('012596', "Error number 11 means 'Resource temporarily unavailable'") +
      error('012215', "Cannot open datafile './ibdata1'") +
      error(
        '012929',
        'InnoDB Database creation was aborted with error Cannot open a file. You may need to delete the ibdata1 file before trying to start up again.',
      ) +
      error('010020', 'Data Dictionary initialization failed.', 'Server') +
      error('010119', 'Aborting', 'Server') +
      system('010910', `/usr/sbin/mysqld: Shutdown complete.`),
  );
  return false;
}

const entrypointDate = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}+00:00`;
