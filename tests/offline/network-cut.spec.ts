/** After one visit the network is cut and the server stopped: reloads, pages never opened, programs never called. */

import { expect, test } from '@playwright/test';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { requiredSteps } from '../../sandbox/lesson/schema.ts';
import { LANGUAGES } from '../../sandbox/words/index.ts';
import { article } from '../article/commands.ts';
import { Learner } from '../article/learner.ts';
import { Reader } from '../article/reader.ts';
import { complaintsOf } from '../support/complaints.ts';
import { long } from '../support/sample.ts';
import { serve } from '../support/site.ts';
import { cut, kept } from './kept.ts';

test.use({ viewport: { width: 1920, height: 1080 } });

const lessons = lessonsFromDisk();
const [first] = lessons;
/** What Chromium says when it looks for a new version, or an icon, and there is no network. */
const EXPECTED =
  /Failed to load resource: net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED).*(service-worker\.js|icons)/;

test('each program is first called after the cut, in the page of the first visit', async ({ page, context }) => {
  test.setTimeout(240_000);
  // Plain: nothing lies in the browser's own cache, where it would stand in for what was kept.
  const site = await serve('--base', '/a/b/', '--plain');
  const complaints = complaintsOf(page, EXPECTED);
  const learner = new Learner(page, { root: site.url });
  const reader = new Reader(learner);
  await learner.open('en', first!.id);
  await kept(page);
  await cut(context, site);
  for (const [command, shows] of PROGRAMS) {
    await learner.choose('master01');
    await learner.line('clear').then(() => learner.atPrompt());
    expect(await learner.command(command), command).toMatch(shows);
  }
  for (const [command, shows, leave] of SCREENS) {
    await learner.line('clear').then(() => learner.atPrompt());
    await page.keyboard.type(`${command}\n`);
    await expect(async () => expect(await learner.text()).toMatch(shows)).toPass({ timeout: 20_000 });
    await reader.press(leave);
    await learner.atPrompt();
  }
  expect(complaints).toEqual([]);
});

/** The commands, and what their answers show. */
const PROGRAMS: readonly (readonly [string, RegExp])[] = [
  ['kubectl get nodes', /^node02 +Ready/m],
  ['kubectl explain pod.spec.volumes.nfs | head -3', /^KIND: +Pod$/m],
  ['kubectl create --help | tail -2', /kubectl options/],
  ['kubectl run web --image=nginx --dry-run=client -o yaml', /image: nginx/],
  ['find /etc -name hostname', /^\/etc\/hostname$/m],
  ["printf 'b 2\\na 1\\n' > t; sort t", /^a 1\nb 2$/m],
  ["awk '{ n += $2 } END { print n }' t", /^3$/m],
  ["sed 's/b/c/' t", /^c 2$/m],
  ['tar -cf t.tar t && tar -tf t.tar', /^t$/m],
  ['du -s t', /^\d+\s+t$/m],
  ['cp t u; echo more >> u; diff t u', /^> more$/m],
  ['stat -c %s t', /^8$/m],
  ['head -1 t', /^b 2$/m],
  ['grep -n a t', /^2:a 1$/m],
  ['tr a-b x-y < t', /^y 2$/m],
  ['date +%Z', /^UTC$/m],
  ['od -c t', /^0000000 /m],
  ['cut -d " " -f 2 t', /^2\n1$/m],
  ['wc -l t', /^2 t$/m],
  ['md5sum t', /^[0-9a-f]{32} +t$/m],
  ['curl http://192.168.120.230/', /^curl: \(7\) Failed to connect/m],
  ['hexdump -C t', /^00000000 {2}62 20 32/m],
  ['dpkg -l | tail -1', /^ii/m],
  ['apt-get update', /Reading package lists/],
  ['ssh node01 hostname', /^node01$/m],
  ['ps aux | grep -c kubelet', /^\d+$/m],
  ['seq 3 | xargs echo', /^1 2 3$/m],
  ['df -h /', /Mounted on/],
  ['base64 t', /^YiAyCmEgMQo=$/m],
];

/** Programs that take the whole screen, what shows that they run, and the keys that leave them. */
const SCREENS: readonly (readonly [string, RegExp, readonly string[]])[] = [
  ['vi t', /^~$/m, ['{Escape}', ':q!', '{Enter}']],
  ['less /etc/services', /^\(END\)$/m, ['q']],
  ['watch -n 1 cat t', /Every 1\.0s/, ['{Control+c}']],
];

test('the page reloads, is isolated, and every other page opens', async ({ page, context }) => {
  test.setTimeout(120_000);
  const site = await serve();
  await page.goto(site.url);
  await kept(page);
  await expect(page.locator('[data-kept]')).toBeVisible();
  await cut(context, site);
  const complaints = complaintsOf(page, EXPECTED);
  await page.reload();
  await expect(page.locator('.course [data-lesson]')).toHaveCount(lessons.length);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.locator('[data-language-switch]').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
  const last = lessons.at(-1)!;
  for (const language of LANGUAGES)
    for (const { id } of lessons) {
      await page.goto(`${site.url}${language}/lessons/${id}/`, { waitUntil: 'commit' });
      await expect(page.locator('article h1')).toBeVisible();
    }
  await expect(page.locator('.host-terminal.front .xterm-rows')).toContainText('#', { timeout: 30_000 });
  expect(page.url()).toContain(last.id);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  // A lab for other pages is one page, whatever its address asks for.
  await page.goto(`${site.url}en/embed/?lesson=claim&step=create&seed=1&theme=dark`);
  await expect(page.locator('.host-terminal.front .xterm-rows')).toContainText('#', { timeout: 30_000 });
  await page.goto(`${site.url}en/index.html`);
  await expect(page.locator('.course [data-lesson]')).toHaveCount(lessons.length);
  expect(complaints).toEqual([]);
});

test('the article without a network', long, async ({ page, context }) => {
  test.setTimeout(900_000);
  const site = await serve();
  await page.goto(`${site.url}ja/`);
  await kept(page);
  await cut(context, site);
  const complaints = complaintsOf(page, EXPECTED);
  const learner = new Learner(page, { root: site.url });
  const reader = new Reader(learner);
  for (const [index, lesson] of lessons.entries()) {
    await (index === 0 ? learner.open('en', lesson.id) : learner.turnTo('en', lesson.id));
    for (const step of requiredSteps(lesson)) {
      await learner.seesOpen(step);
      for (const typed of article[lesson.id]![step.id]!) await reader.type(typed);
      await learner.seesGreen(step);
    }
    await learner.hasFinished(lesson);
  }
  await page.reload();
  await learner.atPrompt();
  await learner.hasFinished(lessons.at(-1)!);
  expect(complaints).toEqual([]);
});
