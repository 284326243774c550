/** What a lesson page sets going before the rest of its script has come: the sandbox's worker, and the lessons it is started with. */

import SandboxWorker from 'virtual:sandbox-worker?worker';
import type { LessonDocument } from '../../sandbox/lesson/schema.ts';

export interface StartedWorker {
  readonly worker: Worker;
  /** Resolves when the worker breaks. */
  readonly failure: Promise<Error>;
}

function startWorker(): StartedWorker {
  const worker = new SandboxWorker({ name: 'bound-sandbox' });
  const failure = new Promise<Error>((resolve) => {
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      resolve(new Error(event.message || 'the worker could not be loaded'));
    });
  });
  return { worker, failure };
}

let first: StartedWorker | undefined = startWorker();

/** The worker started with the page, once; another one after that. */
export function takeWorker(): StartedWorker {
  const taken = first ?? startWorker();
  first = undefined;
  return taken;
}

/** The page's head has asked for them already, by the name that they have in this build. */
const { href } = document.querySelector<HTMLLinkElement>('link[data-lessons]')!;

export const lessons: Promise<LessonDocument[]> = fetch(href).then((response) => {
  if (!response.ok) throw new Error(`${href}: ${response.status}`);
  return response.json() as Promise<LessonDocument[]>;
});
// Whoever waits for it hears of a failure.
lessons.catch(() => undefined);
