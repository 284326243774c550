/** The sandbox in a worker of this tab: there at once, offline, in every browser. */

import SandboxWorker from 'virtual:sandbox-worker?worker';
import { type Boot, connect } from './sandbox.ts';

export const bootWorker: Boot = async ({ page, onFailure }) => {
  const worker = new SandboxWorker({ name: 'bound-sandbox' });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    onFailure(new Error(event.message || 'the worker could not be loaded'));
  });
  return connect(
    'worker',
    page,
    {
      post: (message) => worker.postMessage(message),
      on: (listener) => worker.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data)),
    },
    () => worker.terminate(),
  );
};
