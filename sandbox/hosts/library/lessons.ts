/** The course's lessons: here read from content/; the package has them as the file that scripts/package.ts makes in the place of this one. */

import type { LessonDocument } from '../../lesson/schema.ts';

export async function courseLessons(): Promise<readonly LessonDocument[]> {
  const { lessonsFromDisk } = await import('../lessons-from-disk.ts');
  return lessonsFromDisk();
}
