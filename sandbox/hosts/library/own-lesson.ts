/** A lesson that an importer has at hand: what its `lesson.yaml` parses to, checked as the course's own are. */

import type { Place } from '../../channel/messages.ts';
import type { LessonDocument } from '../../lesson/schema.ts';
import { LANGUAGES } from '../../words/index.ts';
import { demandTexts, placeOf } from './arguments.ts';
import { UsageError } from './errors.ts';
import { courseLessons } from './lessons.ts';
import type { LabOptions, OwnLesson } from './types.ts';

/** The lessons that a lab knows, and where its world begins. */
export interface Beginning {
  readonly lessons: readonly LessonDocument[];
  readonly place: Place;
}

export async function beginningOf(given: LabOptions['lesson']): Promise<Beginning> {
  if (given !== null && typeof given === 'object') {
    const { begin, ...rest } = given;
    const lesson = await documentOf(rest);
    const lessons = [lesson];
    return { lessons, place: placeOf(begin === undefined ? lesson.id : `${lesson.id}/${begin}`, lessons) };
  }
  const lessons = await courseLessons();
  return { lessons, place: placeOf(given ?? lessons[0]!.id, lessons) };
}

/** Loaded when somebody brings one: the schema is code that a lab of the course does not need. */
async function documentOf({ manifests = {}, frontmatter, ...yaml }: Omit<OwnLesson, 'begin'>): Promise<LessonDocument> {
  const { frontmatterSchema, lessonSchema, problemsOf } = await import('../../lesson/schema.ts');
  const lesson = lessonSchema.safeParse(yaml);
  if (!lesson.success) throw new UsageError(`lesson: ${problemsOf(lesson.error)}`);
  const texts = frontmatterSchema.safeParse(frontmatter ?? { title: '', summary: '', minutes: 1, steps: {} });
  if (!texts.success) throw new UsageError(`lesson: frontmatter: ${problemsOf(texts.error)}`);
  demandTexts('lesson: manifests', manifests);
  for (const { write } of lesson.data.steps.flatMap((step) => step.solution))
    if (write !== undefined && typeof manifests[write] !== 'string')
      throw new UsageError(`lesson: a solution writes ${write}, which manifests do not have`);
  const inEach = Object.fromEntries(LANGUAGES.map((language) => [language, texts.data]));
  return { ...lesson.data, texts: inEach as LessonDocument['texts'], manifests };
}
