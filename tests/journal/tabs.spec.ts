/** Two tabs of one lesson: looked at, typed in, closed in every order; nothing is erased. And what begins anew stays begun. */

import { LessonPage } from '../support/lab.ts';
import { type BrowserContext, expect, type Page, test } from '../support/profile.ts';
import { long, sampled } from '../support/sample.ts';
import { BrowserProcess } from './browser-process.ts';
import { keptSessions } from './kept.ts';

const PATH = '/en/lessons/the-lab/';

async function open(context: BrowserContext, path = PATH, before?: () => void): Promise<LessonPage> {
  const page = await context.newPage();
  if (before) await page.addInitScript(before);
  await page.bringToFront();
  return new LessonPage(page).open(path);
}

/** What stands in the journal that was used last, keys only. */
const typed = async (page: Page): Promise<string> =>
  (await keptSessions(page))[0]!.entries.flatMap((entry) => (entry.type === 'keys' ? entry.data : [])).join('');

const watched = (lesson: LessonPage) => lesson.page.getByText('This session is in use in another tab');

test('the second tab looks on, takes over, and gives back; nothing is erased', async ({ context }) => {
  const first = await open(context);
  await first.type('echo one');
  await expect(first.screen).toContainText('# echo one');

  const second = await open(context);
  await expect(second.screen).toContainText('# echo one');
  await expect(watched(second)).toBeVisible();
  await second.type('echo lost in a tab that looks on');
  await expect(second.screen).not.toContainText('lost in');

  await first.page.bringToFront();
  await first.type('echo two');
  await expect(first.screen).toContainText('# echo two');

  await second.page.bringToFront();
  await second.page.getByRole('button', { name: 'Take over here' }).click();
  await expect(watched(second)).toBeHidden();
  await expect(second.screen).toContainText('# echo two');
  await second.type('echo three');
  await expect(second.screen).toContainText('# echo three');

  await first.page.bringToFront();
  await expect(watched(first)).toBeVisible();
  await first.type('echo nothing');
  expect(await typed(first.page)).toContain('echo one\recho two\recho three\r');
  expect(await typed(first.page)).not.toContain('nothing');
});

for (const order of sampled(
  ['looked at, closed first', 'looked at, closed last', 'typed in, closed last', 'typed in, closed first'],
  4,
))
  test(`two tabs: the second ${order}`, async ({ context }) => {
    const first = await open(context);
    await first.type('echo from the first');
    await expect(first.screen).toContainText('# echo from the first');
    const second = await open(context);
    await expect(second.screen).toContainText('# echo from the first');
    let expected = 'echo from the first\r';
    if (order.startsWith('typed')) {
      await second.page.getByRole('button', { name: 'Take over here' }).click();
      await expect(watched(second)).toBeHidden();
      await second.type('echo from the second');
      await expect(second.screen).toContainText('# echo from the second');
      expected += 'echo from the second\r';
    }
    const [early, late] = order.endsWith('first') ? [second, first] : [first, second];
    await early.page.close();
    await late.page.close();
    const third = await open(context);
    await expect(third.screen).toContainText(
      order.startsWith('typed') ? '# echo from the second' : '# echo from the first',
    );
    await expect(watched(third)).toBeHidden();
    expect(await typed(third.page)).toContain(expected);
    await third.type('echo goes on');
    await expect(third.screen).toContainText('# echo goes on');
  });

test('the tab that looks on takes the session up when the other one has gone', async ({ context }) => {
  const first = await open(context);
  await first.type('echo before it went');
  await expect(first.screen).toContainText('# echo before it went');
  const second = await open(context);
  await expect(watched(second)).toBeVisible();
  await first.page.close();
  await second.page.bringToFront();
  await expect(watched(second)).toBeHidden({ timeout: 10_000 });
  await second.type('echo after');
  await expect(second.screen).toContainText('# echo after');
});

test(
  'three tabs take over back and forth: one writes at any time, and what it wrote is there',
  long,
  async ({ context }) => {
    test.setTimeout(120_000);
    const tabs: LessonPage[] = [];
    for (let i = 0; i < 3; i++) {
      tabs.push(await open(context));
      if (i > 0) continue;
      await tabs[0]!.type('echo begun');
      await expect(tabs[0]!.screen).toContainText('# echo begun');
    }
    const taken: string[] = [];
    for (let round = 0; round < 4; round++) {
      // Two want it at about the same moment.
      const wanting = [tabs[(round + 1) % 3]!, tabs[(round + 2) % 3]!];
      await Promise.all(
        wanting.map(({ page }) =>
          page
            .getByRole('button', { name: 'Take over here' })
            .click({ timeout: 2_000 })
            .catch(() => undefined),
        ),
      );
      await expect
        .poll(
          async () => (await Promise.all(tabs.map((tab) => watched(tab).isVisible()))).filter((yes) => !yes).length,
          {
            timeout: 15_000,
          },
        )
        .toBe(1);
      const visible = await Promise.all(tabs.map((tab) => watched(tab).isVisible()));
      const writer = tabs[visible.indexOf(false)]!;
      await writer.page.bringToFront();
      const line = `echo round ${round}`;
      await writer.type(line);
      await expect(writer.screen).toContainText(`# ${line}`);
      taken.push(line);
    }
    await expect.poll(() => typed(tabs[0]!.page)).toContain(taken.map((line) => `${line}\r`).join(''));
  },
);

