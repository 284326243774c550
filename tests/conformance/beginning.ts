/** A control plane whose controllers and scheduler begin after its API server, as those of the recorded exchanges did. */

import { type Api, createApi } from '../../sandbox/api/index.ts';
import { resources } from '../../sandbox/api/resources/index.ts';
import { startControllers, startScheduler } from '../../sandbox/controllers/index.ts';
import type { startControlPlane } from '../../sandbox/world/control-plane.ts';
import { createInitialObjects } from '../../sandbox/world/initial-objects.ts';

/** `controllersAt` is a moment of the cluster's clock. */
export const beginning =
  (controllersAt: number): typeof startControlPlane =>
  (clock, random, tieBreak): Api => {
    const api = createApi({ clock, random, resources });
    createInitialObjects(api.client, { now: clock.now, random: random.fork('initial-objects') });
    clock.at(controllersAt, () => {
      startControllers({ clock, random, client: api.client('kube-controller-manager') });
      startScheduler({ clock, random, client: api.client('kube-scheduler') }, tieBreak);
    });
    return api;
  };
