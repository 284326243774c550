/** Where the lessons are: the course of this repository, or a folder of somebody's own (`--content DIR`), alone or after the course. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ContentError } from './problems.ts';

export interface LessonFolder {
  /** As problems name it. */
  readonly path: string;
  /** Not of this repository. */
  readonly own: boolean;
}

export const COURSE = join(import.meta.dirname, '../../../content');

/** A path as the reader sees it from where they are. */
export const shown = (path: string): string => {
  const from = relative(process.env.INIT_CWD ?? process.cwd(), path);
  return from === '' ? '.' : from.startsWith('../..') ? path : from;
};

/** The folders of lessons that a caller asked for by BOUND_CONTENT, and BOUND_WITH_COURSE if the course is to be there too. */
export function lessonFolders(environment: Readonly<Record<string, string | undefined>> = process.env): LessonFolder[] {
  const course = { path: COURSE, own: false };
  if (!environment.BOUND_CONTENT) return [course];
  const own = { path: resolve(environment.BOUND_CONTENT), own: true };
  return environment.BOUND_WITH_COURSE ? [course, own] : [own];
}

/** The folders in it that hold a lesson, by name. Throws ContentError when there is none. */
export function foldersIn(path: string): string[] {
  const file = shown(path);
  if (!existsSync(path)) throw new ContentError([{ file, says: 'there is no such folder' }]);
  if (!statSync(path).isDirectory())
    throw new ContentError([{ file, says: 'this is a file, and no folder of lessons' }]);
  const found = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(path, entry.name, 'lesson.yaml')))
    .map(({ name }) => join(path, name))
    .sort();
  if (found.length > 0) return found;
  const says = existsSync(join(path, 'lesson.yaml'))
    ? 'this is a lesson itself; name the folder that holds it'
    : 'there is no lesson in this folder: a lesson is a folder in it with a lesson.yaml (npm run new-lesson makes one)';
  throw new ContentError([{ file, says }]);
}
