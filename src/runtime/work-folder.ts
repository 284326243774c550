/** Where the files of the learner's folder `work/` are kept: with the session that the page is in. */

import type { Database } from './journal/database.ts';

export interface WorkFolder {
  /** Files by their path below `work/`; none when nothing was kept. */
  load(): Promise<Record<string, Uint8Array>>;
  save(files: Readonly<Record<string, Uint8Array>>): Promise<void>;
}

/** The session that the folder is kept with. */
export interface WorkPlace {
  readonly database: Database;
  readonly session: string;
  /** When it was begun (milliseconds since the epoch). */
  readonly begun: number;
  /** Another tab writes it: its folder too. */
  readonly taken: () => boolean;
  /** The session is to be found again: there is work in its folder. */
  readonly keep: () => Promise<void>;
}

let current: (WorkPlace & { readonly since: number }) | undefined;
/** What was saved last for the session: the folder's first files are no work. */
let saved: string | undefined;

/** The page is in this session now. One that is begun where another is left takes that one's files along. */
export async function workIn(place: WorkPlace): Promise<void> {
  const { session } = place;
  const before = current;
  if (before?.session === session) return;
  current = { ...place, since: Date.now() };
  saved = undefined;
  if (!before || place.begun < before.since) return;
  await before.database
    .write(['files'], false, async (transaction) => {
      const store = transaction.objectStore('files');
      const left = await store.get(before.session);
      if (left) void store.put(left, session).catch(() => undefined);
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
    const first = saved === undefined;
    if (!now || now.taken() || state === saved) return;
    saved = state;
    if (first) return;
    await now.keep();
    await now.database
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
