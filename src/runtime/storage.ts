/** Sessions kept in this browser, one a lesson: the log of its inputs, nothing else. */

import { get, set } from 'idb-keyval';
import type { SessionLog } from '../../sandbox/channel/messages.ts';

const key = (lesson: string) => `session/${lesson}`;

export async function loadSession(lesson: string): Promise<SessionLog | undefined> {
  try {
    const log = await get<SessionLog>(key(lesson));
    return log?.version === 1 ? log : undefined;
  } catch {
    // No IndexedDB (some private windows): every visit then begins anew.
    return undefined;
  }
}

export async function saveSession(lesson: string, log: SessionLog): Promise<void> {
  await set(key(lesson), log).catch(() => undefined);
}

/** Whether the log holds anything a learner did, beyond opening pages and sizing windows. */
export const isTouched = (log: SessionLog): boolean =>
  log.entries.some(({ type }) => type !== 'resize' && type !== 'open');

/** The lesson a reader comes from by "next lesson": its world goes on in this one. */
const carry = 'bound.carry';

export const carryOn = (from: string): void => sessionStorage.setItem(carry, from);

export function carriedFrom(): string | undefined {
  const from = sessionStorage.getItem(carry) ?? undefined;
  sessionStorage.removeItem(carry);
  return from;
}
