/** Whether an entry of the export table is for a client, and the directories it may stand for (nfs-utils support/export/client.c, client_check). */

import { clientType, EVERYBODY } from './export-table.ts';

/** By its address, or by the names that the server has for it, which are asked for only when they matter. */
export function admits(client: string, address: string, names: () => readonly string[]): boolean {
  if (clientType(client) === EVERYBODY) return true;
  if (client.startsWith('@')) return false;
  if (client.includes('/')) return inSubnet(address, client);
  if (client === address) return true;
  if (!/[*?[]/.test(client)) return names().includes(client);
  const pattern = globToRegExp(client);
  return names().some((name) => pattern.test(name)) || pattern.test(address);
}

/** A path and the directories above it, innermost first. */
export function above(path: string): string[] {
  const names = path.split('/').filter(Boolean);
  return names.map((_, i) => `/${names.slice(0, names.length - i).join('/')}`).concat('/');
}

/** The names of an address in /etc/hosts. */
export const namesIn = (hosts: string, address: string): string[] =>
  readHosts(hosts)
    .filter((one) => one.address === address)
    .flatMap(({ names }) => names);

/** The lines of /etc/hosts (hosts(5)). */
export const readHosts = (text: string): { address: string; names: string[] }[] =>
  text.split('\n').map((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return { address, names };
  });

function inSubnet(address: string, subnet: string): boolean {
  const [network, bits] = subnet.split('/');
  const mask = bits!.includes('.') ? toNumber(bits!) : prefixMask(Number(bits));
  return (toNumber(address) & mask) === (toNumber(network!) & mask);
}

const prefixMask = (bits: number): number => (bits === 0 ? 0 : (-1 << (32 - bits)) | 0);

const toNumber = (address: string): number => address.split('.').reduce((sum, part) => (sum << 8) | Number(part), 0);

/** Wildcards match dots too; lists in brackets are the shell's (wildmat.c). */
function globToRegExp(glob: string): RegExp {
  const source = glob.replace(/\\(.)|\[(\^?)([^\]]+)\]|[*?]|[.+^${}()|[\]\\]/gs, (all, escaped, not, list) => {
    if (escaped !== undefined) return `\\${escaped}`;
    if (list !== undefined) return `[${not}${list.replace(/[\\\]^]/g, '\\$&')}]`;
    return all === '*' ? '.*' : all === '?' ? '.' : `\\${all}`;
  });
  try {
    return new RegExp(`^${source}$`, 'i');
  } catch {
    return /^(?!)/;
  }
}
