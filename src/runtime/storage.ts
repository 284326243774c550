/** Sessions kept in this browser, one a lesson: the log of its inputs, nothing else. */

import { get, set } from 'idb-keyval';
import type { SessionLog } from '../../sandbox/channel/messages.ts';
import { readPreference, writePreference } from './preferences.ts';

const key = (lesson: string) => `session/${lesson}`;

export async function loadSession(lesson: string): Promise<SessionLog | undefined> {
  const tail = takeTail(lesson);
  if (tail) await saveSession(lesson, tail);
  // No IndexedDB (some private windows): every visit then begins anew, but for the last page's tail.
  const log = tail ?? (await within(() => get<SessionLog>(key(lesson))));
  return log?.version === 1 ? log : undefined;
}

/** What the page writes on its way out, when IndexedDB would be too late. */
const tailKey = (lesson: string) => `bound.tail.${lesson}`;

export function leaveSession(lesson: string, log: SessionLog): void {
  try {
    localStorage.setItem(tailKey(lesson), JSON.stringify(log));
  } catch {
    // Full or forbidden: what was saved last holds.
  }
}

function takeTail(lesson: string): SessionLog | undefined {
  try {
    const text = localStorage.getItem(tailKey(lesson));
    localStorage.removeItem(tailKey(lesson));
    return text ? (JSON.parse(text) as SessionLog) : undefined;
  } catch {
    return undefined;
  }
}

export async function saveSession(lesson: string, log: SessionLog): Promise<void> {
  await within(() => set(key(lesson), log).then(() => writePreference(`tail.${lesson}`, undefined)));
}

/** Naming IndexedDB may throw already, in a frame of another site. */
const within = <T>(work: () => Promise<T>): Promise<T | undefined> =>
  Promise.resolve()
    .then(work)
    .catch(() => undefined);

/** Whether the log holds anything a learner did, beyond opening pages and sizing windows. */
export const isTouched = (log: SessionLog): boolean =>
  log.entries.some(({ type }) => type !== 'resize' && type !== 'open');

/** The lesson a reader comes from by "next lesson": its world goes on in this one. */
export const carryOn = (from: string): void => writePreference('carry', from, 'tab');

export function carriedFrom(): string | undefined {
  const from = readPreference('carry', 'tab');
  writePreference('carry', undefined, 'tab');
  return from;
}
