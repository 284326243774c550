/** What `npm run package -- --format …` is asked for; a mistake is one line and exit code 2. */

import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { LessonDocument } from '../../sandbox/lesson/schema.ts';
import { isLanguage, LANGUAGES, type Language } from '../../sandbox/words/index.ts';
import { type CourseFormat, isFormat } from '../../src/course/formats.ts';

export const USAGE =
  'npm run package -- --format scorm12|scorm2004|cmi5 [--lessons ID,ID…] [--language LANGUAGE] [--whole] [--mastery PERCENT] --out FILE.zip';

/** What was asked for cannot be done, in words. */
export class UsageError extends Error {}

export interface PackageOptions {
  readonly format: CourseFormat;
  /** In the course's order. */
  readonly lessons: readonly LessonDocument[];
  /** Undefined: all of them, begun in the first. */
  readonly language: Language | undefined;
  readonly whole: boolean;
  /** Part of the score, 0 to 1. */
  readonly mastery: number;
  readonly out: string;
}

const DEFAULT_MASTERY = '80';

export function optionsOf(argv: readonly string[], all: readonly LessonDocument[]): PackageOptions {
  const values = parsed(argv);
  const { format, language, out } = values;
  if (!isFormat(format)) throw new UsageError(`--format ${format ?? 'is missing'}: scorm12, scorm2004 or cmi5`);
  if (language !== undefined && !isLanguage(language))
    throw new UsageError(`--language ${language}: there are ${LANGUAGES.join(', ')}`);
  if (!out?.endsWith('.zip')) throw new UsageError('--out FILE.zip says where the package is written');
  if (!existsSync(dirname(resolve(out)))) throw new UsageError(`--out ${out}: there is no folder ${dirname(out)}`);
  const percent = Number(values.mastery ?? DEFAULT_MASTERY);
  if (!(percent >= 0 && percent <= 100) || values.mastery === '')
    throw new UsageError(`--mastery ${values.mastery}: a score in percent, 0 to 100`);
  return {
    format,
    lessons: lessonsOf(values.lessons, all),
    language,
    whole: values.whole ?? false,
    mastery: Math.round(percent * 100) / 10_000,
    out: resolve(out),
  };
}

function parsed(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        format: { type: 'string' },
        lessons: { type: 'string' },
        language: { type: 'string' },
        whole: { type: 'boolean' },
        mastery: { type: 'string' },
        out: { type: 'string' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0]);
  }
}

function lessonsOf(given: string | undefined, all: readonly LessonDocument[]): readonly LessonDocument[] {
  if (given === undefined) return all;
  const ids = given.split(',').map((id) => id.trim());
  const unknown = ids.filter((id) => !all.some((lesson) => lesson.id === id));
  if (unknown.length > 0)
    throw new UsageError(`--lessons ${unknown.join(',')}: there are ${all.map(({ id }) => id).join(', ')}`);
  return all.filter(({ id }) => ids.includes(id));
}
