/** A grade's doubts as sentences, and its reasons and choices as the lesson says them. */

import type { Doubt } from '../channel/grades.ts';
import type { LessonDocument } from '../lesson/schema.ts';
import type { Language } from '../words/languages.ts';
import type { TeachWords } from '../words/teach/index.ts';

/** Where it shows comes first. */
export function doubtText({ kind, detail, entry, command, other, shared }: Doubt, words: TeachWords): string {
  const where = command ? words.at.command(command) : entry === undefined ? '' : words.at.entry(entry);
  const says =
    kind === 'same' || kind === 'run' ? words.doubts[kind](other ?? '', shared ?? 0) : words.doubts[kind](detail);
  return where ? `${where}: ${says}` : says;
}

/** What a checkpoint says, or what a question asks. */
export function columnText(column: string, lessons: readonly LessonDocument[], language: Language): string {
  const { texts, id } = found(column, lessons, language);
  return texts?.checkpoints[id]?.says ?? texts?.quiz[id]?.question ?? column;
}

/** Why it was not so, without the values that the reason would name: they are each learner's. */
export function reasonText(
  { column, because, message }: { readonly column: string; readonly because: string; readonly message: string },
  lessons: readonly LessonDocument[],
  language: Language,
  words: TeachWords,
): string {
  const { texts, id } = found(column, lessons, language);
  const choice = texts?.quiz[id]?.choices[because];
  if (choice) return words.chose(choice.text);
  const reason = texts?.checkpoints[id]?.reasons[because];
  return reason?.replace(/\$\{[^}]*\}/g, '…') ?? message;
}

function found(column: string, lessons: readonly LessonDocument[], language: Language) {
  const [lesson, step, id = ''] = column.split('/');
  return { texts: lessons.find((one) => one.id === lesson)?.texts[language].steps[step ?? ''], id };
}
