/** A lesson's text as the search has it: one passage a step, without markup, with its questions, checkpoints, commands and manifests. */

import type { Language } from '../../sandbox/channel/messages.ts';
import type { LessonDocument } from '../../sandbox/lesson/schema.ts';
import { plainText } from '../i18n/inline.ts';
import type { Passage } from '../search/passages.ts';

const STEP = /<Step\s+id="([^"]*)">([\s\S]*?)<\/Step>/g;

export function passagesOf(document: LessonDocument, language: Language, body: string): Passage[] {
  const text = document.texts[language];
  const lesson = { lesson: document.id, lessonTitle: plainText(text.title) };
  const written = new Map([...body.matchAll(STEP)].map(([, id, inner]) => [id!, inner!]));
  const around = body.replaceAll(STEP, '');
  return [
    {
      ...lesson,
      step: '',
      title: plainText(text.title),
      text: joined([text.summary, withoutMarkup(around, document)]),
    },
    ...document.steps.map(({ id }) => {
      const { title, checkpoints, quiz } = text.steps[id]!;
      const says = Object.values(checkpoints).map((checkpoint) => checkpoint.says);
      const questions = Object.values(quiz).flatMap(({ question, choices }) => [
        question,
        ...Object.values(choices).flatMap((choice) => [choice.text, choice.why]),
      ]);
      const parts = [withoutMarkup(written.get(id) ?? '', document), ...says, ...questions];
      return { ...lesson, step: id, title: plainText(title), text: joined(parts) };
    }),
  ];
}

const joined = (parts: readonly string[]): string =>
  parts
    .map((part) => plainText(part).trim())
    .filter(Boolean)
    .join('\n');

/** MDX as a reader sees it; of a component, what it shows. */
function withoutMarkup(mdx: string, { manifests }: LessonDocument): string {
  return (
    mdx
      .replaceAll(/<Manifest\s+file="([^"]*)"[^>]*>/g, (_, file: string) => `${file}\n${manifests[file] ?? ''}`)
      .replaceAll(/<[A-Z]\w*\s[^>]*?question="([^"]*)"[^>]*>/g, '$1')
      .replaceAll(/<\/?[A-Z][^>]*>/g, '')
      .replaceAll(/^```.*$/gm, '')
      .replaceAll('**', '')
      // A table's rules and bars, headings, marks of lists.
      .replaceAll(/^\|[\s:|-]+\|$/gm, '')
      .replaceAll(/^\s*\|\s*|\s*\|\s*$/gm, '')
      .replaceAll(/\s+\|\s+/g, ' – ')
      .replaceAll(/^#+\s+|^\s*[-*]\s+/gm, '')
      .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/\*([^*\s][^*\n]*)\*/g, '$1')
      .replaceAll(/\n\s*\n+/g, '\n')
  );
}
