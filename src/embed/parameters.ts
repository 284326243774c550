/** What the address of a lab in a frame asks for: `?lesson=claim&step=bind&seed=7&theme=dark#NAME`. */

import type { LessonDocument } from '../../sandbox/lesson/schema.ts';
import type { FrameWords } from '../../sandbox/words/embed/index.ts';
import { isTheme, type LabTheme } from './protocol.ts';

export interface Wanted {
  readonly lesson: LessonDocument;
  /** The one step that is wanted; undefined for the lesson from its beginning. */
  readonly step: string | undefined;
  readonly seed: number | undefined;
  readonly theme: LabTheme;
  /** Which of the page's labs it is: each name is a session of its own. It is no server's business, so it stands behind the `#`. */
  readonly name: string;
}

/** Gives what is wanted, or why that cannot be had, in words. */
export function readAddress(
  address: URL,
  lessons: readonly LessonDocument[],
  t: FrameWords['problem'],
): Wanted | { readonly problem: string } {
  const { searchParams, hash } = address;
  // An empty one is what a form leaves of a field that was not filled in.
  const given = (name: string) => searchParams.get(name) || undefined;
  const ids = lessons.map(({ id }) => id);
  const id = given('lesson');
  if (id === undefined) return { problem: t.noLesson(ids) };
  const lesson = lessons.find((one) => one.id === id);
  if (!lesson) return { problem: t.lesson(id, ids) };
  const step = given('step');
  const steps = lesson.steps.map((one) => one.id);
  if (step !== undefined && !steps.includes(step)) return { problem: t.step(step, id, steps) };
  const seed = given('seed');
  if (seed !== undefined && !(/^\d{1,10}$/.test(seed) && Number(seed) < 2 ** 32)) return { problem: t.seed(seed) };
  const theme = given('theme') ?? 'auto';
  if (!isTheme(theme)) return { problem: t.theme(theme) };
  return { lesson, step, seed: seed === undefined ? undefined : Number(seed), theme, name: hash.slice(1) };
}
