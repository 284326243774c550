/** The sandboxes of a teacher's page: they say nothing by themselves, and are asked. */

import type { PageFunctions } from '../../../sandbox/channel/messages.ts';
import { takeWorker } from '../early.ts';
import { overWorker, type Sandbox } from '../sandbox.ts';

/** More replay no faster: each has its own copy of the code to warm. */
const MOST = 4;

/** How many work side by side. */
export const WORKERS = Math.max(1, Math.min(MOST, navigator.hardwareConcurrency || 2));

export interface Asked {
  readonly sandbox: Sandbox;
  /** Rejects when it breaks. */
  readonly broken: Promise<never>;
}

export function startSandbox(): Asked {
  const { worker, failure } = takeWorker();
  const broken = failure.then((error): never => {
    throw error;
  });
  broken.catch(() => undefined);
  return { sandbox: overWorker(worker, SILENT), broken };
}

const nothing = () => {};
const SILENT: PageFunctions = {
  replaying: nothing,
  output: nothing,
  restarted: nothing,
  picture: nothing,
  progress: nothing,
  logged: nothing,
  ended: nothing,
  time: nothing,
  activity: nothing,
  used: nothing,
  unloadable: nothing,
};
