/** Where the files of the learner's folder `work/` are kept: with the session that the page is in. */

import type { Database } from './journal/database.ts';

export interface WorkFolder {
  /** Files by their path below `work/`; none when nothing was kept. */
  load(): Promise<Record<string, Uint8Array>>;
  save(files: Readonly<Record<string, Uint8Array>>): Promise<void>;
}

interface Kept {
  readonly database: Database;
  readonly session: string;
  /** The session is to be found again: there is work in its folder. */
  readonly keep: () => void;
}

let current: Kept | undefined;
/** What was saved last: the folder's first files are no work. */
let saved: string | undefined;

/** The page is in this session now. One that begins where another was left takes that one's files along. */
export async function workIn(now: Kept): Promise<void> {
  const { session } = now;
  const before = current;
  current = now;
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
    const state = signature(files);
    if (saved !== undefined && state !== saved) now?.keep();
    saved = state;
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

/** Two folders with the same one hold the same, as far as this is for. */
const signature = (files: Readonly<Record<string, Uint8Array>>): string =>
  JSON.stringify(
    Object.entries(files).map(([path, bytes]) => [
      path,
      bytes.length,
      bytes.reduce((sum, byte) => (sum * 31 + byte) | 0, 7),
    ]),
  );
