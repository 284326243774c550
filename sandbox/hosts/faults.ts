/** What a host does with the lab's own mistakes: its console hears of them, no learner does, and the world goes on. */

import { type Fault, onFault } from '../sim/faults.ts';

/** One fault, with its stack. */
const tell = ({ error, where }: Fault): void =>
  console.error(`bound: a fault in ${where}:`, error instanceof Error ? (error.stack ?? error.message) : error);

/** From now on, in this process or worker. */
export const tellFaults = (): void => void onFault(tell);
