/** All lessons that there are to be, in their order: the course, a folder of one's own, or both. */

import { LANGUAGES, type Language } from '../../words/index.ts';
import { foldersIn, type LessonFolder, lessonFolders } from './folders.ts';
import { ContentError, type Problem } from './problems.ts';
import { type ReadLesson, readLesson } from './read-lesson.ts';
import { HOUSE_VALUES, valuesOf } from './values.ts';

export interface ReadLessons {
  /** Those that could be read. */
  readonly lessons: readonly ReadLesson[];
  readonly problems: readonly Problem[];
}

/**
 * What is wrong is listed, all of it at once. The course comes first; one's own lesson with the id of one of the course's takes its
 * place. The values of one's own site.yaml hold for one's own lessons alone: the course's are true of its lab.
 */
export function readLessons(folders: readonly LessonFolder[] = lessonFolders()): ReadLessons {
  const problems: Problem[] = [];
  let lessons: ReadLesson[] = [];
  for (const { path, own } of folders) {
    const read = attempt(problems, () => ({ values: own ? valuesOf(path) : HOUSE_VALUES, found: foldersIn(path) }));
    if (!read) continue;
    const here: ReadLesson[] = [];
    for (const folder of read.found) {
      const reading = readLesson(folder, own, read.values);
      problems.push(...reading.problems);
      if ('lesson' in reading) here.push(reading.lesson);
    }
    here.sort((a, b) => a.document.order - b.document.order);
    problems.push(...clashes(here));
    lessons = joined(lessons, here);
  }
  return { lessons, problems };
}

/** The same, for who wants nothing half-right. Throws ContentError. */
export function demandLessons(folders?: readonly LessonFolder[]): readonly ReadLesson[] {
  const { lessons, problems } = readLessons(folders);
  if (problems.length > 0) throw new ContentError(problems);
  return lessons;
}

/** The languages that a site of these lessons has: those in which there is a page. */
export const languagesOf = (lessons: readonly ReadLesson[]): Language[] =>
  LANGUAGES.filter((language) => lessons.some(({ pages }) => pages.some((page) => page.language === language)));

function attempt<T>(problems: Problem[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

function joined(before: readonly ReadLesson[], own: readonly ReadLesson[]): ReadLesson[] {
  const left = new Map(own.map((lesson) => [lesson.document.id, lesson]));
  const kept = before.map((lesson) => {
    const instead = left.get(lesson.document.id);
    left.delete(lesson.document.id);
    return instead ?? lesson;
  });
  return [...kept, ...left.values()];
}

/** Two lessons of a folder with one address, or with one place in the order. */
function clashes(lessons: readonly ReadLesson[]): Problem[] {
  return lessons.flatMap((lesson, index) => {
    const { yaml, document } = lesson;
    const other = (same: (one: ReadLesson) => boolean) => lessons.slice(0, index).find(same)?.yaml.file;
    const sameId = other((one) => one.document.id === document.id);
    const sameOrder = other((one) => one.document.order === document.order);
    return [
      ...(sameId ? [yaml.problem(['id'], `id: "${document.id}" is the id of ${sameId} too`)] : []),
      ...(sameOrder ? [yaml.problem(['order'], `order: ${document.order} is the order of ${sameOrder} too`)] : []),
    ];
  });
}
