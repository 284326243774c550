/** A lesson by a teacher's link: the same world for all, what is hidden is hidden, and at its end nothing more is taken down. */

import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { LessonPage } from '../support/lab.ts';
import { expect, test } from '../support/profile.ts';

const PATH = '/en/lessons/claim/';

test.setTimeout(60_000);

test('step and seed are fixed, hints and solutions hidden; the next lesson keeps to it', async ({ page }) => {
  const lesson = await new LessonPage(page).open(`${PATH}?step=create&seed=7&hints=hidden&solutions=hidden`);
  const terms = page.getByRole('region', { name: 'Exercise' });
  await expect(terms).toHaveText('Hints and solutions are hidden.');
  await expect(lesson.step('create')).toHaveAttribute('data-open', '');
  await expect(page.locator('.hint').first()).toBeHidden();
  for (const name of ['Show me', 'Start from here']) await expect(page.getByRole('button', { name })).toHaveCount(0);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  // Identifiers are drawn by chance from the seed.
  await lesson.type('clear; kubectl get pv -o jsonpath=\'{.items[0].metadata.uid}{"\\n"}\'');
  await expect(lesson.screen).toContainText(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  const uid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec((await lesson.screen.textContent())!)![0];

  await page.locator('.lesson-end a[rel=next]').click();
  await page.waitForURL(/\?seed=7&hints=hidden&solutions=hidden/);
  await expect(lesson.screen).toContainText(uid);
  await expect(terms).toBeVisible();

  // Another learner's browser, or the same one without the first's session: the same world.
  await page.evaluate(() => sessionStorage.clear());
  const other = await page.context().newPage();
  const second = await new LessonPage(other).open(`${PATH}?step=create&seed=8`);
  await second.type('clear; kubectl get pv -o jsonpath=\'{.items[0].metadata.uid}{"\\n"}\'');
  await expect(second.screen).toContainText(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  await expect(second.screen).not.toContainText(uid);
});

test('a seed has names of its own: the text, the checkpoints and the solution speak of the same ones', async ({
  page,
}) => {
  const lesson = await new LessonPage(page).open('/en/lessons/claim/?seed=7');
  const text = page.locator('#text');
  await expect(text).toContainText(/claim-\d{4}/);
  // What is left of the course's own words are its files' names, and nobody's.
  await expect(text).not.toContainText(/test-claim|pv0001/);
  const name = /claim-\d{4}/.exec((await text.textContent())!)![0];
  await lesson
    .step('define')
    .getByRole('button', { name: /^write/ })
    .click();
  await expect(lesson.step('define')).toHaveAttribute('data-passed', '');
  await lesson.step('create').locator('[data-run]').first().click();
  await expect(lesson.screen).toContainText(`persistentvolumeclaim/${name} created`);
  await expect(lesson.step('create').locator('[data-checkpoint]').first()).toHaveAttribute('data-passed', '', {
    timeout: 20_000,
  });
});

test('what the link cannot mean is told, and the rest of it holds', async ({ page }) => {
  await new LessonPage(page).open(`${PATH}?seed=many&hints=hidden`);
  await expect(page.getByRole('alert').filter({ hasText: 'seed=many' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Exercise' })).toContainText('Hints are hidden.');
});

test('at its end nothing more is taken down, and the session can be handed in', async ({ page }) => {
  const until = new Date(Date.now() + 5_000).toISOString();
  const lesson = await new LessonPage(page).open(`${PATH}?until=${until}`);
  await lesson.type('echo in time');
  await expect(lesson.screen).toContainText('# echo in time');
  const terms = page.getByRole('region', { name: 'Exercise' });
  await expect(terms).toContainText('The exercise ended at', { timeout: 15_000 });
  await lesson.type('echo too late');
  await expect(page.getByRole('button', { name: 'Run' }).first()).toBeDisabled();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    terms.getByRole('button', { name: 'Save session' }).click(),
  ]);
  const { entries } = JSON.parse(await readFile(await saved.path(), 'utf8')) as { entries: { data?: string }[] };
  expect(entries.map(({ data = '' }) => data).join('')).toBe('echo in time\r');
  await page.waitForTimeout(300);
  await expect(lesson.screen).not.toContainText('too late');
});

test('a teacher makes such a link by a form', async ({ page }) => {
  await page.goto('/en/teach/');
  const link = page.locator('output');
  await page.locator('[name=lesson]').selectOption('claim');
  await page.getByLabel('Begins at step').selectOption('create');
  await page.getByLabel('Seed').fill('7');
  await page.getByLabel('Hide hints').check();
  await page.getByLabel('Hide solutions').check();
  await expect(link).toHaveText(/\/en\/lessons\/claim\/\?step=create&seed=7&hints=hidden&solutions=hidden$/);
  // The steps are those of the lesson that is chosen, and come back with it.
  await page.locator('[name=lesson]').selectOption('the-lab');
  await expect(link).toHaveText(/\/the-lab\/\?seed=7&/);
  await page.locator('[name=lesson]').selectOption('claim');
  await page.getByLabel('Begins at step').selectOption('create');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.goto((await link.textContent())!);
  await expect(page.getByRole('region', { name: 'Exercise' })).toHaveText('Hints and solutions are hidden.');
});
