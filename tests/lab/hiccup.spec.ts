/** A part of the lab's code that cannot be loaded: the cluster waits for it, and no replay comes to another state by it. */

import { LessonPage } from '../support/lab.ts';
import { expect, type Page, test } from '../support/profile.ts';
import { long } from '../support/sample.ts';

const PATH = '/en/lessons/the-lab/';
const WAITS = 'A part of the lab could not be loaded yet.';

/** Lets no script through whose name begins so, until it is told to. */
async function withhold(page: Page, name: string): Promise<() => void> {
  let through = false;
  await page
    .context()
    .route(new RegExp(`/_astro/${name}[^/]*\\.js`), (route) => (through ? route.continue() : route.abort()));
  return () => {
    through = true;
  };
}

test('a first use waits for the network, and then goes on', async ({ page }) => {
  const lesson = await new LessonPage(page).open(PATH);
  const allow = await withhold(page, 'kubectl-program');
  await lesson.type('kubectl get nodes; date');
  await expect(page.getByRole('alert').filter({ hasText: WAITS })).toBeVisible();
  await expect(lesson.screen).not.toContainText('Error');
  allow();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(lesson.screen).toContainText('node02', { timeout: 20_000 });
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a replay loads what it needs before it begins, and comes to the same state', async ({ page }) => {
  test.setTimeout(60_000);
  const lesson = await new LessonPage(page).open(PATH);
  await lesson.type('kubectl get nodes | sed s/Ready/ready/');
  await expect(lesson.screen).toContainText('ready');
  const allow = await withhold(page, '(kubectl-program|sed)');
  await page.reload();
  await expect(page.getByRole('alert').filter({ hasText: WAITS })).toBeVisible({ timeout: 20_000 });
  allow();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(lesson.screen).toContainText('ready', { timeout: 20_000 });
  // Not set aside: it is the same state.
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a network too slow for a replay’s code is not the session’s fault', long, async ({ page }) => {
  test.setTimeout(120_000);
  const lesson = await new LessonPage(page).open(PATH);
  await lesson.type('echo precious | awk 1');
  await expect(lesson.screen).toContainText('# echo precious');
  const allow = await withhold(page, 'awk');
  await page.reload();
  await expect(page.getByRole('alert').filter({ hasText: WAITS })).toBeVisible({ timeout: 20_000 });
  // Longer than a replay may be silent.
  await page.waitForTimeout(28_000);
  await expect(page.getByRole('alert').filter({ hasText: 'never ends' })).toHaveCount(0);
  allow();
  await page.reload();
  await expect(lesson.screen).toContainText('precious', { timeout: 20_000 });
  await expect(page.getByRole('alert')).toHaveCount(0);
});
