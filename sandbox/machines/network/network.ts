/** The lab's network: who has which address, who can reach whom, and what listens where. */

import { Channel } from '../../sim/channel.ts';
import type { Clock } from '../../sim/clock.ts';
import { sleep, type Task, type Wait } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import { type Answer, type NameServer, NO_SUCH_NAME, type Question } from './dns.ts';

/** One TCP connection, from one end. */
export interface Connection {
  readonly send: Channel<Uint8Array>;
  readonly receive: Channel<Uint8Array>;
  readonly peer: string;
}

export type Listener = (connection: Connection) => void;

/** A network interface's owner: a machine. Pods' addresses belong to their node. */
export interface NetworkHost {
  readonly address: string;
  readonly up: boolean;
}

/** Round trip inside the lab, in milliseconds; ARP gives up after three seconds, TCP's SYN after 127 (tcp_syn_retries = 6). */
const LATENCY = 1;
const ARP_TIMEOUT = 3_060;
const SYN_TIMEOUT = 127_000;

export type Reach = 'up' | 'unreachable' | 'silent';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A host's packet filter: where a connection goes instead (DNAT), or that it is rejected; undefined: it is let through. */
export type PacketFilter = (from: string, to: string, port: number) => Endpoint | 'rejected' | undefined;

/** The lab's router: it knows the names that everybody knows, and reaches no other server. */
export const ROUTER = '192.168.120.1';

export class Network {
  readonly clock: Clock;
  /** Names known to everybody, beside each machine's /etc/hosts. */
  readonly names = new Map<string, string>();
  /** By the address at which they are asked. */
  readonly nameServers = new Map<string, NameServer>();
  /** The first that has something to say about a connection decides. */
  readonly filters: PacketFilter[] = [];
  #hosts = new Map<string, NetworkHost>();
  #listeners = new Map<string, Listener>();
  #services = new Map<string, unknown>();
  #partitions = new Set<string>();
  #watchers = new Set<() => void>();

  constructor(clock: Clock) {
    this.clock = clock;
    this.nameServers.set(ROUTER, { answer: (question) => this.#routerAnswer(question) });
  }

  attach(address: string, host: NetworkHost): void {
    this.#hosts.set(address, host);
    this.changed();
  }

  detach(address: string): void {
    this.#hosts.delete(address);
    for (const key of this.#listeners.keys()) if (key.startsWith(`${address}:`)) this.#listeners.delete(key);
    this.changed();
  }

  host(address: string): NetworkHost | undefined {
    return this.#hosts.get(address);
  }

  listen(address: string, port: number, listener: Listener): () => void {
    const key = `${address}:${port}`;
    this.#listeners.set(key, listener);
    this.changed();
    return () => {
      if (this.#listeners.get(key) === listener) this.#listeners.delete(key);
      this.changed();
    };
  }

  listening(address: string, port: number): boolean {
    return this.#listeners.has(`${address}:${port}`);
  }

  /** Ports that are listened on at an address, ascending. */
  ports(address: string): number[] {
    const prefix = `${address}:`;
    return [...this.#listeners.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => Number(key.slice(prefix.length)))
      .sort((a, b) => a - b);
  }

  /** A protocol spoken in objects rather than bytes (RPC): the server's end. It lives behind a listener on the same port. */
  provide(address: string, port: number, service: unknown): void {
    this.#services.set(`${address}:${port}`, service);
  }

  service(address: string, port: number): unknown {
    return this.#services.get(`${this.#hosts.get(address)?.address ?? address}:${port}`);
  }

  /** Cuts the wire between two addresses (or mends it): packets vanish. */
  partition(a: string, b: string, cut: boolean): void {
    const key = [a, b].sort().join('|');
    if (cut) this.#partitions.add(key);
    else this.#partitions.delete(key);
    this.changed();
  }

  /** A host that is off does not answer ARP on the lab's own network; elsewhere packets just vanish. */
  reach(from: string, to: string): Reach {
    if (from === to || to.startsWith('127.')) return 'up';
    const [a, b] = [this.#hosts.get(from)?.address ?? from, this.#hosts.get(to)?.address ?? to];
    if (this.#partitions.has([a, b].sort().join('|'))) return 'silent';
    if (this.#hosts.get(to)?.up) return 'up';
    return this.#sameSubnet(from, to) ? 'unreachable' : 'silent';
  }

  /** Throws ECONNREFUSED, EHOSTUNREACH or ETIMEDOUT, after the time each takes. */
  *connect(from: string, to: string, port: number): Task<Connection> {
    const { address, port: local } = yield* this.handshake(from, to, port);
    const up = new Channel<Uint8Array>();
    const down = new Channel<Uint8Array>();
    this.#listeners.get(`${address}:${local}`)!({ send: down, receive: up, peer: from });
    return { send: up, receive: down, peer: to };
  }

  /** Returns who answered. */
  *handshake(from: string, to: string, port: number): Task<Endpoint> {
    const own = to.startsWith('127.') ? from : to;
    const target = this.#filtered(from, own, port) ?? { address: own, port };
    if (target === 'rejected') {
      yield* sleep(this.clock, LATENCY);
      throw new Errno('ECONNREFUSED');
    }
    const reach = this.reach(from, target.address);
    if (reach !== 'up') {
      yield* sleep(this.clock, reach === 'unreachable' ? ARP_TIMEOUT : SYN_TIMEOUT);
      throw new Errno(reach === 'unreachable' ? 'EHOSTUNREACH' : 'ETIMEDOUT');
    }
    yield* sleep(this.clock, LATENCY);
    if (!this.listening(target.address, target.port)) throw new Errno('ECONNREFUSED');
    return target;
  }

  /** One question to the name server at an address; undefined if no answer comes. */
  *ask(from: string, server: string, question: Question): Task<Answer | undefined> {
    const there = this.nameServers.get(server);
    if (!there || (this.#hosts.has(server) && this.reach(from, server) !== 'up')) return undefined;
    yield* sleep(this.clock, LATENCY);
    return there.answer(question);
  }

  /** Tells those who wait for a host or a port to come back. */
  changed(): void {
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const watcher of watchers) watcher();
  }

  /** Calls `fn` after every change of anything above, until the function returned is called. */
  watch(fn: () => void): () => void {
    const watcher = () => {
      this.#watchers.add(watcher);
      fn();
    };
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  /** Ends at the next change of anything above. */
  readonly nextChange: Wait = (resume) => {
    const watcher = () => resume();
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  };

  #filtered(from: string, to: string, port: number): ReturnType<PacketFilter> {
    for (const filter of this.filters) {
      const decided = filter(this.#hosts.get(from)?.address ?? from, to, port);
      if (decided) return decided;
    }
    return undefined;
  }

  #routerAnswer({ name, type }: Question): Answer {
    const data = this.names.get(name);
    if (data === undefined) return NO_SUCH_NAME;
    return { code: 'NOERROR', records: type === 'A' ? [{ name, type, data }] : [] };
  }

  #sameSubnet(a: string, b: string): boolean {
    return a.split('.').slice(0, 3).join('.') === b.split('.').slice(0, 3).join('.');
  }
}
