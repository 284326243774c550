/** A session is its log: kept over reloads, shared by link, begun again when the sandbox falls silent. */

import { expect, test } from '@playwright/test';
import { LessonPage } from '../support/lab.ts';

const path = '/en/lessons/persistent-volume/';

test('a reload goes on where it was', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('echo remembered');
  await page.keyboard.type('half a line');
  await expect(lesson.screen).toContainText('half a line');
  await page.reload();
  await expect(lesson.screen).toContainText('[root@master01 ~]# echo remembered', { timeout: 15_000 });
  await expect(lesson.screen).toContainText('[root@master01 ~]# half a line');
});

test('the next lesson goes on in the same world; opened by itself it is fresh', async ({ page, browser, baseURL }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('echo carried');
  await page.locator('.lesson-end [data-next]').click();
  await expect(page).toHaveURL('/en/lessons/claim/');
  await expect(lesson.screen).toContainText('echo carried', { timeout: 15_000 });

  const reader = await browser.newPage();
  const fresh = await new LessonPage(reader).open(`${baseURL}/en/lessons/claim/`);
  await expect(fresh.screen).not.toContainText('carried');
  await reader.close();
});

test('a link carries the session, and leaves the reader’s own alone', async ({ page, browser }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('echo shared');
  await expect(lesson.screen).toContainText('echo shared');
  await page.getByText('Lab', { exact: true }).click();
  await page.getByRole('button', { name: 'Copy a link to this session' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Link copied' })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain('#session=');

  const other = await browser.newPage();
  const theirs = await new LessonPage(other).open(link);
  await expect(theirs.screen).toContainText('echo shared');
  await expect(other.getByText('This is a session from a link.')).toBeVisible();
  await theirs.type('echo not kept');
  await other.goto('about:blank');
  const own = await new LessonPage(other).open(link.replace(/#.*/, ''));
  await expect(own.screen).not.toContainText('shared');
  await other.close();
});

test('a silent sandbox is told, and replaced without its last command', async ({ page }) => {
  test.slow();
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('echo before');
  await expect(lesson.screen).toContainText('echo before');
  await page.waitForTimeout(1_200);
  await lesson.type('hang');
  const notice = page.getByRole('alert');
  await expect(notice).toContainText('The lab has not answered for a while.', { timeout: 25_000 });
  await notice.getByRole('button', { name: 'Restart without the last command' }).click();
  await expect(notice).toBeHidden();
  await expect(lesson.screen).toContainText('echo before');
  await lesson.type('echo after');
  await expect(lesson.screen).toContainText('[root@master01 ~]# echo after');
});

test('a sandbox that does not start says so and opens the text', async ({ page }) => {
  await page.route('**/*echo-worker*', (route) => route.abort());
  await page.goto(path);
  await expect(page.getByRole('alert')).toContainText('The lab did not start.');
  await expect(page.locator('[data-step="think"] .step-body')).toBeVisible();
});
