/** What a log alone tells against itself: times, names and hands that there cannot have been. */

import type { Doubt } from '../channel/grades.ts';
import { mayBeCommand } from '../channel/log.ts';
import type { LogEntry, Place, SessionLog } from '../channel/messages.ts';
import type { LessonDocument } from '../lesson/schema.ts';
import { done } from './trace.ts';

/** The fastest hands come to some 20 keys a second, a held key repeats 30 times (milliseconds a key). */
const FASTEST = 20;
/** Fewer letters are no whole log. */
const LETTERS = 60;
/** Longer pauses are thinking (milliseconds). */
const IN_ONE_GO = 1_000;
/** More at once was pasted or run from a block; a slow machine puts a few keys together. */
const TYPED_AT_ONCE = 3;

/** Fewer pauses are no rhythm; shorter ones are a machine's (milliseconds). */
const PAUSES = 20;
const SHORTEST_PAUSE = 5;

/** What a page never puts into its session. */
const BY_PROGRAMS: ReadonlySet<LogEntry['type']> = new Set(['run', 'check', 'request']);

/** Nothing of it is replayed; names of machines and terminals are the replay's matter. */
export function doubtsOf(log: SessionLog, lessons: readonly LessonDocument[]): Doubt[] {
  return [unknownName(log, lessons), lacksHash(log), byProgram(log), tooFast(log), tooRegular(log)].filter(
    (doubt) => doubt !== undefined,
  );
}

function unknownName({ start, entries }: SessionLog, lessons: readonly LessonDocument[]): Doubt | undefined {
  const unknown = (place: Place) => {
    const lesson = lessons.find(({ id }) => id === place.lesson);
    return lesson?.steps.some(({ id }) => id === place.step) ? undefined : `${place.lesson}/${place.step}`;
  };
  const begin = unknown(start);
  if (begin !== undefined) return { kind: 'unknown-name', detail: begin };
  for (const [index, entry] of entries.entries()) {
    if (!('place' in entry)) continue;
    const { place } = entry;
    let detail = unknown(place);
    if (detail === undefined && entry.type === 'answer') {
      const step = lessons.find(({ id }) => id === place.lesson)!.steps.find(({ id }) => id === place.step)!;
      const question = step.quiz.find(({ id }) => id === entry.question);
      if (!question?.choices[entry.choice])
        detail = `${place.lesson}/${place.step}: ${entry.question} ${entry.choice + 1}`;
    }
    if (detail !== undefined) return { kind: 'unknown-name', detail, entry: index + 1 };
  }
  return undefined;
}

/** Inputs that the sandbox had not heard yet when their page went away have none; they are the last. */
function lacksHash({ entries }: SessionLog): Doubt | undefined {
  const index = entries.findIndex((entry) => mayBeCommand(entry) && entry.hash === undefined);
  if (index < 0) return undefined;
  const after = entries.slice(index + 1);
  const pending = after.every(({ at, hash }, i) => hash === undefined && at === entries[index + i]!.at + 1);
  return pending ? undefined : { kind: 'no-hash', detail: '', entry: index + 1 };
}

function byProgram({ entries }: SessionLog): Doubt | undefined {
  const index = entries.findIndex(({ type }) => BY_PROGRAMS.has(type));
  return index < 0 ? undefined : { kind: 'program', detail: entries[index]!.type, entry: index + 1 };
}

function tooFast({ entries }: SessionLog): Doubt | undefined {
  const last = new Map<string, number>();
  let [letters, time] = [0, 0];
  for (const entry of entries) {
    if (entry.type !== 'keys') continue;
    const pause = entry.at - (last.get(entry.host) ?? Number.NEGATIVE_INFINITY);
    last.set(entry.host, entry.at);
    if (entry.data.length > TYPED_AT_ONCE || pause > IN_ONE_GO) continue;
    letters += entry.data.length;
    time += pause;
  }
  if (letters < LETTERS || time / letters >= FASTEST) return undefined;
  return { kind: 'too-fast', detail: `${Math.round((1_000 * letters) / Math.max(time, 1))}` };
}

function tooRegular({ entries }: SessionLog): Doubt | undefined {
  const counts = new Map<number, number>();
  let pauses = 0;
  const inputs = done(entries);
  for (const [index, entry] of inputs.entries()) {
    const before = inputs[index - 1];
    if (!before || entry.at - before.at < SHORTEST_PAUSE) continue;
    // A key that is held.
    if (entry.type === 'keys' && before.type === 'keys' && entry.data === before.data) continue;
    pauses++;
    counts.set(entry.at - before.at, (counts.get(entry.at - before.at) ?? 0) + 1);
  }
  const [pause, most] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0]);
  return pauses >= PAUSES && most > pauses / 2 ? { kind: 'too-regular', detail: `${pause}` } : undefined;
}
