/** Which sandbox a page begins with, and which it goes on in: PUBLIC_SANDBOX_HOST, decided when the site is built. */

import type { Boot } from './sandbox.ts';
import type { LabSession } from './session.svelte.ts';
import { bootWorker } from './worker.ts';

const host = import.meta.env.PUBLIC_SANDBOX_HOST ?? 'worker';

/** Loaded when asked for: most readers never need it. */
const bootWebContainer: Boot = async (options) => (await import('./webcontainer.ts')).bootWebContainer(options);

export const bootFirst: Boot = host === 'webcontainer' ? bootWebContainer : bootWorker;

/** With `auto` the session begins in the worker and is handed over once a WebContainer has booted. */
export async function goOnElsewhere(session: LabSession): Promise<void> {
  if (host !== 'auto' || !crossOriginIsolated || session.phase !== 'running') return;
  await session.handOver(bootWebContainer);
}
