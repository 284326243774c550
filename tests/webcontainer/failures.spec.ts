/** Whatever goes wrong with a WebContainer, the session stays in the worker and the badge says why. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@playwright/test';
import { sampled } from '../support/sample.ts';
import { HostedPage } from './page.ts';
import { type Fault, type StandIn, startStandIn } from './standin.ts';

const path = '/en/lessons/the-lab/';
test.setTimeout(60_000);

test.describe('a stand-in that fails', () => {
  test.use({ bypassCSP: true });
  let standIn: StandIn;
  test.afterEach(() => standIn.close());

  const faults: readonly [Fault, words: string, raw: string, seconds: number][] = [
    ['never-init', 'frame did not load', 'could not be loaded in a frame', 12],
    ['boot-never-answers', 'did not answer in time', 'did not boot within 20 s', 30],
    ['boot-fails', 'broke off', 'the stand-in refuses to boot', 12],
    ['mount-fails', 'broke off', 'ENOSPC: no space left on device', 12],
    ['process-dies-at-start', 'broke off', 'exit code 134:\nout of memory', 12],
  ];
  for (const [fault, words, raw, seconds] of sampled(faults))
    test(fault, async ({ page }) => {
      standIn = await startStandIn(fault);
      const lesson = await (await new HostedPage(page).framedBy(standIn)).open(path);
      await lesson.works('meanwhile');
      expect(await lesson.saysWhy(words, seconds * 1_000)).toContain(raw);
      await lesson.works('after');
    });
});

test('StackBlitz cannot be reached: told within seconds, and not asked again on the next page', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('stackblitz')) asked.push(request.url());
  });
  const lesson = await new HostedPage(page).open(path);
  const raw = await lesson.saysWhy('frame did not load');
  expect(raw).toContain('https://stackblitz.com');
  expect(asked).toHaveLength(1);
  await lesson.works('here');
  await page.goto('/en/lessons/claim/');
  expect(await lesson.saysWhy('frame did not load', 10_000)).toBe(raw);
  expect(asked).toHaveLength(1);

  await lesson.badge.click();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(lesson.badge).toHaveText(/a WebContainer is starting/);
  await lesson.saysWhy('frame did not load');
  expect(asked).toHaveLength(2);
  await lesson.badge.click();
  await expect(page.getByRole('button', { name: 'Reload and try again' })).toBeVisible();
});

test('a policy that forbids the frame is told at once', async ({ page }) => {
  const standIn = await startStandIn();
  const lesson = await (await new HostedPage(page).framedBy(standIn)).open(path);
  expect(await lesson.saysWhy('frame did not load', 5_000)).toContain('Content-Security-Policy');
  expect(standIn.asked).toBe(0);
  await lesson.works('here');
  standIn.close();
});

test.describe('served without isolation', () => {
  let server: ChildProcess;
  let url: string;
  test.beforeAll(async () => {
    const script = 'scripts/serve.ts';
    server = spawn(process.execPath, [script, '--dir', '.cache/site-webcontainer', '--port', '0', '--plain'], {
      cwd: new URL('../..', import.meta.url),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    url = String((await once(server.stdout!, 'data'))[0]).trim();
  });
  test.afterAll(() => server.kill());

  test('the badge says so, and nobody is asked', async ({ page }) => {
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith('http://localhost')) foreign.push(request.url());
    });
    const lesson = await new HostedPage(page).open(new URL(path, url).href);
    expect(await lesson.saysWhy('cross-origin isolated', 5_000)).toContain('crossOriginIsolated is false');
    await lesson.works('here');
    expect(foreign).toEqual([]);
  });
});
