/** `lab check`: a lesson's checkpoints, held to any cluster that a kubeconfig names. */

import { resolve } from 'node:path';
import type { LessonDocument } from '../lesson/schema.ts';
import { checkCommandWords } from '../words/check/index.ts';
import { isLanguage, LANGUAGES, type Language } from '../words/index.ts';
import { CannotAsk } from './check/cannot-ask.ts';
import { checkLesson, count } from './check/checking.ts';
import { Cluster } from './check/cluster.ts';
import { Machines } from './check/machines.ts';
import { Beginnings } from './check/record.ts';
import { reportJson, reportText } from './check/report.ts';
import { optionsAndWords, withUsage } from './lab-options.ts';
import { lessonsFromDisk } from './lessons-from-disk.ts';
import { placeOf } from './library/arguments.ts';
import { UsageError } from './library/errors.ts';

/** How long a request may take unless said otherwise. */
export const REQUEST_TIMEOUT = '30s';

export const main = (args: string[]): Promise<number> =>
  withUsage('check', async () => {
    const { values: flags, positionals } = optionsAndWords(args, {
      content: { type: 'string' },
      kubeconfig: { type: 'string' },
      context: { type: 'string' },
      'nfs-host': { type: 'string' },
      host: { type: 'string', multiple: true },
      state: { type: 'string' },
      language: { type: 'string' },
      'request-timeout': { type: 'string' },
      json: { type: 'boolean' },
    });
    const lessons = lessonsIn(flags.content);
    const [word, ...more] = positionals;
    if (word === undefined || more.length > 0) throw new UsageError('one lesson is checked: LESSON or LESSON/STEP');
    const place = placeOf(word, lessons);
    const lesson = lessons.find(({ id }) => id === place.lesson)!;
    const language = languageOf(flags.language);
    const machines = new Machines(targets(flags['nfs-host'], flags.host ?? [], lesson.hosts));
    return orUnasked('check', language, async () => {
      const { kubeconfig, context, state, 'request-timeout': requestTimeout = REQUEST_TIMEOUT } = flags;
      const cluster = await Cluster.open({ kubeconfig, context, requestTimeout });
      try {
        const beginnings = Beginnings.open(state, cluster.server);
        const step = word.includes('/') ? place.step : undefined;
        const report = await checkLesson({ cluster, machines, beginnings, lesson, step, language });
        beginnings.save();
        process.stdout.write((flags.json ? reportJson : reportText)(report, language));
        return count(report, 'not met') > 0 ? 1 : 0;
      } finally {
        cluster.close();
      }
    });
  });

/** A command's exit code, 3 where the cluster could not be asked. */
export async function orUnasked(command: string, language: Language, body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof CannotAsk)) throw error;
    process.stderr.write(`lab ${command}: ${checkCommandWords[language].cannotAsk(error.message)}\n`);
    return 3;
  }
}

/** The course's, or those of a folder of the caller's own. Throws UsageError with what is wrong in its files. */
export function lessonsIn(content: string | undefined): LessonDocument[] {
  if (content === undefined) return lessonsFromDisk();
  try {
    return lessonsFromDisk(resolve(content));
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    throw new UsageError(`--content: ${(error as Error).message}`);
  }
}

export function languageOf(given = 'en'): Language {
  if (isLanguage(given)) return given;
  throw new UsageError(`--language: no "${given}" (there are: ${LANGUAGES.join(', ')})`);
}

/** Where each machine of the lesson is reached by ssh. */
function targets(nfs: string | undefined, pairs: readonly string[], hosts: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const add = (option: string, name: string, target: string) => {
    // Also a word that ssh would take for one of its options.
    if (!/^[^\s-]\S*$/.test(target)) throw new UsageError(`${option}: ${JSON.stringify(target)} is no USER@HOST`);
    found.set(name, target);
  };
  if (nfs !== undefined) add('--nfs-host', 'nfs', nfs);
  for (const pair of pairs) {
    const [, name, target] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined) throw new UsageError(`--host: ${JSON.stringify(pair)} is not NAME=USER@HOST`);
    if (!(hosts as readonly string[]).includes(name))
      throw new UsageError(`--host: the lesson has no machine "${name}" (there are: ${hosts.join(', ')})`);
    add('--host', name, target!);
  }
  return found;
}
