/** The sandbox in a Web Worker: starts at once, offline, in every browser. */

import { answerChannel } from './answer-channel.ts';
import { hostTimers } from './timers.ts';

declare const self: DedicatedWorkerGlobalScope;

answerChannel(
  {
    post: (message) => self.postMessage(message),
    on: (listener) => self.addEventListener('message', (event) => listener(event.data)),
  },
  hostTimers,
);
