/** Every variant of the lessons: its own solutions are right in it, and another learner's are not. */

import { expect, test } from 'vitest';
import { lessonsFromDisk } from '../sandbox/hosts/lessons-from-disk.ts';
import { openSession } from '../sandbox/hosts/opening.ts';
import type { Verdict } from '../sandbox/lesson/checkpoint.ts';
import { heredoc } from '../sandbox/lesson/manifest.ts';
import type { CommandResult } from '../sandbox/lesson/observation.ts';
import { type LessonDocument, requiredSteps, type Step } from '../sandbox/lesson/schema.ts';
import { inVariant, variantOf } from '../sandbox/lesson/vary.ts';
import type { Session } from '../sandbox/session/session.ts';
import { advance } from '../sandbox/sim/driver.ts';

const lessons = lessonsFromDisk();
const varying = lessons.filter(({ vary }) => vary.length > 0);
const variants = Array.from({ length: process.env.BOUND_LONG ? 200 : 5 }, (_, index) => index * 7_919 + 1);
const lessonsOf = (variant: number) => inVariant(lessons, variantOf(lessons, variant));

const open = (variant: number, lesson: LessonDocument, step: Step) =>
  openSession({
    seed: variant,
    variant,
    start: { lesson: lesson.id, step: step.id },
    language: 'en',
    lessons,
    follow: true,
  });

async function check(session: Session, lesson: string, step: string): Promise<readonly Verdict[]> {
  const entry = session.input({ type: 'check', place: { lesson, step } });
  return (await session.result<Verdict[]>(entry, 60_000))!;
}

test('something varies', () => expect(varying.length).toBeGreaterThan(1));

test.each(variants)('variant %i: from the first step to the last by its own solutions', async (variant) => {
  const [first] = lessons;
  const session = await open(variant, first!, first!.steps[0]!);
  for (const lesson of lessonsOf(variant))
    for (const step of requiredSteps(lesson)) {
      const entry = session.input({ type: 'solve', place: { lesson: lesson.id, step: step.id } });
      expect(await session.solved(entry as typeof entry & { type: 'solve' }), `${lesson.id}/${step.id}`).toBe(true);
    }
  expect(session.log()).toMatchObject({ seed: variant, variant });
  session.close();
});

/** The steps of which the solution names what varies. */
const named = (variant: number) => {
  const own = lessonsOf(variant);
  return varying.flatMap((lesson) => {
    const its = own.find(({ id }) => id === lesson.id)!;
    const changed = JSON.stringify(its.manifests) !== JSON.stringify(lesson.manifests);
    return requiredSteps(its)
      .filter(
        (step) =>
          step.checkpoints.length > 0 &&
          step.solution.some(
            ({ run, write }, index) =>
              run !== lesson.steps.find(({ id }) => id === step.id)!.solution[index]!.run || (write && changed),
          ),
      )
      .map((step) => ({ lesson: its, step }));
  });
};

test.each(variants)('variant %i: another one’s solutions are not right in it', async (variant) => {
  const other = named(variant + 1);
  expect(other.length).toBeGreaterThanOrEqual(varying.length);
  for (const { lesson, step } of other) {
    const session = await open(variant, lesson, step);
    for (const { host, run, write } of step.solution) {
      const command = run ?? heredoc(write!, lesson.manifests[write!]!);
      await session.result<CommandResult>(session.input({ type: 'run', host, command }), 120_000);
    }
    await advance(session.world.clock, session.now + 20_000);
    const verdicts = await check(session, lesson.id, step.id);
    session.close();
    expect(
      verdicts.every(({ passed }) => passed),
      `${lesson.id}/${step.id}`,
    ).toBe(false);
  }
});
