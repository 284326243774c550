/**
 * The sandbox in a Web Worker: starts at once, offline, in every browser. Its code is a chunk that this script imports: a
 * browser keeps an imported module compiled from one visit to the next, and a worker's own script never.
 */

import { hostTimers } from './timers.ts';

declare const self: DedicatedWorkerGlobalScope;

/** What is said before the code has come is kept for it. */
const early: MessageEvent<unknown>[] = [];
let hear = (event: MessageEvent<unknown>): void => void early.push(event);
self.addEventListener('message', (event) => hear(event));

const { answerChannel } = await import('./answer-channel.ts');
answerChannel(
  {
    post: (message) => self.postMessage(message),
    on: (listener) => {
      hear = ({ data }) => listener(data);
    },
  },
  hostTimers,
);
for (const event of early) hear(event);
