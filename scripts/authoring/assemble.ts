/**
 * What the site is built from: all lessons, read and found right, with their values in place, in a folder of the cache. The pages are
 * there as MDX by lesson and language (`claim/ja.mdx`); lessons.json has everything else. Nothing is written while anything is wrong.
 */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LessonFolder, lessonFolders } from '../../sandbox/hosts/content/folders.ts';
import { ContentError, type Problem } from '../../sandbox/hosts/content/problems.ts';
import { pageFor, type ReadLesson } from '../../sandbox/hosts/content/read-lesson.ts';
import { languagesOf, type ReadLessons, readLessons } from '../../sandbox/hosts/content/read-lessons.ts';
import { LANGUAGES } from '../../sandbox/words/index.ts';
import type { SiteContent } from '../../src/build/site-content.ts';
import { readProse } from './prose.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The folder; the same for the same folders of lessons. Throws ContentError. */
export function assemble(folders: readonly LessonFolder[] = lessonFolders()): string {
  const read = readLessons(folders);
  const problems = [...read.problems, ...proseProblems(read)];
  if (problems.length > 0) throw new ContentError(problems);
  const name = createHash('sha256').update(JSON.stringify(folders)).digest('hex').slice(0, 8);
  const folder = join(root, '.cache/lessons', name);
  const files = new Map<string, string>([['lessons.json', JSON.stringify(contentOf(read.lessons))]]);
  for (const { document, pages } of read.lessons)
    for (const { language, text } of pages) files.set(join(document.id, `${language}.mdx`), text);
  bring(folder, files);
  return folder;
}

function proseProblems({ lessons }: ReadLessons): Problem[] {
  const ids = lessons.map(({ document }) => document.id);
  return lessons.flatMap((lesson) => lesson.pages.flatMap((page) => readProse(lesson, page, ids).problems));
}

const contentOf = (lessons: readonly ReadLesson[]): SiteContent => ({
  languages: languagesOf(lessons),
  lessons: lessons.map((lesson) => ({
    document: lesson.document,
    written: Object.fromEntries(LANGUAGES.map((language) => [language, pageFor(lesson, language).language])),
    ...(!lesson.own && { source: relative(root, lesson.folder) }),
  })),
});

/** What is the same already is left alone: a running server would read it again. */
function bring(folder: string, files: ReadonlyMap<string, string>): void {
  const there = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  for (const entry of there) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !files.has(relative(folder, path))) rmSync(path);
  }
  for (const [name, text] of files) {
    const path = join(folder, name);
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
