/** Somebody's own lessons, in one language, from a folder: a site of them alone, and one in which they follow the course. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { long } from '../support/sample.ts';
import { serve } from '../support/site.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function build(name: string, ...options: string[]): string {
  const folder = `${root}.cache/${name}`;
  const args = ['scripts/build.ts', '--content', 'tests/fixtures/our-lessons', ...options, '--outDir', folder];
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: root },
  });
  expect(status, stderr).toBe(0);
  return folder;
}

test('alone: one language, one lesson, done by its buttons', long, async ({ page }) => {
  test.setTimeout(240_000);
  const site = await serve('--dir', build('site-own-alone'));
  await page.goto(site.url);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.locator('[data-language-switch]')).toHaveCount(0);
  await page.getByRole('link', { name: 'One volume, two folders' }).click();
  const step = page.locator('[data-step=share]');
  for (const button of await step.locator('[data-run]').all()) {
    await button.click();
    await expect(step.locator('[data-ran]').last()).toBeVisible();
  }
  await expect(step).toHaveAttribute('data-passed', '', { timeout: 60_000 });
  await expect(page.locator('.to-us a')).toHaveCount(0);
  await site.stop();
});

test('after the course: who reads another language is told', long, async ({ page }) => {
  test.setTimeout(240_000);
  const site = await serve('--dir', build('site-own-after', '--with-course'));
  await page.goto(`${site.url}ja/lessons/sub-path/`);
  await expect(page.getByText('このレッスンの本文は英語だけです。')).toBeVisible();
  await expect(page.locator('article')).toHaveAttribute('lang', 'en');
  await expect(page.locator('h1')).toHaveText('One volume, two folders');
  await page.goto(`${site.url}en/lessons/identity/`);
  await expect(page.locator('.lesson-end [rel=next]')).toContainText('One volume, two folders');
  await site.stop();
});
