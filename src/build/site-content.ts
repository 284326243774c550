/** What the site is built from, as scripts/authoring/assemble.ts left it: the lessons, and the languages in which there are any. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LessonDocument } from '../../sandbox/lesson/schema.ts';
import type { Language } from '../../sandbox/words/languages.ts';

export interface SiteContent {
  readonly languages: readonly Language[];
  readonly lessons: readonly SiteLesson[];
}

export interface SiteLesson {
  readonly document: LessonDocument;
  /** The language in which readers of each are shown it: theirs, or the one that it has. */
  readonly written: Readonly<Record<string, Language>>;
  /** The folder in this repository; none of a lesson from elsewhere. */
  readonly source?: string;
}

/** Read anew: while the site is worked on, it changes. */
export function siteContent(): SiteContent {
  const folder = process.env.BOUND_ASSEMBLED;
  if (!folder) throw new Error('BOUND_ASSEMBLED names no folder: it is set by astro.config.mjs');
  return JSON.parse(readFileSync(join(folder, 'lessons.json'), 'utf8')) as SiteContent;
}
