/** A control plane whose controllers and scheduler begin after its API server, as those of the recorded exchanges did. */

import { startControllers, startScheduler } from '../../sandbox/controllers/index.ts';
import { startApiServer, type startControlPlane } from '../../sandbox/world/control-plane.ts';

/** `at` is a moment of the cluster's clock. */
export const lateControllers =
  (at: number): typeof startControlPlane =>
  (clock, random, tieBreak) => {
    const api = startApiServer(clock, random);
    clock.at(at, () => {
      startControllers({ clock, random, client: api.client('kube-controller-manager') });
      startScheduler({ clock, random, client: api.client('kube-scheduler') }, tieBreak);
    });
    return api;
  };
