/** A learner before a lesson page: reads the terminal in front, types, and looks at the ledger. */

import { expect, type Frame, type Locator, type Page } from '@playwright/test';
import { type LessonDocument, requiredSteps, type Step } from '../../sandbox/lesson/schema.ts';
import type { Language } from '../../sandbox/words/index.ts';

/** How a line ends that waits for a command: root's prompt, or the continuation prompt of an unfinished one. */
const PROMPT = /#$/;
const CONTINUED = /^>$/;
const PATIENCE = { timeout: 90_000, intervals: [20, 50, 100, 200] };

export class Learner {
  readonly page: Page;
  /** Where the lesson is: the page itself, or a frame in it. */
  readonly frame: Frame;
  /** The site's root. */
  readonly root: string;

  constructor(page: Page, { frame = page.mainFrame(), root = '/' } = {}) {
    this.page = page;
    this.frame = frame;
    this.root = root;
  }

  async open(language: Language, lesson: string): Promise<void> {
    await this.frame.goto(`${this.root}${language}/lessons/${lesson}/`);
    await this.atPrompt();
  }

  /** To the next lesson, as a reader goes on: by the button at the end. */
  async turnTo(language: Language, lesson: string): Promise<void> {
    const url = `${this.root}${language}/lessons/${lesson}/`;
    // What a step that has just passed opens may move the button from under the pointer, and the click is none: a reader clicks again.
    await expect(async () => {
      await this.frame.locator('.lesson-end [data-next]').click({ timeout: 10_000 });
      await this.frame.waitForURL(url, { waitUntil: 'commit', timeout: 15_000 });
    }).toPass({ timeout: 60_000 });
    await this.atPrompt();
  }

  async choose(host: string): Promise<void> {
    const tab = this.frame.getByRole('tab', { name: new RegExp(`^${host}\\b`) });
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    await expect(tab).toHaveAttribute('aria-selected', 'true');
    await this.frame.locator('.host-terminal.front textarea').focus();
  }

  /** The rows of the terminal in front, without trailing blanks. */
  async rows(): Promise<string[]> {
    const text = await this.frame
      .locator('.host-terminal.front .xterm-rows > div')
      .evaluateAll((rows) => rows.map((row) => row.textContent ?? ''));
    return text.map((row) => row.replaceAll('\u00a0', ' ').trimEnd());
  }

  async text(): Promise<string> {
    return (await this.rows()).join('\n').trimEnd();
  }

  /** Types a command (or lines of a heredoc) and waits until the shell asks for the next; gives what the screen shows then. */
  async command(lines: string): Promise<string> {
    const typed = lines.split('\n');
    for (const [index, line] of typed.entries()) {
      await this.line(line);
      if (index < typed.length - 1) await this.#lastRow(CONTINUED);
    }
    await this.atPrompt();
    return this.text();
  }

  /** Types one line, sees it echoed to its end, and presses Enter. */
  async line(line: string): Promise<void> {
    await this.page.keyboard.type(line);
    const echoed = (text: string) => text.replaceAll(/\s/g, '');
    await expect(async () => {
      expect(echoed(await this.text()).endsWith(echoed(line))).toBe(true);
    }).toPass(PATIENCE);
    const before = await this.text();
    await this.page.keyboard.press('Enter');
    await expect(async () => {
      expect(await this.text()).not.toBe(before);
    }).toPass(PATIENCE);
  }

  async atPrompt(): Promise<void> {
    await this.#lastRow(PROMPT);
  }

  async #lastRow(expected: RegExp): Promise<void> {
    let last: string | undefined;
    await expect(async () => {
      const text = await this.text();
      const same = text === last;
      last = text;
      expect(text.split('\n').at(-1)).toMatch(expected);
      // A prompt between two commands of one block has gone at the next look.
      expect(same).toBe(true);
    }).toPass(PATIENCE);
  }

  step(step: Step): Locator {
    return this.frame.locator(`[data-step="${step.id}"]`);
  }

  /** The step is open and no checkpoint of it is met, each for a reason. */
  async seesOpen(step: Step): Promise<void> {
    const section = this.step(step);
    await expect(section).toHaveAttribute('data-open', '', PATIENCE);
    for (const { id } of step.checkpoints) {
      const checkpoint = section.locator(`[data-checkpoint="${id}"]`);
      await expect(checkpoint.locator('[data-reason]')).toHaveText(/\S/, PATIENCE);
      // Nothing was done yet that could be wrong.
      await expect(checkpoint.locator('[data-reason]')).not.toHaveAttribute('data-wrong');
      await expect(checkpoint).not.toHaveAttribute('data-passed');
    }
  }

  /** Every checkpoint is green, the right answers are chosen, and the step is done by the learner's own hands. */
  async seesGreen(step: Step): Promise<void> {
    const section = this.step(step);
    for (const { id } of step.checkpoints)
      await expect(section.locator(`[data-checkpoint="${id}"]`)).toHaveAttribute('data-passed', '', PATIENCE);
    for (const right of await section.locator('input[data-right]').all()) await right.check();
    await expect(section).toHaveAttribute('data-passed', '', PATIENCE);
    await expect(section).not.toHaveAttribute('data-shown');
  }

  /** The page shows this lesson with every step done. */
  async hasFinished(lesson: LessonDocument): Promise<void> {
    for (const step of requiredSteps(lesson)) await expect(this.step(step)).toHaveAttribute('data-passed', '');
  }
}
