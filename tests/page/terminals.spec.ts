/** Terminals: the first moment, wide output, several at once, what is found in them, and the ways in and out; over the echoing test double. */

import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { LessonPage } from '../support/lab.ts';

const path = '/en/lessons/persistent-volume/';
const WIDE = `start ${'-'.repeat(180)} end`;

const menu = (page: Page) => page.getByRole('button', { name: 'Terminal menu' });
const scrolled = (page: Page) => page.locator('.host-terminal.front').evaluate((view) => view.scrollLeft);

async function axe(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include('#lab').analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

test('the caret stands where one types, and says so until something is typed', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await expect(lesson.keyboard).toBeFocused();
  await expect(page.getByText('type here')).toBeVisible();
  await page.keyboard.type('e');
  await expect(lesson.screen).toContainText('# e');
  await expect(page.getByText('type here')).toHaveCount(0);
  await page.reload();
  await expect(lesson.screen).toContainText('# e');
  await expect(page.getByText('type here')).toHaveCount(0);
});

test('who comes to a place of the text, or by keyboard, is not taken from it', async ({ page }) => {
  const lesson = await new LessonPage(page).open(`${path}#create`);
  await expect(page.locator('body')).toBeFocused();
  await page.locator('.lesson-end [data-next]').focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/en\/lessons\/claim\//);
  await expect(lesson.screen).toContainText('#');
  await expect(page.locator('body')).toBeFocused();
});

test('what is wide goes on beyond the edge: scrolled to, and back with the next key', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type(WIDE);
  // It is one row of the terminal, as long as it is.
  await expect(
    page.locator('.host-terminal.front .xterm-rows > div', { hasText: /^start -{180} end\s*$/ }),
  ).toBeVisible();
  expect(await scrolled(page)).toBe(0);
  await page.locator('.host-terminal.front').hover();
  await page.mouse.wheel(600, 0);
  await expect.poll(() => scrolled(page)).toBeGreaterThan(300);
  await page.keyboard.type('x');
  await expect.poll(() => scrolled(page)).toBe(0);
  await page.keyboard.press('Control+Shift+ArrowRight');
  await expect.poll(() => scrolled(page)).toBeGreaterThan(100);
  // A line typed beyond the edge is followed.
  await page.keyboard.type('y'.repeat(150));
  await expect.poll(() => scrolled(page)).toBeGreaterThan(300);
  await page.keyboard.press('Enter');
  await expect.poll(() => scrolled(page)).toBe(0);

  const isWider = () => page.locator('.host-terminal.front').evaluate((view) => view.scrollWidth > view.clientWidth);
  expect(await isWider()).toBe(true);
  await page.getByText('Lab', { exact: true }).click();
  await page.getByLabel('Wrap long lines at the edge').check();
  await expect.poll(isWider).toBe(false);
});

test('two side by side, named, and all of it there again: after a reload, in the other language, in the next lesson', async ({
  page,
}) => {
  const lesson = await new LessonPage(page).open(path);
  await page.getByRole('button', { name: 'New terminal on master01' }).click();
  await expect(page.getByRole('tab', { name: 'master01 2' })).toHaveAttribute('aria-selected', 'true');
  await expect(lesson.keyboard).toBeFocused();
  await menu(page).click();
  expect(await axe(page)).toEqual([]);
  await page.getByRole('textbox', { name: 'Name' }).fill('watching');
  await page.getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('tab', { name: 'watching' })).toBeVisible();
  await menu(page).click();
  await page.getByRole('button', { name: 'Two side by side' }).click();
  await expect(page.locator('.pane-bar')).toHaveText([/^watching/, /^master01/]);
  await page.keyboard.type('echo second');
  expect(await axe(page)).toEqual([]);

  const is = async (name: RegExp) => {
    await expect(page.locator('.pane-bar')).toHaveText([/^watching/, /^master01/], { timeout: 15_000 });
    await expect(page.locator('.pane-bar.front')).toHaveText(name);
  };
  await page.reload();
  await is(/^watching/);
  await expect(lesson.screen).toContainText('echo second');
  // The other one is brought to the front by typing in it.
  await page.locator('.host-terminal.in-view:not(.front)').click();
  await is(/^master01/);
  await page.getByRole('link', { name: '日本語' }).click();
  await is(/^master01/);
  await page.locator('.lesson-end [data-next]').click();
  await expect(page).toHaveURL(/\/ja\/lessons\/claim\//);
  await is(/^master01/);
});

test('a terminal is closed by its menu and by its shell’s end; the one before comes to the front', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await page.getByRole('tab', { name: 'nfs' }).click();
  await page.getByRole('button', { name: 'New terminal on nfs' }).click();
  await expect(page.getByRole('tab', { name: 'nfs 2' })).toBeVisible();
  await lesson.type('exit');
  await expect(page.getByRole('tab')).toHaveText(['master01', 'node01', 'nfs']);
  await expect(page.getByRole('tab', { selected: true })).toHaveText('nfs');
  await expect(lesson.keyboard).toBeFocused();
  await page.getByRole('button', { name: 'New terminal on nfs' }).click();
  await menu(page).click();
  await page.getByRole('button', { name: 'Close nfs 3' }).click();
  await expect(page.getByRole('tab')).toHaveText(['master01', 'node01', 'nfs']);
  await page.reload();
  await expect(lesson.screen).toContainText('#');
  await expect(page.getByRole('tab')).toHaveText(['master01', 'node01', 'nfs']);
});

