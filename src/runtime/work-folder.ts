/** Where the files of the learner's folder `work/` are kept: with the session that the page is in. */

import type { Database } from './journal/database.ts';

export interface WorkFolder {
  /** Files by their path below `work/`; none when nothing was kept. */
  load(): Promise<Record<string, Uint8Array>>;
  save(files: Readonly<Record<string, Uint8Array>>): Promise<void>;
}

let current: { readonly database: Database; readonly session: string } | undefined;

/** The page is in this session now. One that begins where another was left takes that one's files along. */
export async function workIn(database: Database, session: string): Promise<void> {
  const before = current;
  current = { database, session };
  if (!before || before.session === session) return;
  await before.database
    .write(['files'], false, async (transaction) => {
      const store = transaction.objectStore('files');
      const [left, has] = await Promise.all([store.get(before.session), store.count(session)]);
      if (left && !has) void store.put(left, session).catch(() => undefined);
    })
    .catch(() => undefined);
}

/** Where storage fails the folder lasts as long as the page; the session's own journal tells of that. */
export const workFolder: WorkFolder = {
  load: async () => {
    const now = current;
    if (!now) return {};
    const files = await now.database
      .read(['files'], (transaction) => transaction.objectStore('files').get(now.session))
      .catch(() => undefined);
    return { ...files };
  },
  save: async (files) => {
    const now = current;
    await now?.database
      .write(
        ['files'],
        false,
        async (transaction) =>
          void transaction
            .objectStore('files')
            .put(files, now.session)
            .catch(() => undefined),
      )
      .catch(() => undefined);
  },
};
