/** The runaways of tests/fuzz in the browser: each ends by a limit of its own or by Ctrl-C, the page stays alive, the next command works. */

import { RUNAWAYS } from '../fuzz/runaways.ts';
import { LessonPage } from '../support/lab.ts';
import { expect, type Page, test } from '../support/profile.ts';

/** Real milliseconds a runaway is let run. */
const LET_RUN = 1_500;
/** Bytes the worker's heap may hold afterwards. */
const MEMORY = 300 * 2 ** 20;

const chosen = process.env.BOUND_LONG ? RUNAWAYS : RUNAWAYS.filter((_, i) => i % 24 === 0);

for (const { name, host = 'node01', line } of chosen) {
  test(name, async ({ page }) => {
    const lesson = await new LessonPage(page).open('/en/lessons/the-lab/');
    if (host !== 'master01') {
      await page.getByRole('tab', { name: host, exact: true }).click();
      await expect(lesson.screen).toContainText(`[root@${host} ~]#`);
    }
    await lesson.type(line);
    await page.waitForTimeout(LET_RUN);
    await page.keyboard.press('Control+c');
    await page.waitForTimeout(500);
    await page.keyboard.press('Control+c');
    const started = Date.now();
    await answer(page);
    const took = Date.now() - started;
    const heap = await workerHeap(page);
    if (process.env.BOUND_LONG)
      console.log(
        `${name}: the next command's answer after ${took} ms, ${Math.round(heap / 2 ** 20)} MB in the worker`,
      );
    expect(heap).toBeLessThan(MEMORY);
  });
}

/** Types a command until its answer is seen: what a bomb goes on complaining of scrolls it away. */
async function answer(page: Page): Promise<void> {
  for (let tries = 0; ; tries++) {
    await page.keyboard.type('echo next-$((6*7))\r');
    try {
      const shown = () => document.querySelector('.host-terminal.front .xterm-rows')?.textContent?.includes('next-42');
      await page.waitForFunction(shown, undefined, { polling: 'raf', timeout: 2_000 });
      return;
    } catch (error) {
      if (tries === 6) throw error;
    }
  }
}

/** Bytes of the JavaScript heap of the page's worker, asked over the protocol of Chromium's debugger. */
async function workerHeap(page: Page): Promise<number> {
  const debug = await page.context().newCDPSession(page);
  try {
    const used = new Promise<number>((resolve) => {
      debug.on('Target.receivedMessageFromTarget', ({ message }) => {
        const { id, result } = JSON.parse(message);
        if (id === 1) resolve(result.usedSize);
      });
    });
    debug.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type !== 'worker') return;
      const message = JSON.stringify({ id: 1, method: 'Runtime.getHeapUsage' });
      void debug.send('Target.sendMessageToTarget', { sessionId, message });
    });
    await debug.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false });
    return await used;
  } finally {
    await debug.detach();
  }
}
