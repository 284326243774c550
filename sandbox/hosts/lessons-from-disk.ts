/** The lessons as `content/` has them, for Node: read, checked against the authors' schema, in order. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { frontmatterSchema, type LessonDocument, lessonSchema, problemsOf } from '../lesson/schema.ts';
import { LANGUAGES, type Language } from '../words/index.ts';

const CONTENT = join(import.meta.dirname, '../../content');

/** Throws with the file and the field where an author's file is wrong. */
export function lessonsFromDisk(folder = CONTENT): LessonDocument[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'lesson.yaml')))
    .map((entry) => lessonFromFolder(join(folder, entry.name)))
    .sort((a, b) => a.order - b.order);
}

function lessonFromFolder(folder: string): LessonDocument {
  const lesson = checked(
    lessonSchema,
    parse(readFileSync(join(folder, 'lesson.yaml'), 'utf8')),
    join(folder, 'lesson.yaml'),
  );
  return {
    ...lesson,
    texts: Object.fromEntries(
      LANGUAGES.map((language) => [language, frontmatter(folder, language)]),
    ) as LessonDocument['texts'],
    manifests: manifests(folder),
  };
}

function frontmatter(folder: string, language: Language) {
  const file = join(folder, `${language}.mdx`);
  const source = /^---\n(.*?)\n---\n/s.exec(readFileSync(file, 'utf8'));
  if (!source) throw new Error(`${file}: no frontmatter`);
  return checked(frontmatterSchema, parse(source[1]!), file);
}

function manifests(folder: string): Record<string, string> {
  const files = join(folder, 'files');
  if (!existsSync(files)) return {};
  return Object.fromEntries(readdirSync(files).map((name) => [name, readFileSync(join(files, name), 'utf8')]));
}

function checked<T extends z.ZodType>(schema: T, value: unknown, file: string): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`${file}: ${problemsOf(result.error)}`);
}
