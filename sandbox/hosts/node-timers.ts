/** Node's clock and timers for the real-time driver. */

import { performance } from 'node:perf_hooks';
import type { HostTimers } from '../sim/driver.ts';

export const nodeTimers: HostTimers = {
  now: () => performance.now(),
  later(fn, ms) {
    if (ms <= 0) {
      const immediate = setImmediate(fn);
      return { cancel: () => clearImmediate(immediate) };
    }
    const timeout = setTimeout(fn, ms);
    return { cancel: () => clearTimeout(timeout) };
  },
};
