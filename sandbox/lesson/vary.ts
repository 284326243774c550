/**
 * Variants of the course: words that its authors let vary (`vary:` in a lesson.yaml) are others for each learner, everywhere they stand:
 * manifests, solutions, checkpoints, reasons, and the code in texts. Prose is nobody's name, and stays.
 */

import { Random } from '../sim/random.ts';
import type { Language } from '../words/index.ts';
import type { Frontmatter, LessonDocument, Step } from './schema.ts';

/** The course's own words, and what they are in a variant. */
export type Variant = ReadonlyMap<string, string>;

/** The words of a variant. The same number gives the same ones, whatever else varies; lessons of one course share them. */
export function variantOf(lessons: readonly LessonDocument[], number: number): Variant {
  const words = new Map<string, string>();
  for (const { vary } of lessons)
    for (const { word, as } of vary) {
      const random = new Random(number, `vary/${word}`);
      words.set(
        word,
        random.pick(as).replaceAll('#', () => String(random.below(10))),
      );
    }
  return words;
}

/** The lessons as they are in a variant. */
export function inVariant(lessons: readonly LessonDocument[], variant: Variant): readonly LessonDocument[] {
  const change = changer(variant);
  if (!change) return lessons;
  return lessons.map((lesson) => {
    const inCode = (text: string) => text.replaceAll(/`[^`]*`/g, change);
    const reasons = (all: Step['checkpoints'][number]['reasons']) =>
      all.map((one) => ({ ...one, when: change(one.when) }));
    // Ids are the lesson's own, whatever they are called.
    const steps = lesson.steps.map(
      (step): Step => ({
        ...step,
        solution: deep(step.solution, change),
        checkpoints: step.checkpoints.map((one) => ({
          ...deep(one, change),
          id: one.id,
          reasons: reasons(one.reasons),
        })),
      }),
    );
    const texts = Object.entries(lesson.texts) as [Language, Frontmatter][];
    return {
      ...lesson,
      steps,
      manifests: deep(lesson.manifests, change),
      texts: Object.fromEntries(texts.map(([language, text]) => [language, deep(text, inCode)])) as typeof lesson.texts,
    };
  });
}

/** Puts the variant's words in place of the course's; undefined when nothing varies. */
export function changer(variant: Variant): ((text: string) => string) | undefined {
  if (variant.size === 0) return undefined;
  const words = [...variant.keys()].sort((a, b) => b.length - a.length).map((word) => word.replaceAll(/[.+]/g, '\\$&'));
  // A name that goes on is another name.
  const whole = new RegExp(`(?<![\\w-])(?:${words.join('|')})(?![\\w-])`, 'g');
  return (text) => text.replaceAll(whole, (word) => variant.get(word)!);
}

function deep<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((item) => deep(item, change)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deep(item, change)])) as T;
}
