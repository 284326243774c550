/**
 * Tests in a browser that has been on the site before: its profile lies on the disk, where V8 keeps compiled scripts, as a reader's does.
 * A visit then takes half the processor's time (v8.dev/blog/code-caching-for-devs). All else a test leaves behind is taken out of the
 * profile after it; what belongs to a context (its init scripts, its options) is given per page or, by a file, in `inProfile`.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type BrowserContextOptions, test as base } from '@playwright/test';

export { type BrowserContext, expect, type Locator, type Page } from '@playwright/test';

interface Profile {
  /** Options of a worker's browser: `test.use({ inProfile: … })` at the top of a file. */
  readonly inProfile: BrowserContextOptions;
  readonly profile: BrowserContext;
}

export const test = base.extend<object, Profile>({
  inProfile: [{}, { scope: 'worker', option: true }],

  profile: [
    async ({ playwright, launchOptions, inProfile }, use, { project }) => {
      const folder = mkdtempSync(join(tmpdir(), 'bound-profile-'));
      const { baseURL, permissions, serviceWorkers } = project.use;
      const context = await playwright.chromium.launchPersistentContext(folder, {
        ...launchOptions,
        ...(baseURL && { baseURL }),
        ...(permissions && { permissions }),
        ...(serviceWorkers && { serviceWorkers }),
        ...inProfile,
      });
      await use(context);
      await context.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
    { scope: 'worker' },
  ],

  context: async ({ profile, baseURL }, use) => {
    // Chromium ends with its last page.
    const [blank] = profile.pages();
    await use(profile);
    await profile.unrouteAll({ behavior: 'ignoreErrors' });
    for (const page of profile.pages()) if (page !== blank) await page.close();
    await forget(profile, new URL(baseURL!).origin);
  },

  page: async ({ context, viewport }, use) => {
    const page = await context.newPage();
    if (viewport) await page.setViewportSize(viewport);
    await use(page);
  },
});

/** Everything the site would find again, but for the caches of its scripts. */
async function forget(profile: BrowserContext, origin: string): Promise<void> {
  const [blank] = profile.pages();
  const session = await profile.newCDPSession(blank!);
  await session.send('Storage.clearDataForOrigin', {
    origin,
    storageTypes: 'cookies,local_storage,indexeddb,cache_storage,service_workers,file_systems,storage_buckets',
  });
  await session.detach();
}
