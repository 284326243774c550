/** One client of the server: its login, then its statements until it goes. */

import type { Connection } from '../../../machines/network/network.ts';
import type { Process } from '../../../machines/process.ts';
import { ownAddress } from '../../../machines/system-programs/kernel-access.ts';
import type { Task } from '../../../sim/task.ts';
import { Engine, SqlError } from './engine.ts';
import { type Login, type Query, Wire } from './wire.ts';

export interface ServerIdentity {
  readonly version: string;
  /** By user; the data directory keeps them. */
  readonly passwords: Readonly<Record<string, string>>;
}

export function* serveClient(
  process: Process,
  connection: Connection,
  id: number,
  { version, passwords }: ServerIdentity,
): Task<void> {
  const wire = new Wire(connection);
  wire.send({ version, id });
  const login = yield* wire.receive<Login>();
  if (login) yield* converse(process, wire, login, hostOf(process, connection), version, passwords);
  wire.close();
}

function* converse(
  process: Process,
  wire: Wire,
  login: Login,
  host: string,
  version: string,
  passwords: Readonly<Record<string, string>>,
): Task<void> {
  const user = `'${login.user}'@'${host}'`;
  if (passwords[login.user] !== login.password) {
    const using = login.password === '' ? 'NO' : 'YES';
    const message = `Access denied for user ${user} (using password: ${using})`;
    wire.send({ error: { code: 1045, state: '28000', message } });
    return;
  }
  const engine = new Engine(process, { version, user: `${login.user}@${host}` });
  for (
    let query: Query | undefined = { query: login.database === undefined ? 'SELECT 1' : `USE \`${login.database}\`` };
    query;
    query = yield* wire.receive<Query>()
  ) {
    try {
      wire.send({ result: yield* engine.execute(query.query) });
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      wire.send({ error: error.failure });
    }
  }
}

const hostOf = (process: Process, { peer }: Connection): string =>
  peer === ownAddress(process) || peer.startsWith('127.') ? 'localhost' : peer;
