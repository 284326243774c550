/** Networks in CIDR notation, as numbers (netutils.ParseCIDRSloppy). */

import { isIP } from './names.ts';

export interface Network {
  readonly address: bigint;
  /** Of the mask. */
  readonly bits: number;
  /** Of an address: 32 or 128. */
  readonly size: number;
}

/** Undefined if it is none. */
export function parseCIDR(text: string): Network | undefined {
  const [ip = '', length = '', ...more] = text.split('/');
  if (more.length > 0 || !isIP(ip) || !/^[0-9]+$/.test(length)) return undefined;
  const size = ip.includes(':') ? 128 : 32;
  const bits = Number(length);
  return bits > size ? undefined : { address: size === 32 ? v4(ip) : v6(ip), bits, size };
}

export function contains(network: Network, { address, size }: Network): boolean {
  if (network.size !== size) return false;
  const host = BigInt(size - network.bits);
  return network.address >> host === address >> host;
}

const v4 = (ip: string): bigint => ip.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);

function v6(ip: string): bigint {
  // The last 32 bits may be written as IPv4.
  const plain = ip.replace(/[^:]*\.[^:]*$/, (end) => {
    const number = v4(end);
    return `${(number >> 16n).toString(16)}:${(number & 0xffffn).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const before = head ? head.split(':') : [];
  const after = tail ? tail.split(':') : [];
  const gap = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: Math.max(gap, 0) }, () => '0'), ...after];
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group || '0'}`), 0n);
}
