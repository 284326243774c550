/** The session begins in the worker and goes on in a WebContainer: the same screen, then the same commands. */

import { expect, test } from '@playwright/test';
import { LessonPage } from '../support/lab.ts';
import { type StandIn, startStandIn } from './standin.ts';

let standIn: StandIn;
test.beforeAll(async () => {
  standIn = await startStandIn();
});
test.afterAll(() => standIn.close());
// The stand-in is on another port than StackBlitz's frame, which the policy allows.
test.use({ bypassCSP: true });

test('the log is replayed there, and the badge says so', async ({ page }) => {
  await page.addInitScript((url) => {
    (globalThis as { WEBCONTAINER_API_IFRAME_URL?: string }).WEBCONTAINER_API_IFRAME_URL = url;
  }, standIn.url);
  const lesson = await new LessonPage(page).open('/en/lessons/the-lab/');
  await lesson.type('echo begun in the worker');
  await expect(page.getByText('in a WebContainer', { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(lesson.screen).toContainText('begun in the worker');
  await lesson.type('kubectl get nodes');
  await expect(lesson.screen).toContainText('node02     Ready', { timeout: 10_000 });
});

test('a frame that never answers leaves the session in the worker', async ({ page }) => {
  await page.route('**/headless**', (route) => route.abort());
  await page.addInitScript((url) => {
    (globalThis as { WEBCONTAINER_API_IFRAME_URL?: string }).WEBCONTAINER_API_IFRAME_URL = url;
  }, standIn.url);
  const lesson = await new LessonPage(page).open('/en/lessons/the-lab/');
  await lesson.type('kubectl get nodes');
  await expect(lesson.screen).toContainText('node02     Ready', { timeout: 10_000 });
  await expect(page.getByText('in this tab; a WebContainer is starting')).toBeVisible();
});
