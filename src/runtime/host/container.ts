/** The page's one WebContainer, booted once, with the sandbox's program and the learner's folder in it. */

import type { WebContainer } from '@webcontainer/api';
import { HostFailure, within } from './failure.ts';
import { watchFrame } from './frame.ts';
import { homeTree } from './home.ts';
import { keepFolder } from './kept.svelte.ts';

/** `boot()` neither rejects nor times out when nobody answers (milliseconds). */
const BOOT_LIMIT = 20_000;

let home: Promise<WebContainer> | undefined;
let stands = false;

/** A page can boot one, once: after a failure only a reload helps. */
export const needsReload = (): boolean => home !== undefined && !stands;

export function theContainer(): Promise<WebContainer> {
  const missing = cannotBoot();
  if (missing) return Promise.reject(missing);
  home ??= makeHome();
  return home;
}

/** What can be known without asking anybody. */
function cannotBoot(): HostFailure | undefined {
  if (globalThis.crossOriginIsolated === false)
    return new HostFailure(
      'not-isolated',
      'crossOriginIsolated is false: the page came without the COOP and COEP headers',
    );
  if (typeof SharedArrayBuffer === 'undefined' || typeof WebAssembly === 'undefined')
    return new HostFailure('unsupported', 'this browser has no SharedArrayBuffer or no WebAssembly');
  if (!navigator.onLine) return new HostFailure('blocked', 'navigator.onLine is false: there is no network');
  return undefined;
}

async function makeHome(): Promise<WebContainer> {
  const container = await boot();
  // A megabyte that nobody needs where no container boots.
  await container.mount(await homeTree());
  stands = true;
  keepFolder(container);
  return container;
}

async function boot(): Promise<WebContainer> {
  const { WebContainer } = await import('@webcontainer/api');
  const frame = watchFrame();
  try {
    const booted = WebContainer.boot({ coep: 'require-corp', workdirName: 'bound' });
    return await within(
      BOOT_LIMIT,
      Promise.race([booted, frame.blocked]),
      () => new HostFailure('silent', `the WebContainer did not boot within ${BOOT_LIMIT / 1_000} s`),
    );
  } finally {
    frame.stop();
  }
}