test('find: how many, one after the other, with case; Escape goes back to the prompt', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  for (const word of ['echo Bound', 'echo bound', 'echo free']) await lesson.type(word);
  // What comes while one looks is looked through too, and moves the count.
  await expect(lesson.screen).toContainText(/echo free\s*echo free\s*\[root@master01 ~\]# /);
  await page.keyboard.press('Control+Shift+F');
  const bar = page.getByRole('search');
  const field = bar.getByRole('textbox');
  await expect(field).toBeFocused();
  await page.keyboard.type('bound');
  // Typed and echoed, twice each.
  await expect(bar.getByRole('status')).toHaveText('4 of 4');
  await page.keyboard.press('Enter');
  await expect(bar.getByRole('status')).toHaveText('3 of 4');
  await bar.getByRole('button', { name: 'Next match' }).click();
  await expect(bar.getByRole('status')).toHaveText('4 of 4');
  await bar.getByRole('button', { name: 'Match case' }).click();
  await expect(bar.getByRole('status')).toHaveText('2 of 2');
  expect(await axe(page)).toEqual([]);
  await field.fill('nowhere');
  await expect(bar.getByRole('status')).toHaveText('Not found');
  await page.keyboard.press('Escape');
  await expect(bar).toHaveCount(0);
  await expect(lesson.keyboard).toBeFocused();
});

test('copy on select, once it is chosen; a clipboard that is refused is told', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('chosen');
  const word = page.locator('.host-terminal.front .xterm-rows > div', { hasText: /^chosen/ });
  const choose = async () => {
    const { x, y } = (await word.boundingBox())!;
    await page.mouse.dblclick(x + 15, y + 8);
  };
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.evaluate(() => navigator.clipboard.writeText('before'));
  await choose();
  expect(await copied()).toBe('before');
  await page.getByText('Lab', { exact: true }).click();
  await page.getByLabel('Copy what is selected').check();
  await choose();
  await expect.poll(copied).toBe('chosen');
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('refused'));
  });
  await choose();
  await expect(page.locator('.told')).toContainText('did not allow copying');
});

test('the ways in and out are told on entry, once; Esc says nothing, and Esc then Tab leaves', async ({ page }) => {
  const lesson = await new LessonPage(page).open(`${path}#create`);
  const told = page.locator('#announcements p', { hasText: 'Esc, then Tab leaves the terminal.' });
  await expect(told).toHaveCount(0);
  await page.keyboard.press('Control+Backquote');
  await expect(lesson.keyboard).toBeFocused();
  await expect(told).toHaveCount(1);
  const said = await page.locator('#announcements p').count();
  for (let i = 0; i < 3; i++) await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Backquote');
  await page.keyboard.press('Control+Backquote');
  await expect(lesson.keyboard).toBeFocused();
  expect(await page.locator('#announcements p').count()).toBe(said);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(lesson.keyboard).not.toBeFocused();
});

test('the keyboard goes through the lab as the eye does; readable line by line is offered before the terminal', async ({
  page,
}) => {
  await new LessonPage(page).open(`${path}#create`);
  await page.getByRole('button', { name: 'Hide the picture' }).focus();
  const passed: string[] = [];
  for (let i = 0; i < 9 && passed.at(-1) !== 'Terminal of master01'; i++) {
    await page.keyboard.press('Tab');
    passed.push(
      await page.evaluate(() => document.activeElement!.ariaLabel ?? document.activeElement!.textContent!.trim()),
    );
  }
  expect(passed.slice(-6)).toEqual([
    'master01',
    'New terminal on master01',
    'Terminal menu',
    'Files',
    'With a screen reader: make the terminals readable line by line',
    'Terminal of master01',
  ]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+Tab');
  await page.getByRole('button', { name: 'With a screen reader' }).press('Space');
  await expect(page.locator('.host-terminal.front .xterm-accessibility-tree')).toBeAttached();
  await page.reload();
  await expect(page.locator('.host-terminal.front .xterm-accessibility-tree')).toBeAttached();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the page’s end can be read above the half-open sheet, and Ctrl waits for its key', async ({ page }) => {
    await page.goto(path);
    await page.locator('[data-run]').first().click();
    const sheet = page.locator('.sheet');
    await expect(page.locator('.host-terminal.front .xterm-rows')).toContainText('kubectl get nodes');
    await expect.poll(async () => (await sheet.boundingBox())!.height).toBeGreaterThan(400);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    const last = (await page.locator('.lesson-end').boundingBox())!;
    expect(last.y + last.height).toBeLessThan((await sheet.boundingBox())!.y);

    const keys = page.getByRole('toolbar', { name: 'Keys' });
    const slash = (await keys.getByRole('button', { name: '/', exact: true }).boundingBox())!;
    expect(slash.x + slash.width).toBeLessThanOrEqual(390);
    await keys.getByRole('button', { name: '~' }).click();
    await expect(page.locator('.host-terminal.front .xterm-rows')).toContainText('# ~');
    const ctrl = keys.getByRole('button', { name: 'Ctrl', exact: true });
    await ctrl.click();
    await expect(ctrl).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.type('c');
    await expect(ctrl).toHaveAttribute('aria-pressed', 'false');
    await page.keyboard.type('d');
    await expect(page.locator('.host-terminal.front .xterm-rows')).toContainText('# ~d');
    expect(await axe(page)).toEqual([]);
  });
});
