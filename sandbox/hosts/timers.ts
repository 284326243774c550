/** The host's clock and timers for whatever drives a world, the same in Node, in workers and in pages. */

import type { HostTimers } from '../sim/driver.ts';

interface Cancelable {
  cancel(): void;
}

/** A turn of the event loop without setTimeout's 4 ms clamp. */
const turn: (fn: () => void) => Cancelable =
  typeof setImmediate === 'function'
    ? (fn) => {
        const immediate = setImmediate(fn);
        return { cancel: () => clearImmediate(immediate) };
      }
    : messageTurns();

export const hostTimers: HostTimers = {
  now: () => performance.now(),
  later(fn, ms) {
    if (ms <= 0) return turn(fn);
    const timeout = setTimeout(fn, ms);
    return { cancel: () => clearTimeout(timeout) };
  },
};

/** Browsers have no setImmediate: a message to oneself comes as soon. */
function messageTurns(): (fn: () => void) => Cancelable {
  const { port1, port2 } = new MessageChannel();
  const due: (() => void)[] = [];
  port1.onmessage = () => due.shift()?.();
  return (fn) => {
    let cancelled = false;
    due.push(() => {
      if (!cancelled) fn();
    });
    port2.postMessage(0);
    return {
      cancel: () => {
        cancelled = true;
      },
    };
  };
}
