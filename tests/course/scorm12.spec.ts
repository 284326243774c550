/** SCORM 1.2: a package played in scorm-again's run-time environment; of the other standards, what `npm test` has: their launch. */

import { expect, test } from '@playwright/test';
import { long } from '../support/sample.ts';
import { Cmi5System, verbOf } from './cmi5-system.ts';
import { LESSON, Player, packaged, words } from './played.ts';
import { ScormSystem } from './scorm-system.ts';

// One worker, and one build of the site.
test.describe.configure({ mode: 'default' });
test.use({ viewport: { width: 1600, height: 1000 } });

let system: ScormSystem;
test.beforeAll(async () => {
  test.setTimeout(180_000);
  system = await new ScormSystem('scorm12', await packaged('scorm12')).listen();
});
test.afterAll(() => system.stop());

interface Core {
  readonly lesson_status: string;
  readonly lesson_location: string;
  readonly score: { readonly raw: string; readonly min: string; readonly max: string };
  readonly exit: string;
  readonly total_time: string;
}
interface Cmi {
  readonly suspend_data: string;
  readonly core: Core;
  readonly objectives: Readonly<Record<string, { readonly id: string; readonly status: string }>>;
}
const stored = (learner: string) => system.stored(learner, LESSON) as unknown as Cmi;

test('launched, cut off, suspended, resumed in another browser, completed', async ({ browser, context }) => {
  test.setTimeout(300_000);
  const url = system.url('ann', LESSON);
  const first = await Player.launched(context, url);
  await expect(first.line).toHaveText('');
  // Nothing leads out of the activity.
  await expect(first.frame.locator('a.wordmark, .lesson-end a, .lesson-nav a[href*="index.html"]')).toHaveCount(0);
  await first.does('define');
  await expect.poll(() => stored('ann').core.score.raw).toBe('25');
  console.log('scorm12, a checkpoint passed:', JSON.stringify(stored('ann')));
  expect(stored('ann').core).toMatchObject({ lesson_status: 'incomplete', lesson_location: 'claim/create' });
  expect(Object.values(stored('ann').objectives).map(({ id, status }) => [id, status])).toEqual([
    ['claim.define.manifest', 'passed'],
    ['claim.create.claim-bound', 'not attempted'],
    ['claim.create.volume-bound', 'not attempted'],
    ['claim.describe.annotation', 'not attempted'],
    ['claim.challenge.waits', 'not attempted'],
    ['claim.challenge.retained', 'not attempted'],
  ]);

  system.down = true;
  await first.does('create');
  await expect(first.line).toHaveText(words.lost);
  expect(stored('ann').core.score.raw).toBe('25');
  system.down = false;
  await expect(first.line).toHaveText(words.again, { timeout: 15_000 });
  expect(stored('ann').core.score.raw).toBe('75');

  await first.leaves();
  await expect.poll(() => stored('ann').core.exit).toBe('suspend');
  console.log('scorm12, suspended:', JSON.stringify(stored('ann')));
  expect(stored('ann').suspend_data.length).toBeLessThan(4_096);

  const elsewhere = await browser.newContext();
  const second = await Player.launched(elsewhere, url);
  for (const step of ['define', 'create']) await expect(second.step(step)).toHaveAttribute('data-passed', '');
  await expect(second.step('describe')).toHaveAttribute('data-open', '');
  await expect(second.line).toHaveText(words.setUp);
  await second.answers('describe');
  await expect.poll(() => stored('ann').core.lesson_status).toBe('passed');
  await second.leaves();
  console.log('scorm12, completed:', JSON.stringify(stored('ann')));
  expect(stored('ann').core).toMatchObject({ lesson_status: 'passed', score: { raw: '100', min: '0', max: '100' } });
  expect(stored('ann').core.total_time).toMatch(/^\d{2,4}:\d\d:\d\d(\.\d+)?$/);
  expect(stored('ann').core.total_time).not.toMatch(/^0+:00:00/);
  await elsewhere.close();
});

test('solutions that were shown complete it, and fail it', long, async ({ context }) => {
  test.setTimeout(240_000);
  const player = await Player.launched(context, system.url('ben', LESSON));
  await player.isShown('define');
  await player.isShown('create');
  await player.answers('describe');
  await expect.poll(() => stored('ben').core.lesson_status).toBe('failed');
  await player.leaves();
  console.log('scorm12, failed:', JSON.stringify(stored('ben')));
  expect(stored('ben').core.score.raw).toBe('25');
});

test(
  'in a window that the course system opens; the session of this browser is gone on with',
  long,
  async ({ context }) => {
    test.setTimeout(240_000);
    const page = await context.newPage();
    await page.goto(system.url('cho', LESSON, true));
    const opens = context.waitForEvent('page');
    await page.getByRole('button').click();
    const player = await Player.in(await opens);
    await player.does('define');
    await expect.poll(() => stored('cho').core.score.raw).toBe('25');
    await page.goto('about:blank');
    await player.does('create');
    await expect(player.line).toHaveText(words.lost);
    await player.page.close();

    const again = await Player.launched(context, system.url('cho', LESSON));
    await expect(again.line).toHaveText('');
    // The browser had what the course system had not.
    await expect.poll(() => stored('cho').core.score.raw).toBe('75');
  },
);

test('another learner at the same browser begins at the beginning', long, async ({ context }) => {
  test.setTimeout(240_000);
  const one = await Player.launched(context, system.url('dee', LESSON));
  await one.does('define');
  await expect.poll(() => stored('dee').core.score.raw).toBe('25');
  await one.leaves();
  const other = await Player.launched(context, system.url('eva', LESSON));
  await expect(other.step('define')).not.toHaveAttribute('data-passed');
  expect(stored('eva').core.score.raw).toBe('0');
});

test('without a course system one can work, and is told', long, async ({ context }) => {
  const page = await context.newPage();
  const url = new URL(`/content/launch/${LESSON}/index.html`, system.url('x', LESSON));
  await page.goto(url.href);
  const player = await Player.in(page);
  await expect(player.line).toHaveText(words.missing);
});

test('SCORM 2004: launched, and left', async ({ context }) => {
  const other = await new ScormSystem('scorm2004', await packaged('scorm2004')).listen();
  const player = await Player.launched(context, other.url('amy', LESSON));
  await expect(player.line).toHaveText('');
  await player.leaves();
  await expect.poll(() => other.stored('amy', LESSON)?.exit).toBe('suspend');
  expect(other.stored('amy', LESSON)).toMatchObject({
    completion_status: 'incomplete',
    success_status: 'unknown',
    score: { scaled: '0', raw: '0' },
  });
  other.stop();
});

test('cmi5: launched, and left', async ({ context }) => {
  const other = await new Cmi5System(await packaged('cmi5')).listen();
  const player = await Player.launched(context, other.url('amy'));
  await expect(player.line).toHaveText('');
  await player.leaves();
  await expect.poll(() => other.statements('amy').map(verbOf)).toEqual(['initialized', 'terminated']);
  expect(other.refused).toEqual([]);
  other.stop();
});
