/** What was written and not saved, kept in the browser with its session: it outlives the page, and every change of file, machine or step. */

import { readPreference, writePreference } from '../runtime/preferences.ts';

export interface Draft {
  readonly text: string;
  /** The hash of what it was made from (contentHash): what has been saved by others meanwhile is not overwritten unasked. */
  readonly base: number;
}

interface Kept {
  readonly session: string;
  readonly open?: { readonly host: string; readonly path: string };
  readonly drafts: Readonly<Record<string, Draft>>;
}

/** As many as the journal keeps sessions. */
const MOST_SESSIONS = 10;

const keyOf = (host: string, path: string): string => `${host}:${path}`;

export class Drafts {
  #session: string;
  #open: Kept['open'];
  #drafts = new Map<string, Draft>();

  constructor(session: string) {
    this.#session = session;
    this.#read();
  }

  /** The page is in another session now. What is being written comes along, what else was is kept where it was. */
  enter(session: string): void {
    if (session === this.#session) return;
    this.#session = session;
    this.#read();
  }

  get(host: string, path: string): Draft | undefined {
    return this.#drafts.get(keyOf(host, path));
  }

  set(host: string, path: string, draft: Draft | undefined): void {
    if (draft) this.#drafts.set(keyOf(host, path), draft);
    else if (!this.#drafts.delete(keyOf(host, path))) return;
    this.#write(({ drafts: { [keyOf(host, path)]: _, ...others } }) => ({
      ...(this.#open && { open: this.#open }),
      drafts: draft ? { ...others, [keyOf(host, path)]: draft } : others,
    }));
  }

  /** Paths of what is not saved on a machine. */
  of(host: string): string[] {
    return [...this.#drafts.keys()]
      .filter((key) => key.startsWith(`${host}:`))
      .map((key) => key.slice(host.length + 1));
  }

  get open(): Kept['open'] {
    return this.#open;
  }

  set open(open: Kept['open']) {
    this.#open = open;
    this.#write(({ drafts }) => ({ ...(open && { open }), drafts }));
  }

  #read(): void {
    const mine = all().find(({ session }) => session === this.#session);
    this.#open = mine?.open;
    this.#drafts = new Map(Object.entries(mine?.drafts ?? {}));
  }

  /** Another tab may have written drafts of the same session meanwhile: only what is changed here is changed there. */
  #write(change: (kept: Kept) => Omit<Kept, 'session'>): void {
    const kept = all();
    const mine = kept.find(({ session }) => session === this.#session) ?? { session: this.#session, drafts: {} };
    const others = kept.filter(({ session }) => session !== this.#session);
    const changed: Kept = { session: this.#session, ...change(mine) };
    writePreference('drafts', JSON.stringify([changed, ...others].slice(0, MOST_SESSIONS)));
  }
}

/** Latest first. What cannot be read is none. */
function all(): Kept[] {
  try {
    const kept = JSON.parse(readPreference('drafts') ?? '[]') as unknown;
    return Array.isArray(kept) ? (kept as Kept[]) : [];
  } catch {
    return [];
  }
}
