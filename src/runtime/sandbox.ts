/** A running sandbox as the page sees it, wherever it runs. */

import { type BirpcReturn, type ChannelOptions, createBirpc } from 'birpc';
import type { PageFunctions, SandboxFunctions } from '../../sandbox/channel/messages.ts';

export type Where = 'worker' | 'webcontainer';

export interface Sandbox {
  readonly where: Where;
  readonly functions: BirpcReturn<SandboxFunctions, PageFunctions>;
  close(): void;
}

export interface BootOptions {
  readonly page: PageFunctions;
  /** It broke and will not answer again. */
  readonly onFailure: (error: Error) => void;
}

export type Boot = (options: BootOptions) => Promise<Sandbox>;

/** What is sent without waiting for an answer. */
const events = ['put', 'skip', 'speed', 'language'] as const;

/** Speaks the channel's protocol over any transport. */
export function connect(where: Where, page: PageFunctions, transport: ChannelOptions, close: () => void): Sandbox {
  const functions = createBirpc<SandboxFunctions, PageFunctions>(page, {
    ...transport,
    eventNames: [...events],
    // A replay takes what it takes; the watchdog, not a time-out, tells silence from work.
    timeout: -1,
  });
  return {
    where,
    functions,
    close() {
      functions.$close(new Error('closed'));
      close();
    },
  };
}

/** A worker's. */
export const overWorker = (worker: Worker, page: PageFunctions): Sandbox =>
  connect(
    'worker',
    page,
    {
      post: (message) => worker.postMessage(message),
      on: (listener) => worker.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data)),
    },
    () => worker.terminate(),
  );
