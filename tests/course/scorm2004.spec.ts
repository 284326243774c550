/** SCORM 2004: a package played in scorm-again's run-time environment. */

import { expect, test } from '@playwright/test';
import { long } from '../support/sample.ts';
import { LESSON, Player, packaged, words } from './played.ts';
import { ScormSystem } from './scorm-system.ts';

test.describe.configure({ mode: 'default' });
test.use({ viewport: { width: 1600, height: 1000 } });

let system: ScormSystem;
test.beforeAll(async () => {
  test.setTimeout(180_000);
  system = await new ScormSystem('scorm2004', await packaged('scorm2004')).listen();
});
test.afterAll(() => system.stop());

interface Cmi {
  readonly completion_status: string;
  readonly success_status: string;
  readonly progress_measure: string;
  readonly location: string;
  readonly score: { readonly scaled: string; readonly raw: string };
  readonly exit: string;
  readonly total_time: string;
  readonly objectives: Readonly<Record<string, { readonly id: string; readonly success_status: string }>>;
}
const stored = (learner: string) => system.stored(learner, LESSON) as unknown as Cmi;

test('launched, cut off, suspended, resumed in another browser, completed', long, async ({ browser, context }) => {
  test.setTimeout(300_000);
  const url = system.url('ann', LESSON);
  const first = await Player.launched(context, url);
  await first.does('define');
  await expect.poll(() => stored('ann').score.scaled).toBe('0.25');
  console.log('scorm2004, a checkpoint passed:', JSON.stringify(stored('ann')));
  expect(stored('ann')).toMatchObject({ progress_measure: '0.25', location: 'claim/create' });
  expect(Object.values(stored('ann').objectives)[0]).toMatchObject({
    id: 'urn:bound:claim.define.manifest',
    success_status: 'passed',
  });

  system.down = true;
  await first.does('create');
  await expect(first.line).toHaveText(words.lost);
  expect(stored('ann').score.scaled).toBe('0.25');
  system.down = false;
  await expect(first.line).toHaveText(words.again, { timeout: 15_000 });
  expect(stored('ann').score.scaled).toBe('0.75');
  await first.leaves();
  await expect.poll(() => stored('ann').exit).toBe('suspend');
  console.log('scorm2004, suspended:', JSON.stringify(stored('ann')));

  const elsewhere = await browser.newContext();
  const second = await Player.launched(elsewhere, url);
  for (const step of ['define', 'create']) await expect(second.step(step)).toHaveAttribute('data-passed', '');
  await expect(second.line).toHaveText(words.setUp);
  await second.answers('describe');
  await expect.poll(() => stored('ann').completion_status).toBe('completed');
  await second.leaves();
  console.log('scorm2004, completed:', JSON.stringify(stored('ann')));
  expect(stored('ann')).toMatchObject({
    success_status: 'passed',
    progress_measure: '1',
    score: { scaled: '1', raw: '100' },
  });
  expect(stored('ann').total_time).toMatch(/^P/);
  expect(stored('ann').total_time).not.toMatch(/^PT0S$/);
  await elsewhere.close();
});

test('solutions that were shown complete it, and fail it', long, async ({ context }) => {
  test.setTimeout(240_000);
  const player = await Player.launched(context, system.url('ben', LESSON));
  await player.isShown('define');
  await player.isShown('create');
  await player.answers('describe');
  await expect.poll(() => stored('ben').success_status).toBe('failed');
  await player.leaves();
  console.log('scorm2004, failed:', JSON.stringify(stored('ben')));
  expect(stored('ben')).toMatchObject({ completion_status: 'completed', score: { scaled: '0.25' } });
});
