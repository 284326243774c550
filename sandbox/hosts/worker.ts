/** The sandbox in a Web Worker: starts at once, offline, in every browser. */

import type { HostTimers } from '../sim/driver.ts';
import { answerChannel } from './answer-channel.ts';

declare const self: DedicatedWorkerGlobalScope;

/** A turn of the event loop without setTimeout's 4 ms clamp. */
const turns = new MessageChannel();
const due: (() => void)[] = [];
turns.port1.onmessage = () => due.shift()?.();

const timers: HostTimers = {
  now: () => performance.now(),
  later(fn, ms) {
    if (ms > 0) {
      const id = setTimeout(fn, ms);
      return { cancel: () => clearTimeout(id) };
    }
    let cancelled = false;
    due.push(() => {
      if (!cancelled) fn();
    });
    turns.port2.postMessage(0);
    return {
      cancel: () => {
        cancelled = true;
      },
    };
  },
};

answerChannel(
  {
    post: (message) => self.postMessage(message),
    on: (listener) => self.addEventListener('message', (event) => listener(event.data)),
  },
  timers,
);
