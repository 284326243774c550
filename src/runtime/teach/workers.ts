/** The sandboxes of a teacher's page: they say nothing by themselves, and are asked. */

import { takeWorker } from '../early.ts';
import { overWorker, type Sandbox } from '../sandbox.ts';
import { silent } from '../silent.ts';

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
  return { sandbox: overWorker(worker, silent), broken };
}
