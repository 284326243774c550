/** The lessons as the site builds them: collections joined, and what does not fit together refused with the author's own words. */

import { type CollectionEntry, getCollection } from 'astro:content';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Language } from '../../sandbox/channel/messages.ts';
import { type LessonDocument, requiredSteps } from '../../sandbox/lesson/schema.ts';
import { languages } from '../i18n/index.ts';
import { offeredLanguages, offers } from './course.ts';

export interface LessonPage {
  readonly document: LessonDocument;
  readonly language: Language;
  readonly entry: CollectionEntry<'texts'>;
  readonly number: number;
  readonly previous?: LessonDocument;
  readonly next?: LessonDocument;
}

/** All lessons in their order, texts included: what the sandbox is started with. */
export async function lessonDocuments(): Promise<LessonDocument[]> {
  return (await joined()).map(({ document }) => document);
}

export async function lessonPages(): Promise<LessonPage[]> {
  const lessons = (await joined()).filter(({ document }) => offers(document.id));
  return lessons.flatMap(({ document, texts }, index) =>
    offeredLanguages.map((language) => ({
      document,
      language,
      entry: texts[language],
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

async function joined() {
  const entries = await getCollection('lessons');
  const lessons = await Promise.all(entries.map(joinTexts));
  return lessons.sort((a, b) => a.document.order - b.document.order);
}

async function joinTexts(lesson: CollectionEntry<'lessons'>) {
  const all = await getCollection('texts');
  const text = (language: Language) => {
    const entry = all.find((candidate: CollectionEntry<'texts'>) => candidate.id === `${lesson.id}/${language}`);
    if (!entry) throw new Error(`content/${lesson.id}: there is no ${language}.mdx`);
    return entry;
  };
  const texts = inEach(text);
  const files = join(dirname(lesson.filePath!), 'files');
  const document: LessonDocument = {
    ...lesson.data,
    texts: inEach((language) => texts[language].data),
    manifests: manifestsOf(files),
  };
  const mistakes = languages.flatMap((language) =>
    mistakesOf(document, language, texts[language].body ?? '').map((mistake) => `${language}.mdx: ${mistake}`),
  );
  if (mistakes.length > 0) throw new Error([`content/${lesson.id} does not fit together:`, ...mistakes].join('\n  '));
  return { document, texts };
}

const inEach = <T>(of: (language: Language) => T) =>
  Object.fromEntries(languages.map((language) => [language, of(language)])) as Record<Language, T>;

function manifestsOf(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Where a page and its lesson.yaml disagree. */
function mistakesOf(lesson: LessonDocument, language: Language, body: string): string[] {
  const mistakes: string[] = [];
  const texts = lesson.texts[language];
  const steps = lesson.steps.map(({ id }) => id);
  const compare = (what: string, expected: readonly string[], found: readonly string[]) => {
    for (const id of expected) if (!found.includes(id)) mistakes.push(`${what} "${id}" is missing`);
    for (const id of found) if (!expected.includes(id)) mistakes.push(`${what} "${id}" is not in lesson.yaml`);
  };

  const written = [...body.matchAll(/<Step\s+id="([^"]*)"/g)].map(([, id]) => id!);
  const required = idsOf(requiredSteps(lesson));
  compare('<Step> of', required, written);
  if (mistakes.length === 0 && written.join() !== required.join()) {
    mistakes.push(`steps stand as ${written.join(', ')}, in lesson.yaml as ${required.join(', ')}`);
  }
  compare('frontmatter of step', steps, Object.keys(texts.steps));
  const questions = requiredSteps(lesson).flatMap(({ quiz }) => quiz.map(({ id }) => id));
  compare(
    '<Quiz> of',
    questions,
    [...body.matchAll(/<Quiz\s+id="([^"]*)"/g)].map(([, id]) => id!),
  );
  for (const step of lesson.steps) {
    // It would be done before the reader had done anything.
    if (step.checkpoints.length + step.quiz.length === 0) mistakes.push(`step "${step.id}" asks nothing`);
    const text = texts.steps[step.id];
    if (!text) continue;
    compare(`${step.id}: text of checkpoint`, idsOf(step.checkpoints), Object.keys(text.checkpoints));
    compare(`${step.id}: text of question`, idsOf(step.quiz), Object.keys(text.quiz));
    for (const { id, reasons } of step.checkpoints) {
      compare(`${step.id}/${id}: reason`, idsOf(reasons), Object.keys(text.checkpoints[id]?.reasons ?? {}));
    }
    for (const { id, choices } of step.quiz) {
      compare(`${step.id}/${id}: choice`, choices, Object.keys(text.quiz[id]?.choices ?? {}));
    }
  }
  return mistakes;
}

const idsOf = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);
