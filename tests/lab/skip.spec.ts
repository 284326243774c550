/** Skip ahead moves the clock by what it says: the page's, the machines', and the cluster's, with what happens meanwhile. */

import { LessonPage } from '../support/lab.ts';
import { expect, type Page, test } from '../support/profile.ts';

const PATH = '/en/lessons/the-lab/';

/** Seconds of the day, as the page tells them. */
async function pageClock(page: Page): Promise<number> {
  const [hours, minutes, seconds] = (await page.locator('.status .time').innerText()).match(/\d+/g)!.map(Number);
  return hours! * 3_600 + minutes! * 60 + seconds!;
}

async function machineClock(lesson: LessonPage, mark: string): Promise<number> {
  await lesson.type(`clear; echo ${mark}=$(date +%s)`);
  const said = new RegExp(`${mark}=(\\d+)`);
  await expect(lesson.screen).toContainText(said);
  return Number(said.exec((await lesson.screen.textContent())!)![1]) % 86_400;
}

for (const [choice, seconds] of [
  ['30 s', 30],
  ['5 min', 300],
  ['1 h', 3_600],
  ['2 h', 7_200],
] as const)
  test(`skip ahead ${choice}`, async ({ page }) => {
    const lesson = await new LessonPage(page).open(PATH);
    const before = await machineClock(lesson, 'before');
    const started = Date.now();
    await page.getByLabel('Skip ahead').selectOption({ label: choice });
    await expect.poll(() => pageClock(page), { timeout: 30_000 }).toBeGreaterThanOrEqual(before + seconds);
    const after = await machineClock(lesson, 'after');
    const real = (Date.now() - started) / 1_000;
    console.log(`${choice}: ${before} → ${after}: ${after - before} s, of which ${real.toFixed(1)} s of real time`);
    expect(after - before).toBeGreaterThanOrEqual(seconds);
    expect(after - before).toBeLessThanOrEqual(seconds + Math.ceil(real) + 1);
    await expect
      .poll(async () => Math.abs((await pageClock(page)) - (await machineClock(lesson, 'now'))))
      .toBeLessThanOrEqual(2);
  });

test('what happens meanwhile happens', async ({ page }) => {
  const lesson = await new LessonPage(page).open(PATH);
  await lesson.type('kubectl create deployment web --image=nginx; (while sleep 60; do date >> /root/minutes; done) &');
  await expect(lesson.screen).toContainText('created');
  await page.getByLabel('Skip ahead').selectOption({ label: '1 h' });
  await page.waitForTimeout(1_500);
  await lesson.type('clear; echo minutes $(wc -l < /root/minutes); kubectl get deployment web');
  await expect(lesson.screen).toContainText(/minutes (59|60)NAME/);
  await expect(lesson.screen).toContainText(/web +1\/1 +1 +1 +60m/);
});
