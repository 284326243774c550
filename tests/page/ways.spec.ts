/** The ways around: the outline, the search, the course's map, and the picture, by keyboard and by whoever listens. */

import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { LessonPage } from '../support/lab.ts';

const path = '/en/lessons/persistent-volume/';
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

async function expectNoFindings(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

const expectNoSideways = async (page: Page) =>
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(page.viewportSize()!.width);

test('the outline says which step it is, and leads to any, by keyboard', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  const outline = page.locator('.outline');
  await expect(outline.locator('summary')).toHaveText(/Lesson 1 of 2.*Step 1 of 3.*Look around/s);
  await lesson.type('pass');
  await expect(outline.locator('summary')).toContainText('Step 2 of 3');
  await outline.locator('summary').focus();
  await page.keyboard.press('Enter');
  await expect(outline.locator('[data-outline-done]')).toHaveText('1 of 3 steps');
  await expect(outline.locator('[data-outline-step="look"]')).toContainText('done');
  await expect(outline.locator('[data-outline-step="think"]')).toContainText('not open yet');
  await expect(outline.locator('[data-lesson="persistent-volume"]')).toContainText('1 of 3 steps');
  await expectNoFindings(page);
  for (let tabs = 0; tabs < 3; tabs++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#think$/);
  await expect(page.locator('#think-title')).toBeFocused();
  await expect(lesson.step('think').getByText('Opens when')).toBeInViewport();
  await expect(outline.locator('.outline-panel')).toBeHidden();
  await outline.locator('summary').click();
  await page.keyboard.press('Escape');
  await expect(outline.locator('summary')).toBeFocused();
  await expect(outline.locator('.outline-panel')).toBeHidden();
});

test('the search finds a step of another lesson, and the cluster comes along', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('echo a/b');
  await expect(lesson.screen).toContainText('echo a/b');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeHidden();
  const field = page.getByRole('combobox', { name: 'Search lessons' });
  await page.keyboard.press('Control+Shift+K');
  await expect(field).toBeFocused();
  // A key by itself can be switched off, and stays so.
  await page.getByRole('checkbox', { name: 'The key / alone' }).uncheck();
  await page.keyboard.press('Escape');
  await page.locator('#text').focus();
  await page.keyboard.press('/');
  await page.keyboard.press('Control+k');
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('');
  await page.getByRole('checkbox', { name: 'The key / alone' }).check();
  await page.keyboard.press('Escape');
  await page.locator('#text').focus();
  await page.keyboard.press('/');
  await expect(field).toBeFocused();
  await page.keyboard.type('test-claim');
  const chosen = page.locator('[role=option][aria-selected=true]');
  await expect(chosen).toHaveCount(1);
  await expectNoFindings(page);
  const target = page.locator('[role=option][href*="/lessons/claim/#"]').first();
  const step = (await target.getAttribute('href'))!.split('#')[1]!;
  for (let presses = 0; (await chosen.getAttribute('id')) !== (await target.getAttribute('id')); presses++) {
    expect(presses).toBeLessThan(20);
    await page.keyboard.press('ArrowDown');
  }
  expect(await field.getAttribute('aria-activedescendant')).toBe(await target.getAttribute('id'));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`/en/lessons/claim/#${step}`);
  await expect(page.getByText('The same cluster as in the lesson you come from.')).toBeVisible();
  await expect(page.locator(`#${step}-title`)).toBeFocused();
});

test('a kind of the API shows its fields, and kubectl tells more', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await page.locator('#text').focus();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('persistentVolumeReclaimPolicy');
  const kind = page.getByRole('group', { name: 'Kubernetes API' }).getByRole('option');
  await expect(kind).toHaveCount(1);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'PersistentVolume', exact: true })).toBeFocused();
  await expect(page.getByRole('rowheader', { name: 'spec.nfs', exact: false }).first()).toBeVisible();
  await expectNoFindings(page);
  await page.getByRole('button', { name: 'Back to the results' }).click();
  await expect(kind).toHaveCount(1);
  await kind.click();
  await page.getByRole('dialog').getByRole('button', { name: 'run' }).click();
  await expect(lesson.screen).toContainText('kubectl explain pv');
});

