/** The teachers' page on the built site: a class dropped on it is graded in the tab, and a session of it played. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { strToU8, zipSync } from 'fflate';
import { type Made, madeClass } from '../../sandbox/grading/testing-learners.ts';
import { expect, type Page, test } from '../support/profile.ts';

let made: Made[];
const folder = mkdtempSync(join(tmpdir(), 'bound-teach-'));
test.beforeAll(async () => {
  test.setTimeout(120_000);
  made = await madeClass();
  mkdirSync(join(folder, 'class'));
  for (const { file, text } of made) writeFileSync(join(folder, 'class', file), text);
  const zipped = Object.fromEntries(made.map(({ file, text }) => [file, strToU8(text)]));
  writeFileSync(join(folder, 'class.zip'), zipSync(zipped));
});
test.afterAll(() => rmSync(folder, { recursive: true }));

const files = () => made.map(({ file }) => join(folder, 'class', file));
const row = (page: Page, file: string) => page.locator(`tr[data-source="${file}"]`);

async function grade(page: Page, what: string | string[], count = made.length): Promise<void> {
  await page.locator('[data-files]').setInputFiles(what);
  await expect(page.locator('[data-took]')).toHaveText(new RegExp(`${count}`), { timeout: 60_000 });
}

async function axeFindsNothing(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

test('thirty logs: the table says what was made of each, and nothing leaves the tab', async ({ page }) => {
  test.setTimeout(120_000);
  const asked: string[] = [];
  await page.goto('/en/teach/');
  await expect(page.locator('[data-warm]')).toBeVisible({ timeout: 30_000 });
  page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));
  await grade(page, files());
  const took = Number(await page.locator('[data-took]').getAttribute('data-took'));
  process.stdout.write(`the teacher's page: ${made.length} logs in ${took} ms\n`);
  const words = {
    whole: 'whole',
    copied: 'copied',
    differs: 'differs',
    impossible: 'cannot be',
    damaged: 'damaged',
    endless: '',
  };
  const states = await page.locator('.class-table td.state').allTextContents();
  const byName = made.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  expect(states).toEqual(byName.map(({ state }) => words[state]));
  const marks = row(page, 'jun.json').locator('td.wrong');
  await expect(marks).toHaveCount(1);
  await expect(marks).toContainText('exported read-only');
  await expect(page.locator('.doubts')).toContainText('All its 183 inputs and their times are those of sam.json.');
  await expect(page.locator('.stones tbody tr').first()).toContainText('the-lab/export/exported');
  // Code of this site may still come; of the class, nothing goes anywhere.
  expect(asked.filter((line) => !line.startsWith('GET '))).toEqual([]);
  expect(asked.filter((line) => !line.includes('/_astro/') && !line.includes(' blob:'))).toEqual([]);
  await axeFindsNothing(page);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download as CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('bound-class.csv');
});

test('an archive, in Japanese, in the dark, on a phone', async ({ page }) => {
  test.setTimeout(120_000);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('/ja/teach/');
  await axeFindsNothing(page);
  await grade(page, join(folder, 'class.zip'));
  await expect(page.locator('.class-table tbody tr')).toHaveCount(made.length);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await axeFindsNothing(page);
});

test('what holds no session says so, and leaves the table as it was', async ({ page }) => {
  test.setTimeout(60_000);
  await page.goto('/teach/');
  await grade(page, files().slice(-1), 1);
  const torn = join(folder, 'torn.zip');
  writeFileSync(torn, 'PK');
  await page.locator('[data-files]').setInputFiles(torn);
  await expect(page.locator('.class-said')).toContainText('torn.zip: it is no zip archive');
  await page
    .locator('[data-files]')
    .setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
  await expect(page.locator('.class-said')).toContainText('No session files among these');
  await expect(page.locator('.class-table tbody tr')).toHaveCount(1);
});

test('a learner’s session is played', async ({ page }) => {
  test.setTimeout(90_000);
  await page.goto('/en/teach/');
  await grade(page, join(folder, 'class', 'akari.json'), 1);
  await page.getByRole('button', { name: 'Watch the session of Akari' }).click();
  const player = page.getByRole('dialog', { name: 'The session of Akari' });
  const screen = player.locator('.past-terminal .xterm-rows');
  // To its end; what comes before is past in moments.
  await expect(screen).toContainText('Setting up nfs-common', { timeout: 30_000 });
  await axeFindsNothing(page);
  await player.getByRole('slider').press('Home');
  await expect(screen).not.toContainText('Setting up');
  await expect(player.getByRole('button', { name: 'Play' })).toBeVisible();
  // It shows the terminal that the learner was in.
  await player.getByRole('slider').press('End');
  await expect(player.getByRole('button', { name: 'node02' })).toHaveAttribute('aria-pressed', 'true');
  await expect(screen).toContainText('showmount');
  await player.getByRole('button', { name: 'nfs', exact: true }).click();
  await expect(screen).toContainText('exportfs -v', { timeout: 20_000 });
  await player.getByRole('button', { name: 'Close' }).click();
  await expect(player).toBeHidden();
});
