/** The lessons as the site builds them: each one's page in each language of the site. */

import { type CollectionEntry, getCollection } from 'astro:content';
import type { Language } from '../../sandbox/channel/messages.ts';
import type { LessonDocument } from '../../sandbox/lesson/schema.ts';
import { offeredLanguages, offers } from './course.ts';
import { siteContent } from './site-content.ts';

export interface LessonPage {
  readonly document: LessonDocument;
  readonly language: Language;
  /** The language of the prose, where the lesson has none in the page's. */
  readonly written: Language;
  readonly entry: CollectionEntry<'texts'>;
  /** The prose's file in this repository; none of a lesson from elsewhere. */
  readonly source?: string;
  readonly number: number;
  readonly previous?: LessonDocument;
  readonly next?: LessonDocument;
}

/** All lessons in their order, texts included: what the sandbox is started with. */
export const lessonDocuments = (): LessonDocument[] => siteContent().lessons.map(({ document }) => document);

export async function lessonPages(): Promise<LessonPage[]> {
  const lessons = siteContent().lessons.filter(({ document }) => offers(document.id));
  const entries = new Map((await getCollection('texts')).map((entry: CollectionEntry<'texts'>) => [entry.id, entry]));
  return lessons.flatMap(({ document, written, source }, index) =>
    offeredLanguages.map((language) => ({
      document,
      language,
      written: written[language]!,
      entry: entries.get(`${document.id}/${written[language]}`)!,
      ...(source !== undefined && { source: `${source}/${written[language]}.mdx` }),
      number: index + 1,
      previous: lessons[index - 1]?.document,
      next: lessons[index + 1]?.document,
    })),
  );
}

/** A manifest of a lesson, byte for byte. */
export function readManifest(page: LessonPage, file: string): string {
  const text = page.document.manifests[file];
  if (text === undefined) throw new Error(`${page.document.id}: there is no files/${file}`);
  return text;
}
