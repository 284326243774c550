/**
 * `bound/cluster`: the cluster without machines. Its kubelets are those that the goldens were recorded with: pods come to run and
 * volumes to be mounted, in the time and with the events that it takes, but nothing is executed.
 */

import type { ApiResponse } from '../../api/http.ts';
import type { Api } from '../../api/index.ts';
import type { OutsideRequest } from '../../channel/messages.ts';
import { startStubKubelets } from '../../kubelet/stub.ts';
import { Clock } from '../../sim/clock.ts';
import { advance } from '../../sim/driver.ts';
import { Random } from '../../sim/random.ts';
import { START } from '../../world/cast.ts';
import { startControlPlane } from '../../world/control-plane.ts';
import { demandOptions, seedOf } from './arguments.ts';
import { UsageError } from './errors.ts';
import { clockOptionsOf, SharedCluster, startOf, tellFaultsOnce } from './shared.ts';
import type { BareCluster, ClockOptions, ClusterOptions, ClusterSnapshot } from './types.ts';

/** The control plane has come up by then (virtual milliseconds). */
const HEAD_START = 2_000;

export async function createCluster(options: ClusterOptions = {}): Promise<BareCluster> {
  demandOptions('createCluster', options, ['seed', 'clock']);
  const seed = seedOf(options.seed);
  const clock = clockOptionsOf(options.clock);
  tellFaultsOnce();
  return new ImportedCluster(clock, seed, startOf(clock, START));
}

interface Running {
  readonly seed: number;
  readonly clock: Clock;
  readonly api: Api;
  readonly entries: ClusterSnapshot['entries'][number][];
}

class ImportedCluster extends SharedCluster implements BareCluster {
  protected readonly noun = 'cluster';
  readonly #start: number;
  #running: Running;
  #lastInput = 0;

  constructor(clock: ClockOptions, seed: number, start: number) {
    super(clock);
    this.#start = start;
    this.#running = begin(seed, start);
    this.beginTime();
  }

  protected get clock() {
    return this.#running.clock;
  }

  protected get server() {
    return this.#running.api.server;
  }

  snapshot(): ClusterSnapshot {
    this.demandOpen();
    const { seed, entries } = this.#running;
    return { version: 1, seed, entries: [...entries], until: this.clock.now };
  }

  async restore(snapshot: ClusterSnapshot): Promise<void> {
    this.demandOpen();
    if (snapshot?.version !== 1 || !Array.isArray(snapshot.entries))
      throw new UsageError('restore: it is no snapshot of a cluster');
    const running = begin(seedOf(snapshot.seed), this.#start);
    for (const { at, ...request } of snapshot.entries) {
      await advance(running.clock, at - 1);
      put(running, request, at, () => {});
    }
    await advance(running.clock, snapshot.until);
    this.#running = running;
    this.#lastInput = 0;
    this.beginTime();
  }

  protected async write(request: OutsideRequest): Promise<ApiResponse> {
    let response: ApiResponse | undefined;
    const at = Math.max(Math.ceil(this.time.now()), this.clock.now + 1, this.#lastInput);
    this.#lastInput = at;
    put(this.#running, request, at, (answer) => {
      response = answer;
    });
    await this.time.run(() => response !== undefined, at);
    this.demandOpen();
    if (!response) throw new Error('fetch: the world that was asked is no more');
    return response;
  }

  protected end(): void {}
}

function begin(seed: number, start: number): Running {
  const clock = new Clock(start);
  const random = new Random(seed);
  const api = startControlPlane(clock, random);
  startStubKubelets({ clock, random, client: api.client('kubelet') });
  clock.advanceTo(start + HEAD_START);
  return { seed, clock, api, entries: [] };
}

function put(
  { clock, api, entries }: Running,
  request: OutsideRequest,
  at: number,
  told: (answer: ApiResponse) => void,
) {
  clock.input(at, () => {
    entries.push({ at, ...request });
    told(api.server.handle(request));
  });
}

export { ApiError } from './client.ts';
export { TimeoutError, UsageError } from './errors.ts';
export type * from './types.ts';
