/** One build at a host's root, in a folder, without the headers it wants, and where no folder has an index: lesson 1 is done in each. */

import { expect, type Page, test } from '@playwright/test';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { requiredSteps } from '../../sandbox/lesson/schema.ts';
import { article } from '../article/commands.ts';
import { Learner } from '../article/learner.ts';
import { Reader } from '../article/reader.ts';
import { complaintsOf } from '../support/complaints.ts';
import { type Served, serve } from '../support/site.ts';

test.use({ viewport: { width: 1600, height: 1000 } });

const [lesson] = lessonsFromDisk();
let site: Served;
test.afterEach(() => site.stop());

for (const [where, options, isolated] of [
  ['the root', [], true],
  ['a folder', ['--base', '/a/b/'], true],
  ['a folder of a host that sends no headers', ['--base', '/course-17/content/', '--plain'], false],
] as const) {
  test(`at ${where}`, async ({ page }) => {
    test.setTimeout(120_000);
    site = await serve(...options);
    const complaints = complaintsOf(page);
    await page.goto(site.url);
    await linksLead(page);
    const learner = new Learner(page, { root: site.url });
    await learner.open('en', lesson!.id);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolated);
    await linksLead(page);
    const reader = new Reader(learner);
    for (const step of process.env.BOUND_LONG ? requiredSteps(lesson!) : lesson!.steps.slice(0, 2)) {
      await learner.seesOpen(step);
      for (const typed of article[lesson!.id]![step.id]!) await reader.type(typed);
      await learner.seesGreen(step);
    }
    await page.locator('[data-language-switch]').click();
    await page.waitForURL(`${site.url}ja/lessons/${lesson!.id}/**`);
    await page.goto(site.url);
    await expect(page.locator('[data-begin]')).toContainText('Go on: ');
    await page.locator('[data-begin]').click();
    await page.waitForURL(`${site.url}en/lessons/${lesson!.id}/**`);
    expect(complaints).toEqual([]);
  });
}

test('opened by the name of its file, a page links to files', async ({ page }) => {
  site = await serve('--base', '/a/b/');
  await page.goto(`${site.url}index.html`);
  for (const link of await linksLead(page)) expect(link).toMatch(/\/index\.html$/);
  await page.getByRole('link', { name: 'Begin with lesson 1' }).click();
  await expect(page).toHaveURL(`${site.url}en/lessons/${lesson!.id}/index.html`);
  // The page's script names them so, once it runs.
  await expect(async () => {
    for (const link of await linksLead(page)) expect(link).toMatch(/\/index\.html$/);
  }).toPass();
});

test('a page that is missing leads back from any depth', async ({ page }) => {
  site = await serve('--base', '/a/b/');
  for (const missing of ['nothing', 'en/lessons/nothing/at/all/']) {
    await page.goto(site.url + missing);
    await page.getByRole('link', { name: 'レッスン一覧' }).click();
    await expect(page).toHaveURL(`${site.url}ja/index.html`);
    await expect(page.locator('.course [data-lesson]')).toHaveCount(lessonsFromDisk().length);
  }
});

/** Every link to this host leads into the site and is answered; gives where they lead. */
async function linksLead(page: Page): Promise<string[]> {
  const all = await page
    .locator('a[href]')
    .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
  const [here] = page.url().split('#');
  const inside = [...new Set(all.map((href) => href.split('#')[0]!))].filter(
    (href) => href !== here && new URL(href).origin === new URL(site.url).origin,
  );
  expect(inside.length).toBeGreaterThan(1);
  for (const href of inside) {
    expect(href.startsWith(site.url), href).toBe(true);
    expect((await page.request.get(href)).status(), href).toBe(200);
  }
  return inside;
}
