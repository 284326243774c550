/** What of a lesson is counted, from its document. */

import { type LessonDocument, requiredSteps } from '../../sandbox/lesson/schema.ts';
import type { Language } from '../../sandbox/words/index.ts';
import type { LessonShape } from '../../src/course/shape.ts';
import { plainText } from '../../src/i18n/inline.ts';

export function shapeOf(lesson: LessonDocument, language: Language): LessonShape {
  const texts = lesson.texts[language];
  const required = requiredSteps(lesson);
  return {
    id: lesson.id,
    title: plainText(texts.title),
    steps: lesson.steps.map((step) => ({
      id: step.id,
      optional: !required.includes(step),
      items: [
        ...step.checkpoints.map(({ id }) => ({
          id,
          says: plainText(texts.steps[step.id]?.checkpoints[id]?.says ?? id),
        })),
        ...step.quiz.map(({ id, choices, answer }) => ({
          id,
          says: plainText(texts.steps[step.id]?.quiz[id]?.question ?? id),
          right: choices.indexOf(answer),
        })),
      ],
    })),
  };
}
