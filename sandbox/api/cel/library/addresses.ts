/** Addresses and networks (apiserver pkg/cel/library/ip.go, cidr.go). */

import type { Environment } from '@marcbachmann/cel-js';
import { FORMATS } from '../../apiextensions/formats.ts';
import { contains, type Network, parseCIDR } from '../../resources/validation/ip.ts';
import { CelError } from '../errors.ts';

class Address {
  readonly network: Network;

  constructor(network: Network) {
    this.network = network;
  }

  toString(): string {
    return written(this.network);
  }
}

class Cidr {
  readonly network: Network;

  constructor(network: Network) {
    this.network = network;
  }

  toString(): string {
    return `${written(this.network)}/${this.network.bits}`;
  }
}

/** IPv4 in IPv6. */
const isMapped = ({ address, size }: Network): boolean => size === 128 && address >> 32n === 0xffffn;
const isAddress = (text: string): boolean => FORMATS.ipv4!(text) || FORMATS.ipv6!(text);

function network(text: string): Network | undefined {
  const [written = ''] = text.split('/');
  const found = isAddress(written) ? parseCIDR(text) : undefined;
  return found && !isMapped(found) ? found : undefined;
}

const address = (text: string): Network | undefined => network(`${text}${text.includes(':') ? '/128' : '/32'}`);

function parsedAddress(text: string): Address {
  const found = address(text);
  if (!found)
    throw new CelError(
      `IP Address ${JSON.stringify(text)} parse error during conversion from string: ParseAddr(${JSON.stringify(text)}): unable to parse IP`,
    );
  return new Address(found);
}

function parsedCidr(text: string): Cidr {
  const found = network(text);
  if (!found)
    throw new CelError(
      `network address parse error during conversion from string: network address parse error during conversion from string: netip.ParsePrefix(${JSON.stringify(text)}): no '/'`,
    );
  return new Cidr(found);
}

/** netip.Addr.String: the first of the longest runs of zeros is left out of IPv6. */
function written({ address: value, size }: Network): string {
  if (size === 32) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(16 * (7 - i))) & 0xffffn).toString(16));
  let [start, length] = [0, 0];
  for (let i = 0; i < groups.length; i++) {
    let end = i;
    while (groups[end] === '0') end++;
    if (end - i > Math.max(length, 1)) [start, length] = [i, end - i];
  }
  if (length === 0) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

const within = (text: string) => {
  const range = parseCIDR(text)!;
  return ({ network }: Address): boolean => contains(range, network);
};

const LOOPBACK = [within('127.0.0.0/8'), within('::1/128')];
const LINK_LOCAL = [within('169.254.0.0/16'), within('fe80::/10')];
const LINK_LOCAL_MULTICAST = [within('224.0.0.0/24'), within('ff02::/16')];
const NOT_GLOBAL = [
  ...LOOPBACK,
  ...LINK_LOCAL,
  within('224.0.0.0/4'),
  within('ff00::/8'),
  within('0.0.0.0/32'),
  within('::/128'),
  within('255.255.255.255/32'),
];

const inAny = (ranges: readonly ((address: Address) => boolean)[]) => (one: Address) => ranges.some((is) => is(one));

function masked({ network: { address: value, bits, size } }: Cidr): Cidr {
  const host = BigInt(size - bits);
  return new Cidr({ address: (value >> host) << host, bits, size });
}

const holds = ({ network: outer }: Cidr, { network: inner }: Cidr | Address): boolean =>
  contains(outer, inner) && outer.bits <= inner.bits;

class Ip {}

export function addresses(environment: Environment): void {
  environment
    .registerType('net.IP', { ctor: Address, fields: {} })
    .registerType('net.CIDR', { ctor: Cidr, fields: {} })
    .registerType('net.Addresses', Ip)
    .registerConstant('ip', 'net.Addresses', new Ip())
    .registerFunction('ip(string): net.IP', parsedAddress)
    .registerFunction('isIP(string): bool', (text: string) => address(text) !== undefined)
    .registerFunction(
      'net.Addresses.isCanonical(string): bool',
      (_: Ip, text: string) => String(parsedAddress(text)) === text,
    )
    .registerFunction('string(net.IP): string', String)
    .registerFunction('net.IP.family(): int', ({ network: { size } }: Address) => (size === 32 ? 4n : 6n))
    .registerFunction('net.IP.isUnspecified(): bool', ({ network }: Address) => network.address === 0n)
    .registerFunction('net.IP.isLoopback(): bool', inAny(LOOPBACK))
    .registerFunction('net.IP.isLinkLocalMulticast(): bool', inAny(LINK_LOCAL_MULTICAST))
    .registerFunction('net.IP.isLinkLocalUnicast(): bool', inAny(LINK_LOCAL))
    .registerFunction('net.IP.isGlobalUnicast(): bool', (one: Address) => !inAny(NOT_GLOBAL)(one))
    .registerOperator('net.IP == net.IP', (a: Address, b: Address) => String(a) === String(b))
    .registerFunction('cidr(string): net.CIDR', parsedCidr)
    .registerFunction('isCIDR(string): bool', (text: string) => network(text) !== undefined)
    .registerFunction('string(net.CIDR): string', String)
    .registerFunction('net.CIDR.containsIP(string): bool', (one: Cidr, text: string) => holds(one, parsedAddress(text)))
    .registerFunction('net.CIDR.containsIP(net.IP): bool', holds)
    .registerFunction('net.CIDR.containsCIDR(string): bool', (one: Cidr, text: string) => holds(one, parsedCidr(text)))
    .registerFunction('net.CIDR.containsCIDR(net.CIDR): bool', holds)
    .registerFunction('net.CIDR.ip(): net.IP', ({ network }: Cidr) => new Address({ ...network, bits: network.size }))
    .registerFunction('net.CIDR.masked(): net.CIDR', masked)
    .registerFunction('net.CIDR.prefixLength(): int', ({ network }: Cidr) => BigInt(network.bits))
    .registerOperator('net.CIDR == net.CIDR', (a: Cidr, b: Cidr) => String(a) === String(b));
}
