/** The table exportfs(8) makes of /etc/exports: which client an entry is for, what is there twice, in which order (nfs-utils support/export). */

import type { Task } from '../../sim/task.ts';
import type { Complaint, Export } from './exports.ts';
import { type ExportOptions, optionBits } from './options.ts';

/** Order of listings (enum of exportfs.h): single hosts, subnets, wildcards, netgroups, everybody, GSS. */
export type ClientType = 0 | 1 | 2 | 3 | 4 | 5;

export const EVERYBODY: ClientType = 4;

/** client_gettype(): the first letter that decides. */
export function clientType(client: string): ClientType {
  if (client === '' || client === '*') return EVERYBODY;
  if (client.startsWith('gss/')) return 5;
  if (client.startsWith('@')) return 3;
  const decisive = /^(?:\\.|[^\\*?[/])*([*?[/])/s.exec(client)?.[1];
  if (decisive === undefined) return 0;
  return decisive === '/' ? 1 : 2;
}

/** getaddrinfo(3): the canonical name and the addresses. */
export type Resolver = (
  name: string,
) => Task<{ readonly name: string; readonly addresses: readonly string[] } | undefined>;

interface Client {
  readonly type: ClientType;
  /** As etab has it: a host's canonical name. */
  readonly name: string;
  readonly addresses: readonly string[];
}

export interface Entry {
  readonly client: Client;
  readonly path: string;
  /** The client as it was written. */
  readonly written: string;
  options: ExportOptions;
  /** It goes into etab (m_xtabent). */
  exported: boolean;
}

const TYPES = 6;
const BUCKETS = 1021;

export class ExportTable {
  readonly #resolve: Resolver;
  readonly #say: (complaint: Complaint) => Task<void>;
  readonly #clients: Client[] = [];
  /** One list a client type: a path new to it goes first, one whose hash is there goes after those of that hash. */
  readonly #lists: { hash: number; entry: Entry }[][] = Array.from({ length: TYPES }, () => []);

  constructor(resolve: Resolver, say: (complaint: Complaint) => Task<void>) {
    this.#resolve = resolve;
    this.#say = say;
  }

  /** In the order in which they are gone over. */
  get entries(): Entry[] {
    return this.#lists.flat().map(({ entry }) => entry);
  }

  /** What is exported, in the order of etab. */
  get exports(): Export[] {
    return this.entries
      .filter((one) => one.exported)
      .map(({ path, client, options }) => ({ path, client: client.name, options }));
  }

  /** From /etc/exports (export_read): what is there already is told. Both look-ups of an entry ask for its client, and complain. */
  *read({ path, client: written, options }: Export): Task<void> {
    const known = yield* this.#client(written);
    const same = known && this.#entry(known, path);
    if (same) yield* this.#duplicate(same, { path, client: written, options });
    else yield* this.#create(written, path, options);
  }

  /** From etab (xtab_read): what is there already keeps its options. */
  *keep({ path, client: written, options }: Export): Task<void> {
    const client = yield* this.#client(written);
    const entry =
      client && (this.#entry(client, path) ?? this.#insert({ client, path, written, options, exported: true }));
    if (entry) entry.exported = true;
  }

  /** From a command line: `options` makes them from those that are there. */
  *set(
    written: string,
    path: string,
    options: (known: ExportOptions | undefined) => ExportOptions,
  ): Task<Entry | undefined> {
    const client = yield* this.#client(written);
    // A host that has no address was complained about; other clients are asked for twice.
    if (!client && clientType(written) === 0) return undefined;
    const same = client && this.#entry(client, path);
    if (!same) return yield* this.#create(written, path, options(undefined));
    same.options = options(same.options);
    return same;
  }

  /** The client of a command line and its entry. */
  *lookup(written: string, path: string): Task<{ name: string; entry: Entry | undefined }> {
    const client = yield* this.#client(written);
    return { name: client?.name ?? written, entry: client && this.#entry(client, path) };
  }

  *#create(written: string, path: string, options: ExportOptions): Task<Entry | undefined> {
    const client = yield* this.#client(written);
    return client && this.#insert({ client, path, written, options, exported: false });
  }

  #entry(client: Client, path: string): Entry | undefined {
    return this.#lists[client.type]!.find(({ entry }) => entry.client === client && entry.path === path)?.entry;
  }

  #insert(entry: Entry): Entry {
    const list = this.#lists[entry.client.type]!;
    const hash = hashOf(entry.path);
    const last = list.findLastIndex((other) => other.hash === hash);
    if (last < 0) list.unshift({ hash, entry });
    else list.splice(last + 1, 0, { hash, entry });
    return entry;
  }

  *#duplicate(same: Entry, again: Export): Task<void> {
    const bits = [optionBits(again.options), optionBits(same.options)].map((flags) => ` (0x${flags.toString(16)})`);
    const differ = bits[0] !== bits[1];
    const line = (text: string): Complaint => ({ text, error: true });
    yield* this.#say(line(`${differ ? 'incompatible ' : ''}duplicated export entries:`));
    yield* this.#say(line(`\t${again.client}:${again.path}${differ ? `${bits[0]} [IGNORED]` : ''}`));
    yield* this.#say(line(`\t${same.written}:${same.path}${differ ? bits[1] : ''}`));
  }

  /** client_lookup(). */
  *#client(written: string): Task<Client | undefined> {
    const type = clientType(written);
    if (type === 0) return yield* this.#host(written);
    const known = this.#clients.find((one) => one.type === type && one.name.toLowerCase() === written.toLowerCase());
    if (known) return known;
    const fault = type === 1 ? subnetFault(written) : undefined;
    if (fault !== undefined) {
      yield* this.#say({ text: fault, error: true });
      return undefined;
    }
    const client: Client = { type, name: written, addresses: [] };
    this.#clients.push(client);
    return client;
  }

  *#host(written: string): Task<Client | undefined> {
    const found = yield* this.#resolve(written);
    if (!found) {
      yield* this.#say({ text: `Failed to resolve ${written}`, error: false });
      return undefined;
    }
    const known = this.#clients.find(
      (one) => one.type === 0 && one.addresses.some((address) => found.addresses.includes(address)),
    );
    if (known) return known;
    const client: Client = { type: 0, ...found };
    this.#clients.push(client);
    return client;
  }
}

/** export_hash(). */
function hashOf(path: string): number {
  let sum = 0;
  let at = 0;
  for (const byte of new TextEncoder().encode(path)) sum = (sum + ((byte << 24) >> 24) * at++) >>> 0;
  return sum % BUCKETS;
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/;

/** Of sixteen bytes in hexadecimal groups, with one gap (inet_pton(3)). */
export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  return halves.length === 2 ? groups.length < 8 : groups.length === 8;
}

/** What is wrong with ADDRESS/MASK (init_subnetwork). */
function subnetFault(client: string): string | undefined {
  const at = client.indexOf('/');
  const [address, mask] = [client.slice(0, at), client.slice(at + 1)];
  const six = isIpv6(address);
  if (!six && !IPV4.test(address)) return `Invalid IP address ${client}`;
  if (mask.includes(six ? ':' : '.'))
    return (six ? isIpv6(mask) : IPV4.test(mask)) ? undefined : `Invalid netmask \`${mask}' for ${client}`;
  const valid = /^\d*$/.test(mask) && Number(mask) <= (six ? 128 : 32);
  return valid ? undefined : `Invalid prefix \`${mask}' for ${client}`;
}
