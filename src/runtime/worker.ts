/** The sandbox in a worker of this tab: there at once, offline, in every browser. */

import { takeWorker } from './early.ts';
import { type Boot, connect } from './sandbox.ts';

export const bootWorker: Boot = async ({ page, onFailure }) => {
  const { worker, failure } = takeWorker();
  void failure.then(onFailure);
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
