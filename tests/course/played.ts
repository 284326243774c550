/** A lesson played inside a course system, by its learner. */

import { type BrowserContext, expect, type Frame, type Page } from '@playwright/test';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { courseWords } from '../../sandbox/words/course/index.ts';
import { buildSite } from '../../scripts/course/build.ts';
import { optionsOf } from '../../scripts/course/options.ts';
import { packageFiles } from '../../scripts/course/package.ts';
import type { CourseFormat } from '../../src/course/formats.ts';
import { article } from '../article/commands.ts';
import { Learner } from '../article/learner.ts';
import { Reader } from '../article/reader.ts';

export const words = courseWords.en;

const all = lessonsFromDisk();
/** Its required steps ask three checkpoints and one question. */
export const LESSON = 'claim';
type Files = Readonly<Record<string, Uint8Array>>;
let site: Promise<Files> | undefined;

/** A package's files; the site in them is built once. */
export async function packaged(format: CourseFormat, ...more: string[]): Promise<Files> {
  const options = optionsOf(
    ['--format', format, '--lessons', LESSON, '--language', 'en', '--out', 'x.zip', ...more],
    all,
  );
  site ??= buildSite(options);
  return packageFiles(options, await site) as Files;
}

export class Player {
  readonly page: Page;
  readonly frame: Frame;
  readonly #learner: Learner;

  private constructor(page: Page, frame: Frame) {
    this.page = page;
    this.frame = frame;
    this.#learner = new Learner(page, { frame });
  }

  /** Opens an activity at a course system's address, in a frame of its page. */
  static async launched(context: BrowserContext, url: string): Promise<Player> {
    const page = await context.newPage();
    await page.goto(url);
    return Player.in(page);
  }

  /** The lesson's frame in a page that holds a launched activity. */
  static async in(page: Page): Promise<Player> {
    const find = () => page.frames().find((frame) => frame.url().includes('/lessons/'));
    await expect.poll(find, { timeout: 60_000 }).toBeTruthy();
    const player = new Player(page, find()!);
    await player.#learner.atPrompt();
    return player;
  }

  /** Does a step as the article says, and sees its checkpoints green. */
  async does(step: string, lesson = LESSON): Promise<void> {
    await expect(this.step(step)).toHaveAttribute('data-open', '', { timeout: 60_000 });
    const reader = new Reader(this.#learner);
    for (const typed of article[lesson]![step]!) await reader.type(typed);
    const { checkpoints } = all.find(({ id }) => id === lesson)!.steps.find(({ id }) => id === step)!;
    for (const { id } of checkpoints)
      await expect(this.step(step).locator(`[data-checkpoint="${id}"]`)).toHaveAttribute('data-passed', '', {
        timeout: 60_000,
      });
  }

  /** Has a step's solution shown. */
  async isShown(step: string): Promise<void> {
    await expect(this.step(step)).toHaveAttribute('data-open', '', { timeout: 60_000 });
    await this.step(step).locator('[data-show-me]').click();
    await expect(this.step(step)).toHaveAttribute('data-passed', '', { timeout: 90_000 });
  }

  async answers(step: string): Promise<void> {
    for (const right of await this.step(step).locator('input[data-right]').all()) await right.check();
    await expect(this.step(step)).toHaveAttribute('data-passed', '');
  }

  step(id: string) {
    return this.frame.locator(`[data-step="${id}"]`);
  }

  get line() {
    return this.frame.locator('.course-line');
  }

  /** The course system shows another page in its place. */
  async leaves(): Promise<void> {
    await this.page.goto('about:blank');
  }
}
