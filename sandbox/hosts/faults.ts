/** What a host does with the lab's own mistakes: its console hears of them, no learner does, and the world goes on. */

import type { Fault } from '../sim/clock.ts';
import type { World } from '../world/world.ts';

/** One fault, with its stack. */
const tell = ({ error, where }: Fault): void =>
  console.error(`bound: a fault in ${where}:`, error instanceof Error ? (error.stack ?? error.message) : error);

export function heard(world: World): World {
  world.clock.onFault = tell;
  return world;
}
