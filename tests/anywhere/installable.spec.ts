/** A browser finds what it needs to install the site, in the folder where it is. */

import { expect, test } from '@playwright/test';
import { serve } from '../support/site.ts';

test('each language is an app of its own name in one scope', async ({ page, context }) => {
  const site = await serve('--base', '/a/b/');
  const devtools = await context.newCDPSession(page);
  for (const [path, language] of [
    ['', 'en'],
    ['ja/', 'ja'],
    ['ja/lessons/the-lab/', 'ja'],
  ] as const) {
    await page.goto(site.url + path);
    const { url, errors, data } = await devtools.send('Page.getAppManifest');
    expect(url).toBe(`${site.url}${language}/manifest.webmanifest`);
    expect(errors).toEqual([]);
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
    // Playwright's contexts are incognito, which is all that stands in the way.
    expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito']);
    const manifest = JSON.parse(data!);
    expect(new URL(manifest.scope, url).href).toBe(site.url);
    expect((await page.request.get(new URL(manifest.start_url, url).href)).status()).toBe(200);
    for (const { src, type } of manifest.icons) {
      const icon = await page.request.get(new URL(src, url).href);
      expect([icon.status(), icon.headers()['content-type']]).toEqual([200, type]);
    }
    await expect(page.locator('meta[name="theme-color"]')).toHaveCount(2);
    const touch = await page.locator('link[rel="apple-touch-icon"]').evaluate((link) => (link as HTMLLinkElement).href);
    expect((await page.request.get(touch)).status()).toBe(200);
  }
  await site.stop();
});
