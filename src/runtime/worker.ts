/** The sandbox in a worker of this tab: there at once, offline, in every browser. */

import { takeWorker } from './early.ts';
import { type Boot, overWorker } from './sandbox.ts';

export const bootWorker: Boot = async ({ page, onFailure }) => {
  const { worker, failure } = takeWorker();
  void failure.then(onFailure);
  return overWorker(worker, page);
};
