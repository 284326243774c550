/** All lessons in Japanese in one session, by their buttons alone: "run", "write to the lab", and the answers of the quizzes. */

import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { requiredSteps } from '../../sandbox/lesson/schema.ts';
import { test } from '../support/profile.ts';
import { long } from '../support/sample.ts';
import { Learner } from './learner.ts';

test.use({ viewport: { width: 1600, height: 1000 } });

// The article is typed in English beside it.
test('by buttons, in Japanese', long, async ({ page }) => {
  test.setTimeout(900_000);
  const learner = new Learner(page);
  for (const [index, lesson] of lessonsFromDisk().entries()) {
    await (index === 0 ? learner.open('ja', lesson.id) : learner.turnTo('ja', lesson.id));
    for (const step of requiredSteps(lesson))
      await test.step(`${lesson.id}/${step.id}`, async () => {
        await learner.seesOpen(step);
        await pressAll(learner, step.id);
        await learner.seesGreen(step);
      });
    await learner.hasFinished(lesson);
  }
});

async function pressAll({ page }: Learner, step: string): Promise<void> {
  const learner = new Learner(page);
  for (const block of await page.locator(`[data-step="${step}"] [data-code]:has([data-run])`).all()) {
    const before = await learner.text();
    const code = (await block.getAttribute('data-command')) ?? (await block.locator('pre').innerText());
    await block.locator('[data-run]').click();
    await page.waitForTimeout(100);
    if (opensEditor(code)) await page.waitForTimeout(1_000);
    else if (isEditing(before)) {
      // What the text tells the reader to press after the block, in the terminal.
      await page.locator('.host-terminal.front textarea').focus();
      await page.keyboard.press('Escape');
      await page.keyboard.type(':wq');
      await page.keyboard.press('Enter');
      await learner.atPrompt();
    } else await learner.atPrompt();
  }
}

const opensEditor = (code: string): boolean => /^vi /m.test(code);
/** vi's screen: tildes below the text. */
const isEditing = (screen: string): boolean => /^~$/m.test(screen);