test('the map shows where one is, and goes on from there', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('pass');
  await expect(lesson.step('look')).toHaveAttribute('data-passed', '');
  await page.goto('/en/');
  const begin = page.getByRole('link', { name: 'Go on: Create the volume' });
  await expect(page.locator('[data-lesson="persistent-volume"]')).toContainText('1 of 3 steps');
  await expect(page.locator('.here:visible')).toHaveText(/You are here: Create the volume/);
  await expect(page.getByRole('link', { name: 'Step 1: Look around (done)' })).toBeVisible();
  await expect(page.locator('[aria-current=step]')).toHaveAccessibleName(/Step 2: Create the volume/);
  await expectNoFindings(page);
  await page.keyboard.press('/');
  await expect(page.getByRole('combobox', { name: 'Search lessons' })).toBeFocused();
  await page.keyboard.type('available');
  await expect(page.getByRole('dialog').getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await begin.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${path}#create`);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the map is a table of contents, and the outline opens', async ({ page }) => {
    await page.goto('/en/');
    await expect(page.getByRole('link', { name: 'Step 2: Create the volume' })).toHaveAttribute('href', /#create$/);
    await expect(page.locator('.here:visible')).toHaveCount(0);
    await page.goto(path);
    await page.locator('.outline summary').click();
    await expect(page.locator('.outline').getByRole('link', { name: 'What was not done' })).toBeVisible();
  });
});

test('the picture marks what the last command changed, and is gone through with the arrow keys', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  const since = page.locator('.since');
  await expect(since).toContainText('no change');
  await lesson.type('picture 1');
  await expect(since).toContainText('+ volume pv0001');
  const volume = page.getByRole('button', { name: /^pv0001, Available, new since the last command/ });
  await expect(volume).toBeVisible();
  await lesson.type('picture 2');
  await expect(since).toContainText('volume pv0001: Available → Bound');
  await expect(page.getByRole('button', { name: /^pv0001, Bound, changed by the last command/ })).toBeVisible();
  await lesson.type('echo');
  await expect(since).toContainText('no change');
  const first = page.locator('.picture [data-stop][tabindex="0"]');
  await expect(first).toHaveCount(1);
  await first.focus();
  await page.keyboard.press('End');
  // Its question, the directory itself, and the server's question.
  for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowUp');
  await expect(page.locator('.picture [data-stop="machines/nfs?why"]')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('.picture [data-stop="machines/nfs"]')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.host-terminal.front .xterm-rows')).toContainText('exportfs -v');
});

test('a figure of the article is named, and a crowd is counted', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('picture 3');
  await expect(page.getByText('Figure 001 of the article: all Pods of Deployment persistent-deployment')).toBeVisible();
  await lesson.type('picture 5');
  await expect(page.locator('.picture .more').first()).toContainText(/and \d+ more/);
  await page.getByText('In words').click();
  await expectNoFindings(page);
});

test.describe('on a phone', () => {
  test.use(phone);

  test('outline, search and picture fit', async ({ page }) => {
    await page.goto(path);
    await page.locator('.outline summary').click();
    await expect(page.locator('.outline-panel')).toBeVisible();
    await expectNoSideways(page);
    await expectNoFindings(page);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('combobox', { name: 'Search lessons' }).fill('volume');
    await expect(page.getByRole('dialog').getByRole('option').first()).toBeVisible();
    await expectNoSideways(page);
    await expectNoFindings(page);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Open the terminal' }).click();
    await page.getByRole('button', { name: 'Show the picture' }).click();
    await expect(page.locator('.picture svg')).toBeVisible();
    const touched = (await page.locator('.picture .why rect').first().boundingBox())!;
    expect(Math.min(touched.width, touched.height)).toBeGreaterThanOrEqual(24);
    await expectNoSideways(page);
    await expectNoFindings(page);
  });
});
