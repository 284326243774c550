/** Pod addresses of one node, handed out in order and used again when the range is through (the host-local IPAM plugin). */

export class PodAddresses {
  readonly #prefix: string;
  readonly #used = new Set<number>();
  #last = 1;

  /** Of a /24: `10.244.1.0/24`; .0 is the network, .1 the bridge, .255 the broadcast. */
  constructor(cidr: string) {
    this.#prefix = cidr.slice(0, cidr.lastIndexOf('.') + 1);
  }

  /** Undefined when all 253 are taken. */
  allocate(): string | undefined {
    for (let i = 0; i < 253; i++) {
      this.#last = this.#last >= 254 ? 2 : this.#last + 1;
      if (this.#used.has(this.#last)) continue;
      this.#used.add(this.#last);
      return this.#prefix + this.#last;
    }
    return undefined;
  }

  release(address: string): void {
    this.#used.delete(Number(address.slice(this.#prefix.length)));
  }
}
