/** The linter: everything that can be found wrong with lessons, told as it is found. */

import type { LessonFolder } from '../../sandbox/hosts/content/folders.ts';
import type { Problem } from '../../sandbox/hosts/content/problems.ts';
import type { ReadLesson } from '../../sandbox/hosts/content/read-lesson.ts';
import { readLessons } from '../../sandbox/hosts/content/read-lessons.ts';
import { habitProblems } from './habits.ts';
import { Lived } from './lived.ts';
import { type Prose, readProse } from './prose.ts';

/** Of a course and somebody's own lessons after it, the own ones are looked at; what they follow must only be there. */
export async function* lintLessons(folders: readonly LessonFolder[]): AsyncGenerator<Problem> {
  const { lessons, problems } = readLessons(folders);
  yield* problems;
  const ids = lessons.map(({ document }) => document.id);
  const looked = folders.some(({ own }) => own) ? lessons.filter(({ own }) => own) : lessons;
  let wrong = problems.length;
  for (const lesson of looked) {
    const found = [...lesson.pages.flatMap((page) => readProse(lesson, page, ids).problems), ...habitProblems(lesson)];
    wrong += found.length;
    yield* found;
  }
  // Half a lesson cannot be lived through; its reader has the above to mend first.
  if (wrong > 0) return;
  const lived = new Lived(lessons.map(({ document }) => document));
  for (const lesson of looked) {
    yield* await lived.manifests(lesson);
    yield* await lived.solutions(lesson);
    yield* await proseOf(lived, lesson, ids);
  }
}

/** Pages whose commands are the same are run once. */
async function proseOf(lived: Lived, lesson: ReadLesson, ids: readonly string[]): Promise<Problem[]> {
  const problems: Problem[] = [];
  const done = new Set<string>();
  for (const page of lesson.pages) {
    const prose = readProse(lesson, page, ids);
    const key = JSON.stringify(commandsOf(prose));
    if (done.has(key)) continue;
    done.add(key);
    problems.push(...(await lived.prose(lesson, page, prose)));
  }
  return problems;
}

const commandsOf = ({ typed }: Prose) => typed.map(({ line: _, ...rest }) => rest);
