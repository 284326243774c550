/** The lab's cluster behind a real socket, as `lab serve --stub-kubelet` has it, on a clock that the replay holds. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { httpListener } from '../../sandbox/hosts/http-listener.ts';
import { nodeTimers } from '../../sandbox/hosts/node-timers.ts';
import { upgradeListener } from '../../sandbox/hosts/upgrade-listener.ts';
import { type StubKubelets, startStubKubelets } from '../../sandbox/kubelet/stub.ts';
import { Clock } from '../../sandbox/sim/clock.ts';
import { RealTimeDriver } from '../../sandbox/sim/driver.ts';
import { Random } from '../../sandbox/sim/random.ts';
import { startControlPlane } from '../../sandbox/world/control-plane.ts';

export interface ServedCluster {
  readonly url: string;
  readonly kubelets: StubKubelets;
  /** How fast the cluster's time passes until a command writes something. */
  pace(speed: number): void;
  /** Lets the cluster's time come to `ms` after its first command at once; not back. */
  reach(ms: number): Promise<void>;
  close(): void;
}

/** How old the recorded clusters were when their first command ran. */

const HEAD_START = 2_000;
const WAITING = 0.5;

export async function serveCluster(start: number, seed = 1): Promise<ServedCluster> {
  const clock = new Clock(start - HEAD_START);
  const random = new Random(seed);
  const { server: api, client } = startControlPlane(clock, random);
  const kubelets = startStubKubelets({ clock, random, client: client('kubelet') });
  clock.advanceTo(start);
  const driver = new RealTimeDriver(clock, nodeTimers, () => {});
  const served = { api, clock, driver };
  const listener = httpListener(served);
  const server = createServer((incoming, outgoing) => {
    // What a command writes one after another comes at the pace of the wire, not of its start.
    if (incoming.method !== 'GET') driver.speed = 1;
    listener(incoming, outgoing);
  });
  server.on('upgrade', upgradeListener(served));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    kubelets,
    pace: (speed) => {
      driver.speed = speed;
    },
    reach: async (ms) => {
      // At its own pace the driver would rather run late than skip.
      driver.speed = WAITING;
      const target = start + ms;
      const gap = target - driver.now();
      if (gap > 0) driver.skip(gap);
      while (clock.now < target) await new Promise((resolve) => setTimeout(resolve, 1));
    },
    close: () => {
      driver.stop();
      server.close();
      server.closeAllConnections();
    },
  };
}
