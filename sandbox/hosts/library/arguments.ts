/** A caller's words, checked: seeds, durations, hosts, lessons. Each refusal names what was given and what there is. */

import type { Place } from '../../channel/inputs.ts';
import type { LessonDocument } from '../../lesson/schema.ts';
import { parseDuration } from '../../sim/duration.ts';
import { UsageError } from './errors.ts';

/** The times that a log may name (channel/log.ts), and so those that a lab's clock may show. */
export const EARLIEST = Date.UTC(2026, 0, 1);
export const LATEST = Date.UTC(2028, 0, 1);

/** A duration that the clock, which shows `now`, can let pass. */
export function milliseconds(what: string, given: unknown, now: number): number {
  const ms = typeof given === 'string' ? parseDuration(given) : given;
  if (typeof ms !== 'number' || !Number.isFinite(ms) || ms < 0)
    throw new UsageError(`${what}: ${shown(given)} is not a duration (90s, 5m, 2h)`);
  if (now + ms >= LATEST) throw new UsageError(`${what}: ${shown(given)} is too long: the clock ends with 2027`);
  return ms;
}

export function seedOf(given: unknown): number {
  if (given === undefined) return 1;
  if (!Number.isSafeInteger(given) || (given as number) < 0)
    throw new UsageError(`seed: ${shown(given)} is not a whole number`);
  return given as number;
}

export function hostOf(given: unknown, hosts: readonly string[]): string {
  if (typeof given !== 'string' || !hosts.includes(given))
    throw new UsageError(`no host ${shown(given)} (there are: ${hosts.join(', ')})`);
  return given;
}

export function textOf(what: string, given: unknown): string {
  if (typeof given !== 'string') throw new UsageError(`${what}: expected a string, not ${shown(given)}`);
  return given;
}

/** `LESSON` or `LESSON/STEP`; its first step unless it says. */
export function placeOf(given: unknown, lessons: readonly LessonDocument[]): Place {
  if (typeof given !== 'string') throw new UsageError('a lesson is named by ID or ID/STEP');
  const [id, step] = given.split('/');
  const lesson = lessons.find((l) => l.id === id);
  if (!lesson) throw new UsageError(`no lesson "${id}" (there are: ${lessons.map((l) => l.id).join(', ')})`);
  const found = step === undefined ? lesson.steps[0]! : lesson.steps.find((s) => s.id === step);
  if (!found)
    throw new UsageError(
      `no step "${step}" in lesson "${id}" (there are: ${lesson.steps.map((s) => s.id).join(', ')})`,
    );
  return { lesson: lesson.id, step: found.id };
}

/** A misspelt option would be one that is silently not there. */
export function demandOptions(what: string, given: unknown, known: readonly string[]): void {
  if (!isTable(given)) throw new UsageError(`${what}: expected an object of options`);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`${what}: no option "${unknown}" (there are: ${known.join(', ')})`);
}

/** By name: no list, and not null. */
const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const isText = (value: unknown): boolean => typeof value === 'string';

/** What each field of an image's declaration must be; what it may leave out is not asked after. */
const IMAGE: Readonly<Record<string, readonly [is: (value: unknown) => boolean, what: string]>> = {
  names: [(value) => Array.isArray(value) && value.length > 0 && value.every(isText), 'a list of names'],
  size: [(value) => Number.isFinite(value), 'a number of bytes'],
  config: [(value) => isTable(value) || typeof value === 'function', 'an object or a function'],
  tree: [(value) => typeof value === 'function', 'a function'],
};

/** Of what the catalogue reads at once; what is wrong inside, it says itself. */
export function demandImages(given: unknown): void {
  if (!Array.isArray(given)) throw new UsageError(`images: expected a list of declarations, not ${shown(given)}`);
  for (const [i, image] of given.entries()) {
    if (!isTable(image)) throw new UsageError(`images: ${i}: expected a declaration, not ${shown(image)}`);
    for (const [field, [is, what]] of Object.entries(IMAGE))
      if (!is(image[field]))
        throw new UsageError(`images: ${i}: ${field}: expected ${what}, not ${shown(image[field])}`);
  }
}

/** Texts by the names of their files. */
export function demandTexts(what: string, given: unknown): void {
  if (!isTable(given)) throw new UsageError(`${what}: expected an object of texts, not ${shown(given)}`);
  for (const [name, text] of Object.entries(given)) textOf(`${what}: ${name}`, text);
}

const shown = (value: unknown): string =>
  typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value));
