/** What the browser's database holds of the sessions, read as it is. */

import type { Frame, Page } from '@playwright/test';
import type { JournalEntry, SessionRecord } from '../../src/runtime/journal/records.ts';

export interface Kept {
  readonly record: SessionRecord;
  readonly entries: readonly JournalEntry[];
}

/** Newest first. */
export async function keptSessions(page: Page | Frame): Promise<Kept[]> {
  const read = await page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open('bound'));
    const transaction = database.transaction(['sessions', 'entries']);
    const records = await done(transaction.objectStore('sessions').getAll());
    const all = await Promise.all(
      records.map(async (record) => ({
        record,
        entries: await done(
          transaction.objectStore('entries').getAll(IDBKeyRange.bound([record.id, 0], [record.id, record.length - 1])),
        ),
      })),
    );
    database.close();
    return all;
  });
  return (read as Kept[]).sort((a, b) => b.record.usedAt - a.record.usedAt);
}

/** Runs in the page: changes what is kept, behind the page's back. */
export async function spoil(
  page: Page,
  change: { readonly record?: object; readonly entry?: readonly [index: number, value: unknown] },
) {
  await page.evaluate(async ({ record, entry }) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open('bound'));
    const transaction = database.transaction(['sessions', 'entries'], 'readwrite');
    const sessions = transaction.objectStore('sessions');
    const [kept] = (await done(sessions.getAll())).sort((a, b) => b.usedAt - a.usedAt);
    if (record) await done(sessions.put({ ...kept, ...record }));
    if (entry) await done(transaction.objectStore('entries').put(entry[1], [kept.id, entry[0]]));
    database.close();
  }, change);
}
