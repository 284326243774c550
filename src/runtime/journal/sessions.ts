/** The sessions this browser keeps: the last ten of the course. */

import { LogError, readLog } from '../../../sandbox/channel/log.ts';
import type { SessionLog } from '../../../sandbox/channel/messages.ts';
import type { Database } from './database.ts';
import { sessionsInUse } from './ownership.ts';
import { entriesOf, type JournalEntry, type SessionRecord, toLog } from './records.ts';

const KEPT = 10;

export interface StoredSession {
  readonly record: SessionRecord;
  readonly entries: readonly JournalEntry[];
}

/** Newest first. Throws StorageFailure; a record that cannot be read is passed over. */
export async function listSessions(database: Database): Promise<SessionRecord[]> {
  const records = await database.read(['sessions'], (transaction) => transaction.objectStore('sessions').getAll());
  return records.filter(isRecord).sort((a, b) => b.usedAt - a.usedAt);
}

/** What the database has of it, checked or not; undefined when it has none. Throws StorageFailure. */
export function readSession(database: Database, id: string): Promise<StoredSession | undefined> {
  return database.read(['sessions', 'entries'], async (transaction) => {
    const [record, entries] = await Promise.all([
      transaction.objectStore('sessions').get(id),
      transaction.objectStore('entries').getAll(entriesOf(id)),
    ]);
    if (!record || !isRecord(record)) return undefined;
    // What stands behind its length was taken back.
    return { record, entries: entries.slice(0, record.length) };
  });
}

/** Its log, if it is one. Throws LogError. */
export function storedLog({ record, entries }: StoredSession): SessionLog {
  if (entries.length < record.length)
    throw new LogError(`${record.length - entries.length} of its ${record.length} entries are missing`);
  const damaged = entries.findIndex((entry) => typeof entry !== 'object' || entry === null);
  if (damaged >= 0) throw new LogError(`entry ${damaged + 1} of ${entries.length} is damaged`);
  return readLog(toLog(record, entries));
}

/** This tab writes it from now on; whoever did before finds that out with the next write. Throws StorageFailure. */
export function takeSession(database: Database, id: string, owner: string): Promise<StoredSession | undefined> {
  return database.write(['sessions', 'entries'], false, async (transaction) => {
    const sessions = transaction.objectStore('sessions');
    const [record, entries] = await Promise.all([
      sessions.get(id),
      transaction.objectStore('entries').getAll(entriesOf(id)),
    ]);
    if (!record || !isRecord(record)) return undefined;
    await sessions.put({ ...record, owner });
    return { record, entries: entries.slice(0, record.length) };
  });
}

/** The log of one that is kept; as it is where it is damaged, undefined when it is gone. Throws StorageFailure. */
export async function keptLog(database: Database, id: string): Promise<unknown> {
  const stored = await readSession(database, id);
  if (!stored) return undefined;
  try {
    return storedLog(stored);
  } catch {
    // Whoever wants to look at it gets what is there.
    return stored;
  }
}

/** Notes what stands in the way of a session's replay. Throws StorageFailure. */
export async function changeSession(
  database: Database,
  id: string,
  changes: Partial<Pick<SessionRecord, 'problem' | 'replaying'>>,
): Promise<void> {
  await database.write(['sessions'], true, async (transaction) => {
    const store = transaction.objectStore('sessions');
    const record = await store.get(id);
    if (record) await store.put({ ...record, ...changes });
  });
}

/** Throws StorageFailure. */
export async function deleteSession(database: Database, id: string): Promise<void> {
  await database.write(['sessions', 'entries', 'files'], true, async (transaction) => {
    await Promise.all([
      transaction.objectStore('sessions').delete(id),
      transaction.objectStore('entries').delete(entriesOf(id)),
      transaction.objectStore('files').delete(id),
    ]);
  });
}

/** Lets the oldest go beyond the last ten: first those in which nothing was done; never one that a tab is in. */
export async function prune(database: Database): Promise<void> {
  const [records, inUse] = await Promise.all([listSessions(database), sessionsInUse()]);
  const over = records.length - KEPT;
  if (over <= 0) return;
  const free = records.filter(({ id }) => !inUse?.has(id)).reverse();
  const going = [...free.filter(({ touched }) => !touched), ...free.filter(({ touched }) => touched)].slice(0, over);
  for (const { id } of going) await deleteSession(database, id);
}

/** Enough of a record to be shown, opened or set aside; its log is checked when it is read. */
function isRecord(value: unknown): value is SessionRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Partial<SessionRecord>;
  return (
    typeof record.id === 'string' &&
    Number.isFinite(record.usedAt) &&
    Number.isInteger(record.length) &&
    typeof record.lesson === 'string' &&
    typeof record.reached === 'object' &&
    record.reached !== null &&
    Array.isArray(record.parts)
  );
}
