/** A class: its grades as a table – learner by checkpoint –, as CSV and JSON, and where it stumbles. */

import type { Grade, Mark } from '../channel/grades.ts';
import type { LessonDocument } from '../lesson/schema.ts';

export interface Column {
  /** `lesson/step/checkpoint`, or a question's. */
  readonly name: string;
  readonly lesson: string;
  readonly step: string;
  readonly id: string;
  /** Of a challenge: the lesson is done without it. */
  readonly optional: boolean;
}

/** Where a class stumbles, the most learners first. */
export interface Stone {
  readonly column: string;
  /** The author's reason or the choice, by its id; '' where the engine said it. */
  readonly because: string;
  /** As it was said last. */
  readonly message: string;
  readonly learners: number;
  readonly times: number;
}

/** The checkpoints and questions of every lesson that somebody opened, in the course's order. */
export function columnsOf(grades: readonly Grade[], lessons: readonly LessonDocument[]): Column[] {
  const opened = new Set(grades.flatMap((grade) => grade.lessons));
  return lessons
    .filter(({ id }) => opened.has(id))
    .flatMap((lesson) =>
      lesson.steps.flatMap(({ id: step, optional, checkpoints, quiz }) =>
        [...checkpoints, ...quiz].map(({ id }) => {
          return { name: `${lesson.id}/${step}/${id}`, lesson: lesson.id, step, id, optional };
        }),
      ),
    );
}

/** A log that is superseded, copied or not what it says counts for nobody: the other one does, or none. */
const counts = ({ supersededBy, state }: Grade): boolean =>
  supersededBy === undefined && (state === 'whole' || state === 'differs' || state === 'endless');

export function stonesOf(grades: readonly Grade[]): Stone[] {
  const stones = new Map<string, Stone>();
  for (const { stumbles } of grades.filter(counts))
    for (const { column, because, message, times } of stumbles) {
      const key = `${column} ${because || message}`;
      const before = stones.get(key) ?? { learners: 0, times: 0 };
      const learners = before.learners + 1;
      stones.set(key, { column, because, message, learners, times: before.times + times });
    }
  return [...stones.values()].sort((a, b) => b.learners - a.learners || b.times - a.times);
}

/** What a learner is called: by name, else by the course system's id, else by the file. */
export const nameOf = ({ learner, source }: Grade): string => learner.name ?? learner.id ?? source;

/** A mark in one word: `passed`, `wrong:read-only`; '' for what was never come to. */
export const markText = (mark: Mark | undefined): string =>
  mark === undefined ? '' : mark.because ? `${mark.state}:${mark.because}` : mark.state;

/** RFC 4180, a line a learner. */
export function toCsv(grades: readonly Grade[], lessons: readonly LessonDocument[]): string {
  const columns = columnsOf(grades, lessons);
  const head = ['file', 'name', 'id', 'state', 'doubts', 'superseded_by', 'seconds', 'commands', 'shown', 'undone'];
  const rows = grades.map((grade) => [
    grade.source,
    grade.learner.name ?? '',
    grade.learner.id ?? '',
    grade.state,
    grade.doubts.map(({ kind, other }) => (other === undefined ? kind : `${kind}:${other}`)).join(' '),
    grade.supersededBy ?? '',
    `${grade.seconds}`,
    `${grade.commands}`,
    grade.shown.join(' '),
    grade.undone.join(' '),
    ...columns.map(({ name }) => markText(grade.marks[name])),
  ]);
  return [[...head, ...columns.map(({ name }) => name)], ...rows].map((row) => `${row.map(cell).join()}\r\n`).join('');
}

/** What a spreadsheet would take for a formula is text: a name comes from whoever typed it. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** For programs: all that is known but what the logs are compared by. */
export function toJson(grades: readonly Grade[], lessons: readonly LessonDocument[]): object {
  return {
    columns: columnsOf(grades, lessons),
    learners: grades.map(({ trace: _, ...grade }) => grade),
    stumbles: stonesOf(grades),
  };
}
