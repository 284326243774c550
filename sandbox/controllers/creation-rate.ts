/** How many objects a controller may create: as many as a large set needs at once, then no more than a real controller's client may (client-go flowcontrol). */

import type { Clock } from '../sim/clock.ts';

/** Far more than --kube-api-burst: the lab is in a hurry up to here. */
const BURST = 10_000;
/** --kube-api-qps of the kube-controller-manager: so many a second from then on. */
const PER_SECOND = 20;

export class CreationRate {
  readonly #clock: Clock;
  #tokens = BURST;
  #at: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.now;
  }

  /** Takes up to `wanted`; says how many it got. */
  take(wanted: number): number {
    const { now } = this.#clock;
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#at) / 1000) * PER_SECOND);
    this.#at = now;
    const taken = Math.min(wanted, Math.floor(this.#tokens));
    this.#tokens -= taken;
    return taken;
  }

  /** Milliseconds until there is one again. */
  readonly pause = 1000 / PER_SECOND;
}
