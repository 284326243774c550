/** What a newcomer sees before and after the first attempt, at the text and at the terminal, over the echoing test double. */

import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { LessonPage } from '../support/lab.ts';

const path = '/en/lessons/persistent-volume/';

test('nothing is done before anything was done, and a reason waits for an attempt', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  const line = page.getByRole('group', { name: 'Where you are' });
  await expect(line).toHaveText('Next: 1. Look around');
  await expect(lesson.step('look').locator('.step-state')).toHaveText('');
  await lesson.step('look').getByRole('radio').last().check();
  await expect(lesson.step('look').locator('.verdict:visible')).toHaveText('Right.');
  await lesson.type('pass');
  const create = lesson.step('create');
  await expect(create.locator('.step-body')).toBeVisible();
  await expect(line).toContainText('Step 1 is done.');
  await expect(line).toContainText('Next: 2. Create the volume');
});

test('what is wrong is said in red, at the ledger and at the terminal; what became true is said at both at once', async ({
  page,
}) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('pass');
  const create = lesson.step('create');
  const line = page.getByRole('group', { name: 'Where you are' });
  await lesson.type('ls');
  await expect(create.locator('[data-reason][data-wrong]').first()).toBeVisible();
  await expect(line.locator('.wrong')).toHaveText('There is no PersistentVolume called pv0001 yet.');
  await line.getByRole('button').click();
  await expect(create.getByRole('heading', { level: 2 })).toBeFocused();
  await lesson.type('pass');
  await expect(create.locator('.step-state')).toHaveText('done');
  await expect(line).toContainText('Step 2 is done.');
  // A screen reader hears it once, and of nothing that is not news.
  await expect(page.locator('#announcements p', { hasText: 'pv0001 exists and is Available' })).toHaveCount(1);
  await expect(page.locator('#announcements')).not.toContainText('(done)');
});

test('a block that ran is marked, by its button or by hand', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  const block = lesson.step('look').locator('[data-code][data-host]').first();
  await expect(block.getByText('ran', { exact: true })).toBeHidden();
  await lesson.type('kubectl get nodes');
  await lesson.type('pass');
  await expect(block.getByText('ran', { exact: true })).toBeVisible();
});

test('what differs is reported by the project’s form, with the log as a file', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('kubectl get nodes');
  await page.getByRole('button', { name: 'Report what differs from a real cluster' }).click();
  const dialog = page.getByRole('dialog');
  const form = new URL((await dialog.getByRole('link', { name: 'Open the form' }).getAttribute('href'))!);
  expect(form.searchParams.get('template')).toBe('differs.yml');
  expect(form.searchParams.get('commands')).toContain('kubectl get nodes');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save the log as a file' }).click();
  await expect(dialog.getByRole('status')).toContainText((await download).suggestedFilename());
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});
