/** What a session can do on the built site: come back, take back, start anywhere. */

import { LessonPage } from '../support/lab.ts';
import { expect, test } from '../support/profile.ts';

test('a session comes back after a reload, to the half-typed line', async ({ page }) => {
  const lesson = await new LessonPage(page).open('/en/lessons/the-lab/');
  await lesson.type('kubectl get nodes');
  await expect(lesson.screen).toContainText('node02');
  await page.keyboard.type('kubectl get p');
  await expect(lesson.screen).toContainText('# kubectl get p');
  await page.reload();
  await expect(lesson.screen).toContainText('node02', { timeout: 15_000 });
  await expect(lesson.screen).toContainText('# kubectl get p');
  // The keyboard is where it was, too.
  await expect(lesson.keyboard).toBeFocused();
  await page.keyboard.type('v\r');
  await expect(lesson.screen).toContainText('No resources found');
});

test('undo takes back the last command', async ({ page }) => {
  const lesson = await new LessonPage(page).open('/en/lessons/the-lab/');
  await lesson.type('echo first');
  await expect(lesson.screen).toContainText('# echo first');
  await lesson.type('echo second');
  await expect(lesson.screen).toContainText('# echo second');
  await page.locator('summary').filter({ hasText: /^Lab$/ }).click();
  await page.getByRole('button', { name: 'Undo the last command' }).click();
  await expect(lesson.keyboard).toBeFocused();
  await expect(lesson.screen).not.toContainText('second');
  await expect(lesson.screen).toContainText('# echo first');
  // What was typed in a program belongs to the command that opened it.
  await lesson.type('vi f');
  await expect(lesson.screen).toContainText('~');
  await lesson.type('ione');
  await lesson.type('two\x1b:wq');
  await expect(lesson.screen).toContainText('# vi f[root@master01 ~]#');
  await page.locator('summary').filter({ hasText: /^Lab$/ }).click();
  await page.getByRole('button', { name: 'Undo the last command' }).click();
  await expect(page.locator('#announcements')).toContainText('vi f');
  await lesson.type('ls f');
  await expect(lesson.screen).toContainText("cannot access 'f'");
});

test('start from here sets up what the steps before would have', async ({ page }) => {
  const lesson = await new LessonPage(page).open('/en/lessons/persistent-volume/');
  const second = page.locator('[data-step]').nth(1);
  await second.getByRole('button', { name: 'Start from here' }).click();
  await expect(second.locator('.step-body')).toBeVisible({ timeout: 20_000 });
  // What became true in another world is no news of this one.
  await expect(page.getByRole('group', { name: 'Where you are' })).toHaveText(/^\s*Next: 2\./);
  await lesson.type('ls /root/kube_yaml/persistent_volume/');
  await expect(lesson.screen).toContainText('persistent_volume.yaml');
});

test('run waits for what ends by itself', async ({ page }) => {
  const lesson = await new LessonPage(page).open('/en/lessons/the-lab/');
  await lesson.type('sleep 3');
  await expect(lesson.screen).toContainText('# sleep 3');
  await page.locator('[data-step] [data-run]').first().click();
  await expect(page.getByRole('dialog')).toContainText('sleep 3');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(lesson.screen).toContainText('node02');
  await expect(lesson.keyboard).toBeFocused();
});

test('run in another terminal, and after stopping what runs', async ({ page }) => {
  const thrown: string[] = [];
  page.on('pageerror', (error) => thrown.push(error.message));
  const lesson = await new LessonPage(page).open('/en/lessons/the-lab/');
  await lesson.type('kubectl get pods -w');
  await expect(lesson.screen).toContainText('get pods -w');
  const run = page.locator('[data-step] [data-run]').first();
  // The line is echoed before the program runs: until then its shell is what is busy.
  await expect(async () => {
    await page.keyboard.press('Escape');
    await run.click();
    await expect(page.getByRole('dialog')).toContainText('“kubectl get pods -w” is still running on master01.', {
      timeout: 500,
    });
  }).toPass();
  await page.getByRole('button', { name: 'Run in another terminal' }).click();
  await expect(page.getByRole('tab', { selected: true })).toHaveText('master01 2');
  await expect(lesson.screen).toContainText('node02');
  await page.getByRole('tab', { name: 'master01', exact: true }).click();
  await lesson.type('\x03vi /etc/motd');
  await expect(lesson.screen).toContainText('~');
  await lesson.keyboard.press('i');
  await run.click();
  await expect(page.getByRole('dialog')).toContainText('What you have not saved will be lost');
  await page.getByRole('button', { name: 'Close without saving, then run' }).click();
  await expect(lesson.screen).toContainText('node02');
  await expect(lesson.screen).not.toContainText('~ ~');
  await page.reload();
  await expect(page.getByRole('tab')).toHaveText(['master01', 'nfs', 'node01', 'node02', 'master01 2']);
  expect(thrown).toEqual([]);
});
