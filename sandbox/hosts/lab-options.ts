/** Options of `lab`'s commands: strict, with the reason on one line. */

import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Place } from '../channel/messages.ts';
import type { LessonDocument } from '../lesson/schema.ts';
import { placeOf } from './library/arguments.ts';
import { UsageError } from './library/errors.ts';

export const options = <T extends NonNullable<ParseArgsConfig['options']>>(args: string[], spec: T) =>
  parsed({ args, options: spec, strict: true, allowPositionals: false }).values;

/** Options, and the words that are none. */
export const optionsAndWords = <T extends NonNullable<ParseArgsConfig['options']>>(args: string[], spec: T) =>
  parsed({ args, options: spec, strict: true, allowPositionals: true });

function parsed<T extends ParseArgsConfig>(config: T) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0]!);
  }
}

export function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^\d+$/.test(text)) throw new UsageError(`--${name}: "${text}" is not a whole number`);
  return Number(text);
}

/** `ID` or `ID/STEP`; without it the first lesson. */
export function placeOption(text: string | undefined, lessons: readonly LessonDocument[]): Place {
  return placeOf(text ?? lessons[0]!.id, lessons);
}

/** Runs a command's body; a UsageError becomes one line on stderr and exit code 2. */
export async function withUsage(command: string, body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`lab ${command}: ${error.message}\n`);
    return 2;
  }
}
