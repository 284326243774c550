/** The page itself: without scripts, accessible, isolated, within its budget, asking nothing of others. */

import { gzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { LANGUAGES } from '../../sandbox/words/languages.ts';
import { LessonPage } from '../support/lab.ts';

const path = '/en/lessons/persistent-volume/';
/** What the page's own thread asks for before one can type: scripts and styles, packed (bytes). */
const BUDGET = 149_450;

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('everything is open and nothing dead is shown', async ({ page }) => {
    await page.goto(path);
    await expect(page.locator('[data-step="think"] .step-body')).toBeVisible();
    await expect(page.getByText('Opens when').first()).toBeHidden();
    await expect(page.getByText('Hint 2').first()).toBeVisible();
    await expect(page.getByRole('button')).toHaveCount(0);
    await expect(page.getByText('The terminals need JavaScript.')).toBeVisible();
  });
});

for (const [name, where, scheme] of [
  ['front page', '/', 'light'],
  ['Japanese contents', '/ja/', 'dark'],
  ['lesson', path, 'light'],
  ['lesson, dark', path, 'dark'],
  ['lesson in Japanese', '/ja/lessons/persistent-volume/', 'light'],
] as const) {
  test(`axe finds nothing: ${name}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    if (where.includes('lessons')) {
      const lesson = await new LessonPage(page).open(where);
      await lesson.type('picture 3');
      await lesson.type('pass');
      await page.waitForTimeout(2_000);
    } else {
      await page.goto(where);
    }
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  });
}

test('the page is isolated, and loads from its own host only', async ({ page, baseURL }) => {
  const hosts = new Set<string>();
  page.on('response', (response) => hosts.add(new URL(response.url()).origin));
  await new LessonPage(page).open(path);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect([...hosts]).toEqual([baseURL]);
});

test('before one can type, no more is asked for than its budget', async ({ page }) => {
  const sizes = new Map<string, Promise<number>>();
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (/\.(js|css)$/.test(pathname))
      sizes.set(
        pathname,
        response.body().then((body) => gzipSync(body).length),
      );
  });
  await page.addInitScript(() => {
    // The first that is asked for later comes when the terminal has written.
    const seen = new MutationObserver(() => {
      if (!document.querySelector('.host-terminal.front .xterm-rows')) return;
      seen.disconnect();
      Object.assign(window, { asked: performance.getEntriesByType('resource').map(({ name }) => name) });
    });
    seen.observe(document, { childList: true, subtree: true });
  });
  await new LessonPage(page).open(path);
  const asked = await page.waitForFunction(() => (window as { asked?: string[] }).asked);
  const weighed: [string, number][] = [];
  // A worker's scripts, whose names end in `-HASH.js`, are its own thread's.
  for (const name of new Set(((await asked.jsonValue()) ?? []).filter((one) => !/-[\w-]{8}\.js$/.test(one))))
    weighed.push([name, (await sizes.get(new URL(name).pathname)) ?? 0]);
  const all = weighed.reduce((sum, [, size]) => sum + size, 0);
  expect(all, JSON.stringify(weighed)).toBeLessThan(BUDGET);
  // It was the terminal that was waited for.
  expect(all).toBeGreaterThan(BUDGET / 2);
});

test('the policy stops nothing of ours', async ({ page }) => {
  const refused: string[] = [];
  page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
  page.on('pageerror', (error) => refused.push(error.message));
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('picture 3');
  await page.getByText('Lab', { exact: true }).click();
  await page.waitForTimeout(300);
  expect(refused).toEqual([]);
});

test('the chosen colours stay', async ({ page }) => {
  await page.goto('/en/');
  await page.getByLabel('Colours').selectOption('dark');
  await page.goto(path);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the lab is a sheet that run opens', async ({ page }) => {
    await page.goto(path);
    const body = page.locator('.sheet-body');
    await expect(body).toBeHidden();
    await page.locator('[data-run]').first().click();
    await expect(body).toBeVisible();
    await expect(page.locator('.host-terminal.front .xterm-rows')).toContainText('kubectl get nodes');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.getByRole('button', { name: 'Close the terminal' }).click();
    await expect(body).toBeHidden();
  });
});

for (const language of LANGUAGES)
  test(`at 400 % the header’s parts stand side by side, each whole and large enough (${language})`, async ({
    page,
  }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(path.replace('/en/', `/${language}/`));
    const parts = page.locator('header.site').locator('.wordmark, summary, button, .language, select');
    await expect(page.locator('[data-outline-now]')).not.toBeEmpty();
    const boxes = (await Promise.all((await parts.all()).map((part) => part.boundingBox()))).filter(
      (box) => box !== null,
    );
    expect(boxes).toHaveLength(5);
    for (const [index, { x, width, height }] of boxes.entries()) {
      expect(height).toBeGreaterThanOrEqual(24);
      // A word that breaks makes the header higher than its line.
      expect(height).toBeLessThan(46);
      expect(x + width).toBeLessThanOrEqual(boxes[index + 1]?.x ?? 320);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });
