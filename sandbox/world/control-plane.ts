/** The control plane: API server with a fresh cluster's objects, controllers, scheduler. */

import { type Api, createApi } from '../api/index.ts';
import { resources } from '../api/resources/index.ts';
import { startControllers, startScheduler } from '../controllers/index.ts';
import type { TieBreak } from '../controllers/scheduler/algorithm.ts';
import type { Clock } from '../sim/clock.ts';
import type { Random } from '../sim/random.ts';
import { createInitialObjects } from './initial-objects.ts';

/** The API server by itself. */
export function startApiServer(clock: Clock, random: Random): Api {
  const api = createApi({ clock, random, resources });
  createInitialObjects(api.client, { now: clock.now, random: random.fork('initial-objects') });
  return api;
}

export function startControlPlane(clock: Clock, random: Random, tieBreak?: TieBreak): Api {
  const api = startApiServer(clock, random);
  const client = api.client('kube-controller-manager');
  startControllers({ clock, random, client });
  startScheduler({ clock, random, client: api.client('kube-scheduler') }, tieBreak);
  return api;
}
