/** `lab grade`: what learners' saved sessions amount to, as a table for people, as CSV or as JSON. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Grade, Mark } from '../channel/grades.ts';
import { columnsOf, nameOf, stonesOf, toCsv, toJson } from '../grading/class.ts';
import { compare } from '../grading/compare.ts';
import { columnText, doubtText, reasonText } from '../grading/doubt-words.ts';
import { ArchiveError, type LogFile, logsIn, mayHoldLogs } from '../grading/unpack.ts';
import type { LessonDocument } from '../lesson/schema.ts';
import { isLanguage, LANGUAGES, type Language } from '../words/index.ts';
import { teachWords } from '../words/teach/index.ts';
import { grade } from './grading.ts';
import { withUsage } from './lab-options.ts';
import { lessonsFromDisk } from './lessons-from-disk.ts';
import { UsageError } from './library/errors.ts';
import { hostTimers } from './timers.ts';

const USE = 'lab grade [--csv|--json] [--language en|ja] LOG...: files, folders or zip archives of saved sessions';

export const main = (args: string[]): Promise<number> =>
  withUsage('grade', async () => {
    const { logs, language, form } = asked(args);
    const files = logs.flatMap(filesOf);
    if (files.length === 0) throw new UsageError(`no session files in ${logs.join(', ')} (they end in .json or .zip)`);
    const lessons = lessonsFromDisk();
    const grades = compare(await all(files, lessons, language));
    if (form === 'csv') process.stdout.write(toCsv(grades, lessons));
    else if (form === 'json') process.stdout.write(`${JSON.stringify(toJson(grades, lessons), undefined, 2)}\n`);
    else process.stdout.write(forPeople(grades, lessons, language));
    return 0;
  });

function asked(args: string[]): { logs: string[]; language: Language; form: 'csv' | 'json' | 'table' } {
  const spec = { csv: { type: 'boolean' }, json: { type: 'boolean' }, language: { type: 'string' } } as const;
  let given: ReturnType<typeof parseArgs<{ options: typeof spec; allowPositionals: true }>>;
  try {
    given = parseArgs({ args, options: spec, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0]!);
  }
  const { csv, json, language = 'en' } = given.values;
  if (csv && json) throw new UsageError('--csv and --json: one of them');
  if (!isLanguage(language)) throw new UsageError(`--language: no "${language}" (there are: ${LANGUAGES.join(', ')})`);
  if (given.positionals.length === 0) throw new UsageError(USE);
  return { logs: given.positionals, language, form: csv ? 'csv' : json ? 'json' : 'table' };
}

/** A file is read whatever it is called; of a folder what may be a log. */
function filesOf(path: string): LogFile[] {
  if (!existsSync(path)) throw new UsageError(`${path}: there is no such file or folder`);
  if (statSync(path).isDirectory())
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => mayHoldLogs(name) && statSync(join(path, name)).isFile())
      .sort()
      .flatMap((name) => read(join(path, name), name));
  return read(path, path);
}

function read(path: string, source: string): LogFile[] {
  try {
    return logsIn(source, readFileSync(path));
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    if (error instanceof ArchiveError || code !== undefined) throw new UsageError(`${path}: ${message}`);
    throw error;
  }
}

async function all(files: readonly LogFile[], lessons: readonly LessonDocument[], language: Language) {
  const grades: Grade[] = [];
  const telling = process.stderr.isTTY;
  for (const [index, { source, text }] of files.entries()) {
    if (telling) process.stderr.write(`\r\x1b[K${index + 1}/${files.length} ${source}`);
    grades.push(await grade({ source, text, language, lessons }, hostTimers));
  }
  if (telling) process.stderr.write('\r\x1b[K');
  return grades;
}

/** One letter a checkpoint; `legend` of the words says them. */
const LETTERS: Readonly<Record<Mark['state'], string>> = { passed: '✓', shown: 's', given: 'g', wrong: '✗', open: '○' };

function forPeople(grades: readonly Grade[], lessons: readonly LessonDocument[], language: Language): string {
  const words = teachWords[language];
  const columns = columnsOf(grades, lessons);
  const opened = [...new Set(columns.map(({ lesson }) => lesson))];
  const steps = (lesson: string) => [
    ...new Set(columns.filter((column) => column.lesson === lesson).map(({ step }) => step)),
  ];
  const marks = ({ marks }: Grade, lesson: string) =>
    steps(lesson)
      .map((step) =>
        columns
          .filter((column) => column.lesson === lesson && column.step === step)
          .map(({ name }) => (marks[name] ? LETTERS[marks[name].state] : '·'))
          .join(''),
      )
      .join(' ');
  const rows = grades.map((grade) => [
    nameOf(grade),
    words.states[grade.state],
    words.minutes(Math.round(grade.seconds / 60)),
    `${grade.commands}`,
    `${grade.shown.length}`,
    `${grade.undone.length}`,
    ...opened.map((lesson) => (grade.lessons.includes(lesson) ? marks(grade, lesson) : '')),
  ]);
  const head = [words.learner, words.state, words.time, words.commands, words.shown, words.undone, ...opened];
  const named = columns.map(({ name }) => `  ${name}  ${columnText(name, lessons, language)}`);
  const doubts = grades.flatMap((grade) => [
    ...grade.doubts.map((doubt) => `  ${nameOf(grade)} (${grade.source}): ${doubtText(doubt, words)}`),
    ...(grade.supersededBy === undefined
      ? []
      : [`  ${nameOf(grade)} (${grade.source}): ${words.superseded(grade.supersededBy)}`]),
  ]);
  const stones = stonesOf(grades).map(
    (stone) => `  ${stone.learners} (×${stone.times})  ${stone.column}: ${reasonText(stone, lessons, language, words)}`,
  );
  return [
    ...aligned([head, ...rows]),
    '',
    words.legend,
    ...named,
    ...(doubts.length > 0 ? ['', words.doubtsTitle, ...doubts] : []),
    '',
    words.stumbles,
    ...(stones.length > 0 ? stones : [`  ${words.noStumbles}`]),
    '',
  ].join('\n');
}

/** Left-aligned columns; letters of East Asia are two cells wide. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const width = (text: string) => [...text].reduce((sum, letter) => sum + (WIDE.test(letter) ? 2 : 1), 0);
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => width(row[column]!))));
  return rows.map((row) =>
    row
      .map((text, column) => text + ' '.repeat(widths[column]! - width(text)))
      .join('  ')
      .trimEnd(),
  );
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;
