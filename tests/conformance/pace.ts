/**
 * Moves a served cluster's clock by what its clients do, not by this machine's speed: a request takes its time, a client that
 * waits lets real time pass, and one that computes lets pass what it is allowed for its work.
 */

import { readlinkSync } from 'node:fs';
import type { Clock } from '../../sandbox/sim/clock.ts';
import { busyTime, threadsBelow } from './process-time.ts';

/** Between two looks at what the client does. */
const LOOK_MS = 4;
/** What a request took the recorded server, on its way there and back. */
const REQUEST_MS = 6;

/** The thread that runs this code. */
const SERVER = [`/proc/${readlinkSync('/proc/thread-self')}`];

/** Times are milliseconds of the cluster's clock. */
export interface Followed {
  readonly pid: number;
  /** What the client may take without waiting for anything. */
  readonly work: number;
  readonly limit: number;
  readonly onLimit: () => void;
}

interface Client {
  readonly busy: () => number;
  readonly end: number;
  readonly onLimit: () => void;
  work: number;
}

/** Waiting shorter than this is the machine's, not the client's. */
const PAUSE_MS = 2;

export class Pace {
  readonly #clock: Clock;
  readonly #pause: number;
  readonly #timeless: RegExp | undefined;
  readonly #clients = new Set<Client>();
  #now: number;
  #timer: NodeJS.Timeout | undefined;

  /** `timeless` are the paths that take no time. */
  constructor(clock: Clock, { pause = PAUSE_MS, timeless }: { pause?: number; timeless?: RegExp } = {}) {
    this.#clock = clock;
    this.#pause = pause;
    this.#timeless = timeless;
    this.#now = clock.now;
  }

  get now(): number {
    return this.#now;
  }

  /** A request arrives: what was due before it has happened. What a client may remember takes no time: some ask again, others do not. */
  catchUp(path = ''): void {
    if (this.#timeless?.test(path)) return;
    this.#to(this.#now + REQUEST_MS);
  }

  /** What a request sets off comes with the next moments. */
  wake(): void {}

  /** Lets the cluster's time come to `time`, not back: at once where no client is followed, else with the clients. */
  async reach(time: number): Promise<void> {
    while (this.#clients.size > 0 && this.#now < time) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    this.#to(time);
  }

  /** Lets time pass with a client until the returned function is called. */
  follow({ pid, work, limit, onLimit }: Followed): () => void {
    const client = { busy: busyTime(() => threadsBelow(pid)), end: this.#now + limit, onLimit, work };
    this.#clients.add(client);
    this.#timer ??= this.#look();
    return () => {
      this.#clients.delete(client);
      if (this.#clients.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  #look(): NodeJS.Timeout {
    const server = busyTime(() => SERVER);
    server();
    let looked = performance.now();
    let waiting = 0;
    return setInterval(() => {
      const now = performance.now();
      const passed = now - looked;
      looked = now;
      let busy = server();
      let worked = 0;
      for (const client of this.#clients) {
        const ran = Math.min(passed, client.busy());
        busy = Math.max(busy, ran);
        worked = Math.max(worked, Math.min(ran, client.work));
        client.work -= Math.min(ran, client.work);
      }
      const waited = passed - busy;
      waiting = waited > passed / 2 ? waiting + waited : 0;
      this.#to(this.#now + worked + (waiting > this.#pause ? waited : 0));
      for (const client of this.#clients) if (this.#now >= client.end) client.onLimit();
    }, LOOK_MS);
  }

  #to(time: number): void {
    this.#now = Math.max(this.#now, time);
    this.#clock.advanceTo(Math.floor(this.#now));
  }
}
