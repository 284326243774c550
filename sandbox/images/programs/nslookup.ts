/** busybox's nslookup: since 1.29 with a resolver of its own (networking/nslookup.c, FEATURE_NSLOOKUP_BIG), before that with the C library's. */

import type { RecordType } from '../../machines/network/dns.ts';
import { reverseName } from '../../machines/network/dns.ts';
import type { Process } from '../../machines/process.ts';
import {
  askServers,
  isAddress,
  nameOfAddress,
  resolveAll,
  resolverConfiguration,
} from '../../machines/system-programs/network/resolve.ts';
import type { Task } from '../../sim/task.ts';

const TYPES: Readonly<Record<string, RecordType>> = { a: 'A', aaaa: 'AAAA', cname: 'CNAME', ptr: 'PTR', srv: 'SRV' };
const DNS_PORT = 53;

export function* nslookup(process: Process, argv: readonly string[]): Task<number> {
  const words = argv.slice(1).filter((word) => !word.startsWith('-'));
  const [name, server] = words;
  if (name === undefined || words.length > 2) return yield* usage(process);
  const types: RecordType[] = [];
  for (const option of argv.slice(1).filter((word) => word.startsWith('-'))) {
    const type = TYPES[/^-(?:type|querytype|q)=(\w+)$/.exec(option)?.[1]?.toLowerCase() ?? ''];
    if (!type) return yield* usage(process);
    types.push(type);
  }
  const { servers, search } = yield* resolverConfiguration(process);
  const asked = server ?? servers[0] ?? '127.0.0.1';
  const address = yield* addressOfServer(process, asked);
  if (address === undefined) {
    yield* process.error(`nslookup: bad address '${asked}'\n`);
    return 1;
  }
  let status = 0;
  let first = true;
  for (const question of questions(name, types, search)) {
    const answer = yield* askServers(process, [address], question.name, question.type);
    if (!answer) {
      yield* process.print(';; connection timed out; no servers could be reached\n\n');
      return 1;
    }
    if (first) yield* process.print(`Server:\t\t${asked}\nAddress:\t${address}:${DNS_PORT}\n\n`);
    first = false;
    if (answer.code !== 'NOERROR') {
      status = 1;
      yield* process.print(`** server can't find ${question.name}: ${answer.code}\n`);
    }
    for (const { name: of, type, data } of answer.records) yield* process.print(record(of, type, data));
    yield* process.print('\n');
  }
  return status;
}

function* addressOfServer(process: Process, server: string): Task<string | undefined> {
  const found = yield* resolveAll(process, server);
  return typeof found === 'string' ? undefined : found[0];
}

/** add_query_with_search: only a name without dots is looked for in the search domains. */
function questions(name: string, types: readonly RecordType[], search: readonly string[]) {
  if (isAddress(name) && types.length === 0) return [{ name: reverseName(name), type: 'PTR' as const }];
  const names = name.includes('.') || search.length === 0 ? [name] : search.map((domain) => `${name}.${domain}`);
  const asked: readonly RecordType[] = types.length > 0 ? types : ['A', 'AAAA'];
  return asked.flatMap((type) => names.map((one) => ({ name: one.replace(/\.$/, ''), type })));
}

function record(name: string, type: RecordType, data: string): string {
  if (type === 'A' || type === 'AAAA') return `Name:\t${name}\nAddress: ${data}\n`;
  if (type === 'CNAME') return `${name}\tcanonical name = ${data}\n`;
  return type === 'SRV' ? `${name}\tservice = ${data}\n` : `${name}\tname = ${data}\n`;
}

function* usage(process: Process): Task<number> {
  yield* process.error(
    'BusyBox v1.37.0 (2024-09-26 21:31:42 UTC) multi-call binary.\n\nUsage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n\nQuery DNS about HOST\n\nQUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,srv,ptr,any\n',
  );
  return 1;
}

/** Up to 1.28 (networking/nslookup.c of 1_28_stable): addresses by getaddrinfo, each with the name it has. */
export function* oldNslookup(process: Process, argv: readonly string[]): Task<number> {
  const [, name, server] = argv;
  if (name === undefined || name.startsWith('-') || argv.length > 3) {
    yield* process.error(
      'BusyBox v1.28.4 (2018-05-22 17:00:17 UTC) multi-call binary.\n\nUsage: nslookup [HOST] [SERVER]\n\nQuery the nameserver for the IP address of the given HOST\noptionally using a specified DNS server\n',
    );
    return 1;
  }
  const { servers } = yield* resolverConfiguration(process);
  yield* printHost(process, server ?? servers[0] ?? '127.0.0.1', 'Server:   ');
  yield* process.print('\n');
  return yield* printHost(process, name, 'Name:     ');
}

function* printHost(process: Process, name: string, header: string): Task<number> {
  const found = yield* resolveAll(process, name);
  if (typeof found === 'string') {
    yield* process.error(`nslookup: can't resolve '${name}'\n`);
    return 1;
  }
  yield* process.print(`${header} ${name}\n`);
  let n = 0;
  for (const address of found) {
    const known = yield* nameOfAddress(process, address);
    yield* process.print(`Address ${++n}: ${address}${known === undefined ? '' : ` ${known}`}\n`);
  }
  return 0;
}
