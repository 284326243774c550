/** What a lab and a bare cluster have in common: time that passes while somebody waits, an API to ask, an end. */

import type { ApiRequest, ApiResponse, ApiServer } from '../../api/http.ts';
import type { OutsideRequest } from '../../channel/messages.ts';
import type { Clock } from '../../sim/clock.ts';
import { formatDuration } from '../../sim/duration.ts';
import { tellFaults } from '../faults.ts';
import { demandOptions, EARLIEST, LATEST, milliseconds } from './arguments.ts';
import { FetchClient } from './client.ts';
import { TimeoutError, UsageError } from './errors.ts';
import { ApiFetch } from './fetch.ts';
import { type LabTime, Outside, timeOf } from './time.ts';
import type { ApiClient, ClockOptions, Cluster, Duration, Fetch } from './types.ts';

/** `settle` ends after this long (virtual milliseconds): something is always on its way then. */
const SETTLE_LIMIT = 3_600_000;
const UNTIL_LIMIT = 600_000;

let faultsAreTold = false;

/** A mistake of the lab's own is told on the console, once for all labs. */
export function tellFaultsOnce(): void {
  if (!faultsAreTold) tellFaults();
  faultsAreTold = true;
}

export abstract class SharedCluster implements Cluster {
  /** What it is called in messages. */
  protected abstract readonly noun: string;
  protected abstract readonly clock: Clock;
  protected abstract readonly server: ApiServer;
  protected readonly outside = new Outside();
  protected time!: LabTime;
  readonly #clockOptions: ClockOptions;
  readonly #api: ApiFetch;
  readonly fetch: Fetch;
  readonly client: ApiClient;
  #closed = false;

  constructor(clock: ClockOptions) {
    this.#clockOptions = clock;
    this.#api = new ApiFetch({
      demandOpen: () => this.demandOpen(),
      read: (request) => this.#read(request),
      write: (request) => this.write(request),
      outside: this.outside,
    });
    this.fetch = this.#api.fetch;
    this.client = new FetchClient(this.fetch);
  }

  protected abstract write(request: OutsideRequest): Promise<ApiResponse>;
  protected abstract end(): void;

  /** A world has come to stand, in the place of the one before if there was one. */
  protected beginTime(): void {
    this.time?.stop();
    this.#api.endStreams();
    this.time = timeOf(this.clock, this.outside, this.#clockOptions);
  }

  get now(): Date {
    return new Date(this.clock.now);
  }

  async advance(duration: Duration): Promise<void> {
    this.demandOpen();
    await this.time.advance(milliseconds('advance', duration, this.clock.now));
    this.demandOpen();
  }

  async settle(): Promise<void> {
    this.demandOpen();
    await this.time.run(() => !this.clock.busy, this.clock.now + SETTLE_LIMIT);
    this.demandOpen();
  }

  async until<T>(condition: () => T | Promise<T>, options: { within?: Duration } = {}): Promise<NonNullable<T>> {
    this.demandOpen();
    if (typeof condition !== 'function') throw new UsageError('until: expected a function that says whether it is so');
    demandOptions('until', options, ['within']);
    const { within: given } = options;
    const within = given === undefined ? UNTIL_LIMIT : milliseconds('within', given, this.clock.now);
    let answer: T | undefined;
    const holds = async () => {
      answer = await condition();
      return Boolean(answer);
    };
    const held = await this.time.run(holds, this.clock.now + within);
    this.demandOpen();
    if (held) return answer as NonNullable<T>;
    const asked = condition.toString().replaceAll(/\s+/g, ' ').slice(0, 200);
    throw new TimeoutError(`until: not so within ${formatDuration(within)} of the ${this.noun}'s time: ${asked}`);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.time.stop();
    this.#api.endStreams();
    this.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  protected demandOpen(): void {
    if (this.#closed) throw new UsageError(`the ${this.noun} is closed`);
  }

  #read(request: ApiRequest): ApiResponse {
    const response = this.server.handle(request);
    this.time.wake();
    return response;
  }
}

export function clockOptionsOf(given: ClockOptions = {}): ClockOptions {
  demandOptions('clock', given, ['start', 'speed']);
  const { speed } = given;
  if (speed !== undefined && !(Number.isFinite(speed) && speed > 0))
    throw new UsageError(`clock: ${JSON.stringify(speed)} is no speed (1 is as fast as the host's)`);
  return given;
}

/** Milliseconds since the epoch, or `fallback`. */
export function startOf({ start }: ClockOptions, fallback: number): number {
  if (start === undefined) return fallback;
  const at = new Date(start).getTime();
  if (!(at >= EARLIEST && at < LATEST))
    throw new UsageError(`clock: ${JSON.stringify(start)} is no time within 2026 and 2027`);
  return at;
}
