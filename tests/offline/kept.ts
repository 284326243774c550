/** A browser that has visited the site once, and the moment when there is neither network nor server any more. */

import { type BrowserContext, expect, type Page } from '@playwright/test';
import type { Served } from '../support/site.ts';

/** Everything is in the browser, and this page is served from there. */
export async function kept(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', undefined, {
    timeout: 30_000,
  });
}

export async function cut(context: BrowserContext, site: Served): Promise<void> {
  await site.stop();
  await context.setOffline(true);
  await expect(context.request.get(site.url)).rejects.toThrow();
}
