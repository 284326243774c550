/** The runaways of tests/fuzz in the browser: each ends by a limit of its own or by Ctrl-C, the page stays alive, the next command works. */

import { expect, test } from '@playwright/test';
import { RUNAWAYS } from '../fuzz/runaways.ts';
import { LessonPage } from '../support/lab.ts';

/** Real milliseconds a runaway is let run. */
const LET_RUN = 1_500;

const chosen = process.env.BOUND_LONG ? RUNAWAYS : RUNAWAYS.filter((_, i) => i % 16 === 0);

for (const { name, host = 'node01', line } of chosen) {
  test(name, async ({ page }) => {
    const lesson = await new LessonPage(page).open('/en/lessons/the-lab/');
    if (host !== 'master01') {
      await page.getByRole('tab', { name: host, exact: true }).click();
      await expect(lesson.screen).toContainText(`${host}:~#`);
    }
    await lesson.type(line);
    await page.waitForTimeout(LET_RUN);
    await page.keyboard.press('Control+c');
    await page.waitForTimeout(500);
    await page.keyboard.press('Control+c');
    const started = Date.now();
    await page.keyboard.type('echo next-$((6*7))\r');
    await expect(lesson.screen).toContainText('next-42', { timeout: 15_000 });
    if (process.env.BOUND_LONG) console.log(`${name}: the next command's answer after ${Date.now() - started} ms`);
  });
}
