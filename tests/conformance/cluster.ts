/** The lab's cluster behind a real socket, as `lab serve --stub-kubelet` has it, on a clock that follows its clients. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '../../sandbox/api/client.ts';
import type { TieBreak } from '../../sandbox/controllers/scheduler/algorithm.ts';
import { httpListener } from '../../sandbox/hosts/http-listener.ts';
import { upgradeListener } from '../../sandbox/hosts/upgrade-listener.ts';
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
  readonly pace: Pace;
  close(): void;
}

export interface Circumstances {
  readonly tieBreak?: TieBreak;
  /** The control plane, if it is not one that has been up for a while. */
  readonly startPlane?: typeof startControlPlane;
  /** How long a client waits, in milliseconds, before time passes. */
  readonly pause?: number;
}

/** How old the recorded clusters were when their first command ran. */
const HEAD_START = 2_000;

/** `start` is the moment of the first command. */
export async function serveCluster(
  start: number,
  { tieBreak, startPlane = startControlPlane, pause }: Circumstances = {},
): Promise<ServedCluster> {
  const clock = new Clock(start - HEAD_START);
  const random = new Random(1);
  const { server: api, client } = startPlane(clock, random, tieBreak);
  const kubelets = startStubKubelets({ clock, random, client: client('kubelet') });
  clock.advanceTo(start);
  const pace = new Pace(clock, pause);
  const served = { api, clock, driver: pace };
  const server = createServer(httpListener(served));
  server.on('upgrade', upgradeListener(served));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    client: client('conformance'),
    kubelets,
    pace,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
