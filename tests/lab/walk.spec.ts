/** Every lesson walked as a learner would, its buttons pressed in order, over the real sandbox; and what a session can do. */

import { expect, type Locator, test } from '@playwright/test';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { LessonPage } from '../support/lab.ts';

/** The terminal stands at a prompt again, on the line after what was typed. */
async function settled(lesson: LessonPage): Promise<void> {
  await expect(async () => {
    const text = (await lesson.screen.innerText()).replaceAll('\u00a0', ' ').trimEnd();
    expect(text).toMatch(/[#$]$/);
  }).toPass({ timeout: 60_000 });
}

/** What the text tells the learner to do: Esc, then :wq and Enter. */
async function leaveVi(lesson: LessonPage): Promise<void> {
  await lesson.keyboard.focus();
  await lesson.page.keyboard.press('Escape');
  await lesson.page.waitForTimeout(300);
  await lesson.page.keyboard.type(':wq\r');
}

async function walk(lesson: LessonPage, step: Locator): Promise<void> {
  for (const button of await step.locator('[data-run]').all()) {
    await button.click();
    await lesson.page.waitForTimeout(300);
    const block = button.locator('xpath=ancestor::*[@data-code]');
    const inVi = (await block.getAttribute('data-in')) === 'vi';
    const opensVi = (await block.locator('pre').innerText()).includes('vi /');
    if (inVi) await leaveVi(lesson);
    if (!opensVi) await settled(lesson);
  }
  // Some steps ask for what no button types: there, the solution is shown.
  const passes = expect(step).toHaveAttribute('data-passed', '', { timeout: 6_000 });
  for (const right of await step.locator('input[data-right]').all()) await right.check();
  await passes.catch(() => step.locator('[data-show-me]').click());
  await expect(step).toHaveAttribute('data-passed', '', { timeout: 60_000 });
}

for (const { id } of lessonsFromDisk()) {
  test(`${id}: its buttons pass every step`, async ({ page }) => {
    test.setTimeout(240_000);
    const lesson = await new LessonPage(page).open(`/en/lessons/${id}/`);
    await page.getByLabel('Speed of time').selectOption('10');
    for (const step of await page.locator('[data-step]').all()) await walk(lesson, step);
  });
}

test('a session comes back after a reload, to the half-typed line', async ({ page }) => {
  const lesson = await new LessonPage(page).open('/en/lessons/the-lab/');
  await lesson.type('kubectl get nodes');
  await expect(lesson.screen).toContainText('node02');
  await page.keyboard.type('kubectl get p');
  await expect(lesson.screen).toContainText('# kubectl get p');
  await page.reload();
  await expect(lesson.screen).toContainText('node02', { timeout: 15_000 });
  await expect(lesson.screen).toContainText('# kubectl get p');
  await page.keyboard.press('Control+Backquote');
  await page.keyboard.type('v\r');
  await expect(lesson.screen).toContainText('No resources found');
});

test('undo takes back the last command', async ({ page }) => {
  const lesson = await new LessonPage(page).open('/en/lessons/the-lab/');
  await lesson.type('echo first');
  await expect(lesson.screen).toContainText('# echo first');
  await lesson.type('echo second');
  await expect(lesson.screen).toContainText('# echo second');
  await page.getByText('Lab', { exact: true }).click();
  await page.getByRole('button', { name: 'Undo the last command' }).click();
  await expect(lesson.screen).not.toContainText('second');
  await expect(lesson.screen).toContainText('# echo first');
});

test('start from here sets up what the steps before would have', async ({ page }) => {
  const lesson = await new LessonPage(page).open('/en/lessons/persistent-volume/');
  const second = page.locator('[data-step]').nth(1);
  await second.getByRole('button', { name: 'Start from here' }).click();
  await expect(second.locator('.step-body')).toBeVisible({ timeout: 20_000 });
  await lesson.type('ls /root/kube_yaml/persistent_volume/');
  await expect(lesson.screen).toContainText('persistent_volume.yaml');
});
