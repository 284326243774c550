/** showmount(8) of nfs-utils 2.6.2: asks a server's mountd, by way of its rpcbind. */

import { runSync, type Task } from '../../../sim/task.ts';
import { type ErrnoCode, isErrno } from '../../errno.ts';
import { clientType, EVERYBODY } from '../../nfs/export-table.ts';
import { NFS_PORT, NfsServer, RPCBIND_PORT } from '../../nfs/server.ts';
import type { Process, Program } from '../../process.ts';
import { OptionError, type Options, parseOptions } from '../../programs/getopt.ts';
import { machineOf } from '../kernel-access.ts';
import { resolveHost } from '../network/resolve.ts';

const USAGE = `Usage: showmount [-adehv]
       [--all] [--directories] [--exports]
       [--no-headers] [--help] [--version] [host]
`;

const LONG = { all: 'a', directories: 'd', exports: 'e', 'no-headers': 'n', help: 'h', version: 'v' };

export const showmount: Program = function* (process, argv) {
  let options: Options;
  try {
    options = parseOptions(argv.slice(1), { short: 'adehvn', long: LONG });
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* process.error(`showmount: ${error.message}\n${USAGE}`);
    return 1;
  }
  if (options.has('h')) {
    yield* process.print(USAGE);
    return 0;
  }
  if (options.has('v')) {
    yield* process.print('showmount for 2.6.2\n');
    return 0;
  }
  const chosen = ['a', 'd', 'e'].filter((letter) => options.has(letter));
  if (chosen.length > 1) {
    yield* process.error('showmount: only one of -a, -d or -e is allowed\n');
    return 1;
  }
  const host = options.operands[0] ?? machineOf(process).hostname;
  const server = yield* ask(process, options.operands[0]);
  if (typeof server === 'string') {
    yield* process.error(`${server}\n`);
    return 1;
  }
  yield* process.print(answer(server, host, chosen[0] ?? '', options.has('n')));
  return 0;
};

/** What rpcbind's silence is called (clnt_spcreateerror of libtirpc). */
const RPC_ERRORS: Partial<Record<ErrnoCode, string>> = {
  ECONNREFUSED: 'clnt_create: RPC: Unable to receive',
  EHOSTUNREACH: 'clnt_create: RPC: Port mapper failure - Unable to receive: errno 113 (No route to host)',
  ETIMEDOUT: 'clnt_create: RPC: Port mapper failure - Timed out',
};

function* ask(process: Process, host: string | undefined): Task<NfsServer | string> {
  const machine = machineOf(process);
  const address = host === undefined ? machine.address : yield* resolveHost(process, host);
  if (!address) return 'clnt_create: RPC: Unknown host';
  try {
    yield* machine.network.handshake(machine.address, address, RPCBIND_PORT);
  } catch (error) {
    if (isErrno(error)) return RPC_ERRORS[error.code] ?? 'clnt_create: RPC: Unable to receive';
    throw error;
  }
  const to = address.startsWith('127.') ? machine.address : address;
  const server = machine.network.service(to, NFS_PORT);
  if (!(server instanceof NfsServer) || !server.running) return 'clnt_create: RPC: Program not registered';
  return server;
}

function answer(server: NfsServer, host: string, what: string, bare: boolean): string {
  const head = (text: string) => (bare ? '' : `${text}\n`);
  if (what === 'e') return head(`Export list for ${host}:`) + exportList(server);
  const mounts = rmtab(server);
  if (what === 'a')
    return head(`All mount points on ${host}:`) + lines(mounts.map(([client, path]) => `${client}:${path}`));
  if (what === 'd') return head(`Directories on ${host}:`) + lines([...new Set(mounts.map(([, path]) => path))]);
  return head(`Hosts on ${host}:`) + lines([...new Set(mounts.map(([client]) => client))]);
}

/** As rpc.mountd makes the list (get_exportlist): the last path first, everybody in the place of others, subnets and wildcards in that of hosts they hold. */
function exportList(server: NfsServer): string {
  const list: { path: string; clients: string[] }[] = [];
  for (const one of server.exports) {
    const { path, client } = one;
    let entry = list.find((other) => other.path === path);
    if (!entry) {
      entry = { path, clients: [] };
      list.unshift(entry);
    }
    const type = clientType(client);
    if (type === EVERYBODY && entry.clients.length > 0) {
      entry.clients = [];
      continue;
    }
    if (type !== 0)
      entry.clients = entry.clients.filter((host) => clientType(host) !== 0 || !server.includes(one, host));
    if (client !== '') entry.clients.unshift(client);
  }
  const width = Math.max(0, ...list.map(({ path }) => path.length));
  return list
    .map(({ path, clients }) => `${path.padEnd(width)} ${clients.length === 0 ? '(everyone)' : clients.join(',')}\n`)
    .join('');
}

function rmtab(server: NfsServer): [string, string][] {
  try {
    const text = runSync(server.machine.init.readText('/var/lib/nfs/rmtab'));
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).replace(/:0x\w+$/, '')]);
  } catch {
    return [];
  }
}

const lines = (list: readonly string[]): string =>
  [...list]
    .sort()
    .map((line) => `${line}\n`)
    .join('');
