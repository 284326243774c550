/** The article from beginning to end in one session: every command typed at a terminal, every checkpoint open, then green. */

import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { requiredSteps } from '../../sandbox/lesson/schema.ts';
import { expect, test } from '../support/profile.ts';
import { article } from './commands.ts';
import { Learner } from './learner.ts';
import { Reader } from './reader.ts';

// The longest answer is read whole: `describe` of a Pod that waited.
test.use({ viewport: { width: 1920, height: 1200 } });

const lessons = lessonsFromDisk();

test('typed, in English', async ({ page }) => {
  test.setTimeout(900_000);
  const learner = new Learner(page);
  const reader = new Reader(learner);
  // Typing all of them takes minutes.
  for (const [index, lesson] of (process.env.BOUND_LONG ? lessons : lessons.slice(0, 4)).entries()) {
    await (index === 0 ? learner.open('en', lesson.id) : learner.turnTo('en', lesson.id));
    for (const step of requiredSteps(lesson))
      await test.step(`${lesson.id}/${step.id}`, async () => {
        await learner.seesOpen(step);
        for (const typed of article[lesson.id]![step.id]!) await reader.type(typed);
        await learner.seesGreen(step);
      });
    await learner.hasFinished(lesson);
  }
});

test('the commands are those of the lessons there are', () => {
  expect(Object.entries(article).map(([lesson, steps]) => [lesson, ...Object.keys(steps)])).toEqual(
    lessons.map((lesson) => [lesson.id, ...requiredSteps(lesson).map((step) => step.id)]),
  );
});
