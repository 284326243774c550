/** A session is its log: kept over reloads, shared by link, begun again when the sandbox falls silent. */

import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { type Download, expect, test } from '@playwright/test';
import type { SessionLog } from '../../sandbox/channel/messages.ts';
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
  await expect(page.locator('.told')).toContainText('Link copied');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain('#session=');

  const other = await (await browser.newContext()).newPage();
  const own = await new LessonPage(other).open(link.replace(/#.*/, ''));
  await own.type('echo my own');
  const theirs = await new LessonPage(other).open(link);
  await expect(theirs.screen).toContainText('echo shared');
  await expect(other.getByText('A session from a link.')).toBeVisible();
  await theirs.type('echo done in the linked one');
  await expect(theirs.screen).toContainText('done in the linked one');
  await other.reload();
  await expect(theirs.screen).toContainText('done in the linked one');

  await other.getByText('Lab', { exact: true }).click();
  await other.getByRole('button', { name: 'Your sessions…' }).click();
  const sessions = other.getByRole('dialog', { name: 'Your sessions' });
  await expect(sessions.getByRole('listitem')).toHaveCount(2);
  await sessions.getByRole('button', { name: 'Go back to it' }).click();
  await expect(own.screen).toContainText('echo my own');
  await expect(own.screen).not.toContainText('shared');
  await other.close();
});

test('a link that was cut says so, and the reader’s own session is there', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('echo my own');
  await expect(lesson.screen).toContainText('echo my own');
  await page.goto('about:blank');
  await new LessonPage(page).open(`${path}#session=abc`);
  await expect(page.getByRole('alert').locator('.raw')).toContainText('the link is cut');
  await expect(lesson.screen).toContainText('echo my own');
});

test('a session’s file can be dropped on the page; what is no session is told', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('echo in the file');
  await page.getByText('Lab', { exact: true }).click();
  await page.getByRole('button', { name: 'Save this session as a file' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your name' });
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Save without a name' }).click(),
  ]);
  await expect(dialog).toBeHidden();
  const text = await readFile(await saved.path(), 'utf8');
  const drop = (content: string) =>
    page.evaluate((data) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([data], 'a.json', { type: 'application/json' }));
      document.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, content);
  await page.getByText('Lab', { exact: true }).click();
  await page.getByRole('button', { name: 'Begin this lesson again' }).click();
  await expect(lesson.screen).not.toContainText('in the file');
  await drop('{"version": 1, "seed": 2');
  await expect(page.getByRole('alert')).toContainText('This is not a Bound session, so nothing was opened.');
  await expect(page.getByRole('alert').locator('.raw')).toHaveText('a.json: it is not a session of this lab');
  await drop(text);
  await expect(lesson.screen).toContainText('echo in the file');
  await expect(page.getByText('A session from a file.')).toBeVisible();
});

test('whose session it is, is asked once, kept in this browser, and part of the file', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('echo mine');
  const save = async () => {
    await page.getByText('Lab', { exact: true }).click();
    await page.getByRole('button', { name: 'Save this session as a file' }).click();
  };
  const learnerOf = async (download: Promise<Download>) =>
    (JSON.parse(await readFile(await (await download).path(), 'utf8')) as SessionLog).learner;
  const dialog = page.getByRole('dialog', { name: 'Your name' });
  // Closed without an answer: nothing is saved, and it is asked again.
  await save();
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await save();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  const first = page.waitForEvent('download');
  await dialog.getByLabel('Name').fill(' 青木 あかり ');
  await dialog.getByLabel('Name').press('Enter');
  expect(await learnerOf(first)).toEqual({ name: '青木 あかり' });
  const second = page.waitForEvent('download');
  await save();
  expect(await learnerOf(second)).toEqual({ name: '青木 あかり' });
  await page.getByText('Lab', { exact: true }).click();
  await page.getByRole('button', { name: 'Your sessions…' }).click();
  await page.getByLabel('Name in saved files').fill('');
  const third = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).first().click();
  expect(await learnerOf(third)).toBeUndefined();
});

test('run asks where something else runs: stop it, or another terminal', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  const run = lesson.step('look').getByRole('button', { name: 'run on master01' });
  await lesson.type('front kubectl get pods -w');
  await run.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('“kubectl get pods -w” is still running on master01.');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(lesson.screen).not.toContainText('kubectl get nodes');
  await run.click();
  await dialog.getByRole('button', { name: 'Run in another terminal' }).click();
  await expect(page.getByRole('tab', { selected: true })).toHaveText('master01 2');
  await expect(lesson.screen).toContainText('# kubectl get nodes');
  await page.getByRole('tab', { name: 'master01', exact: true }).click();
  await expect(lesson.screen).not.toContainText('kubectl get nodes');
  await run.click();
  await dialog.getByRole('button', { name: 'Stop it, then run this' }).click();
  await expect(lesson.screen).toContainText(/\^C.*# kubectl get nodes/);
  await page.reload();
  await expect(page.getByRole('tab', { name: 'master01 2' })).toBeVisible();
});

test('what a terminal is asked, it does not answer into the shell', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('echo quiet');
  await expect(lesson.screen).toContainText('quiet');
  const queries = [
    '[c',
    '[>c',
    '[=c',
    '[>q',
    '[5n',
    '[6n',
    '[?6n',
    '[?996n',
    '[4$p',
    '[?2004$p',
    '[18t',
    '[?1004h',
    '[?25;1004h',
  ]
    .map((query) => `\x1b${query}`)
    .concat('\x1b]4;1;?\x07', '\x1b]10;?\x07', '\x1b]11;?\x1b\\', '\x1b]12;?\x07', '\x1bP$qm\x1b\\', '\x1bP$q"p\x1b\\');
  await lesson.type(`print ${encodeURIComponent(queries.join(''))}`);
  await page.locator('#text').click();
  await lesson.type('echo after');
  await expect(lesson.screen).toContainText('[root@master01 ~]# echo after');
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
  await expect(notice).toContainText('The lab is as it was before its last command: hang.');
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
