/** One lesson as its folder has it: `lesson.yaml`, a page in each language that there is, and its manifests, held against each other. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Frontmatter, frontmatterSchema, type LessonDocument, lessonSchema } from '../../lesson/schema.ts';
import { LANGUAGES, type Language } from '../../words/index.ts';
import { shown } from './folders.ts';
import { misfits } from './misfits.ts';
import type { Problem } from './problems.ts';
import { filled, HOUSE_VALUES, type Values } from './values.ts';
import { YamlSource } from './yaml-source.ts';

/** A lesson's page in one language. */
export interface Page {
  readonly language: Language;
  /** As problems name it. */
  readonly file: string;
  /** The whole file, values in place. */
  readonly text: string;
  readonly front: YamlSource;
  readonly texts: Frontmatter;
  /** The prose, and how many lines of the file stand before it. */
  readonly body: string;
  readonly before: number;
}

export interface ReadLesson {
  readonly folder: string;
  /** Not of this repository. */
  readonly own: boolean;
  readonly yaml: YamlSource;
  readonly document: LessonDocument;
  /** Those there are, in the house's order of languages. */
  readonly pages: readonly Page[];
}

export type Reading =
  | { readonly lesson: ReadLesson; readonly problems: readonly Problem[] }
  | { readonly problems: readonly Problem[] };

/** The page that a reader of a language is shown: theirs, or else the first there is. */
export const pageFor = ({ pages }: Pick<ReadLesson, 'pages'>, language: Language): Page =>
  pages.find((page) => page.language === language) ?? pages[0]!;

export function readLesson(folder: string, own: boolean, values: Values): Reading {
  const problems: Problem[] = [];
  const read = (path: string): string => {
    const found = filled(shown(path), readFileSync(path, 'utf8'), values);
    problems.push(...found.problems);
    return found.text;
  };
  const manifests = manifestsOf(folder, read);
  const yaml = new YamlSource(shown(join(folder, 'lesson.yaml')), unix(read(join(folder, 'lesson.yaml'))));
  const lesson = yaml.checked(lessonSchema);
  if ('problems' in lesson) problems.push(...lesson.problems);
  const pages = LANGUAGES.filter((language) => existsSync(join(folder, `${language}.mdx`))).flatMap((language) => {
    const path = join(folder, `${language}.mdx`);
    const page = readPage(language, shown(path), unix(read(path)));
    if ('texts' in page) return [page];
    problems.push(...page.problems);
    return [];
  });
  if (pages.length === 0 && problems.length === 0) {
    const wanted = LANGUAGES.map((language) => `${language}.mdx`).join(' or ');
    problems.push({
      file: shown(folder),
      says: `there is no page: a lesson has ${wanted}, or a page in each language`,
    });
  }
  if ('problems' in lesson || pages.length === 0) return { problems };
  const texts = Object.fromEntries(LANGUAGES.map((language) => [language, pageFor({ pages }, language).texts]));
  const site = siteOf(values);
  const document: LessonDocument = {
    ...lesson.value,
    texts: texts as LessonDocument['texts'],
    ...(Object.keys(site).length > 0 && { site }),
    manifests,
  };
  const done: ReadLesson = { folder, own, yaml, document, pages };
  return { lesson: done, problems: [...problems, ...misfits(done)] };
}

/** What is not as in the lab; it answers there too. */
const siteOf = (values: Values): NonNullable<LessonDocument['site']> =>
  Object.fromEntries(
    (['server', 'registry'] as const)
      .filter((name) => values[name] !== HOUSE_VALUES[name])
      .map((name) => [name, values[name]!]),
  );

function readPage(language: Language, file: string, text: string): Page | { problems: readonly Problem[] } {
  const found = /^---\n(.*?)\n---(?:\n|$)/s.exec(text);
  if (!found) return { problems: [{ file, line: 1, says: 'a page begins with its texts between two lines of ---' }] };
  const front = new YamlSource(file, found[1]!, 1);
  const read = front.checked(frontmatterSchema);
  if ('problems' in read) return read;
  const body = text.slice(found[0].length);
  const before = found[0].split('\n').length - 1;
  return { language, file, text, front, texts: read.value, body, before };
}

function manifestsOf(folder: string, read: (path: string) => string): Record<string, string> {
  const files = join(folder, 'files');
  if (!existsSync(files)) return {};
  return Object.fromEntries(
    readdirSync(files, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, read(join(files, name))]),
  );
}

/** As other systems' editors leave it: a mark of its encoding, lines that end in two characters. */
const unix = (text: string): string => text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
