/** Names to addresses as the C library finds them: /etc/hosts, then the servers of /etc/resolv.conf (nsswitch's `files dns`; resolv.conf(5)). */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import { type Answer, type RecordType, reverseName } from '../../network/dns.ts';
import type { Process } from '../../process.ts';
import { machineOf, ownAddress } from '../kernel-access.ts';

export interface HostEntry {
  readonly address: string;
  readonly names: readonly string[];
}

export interface ResolverConfiguration {
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly ndots: number;
}

/** Each server is asked twice, for five seconds. */
const TIMEOUT = 5_000;
const ATTEMPTS = 2;

export function* hostsFile(process: Process): Task<HostEntry[]> {
  return (yield* lines(process, '/etc/hosts'))
    .filter((fields) => fields.length > 1)
    .map(([address, ...names]) => ({ address: address!, names }));
}

export function* resolverConfiguration(process: Process): Task<ResolverConfiguration> {
  const all = yield* lines(process, '/etc/resolv.conf');
  const servers = all.filter(([key]) => key === 'nameserver').map(([, address]) => address ?? '');
  const search = all.findLast(([key]) => key === 'search' || key === 'domain')?.slice(1) ?? [];
  const ndots = all.filter(([key]) => key === 'options').flat();
  const given = ndots.findLast((word) => word.startsWith('ndots:'))?.slice('ndots:'.length);
  return { servers, search, ndots: given === undefined ? 1 : Number(given) };
}

export const isAddress = (text: string): boolean => {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
};

/** EAI_NONAME, or EAI_AGAIN when no server answers. */
export type Unresolved = 'unknown' | 'no-answer';

/** getaddrinfo(3). */
export function* resolveAll(process: Process, name: string): Task<readonly string[] | Unresolved> {
  if (isAddress(name)) return [name];
  const entry = (yield* hostsFile(process)).find((one) => one.names.includes(name) && isAddress(one.address));
  if (entry) return [entry.address];
  const configuration = yield* resolverConfiguration(process);
  for (const candidate of candidates(name, configuration)) {
    const answer = yield* askServers(process, configuration.servers, candidate, 'A');
    if (!answer) return 'no-answer';
    const addresses = answer.records.filter(({ type }) => type === 'A').map(({ data }) => data);
    if (addresses.length > 0) return addresses;
  }
  return 'unknown';
}

/** The first address; undefined if there is none. */
export function* resolveHost(process: Process, name: string): Task<string | undefined> {
  const found = yield* resolveAll(process, name);
  return typeof found === 'string' ? undefined : found[0];
}

/** getnameinfo(3): the name of an address. */
export function* nameOfAddress(process: Process, address: string): Task<string | undefined> {
  const entry = (yield* hostsFile(process)).find((one) => one.address === address);
  if (entry) return entry.names[0];
  const { servers } = yield* resolverConfiguration(process);
  const answer = yield* askServers(process, servers, reverseName(address), 'PTR');
  return answer?.records.find(({ type }) => type === 'PTR')?.data;
}

/** The names to ask for: those of the search list before the name itself, unless it has `ndots` dots. */
function candidates(name: string, { search, ndots }: ResolverConfiguration): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const searched = search.map((domain) => `${name}.${domain}`);
  return name.split('.').length - 1 >= ndots ? [name, ...searched] : [...searched, name];
}

/** What the first server that answers says; undefined, after the time that takes, if none does. */
export function* askServers(
  process: Process,
  servers: readonly string[],
  name: string,
  type: RecordType,
): Task<Answer | undefined> {
  const { network } = machineOf(process);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    for (const server of servers) {
      const answer = yield* network.ask(ownAddress(process), server, { name, type });
      if (answer) return answer;
      yield* process.sleep(TIMEOUT);
    }
  }
  return undefined;
}

function* lines(process: Process, path: string): Task<string[][]> {
  try {
    const text = yield* process.readText(path);
    return text.split('\n').map((line) => line.replace(/#.*/, '').trim().split(/\s+/));
  } catch (error) {
    if (!isErrno(error)) throw error;
    return [];
  }
}
