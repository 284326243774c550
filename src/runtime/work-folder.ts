/** Where the files of the learner's folder `work/` are kept. */

import { get, set } from 'idb-keyval';

export interface WorkFolder {
  /** Files by their path below `work/`; none when nothing was kept. */
  load(): Promise<Record<string, Uint8Array>>;
  save(files: Readonly<Record<string, Uint8Array>>): Promise<void>;
}

const KEY = 'work';

export const workFolder: WorkFolder = {
  // No IndexedDB (some private windows): the folder then lasts as long as the page.
  load: async () => (await get<Record<string, Uint8Array>>(KEY).catch(() => undefined)) ?? {},
  save: (files) => set(KEY, files).catch(() => undefined),
};
