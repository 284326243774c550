/**
 * Kills at random moments while commands are typed without pause: what was entered is there again, and the ledger is what the
 * state says. Two kills, sixty with BOUND_LONG=1; a line is printed for each.
 */

import { setTimeout as wait } from 'node:timers/promises';
import { expect, type Page, test } from '@playwright/test';
import { readLog } from '../../sandbox/channel/log.ts';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { openSession } from '../../sandbox/hosts/opening.ts';
import { Random } from '../../sandbox/sim/random.ts';
import { toLog } from '../../src/runtime/journal/records.ts';
import { article } from '../article/commands.ts';
import { LessonPage } from '../support/lab.ts';
import { sampled } from '../support/sample.ts';
import { BrowserProcess } from './browser-process.ts';
import { keptSessions } from './kept.ts';

const KILLS = process.env.BOUND_LONG ? 20 : 1;
const SEED = Number(process.env.BOUND_SEED ?? 2018);
/** Ctrl-U. */
const CLEAR = '\x15';
const PATH = 'en/lessons/the-lab/';
const lessons = lessonsFromDisk();

/** The article's own commands of master01 that need no names, line by line, each followed by one that counts. */
const script = Object.values(article)
  .flatMap((steps) => Object.values(steps).flat())
  .filter(({ host, type, keys }) => host === 'master01' && !keys && !type.includes('$') && !/ -w| -it /.test(type))
  .flatMap(({ type }) => [...type.split('\n'), 'echo counted >> /root/count']);

type Kind = 'close' | 'crash' | 'SIGKILL';

for (const kind of sampled(['SIGKILL', 'close', 'crash'] as const))
  test(`${KILLS} kills by ${kind}`, async ({ baseURL }) => {
    test.setTimeout(60_000 + KILLS * 30_000);
    const random = new Random(SEED).fork(kind);
    const browser = new BrowserProcess();
    const site = `${baseURL}/${PATH}`;
    /** Every line whose Enter was pressed. */
    const entered: string[] = [];
    try {
      for (let kill = 1; kill <= KILLS; kill++) {
        const page = await open(browser, site);
        const moment = random.between(150, 2_500);
        const typing = typeUntilDead(page, entered);
        await wait(moment);
        await die(kind, browser, page);
        await typing;

        const after = await open(browser, site);
        const [kept] = await keptSessions(after);
        const log = readLog(toLog(kept!.record, kept!.entries));
        const typed = log.entries.flatMap((entry) => (entry.type === 'keys' ? entry.data : [])).join('');
        // What stood half typed at a kill is kept too, and cleared before more is typed.
        const came = typed
          .split('\r')
          .slice(0, -1)
          .map((line) => line.slice(line.lastIndexOf(CLEAR) + 1));
        const lost = entered.length - came.length;
        console.log(
          `${kind} ${kill}/${KILLS} after ${moment} ms: ${entered.length} entered, ${Math.max(0, lost)} lost`,
        );
        // An Enter may have reached the page though its typist never heard of it.
        expect(came.slice(0, entered.length)).toEqual(entered.slice(0, came.length));
        expect(came.length - entered.length).toBeLessThanOrEqual(1);
        expect(lost).toBeLessThanOrEqual(1);
        entered.splice(0, entered.length, ...came);
        expect(await ledger(after)).toEqual(await ledgerOf(log));
        await after.close();
      }
    } finally {
      await browser.close();
    }
  });

async function open(browser: BrowserProcess, site: string): Promise<Page> {
  const page = await browser.page();
  const lesson = new LessonPage(page);
  await page.goto(site);
  // A prompt, or the middle of a heredoc that fills the screen.
  await expect(lesson.screen).toContainText(/[#>]/, { timeout: 30_000 });
  await expect(page.locator('.terminal-wait')).toHaveCount(0, { timeout: 60_000 });
  await lesson.keyboard.focus();
  await page.keyboard.press('Control+U');
  return page;
}

/** Types line after line, never waiting for an answer. */
async function typeUntilDead(page: Page, entered: string[]): Promise<void> {
  for (;;) {
    const line = script[entered.length % script.length]!;
    try {
      await page.keyboard.type(line);
      await page.keyboard.press('Enter');
    } catch {
      return;
    }
    entered.push(line);
  }
}

async function die(kind: Kind, browser: BrowserProcess, page: Page): Promise<void> {
  if (kind === 'SIGKILL') return browser.kill();
  if (kind === 'close') return page.close();
  const session = await page.context().newCDPSession(page);
  void session.send('Page.crash').catch(() => undefined);
  await page.waitForEvent('crash');
  await page.close();
}

interface Ledger {
  readonly [checkpoint: string]: boolean;
}

/** What the page shows as done. */
async function ledger(page: Page): Promise<Ledger> {
  const shown = () =>
    page
      .locator('[data-step]')
      .evaluateAll((steps) =>
        steps.flatMap((step) =>
          [...step.querySelectorAll('[data-checkpoint]')].map(
            (item) =>
              [
                `${step.getAttribute('data-step')}/${item.getAttribute('data-checkpoint')}`,
                item.hasAttribute('data-passed'),
              ] as const,
          ),
        ),
      );
  // The lab looks at the state every 300 ms.
  await wait(1_000);
  return Object.fromEntries(await shown());
}

/** What the same log comes to in Node. */
async function ledgerOf(log: ReturnType<typeof readLog>): Promise<Ledger> {
  const { seed, start, until } = log;
  const later = { ...log, until: until + 1_500 };
  const session = await openSession({ seed, start, language: 'en', lessons, log: later, whateverComes: true });
  const { steps } = session.progress.state();
  session.close();
  return Object.fromEntries(
    steps.flatMap(({ id, checkpoints }) =>
      checkpoints.map((checkpoint) => [`${id}/${checkpoint.id}`, checkpoint.passed]),
    ),
  );
}