test('without locks (plain http) the tab that came last has the session, and the other one knows', async ({
  context,
}) => {
  const withoutLocks = () => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
  const first = await open(context, PATH, withoutLocks);
  await first.type('echo from the first');
  await expect(first.screen).toContainText('# echo from the first');
  const second = await open(context, PATH, withoutLocks);
  await expect(second.screen).toContainText('# echo from the first');
  await expect(watched(first)).toBeVisible();
  await second.type('echo from the second');
  await expect(second.screen).toContainText('# echo from the second');
  await first.type('echo nothing');
  await expect.poll(() => typed(second.page)).toContain('echo from the second\r');
  expect(await typed(second.page)).not.toContain('nothing');
});

test('undo just after a page was turned takes back the command, not the page', async ({ context }) => {
  const lesson = await open(context);
  await lesson.type('echo one');
  await expect(lesson.screen).toContainText('# echo one');
  await lesson.page.locator('.lesson-end [data-next]').click();
  await expect(lesson.page).toHaveURL(/persistent-volume/);
  await expect(lesson.screen).toContainText('# echo one');
  await lesson.page.locator('summary').filter({ hasText: /^Lab$/ }).click();
  await lesson.page.getByRole('button', { name: 'Undo the last command' }).click();
  await expect(lesson.screen).not.toContainText('echo one');
  await lesson.page.locator('[data-step]').first().getByRole('button', { name: 'Show me' }).click();
  await expect(lesson.page.locator('[data-step]').first()).toHaveAttribute('data-passed', '', { timeout: 30_000 });
});

test('two tabs of two lessons have two clusters', async ({ context }) => {
  const first = await open(context);
  await first.type('echo in lesson one');
  await expect(first.screen).toContainText('# echo in lesson one');
  const second = await open(context, '/en/lessons/claim/');
  await expect(second.page.getByText('A fresh cluster, as the lessons before would have left it.')).toBeVisible();
  await second.type('kubectl get pv');
  await expect(second.screen).toContainText('pv0001');
  await expect(second.screen).not.toContainText('lesson one');
  await first.page.bringToFront();
  await first.type('kubectl get pv');
  await expect(first.screen).toContainText('No resources found');
});

test('one cluster from lesson to lesson and back; the other is one choice away', async ({ context }) => {
  const lesson = await open(context);
  await lesson.type('echo mine > /root/mine');
  await lesson.page.locator('.lesson-end [data-next]').click();
  await expect(lesson.page).toHaveURL(/persistent-volume/);
  await expect(lesson.page.getByText('The same cluster as in the lesson you come from.')).toBeVisible();
  await lesson.type('cat /root/mine; echo two >> /root/mine');
  await expect(lesson.screen).toContainText('mine');
  await lesson.page.locator('.lesson-nav [rel=prev]').click();
  await expect(lesson.page).toHaveURL(/the-lab/);
  await lesson.type('echo three >> /root/mine; wc -l /root/mine');
  await expect(lesson.screen).toContainText('3 /root/mine');
  await lesson.page.locator('.lesson-nav [rel=next]').click();
  await expect(lesson.page).toHaveURL(/persistent-volume/);
  await lesson.type('wc -l /root/mine');
  await expect(lesson.screen).toContainText('3 /root/mine');

  await lesson.page.getByRole('button', { name: 'Begin this lesson in a fresh one' }).click();
  await expect(lesson.screen).not.toContainText('/root/mine');
  await lesson.type('ls /root/mine');
  await expect(lesson.screen).toContainText('No such file');

  // Entered directly, another lesson is fresh, and one's own cluster one choice away.
  await new LessonPage(lesson.page).open('/en/lessons/deployment/');
  await lesson.type('ls /root/mine; kubectl get pvc');
  await expect(lesson.screen).toContainText('test-claim');
  await lesson.page.getByRole('button', { name: 'Go on in your own cluster' }).click();
  await expect(lesson.screen).not.toContainText('test-claim');
  await expect(lesson.screen).toContainText('ls /root/mine');
});

test.describe('what is begun or taken back stays so, though the browser is killed at once', () => {
  for (const what of sampled(['begin again', 'undo of the only command', 'undo', 'start from here'] as const, 4))
    test(what, async ({ baseURL }) => {
      test.setTimeout(120_000);
      const browser = new BrowserProcess();
      try {
        const path = `${baseURL}/en/lessons/persistent-volume/`;
        const page = await browser.page();
        const lesson = await new LessonPage(page).open(path);
        await lesson.type('echo first > /root/first');
        if (what !== 'undo of the only command') await lesson.type('echo second > /root/second');
        await expect(lesson.screen).toContainText(what === 'undo of the only command' ? '/root/first' : '/root/second');
        if (what === 'start from here') {
          await page.locator('[data-step]').nth(1).getByRole('button', { name: 'Start from here' }).click();
        } else {
          await page.locator('summary').filter({ hasText: /^Lab$/ }).click();
          await page
            .getByRole('button', { name: what === 'begin again' ? 'Begin this lesson again' : 'Undo the last command' })
            .click();
        }
        // As soon as the screen shows it.
        await expect(lesson.screen).not.toContainText(what === 'undo' ? '/root/second' : '/root/first');
        await browser.kill();

        const again = await browser.page();
        const after = await new LessonPage(again).open(path);
        await expect(again.getByRole('alert')).toHaveCount(0);
        await after.type('ls /root/first /root/second; ls /root/kube_yaml/persistent_volume/');
        await expect(after.screen).toContainText("'/root/second': No such file");
        if (what === 'undo') await expect(after.screen).toContainText(/\/root\/first(?!')/);
        else await expect(after.screen).toContainText("'/root/first': No such file");
        if (what === 'start from here') await expect(after.screen).toContainText('persistent_volume.yaml');
        const sessions = await keptSessions(again);
        // The one of before is kept.
        if (!what.startsWith('undo')) expect(sessions.length).toBe(2);
      } finally {
        await browser.close();
      }
    });
});
