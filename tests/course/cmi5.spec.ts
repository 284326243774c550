/** cmi5: a package played against a learning record store that refuses what the standard forbids. */

import { expect, test } from '@playwright/test';
import { long } from '../support/sample.ts';
import { Cmi5System, type Statement, verbOf } from './cmi5-system.ts';
import { Player, packaged, words } from './played.ts';

test.describe.configure({ mode: 'default' });
test.use({ viewport: { width: 1600, height: 1000 } });

let system: Cmi5System;
test.beforeAll(async () => {
  test.setTimeout(180_000);
  system = await new Cmi5System(await packaged('cmi5')).listen();
});
test.afterEach(() => expect(system.refused).toEqual([]));
test.afterAll(() => system.stop());

/** What was said, in a word or two each. */
const told = (learner: string) => system.statements(learner).map(inShort);
function inShort(statement: Statement): string {
  const { object, result } = statement;
  const question = /\/test\/([^/]+)\/question\/(.+)$/.exec(object.id);
  return [
    verbOf(statement),
    ...(question ? [`${question[1]}.${question[2]}`, result!.response] : []),
    ...(result?.score ? [result.score.scaled] : []),
  ].join(' ');
}

test('launched, cut off, suspended, resumed in another browser, completed', long, async ({ browser, context }) => {
  test.setTimeout(300_000);
  const first = await Player.launched(context, system.url('ann'));
  await first.does('define');
  await expect.poll(() => told('ann')).toEqual(['initialized', 'answered claim.define.manifest met']);

  system.down = true;
  await first.does('create');
  await expect(first.line).toHaveText(words.lost);
  expect(told('ann')).toHaveLength(2);
  system.down = false;
  await expect(first.line).toHaveText(words.again, { timeout: 15_000 });
  console.log('cmi5, state:', JSON.stringify(system.state('ann')));
  await first.leaves();
  await expect.poll(() => told('ann').at(-1)).toBe('terminated');

  const elsewhere = await browser.newContext();
  const second = await Player.launched(elsewhere, system.url('ann'));
  for (const step of ['define', 'create']) await expect(second.step(step)).toHaveAttribute('data-passed', '');
  await expect(second.line).toHaveText(words.setUp);
  await second.answers('describe');
  await expect.poll(() => told('ann').at(-1)).toBe('passed 1');
  await second.leaves();
  await expect.poll(() => told('ann').at(-1)).toBe('terminated');
  console.log('cmi5, completed:', JSON.stringify(told('ann')));
  console.log('cmi5, passed:', JSON.stringify(system.statements('ann').find((one) => verbOf(one) === 'passed')));
  expect(told('ann')).toEqual([
    'initialized',
    'answered claim.define.manifest met',
    'answered claim.create.claim-bound met',
    'answered claim.create.volume-bound met',
    'terminated',
    'initialized',
    'answered claim.describe.annotation met',
    'completed',
    'passed 1',
    'terminated',
  ]);
  await elsewhere.close();
});

test('solutions that were shown complete it, and fail it', long, async ({ context }) => {
  test.setTimeout(240_000);
  const player = await Player.launched(context, system.url('ben'));
  await player.isShown('define');
  await player.isShown('create');
  await player.answers('describe');
  await expect.poll(() => told('ben').at(-1)).toBe('failed 0.25');
  await player.leaves();
  await expect.poll(() => told('ben').at(-1)).toBe('terminated');
  console.log('cmi5, failed:', JSON.stringify(told('ben')));
  expect(told('ben')).toContain('answered claim.define.manifest shown');
  expect(told('ben')).toContain('completed');
});

test(
  'a store that is out of order at the launch: one works, and it has everything later',
  long,
  async ({ context }) => {
    test.setTimeout(240_000);
    system.down = true;
    const player = await Player.launched(context, system.url('cho'));
    await expect(player.line).toHaveText(words.lost);
    await player.does('define');
    expect(told('cho')).toEqual([]);
    system.down = false;
    await expect(player.line).toHaveText(words.again, { timeout: 15_000 });
    expect(told('cho')).toEqual(['initialized', 'answered claim.define.manifest met']);
  },
);
