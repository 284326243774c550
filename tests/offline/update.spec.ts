/** A new version comes while a lesson is open: it waits, says so, is taken when the reader wants it, and breaks no other tab. */

import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { Learner } from '../article/learner.ts';
import { complaintsOf } from '../support/complaints.ts';
import { nextVersion } from '../support/next-version.ts';
import { long } from '../support/sample.ts';
import { type Served, serve } from '../support/site.ts';
import { kept } from './kept.ts';

test.use({ viewport: { width: 1600, height: 1000 } });
test.describe.configure({ mode: 'serial' });

const [lesson] = lessonsFromDisk();
const NEXT = join(import.meta.dirname, '../../.cache/site-next');
const TITLE = 'The next version';

test.beforeAll(() => nextVersion(join(import.meta.dirname, '../../dist'), NEXT, TITLE));

let site: Served;
test.afterEach(() => site.stop());

/** The server has the next version from now on, and the page looks for it. */
async function publish(page: Page): Promise<void> {
  const { port } = new URL(site.url);
  await site.stop();
  site = await serve('--dir', NEXT, '--port', port);
  await page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())!.update()));
}

const buildOf = (page: Page) => page.locator('html').getAttribute('data-build');

test('it waits, and is taken by its button', async ({ page, context }) => {
  test.setTimeout(120_000);
  site = await serve();
  const complaints = complaintsOf(page);
  const learner = new Learner(page, { root: site.url });
  await learner.open('en', lesson!.id);
  await kept(page);
  const began = await buildOf(page);
  const notice = page.getByRole('status').locator('[data-update]');
  await expect(notice).toBeHidden();

  const other = await context.newPage();
  const otherLearner = new Learner(other, { root: site.url });
  await otherLearner.open('ja', lesson!.id);
  await kept(other);

  await page.bringToFront();
  await publish(page);
  await expect(notice).toBeVisible({ timeout: 30_000 });
  await expect(notice).toContainText('There is a new version of Bound.');
  const { violations } = await new AxeBuilder({ page }).include('.update').analyze();
  expect(violations).toEqual([]);
  // The lesson goes on with its own parts: this program's script is not on the server any more.
  await learner.choose('master01');
  expect(await learner.command('find /etc -name hostname')).toMatch(/^\/etc\/hostname$/m);
  // A page opened now is still of the version that the others are of.
  expect(await (await context.newPage()).goto(site.url).then((response) => response!.text())).not.toContain(TITLE);
  await context.pages().at(-1)!.close();

  await notice.getByRole('button', { name: 'Reload to update' }).click();
  await expect.poll(() => buildOf(page).catch(() => began)).not.toBe(began);
  await learner.atPrompt();
  await learner.choose('master01');
  expect(await learner.command('kubectl get nodes')).toMatch(/^node02 +Ready/m);
  await expect(notice).toBeHidden();

  // The other tab began with the older version, and goes on with it until its reader reloads.
  await other.bringToFront();
  expect(await buildOf(other)).toBe(began);
  await otherLearner.choose('master01');
  expect(await otherLearner.command("awk 'BEGIN { print 6 * 7 }'")).toMatch(/^42$/m);
  await other.getByRole('button', { name: '再読み込みして更新' }).click();
  await expect.poll(() => buildOf(other).catch(() => began)).not.toBe(began);
  expect(complaints).toEqual([]);
});

test('it can wait until the last page is closed', long, async ({ page, context }) => {
  test.setTimeout(60_000);
  site = await serve();
  await page.goto(site.url);
  await kept(page);
  await publish(page);
  const notice = page.locator('[data-update]');
  await expect(notice).toBeVisible({ timeout: 30_000 });
  await notice.getByRole('button', { name: 'Later' }).click();
  await expect(notice).toBeHidden();
  await page.goto('about:blank');
  await expect(async () => {
    await page.goto(site.url);
    await expect(page.locator('h1')).toHaveText(TITLE, { timeout: 1_000 });
    await page.goto('about:blank');
  }).toPass({ timeout: 20_000 });
  await page.goto(site.url);
  // What was kept of the older version is gone.
  await expect.poll(() => page.evaluate(() => caches.keys())).toHaveLength(1);
  expect(context.pages()).toHaveLength(1);
});
