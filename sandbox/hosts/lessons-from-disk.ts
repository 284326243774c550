/** The lessons as `content/` or a caller's own folder has them, for Node: read, checked against the authors' schema, in order. */

import type { LessonDocument } from '../lesson/schema.ts';
import { COURSE } from './content/folders.ts';
import { demandLessons } from './content/read-lessons.ts';

/** Throws with file and line where an author's file is wrong. */
export const lessonsFromDisk = (folder = COURSE): LessonDocument[] =>
  demandLessons([{ path: folder, own: folder !== COURSE }]).map(({ document }) => document);
