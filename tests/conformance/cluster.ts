/** The lab's cluster behind a real socket, as `lab serve --stub-kubelet` has it, on a clock that follows its clients. */

import type { Client } from '../../sandbox/api/client.ts';
import type { ApiServer } from '../../sandbox/api/http.ts';
import type { TieBreak } from '../../sandbox/controllers/scheduler/algorithm.ts';
import { listen } from '../../sandbox/hosts/api-socket.ts';
import { type StubKubelets, startStubKubelets } from '../../sandbox/kubelet/stub.ts';
import { Clock } from '../../sandbox/sim/clock.ts';
import { Random } from '../../sandbox/sim/random.ts';
import { startControlPlane } from '../../sandbox/world/control-plane.ts';
import { Pace } from './pace.ts';

export interface ServedCluster {
  readonly url: string;
  /** Looks at the cluster without taking its time. */
  readonly client: Client;
  readonly kubelets: StubKubelets;
  readonly clock: Clock;
  readonly pace: Pace;
  close(): void;
}

export interface Circumstances {
  readonly tieBreak?: TieBreak;
  /** The control plane, if it is not one that has been up for a while. */
  readonly startPlane?: typeof startControlPlane;
  /** How old the cluster is when its first command runs. */
  readonly headStart?: number;
  /** Time passes only with requests and with clients that clearly wait: the same commands find the same cluster every time. */
  readonly still?: boolean;
}

/** How old the recorded clusters were when their first command ran. */
const HEAD_START = 2_000;

/** A client that has nothing to do for so long waits for the cluster, or for its own clock. */
const STILL_PAUSE_MS = 150;

/** The real kubectl keeps these in files, ours does not. */
const DISCOVERY = /^\/(api|apis|openapi\/.*|version)(\?|$)/;

/** `start` is the moment of the first command. */
export async function serveCluster(
  start: number,
  { tieBreak, startPlane = startControlPlane, headStart = HEAD_START, still = false }: Circumstances = {},
): Promise<ServedCluster> {
  const clock = new Clock(start - headStart);
  const random = new Random(1);
  const { server: api, client } = startPlane(clock, random, tieBreak);
  const kubelets = startStubKubelets({ clock, random, client: client('kubelet') });
  clock.advanceTo(start);
  const pace = new Pace(clock, still ? { pause: STILL_PAUSE_MS, timeless: DISCOVERY } : {});
  const served = { api: still ? stampedBy(clock, api) : api, clock, driver: pace };
  const { url, close } = await listen(served);
  return {
    url,
    client: client('conformance'),
    kubelets,
    clock,
    pace,
    close: () => void close(),
  };
}

/** `kubectl rollout restart` writes its own clock's time, and with it the template's hash: here it is the cluster's. */
const stampedBy = (clock: Clock, api: ApiServer): ApiServer => ({
  exec: (request) => api.exec(request),
  portForward: (request, port) => api.portForward(request, port),
  refusesPortForward: (request) => api.refusesPortForward(request),
  handle: (request) =>
    api.handle({
      ...request,
      ...(request.body && {
        body: request.body.replace(
          /(?<="kubectl\.kubernetes\.io\/restartedAt":")[^"]*/g,
          new Date(clock.now).toISOString().replace(/\.\d+/, ''),
        ),
      }),
    }),
});
