/** Service IPs and node ports: random free ones, in use as long as a Service holds them (pkg/registry/core/service/ipallocator and portallocator). */

import type { Random } from '../sim/random.ts';
import { invalid } from './errors.ts';
import type { Store } from './store.ts';
import type { Service } from './types.ts';

/** 10.96.0.0/12, kubeadm's service network; its first 16 addresses are kept for wishes (dynamic offset of KEP-3070 is 256 for so large a network). */
const NETWORK = [10, 96] as const;
const FIRST_DYNAMIC = 256;
const ADDRESSES = 2 ** 20 - 2;
const PORTS = { first: 30_000, last: 32_767 } as const;

export class Allocators {
  readonly #random: Pick<Random, 'between'>;
  readonly #used = { clusterIP: new Set<string>(), nodePort: new Set<string>() };

  constructor(store: Store, random: Pick<Random, 'between'>) {
    this.#random = random;
    store.subscribe(({ collection, before, object, type }) => {
      if (collection.name !== 'services') return;
      if (before) this.#each(before as Service, (set, value) => set.delete(value));
      if (type !== 'DELETED') this.#each(object as Service, (set, value) => set.add(value));
    });
  }

  allocate(what: 'clusterIP' | 'nodePort', wanted?: string): string {
    const used = this.#used[what];
    if (wanted) {
      if (used.has(wanted)) throw this.#taken(what, wanted);
      return wanted;
    }
    for (;;) {
      const value = what === 'clusterIP' ? this.#address() : String(this.#random.between(PORTS.first, PORTS.last));
      if (!used.has(value)) return value;
    }
  }

  #address(): string {
    const host = this.#random.between(FIRST_DYNAMIC, ADDRESSES);
    return `${NETWORK[0]}.${NETWORK[1] + (host >> 16)}.${(host >> 8) & 255}.${host & 255}`;
  }

  #each(service: Service, visit: (set: Set<string>, value: string) => void): void {
    for (const address of service.spec?.clusterIPs ?? []) if (address !== 'None') visit(this.#used.clusterIP, address);
    for (const { nodePort } of service.spec?.ports ?? []) if (nodePort) visit(this.#used.nodePort, String(nodePort));
  }

  #taken(what: 'clusterIP' | 'nodePort', value: string) {
    const detail = {
      clusterIP: `Invalid value: ["${value}"]: failed to allocate IP ${value}: provided IP is already allocated`,
      nodePort: `Invalid value: ${value}: provided port is already allocated`,
    }[what];
    const field = { clusterIP: 'spec.clusterIPs', nodePort: 'spec.ports[0].nodePort' }[what];
    return invalid({ group: '', name: 'Service' }, '', [{ type: 'FieldValueInvalid', field, detail }]);
  }
}
