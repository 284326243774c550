/** A course as one activity, in Japanese, made by the command itself: its lessons come and go in one visit. */

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { unzipSync } from 'fflate';
import { long } from '../support/sample.ts';
import { Player } from './played.ts';
import { ScormSystem } from './scorm-system.ts';

test.use({ viewport: { width: 1600, height: 1000 } });

const COMMAND = 'run -s package -- --format scorm12 --lessons persistent-volume,claim --language ja --whole --out';

test('two lessons in one visit, resumed where it was left', long, async ({ context }) => {
  test.setTimeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), 'bound-course-'));
  const out = join(folder, 'course.zip');
  const { stdout } = await promisify(execFile)('npm', [...COMMAND.split(' '), out]);
  console.log(stdout.trim());
  const files = unzipSync(readFileSync(out));
  rmSync(folder, { recursive: true });
  const pages = Object.keys(files).filter((path) => path.endsWith('.html'));
  expect(pages.sort()).toEqual([
    'ja/index.html',
    'ja/lessons/claim/index.html',
    'ja/lessons/persistent-volume/index.html',
    'launch/course/index.html',
  ]);

  const system = await new ScormSystem('scorm12', files).listen();
  const stored = () => system.stored('ann', 'course') as { suspend_data: string; core: Record<string, unknown> };
  const page = await context.newPage();
  await page.goto(system.url('ann', 'course'));
  const contents = page.frameLocator('#sco').frameLocator('iframe');
  await expect(contents.locator('.course [data-lesson]')).toHaveCount(2);
  await contents.locator('[data-lesson="persistent-volume"] .course-lesson a').click();
  const first = await Player.in(page);
  await first.does('define', 'persistent-volume');
  await first.does('create', 'persistent-volume');
  await first.answers('nothing-yet');
  await expect.poll(() => stored().core.lesson_location).toBe('persistent-volume/challenge');
  // 4 of the 8 that both lessons ask.
  expect(stored().core).toMatchObject({ lesson_status: 'incomplete', score: { raw: '50' } });

  await first.frame.locator('.lesson-end [data-next]').click();
  await expect.poll(() => first.frame.url()).toContain('/lessons/claim/');
  const second = await Player.in(page);
  await expect(second.line).toHaveText('');
  await second.does('define');
  await expect.poll(() => stored().core.score).toMatchObject({ raw: '62.5' });
  await second.leaves();
  console.log('scorm12 --whole, suspended:', stored().suspend_data);

  const again = await Player.launched(context, system.url('ann', 'course'));
  expect(again.frame.url()).toContain('/lessons/claim/');
  await expect(again.line).toHaveText('');
  await again.does('create');
  await expect.poll(() => stored().core.score).toMatchObject({ raw: '87.5' });
  system.stop();
});
