/** rpcinfo(8) -p and nfsstat(8) -m. */

import { isErrno } from '../../errno.ts';
import { NFS_PORT, NfsServer, RPCBIND_PORT } from '../../nfs/server.ts';
import type { Program } from '../../process.ts';
import { tool } from '../../programs/tool.ts';
import { machineOf } from '../kernel-access.ts';
import { resolveHost } from '../network/resolve.ts';

type Registration = readonly [program: number, version: number, protocol: string, port: number, name: string];

const PORTMAPPER: readonly Registration[] = [4, 3, 2].flatMap((version) =>
  ['tcp', 'udp'].map((protocol) => [100_000, version, protocol, 111, 'portmapper'] as const),
);

const NFS: readonly Registration[] = [
  ...[1, 2, 3].flatMap((version) =>
    ['udp', 'tcp'].map((protocol) => [100_005, version, protocol, 20_048, 'mountd'] as const),
  ),
  [100_003, 3, 'tcp', 2049, 'nfs'],
  [100_003, 4, 'tcp', 2049, 'nfs'],
  [100_227, 3, 'tcp', 2049, ''],
];

export const rpcinfo = tool(
  'rpcinfo',
  { short: 'pmst:u:', usage: 'rpcinfo [-m | -s] [host]\n       rpcinfo -p [host]' },
  function* (self) {
    const { process, operands } = self;
    const machine = machineOf(process);
    const host = operands[0] ?? '127.0.0.1';
    const address = yield* resolveHost(process, host);
    if (!address) {
      yield* process.error(`rpcinfo: can't contact rpcbind: RPC: Unknown host\n`);
      return 1;
    }
    try {
      yield* machine.network.handshake(machine.address, address, RPCBIND_PORT);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* process.error(`rpcinfo: can't contact portmapper: RPC: Remote system error - ${error.message}\n`);
      return 1;
    }
    const server = machine.network.service(address.startsWith('127.') ? machine.address : address, NFS_PORT);
    const rows = [...PORTMAPPER, ...(server instanceof NfsServer && server.running ? NFS : [])];
    const line = ([program, version, protocol, port, name]: Registration) =>
      `${String(program).padStart(10)}${String(version).padStart(5)}   ${protocol}${String(port).padStart(7)}  ${name}`.trimEnd();
    yield* self.print(`   program vers proto   port  service\n${rows.map((row) => `${line(row)}\n`).join('')}`);
    return 0;
  },
);

export const nfsstat: Program = tool('nfsstat', { short: 'mcs34', usage: 'nfsstat [OPTION]...' }, function* (self) {
  if (!self.has('m')) return;
  const mounts = self.process.mounts().filter(({ type }) => type === 'nfs' || type === 'nfs4');
  yield* self.print(
    mounts.map(({ target, source, options }) => `${target} from ${source}\n Flags:\t${options}\n\n`).join(''),
  );
});
