/** What is not wrong by its form but leaves a reader without a word: checkpoints without reasons, texts that are empty. */

import type { Problem } from '../../sandbox/hosts/content/problems.ts';
import type { ReadLesson } from '../../sandbox/hosts/content/read-lesson.ts';

export const habitProblems = (lesson: ReadLesson): Problem[] => [...reasons(lesson), ...emptyTexts(lesson)];

/** Of an object the lab says itself how it differs; of an expression it could only say that it is not so yet. */
const reasons = ({ document, yaml }: ReadLesson): Problem[] =>
  document.steps.flatMap((step, s) =>
    step.checkpoints.flatMap(({ id, expr, reasons: given }, c) =>
      expr !== undefined && given.length === 0
        ? [
            yaml.problem(
              ['steps', s, 'checkpoints', c],
              `checkpoint "${id}" has no reasons: while it is red the reader would only be told "not yet"`,
            ),
          ]
        : [],
    ),
  );

function emptyTexts({ pages }: ReadLesson): Problem[] {
  const problems: Problem[] = [];
  for (const { front, texts } of pages) {
    const visit = (value: unknown, path: readonly (string | number)[]): void => {
      if (typeof value === 'string' && value.trim() === '')
        problems.push(front.problem(path, `${path.join('.')}: this text is empty`));
      else if (value !== null && typeof value === 'object')
        for (const [key, item] of Object.entries(value))
          visit(item, [...path, Array.isArray(value) ? Number(key) : key]);
    };
    visit(texts, []);
  }
  return problems;
}
