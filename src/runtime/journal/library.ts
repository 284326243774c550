/** Which session a page goes on with, and the ways to come to one: found, begun, brought along, taken from another tab. */

import { commandsGiven, isTouched, LogError, openLesson } from '../../../sandbox/channel/log.ts';
import type { Place, SessionLog } from '../../../sandbox/channel/messages.ts';
import { Database, patiently, type StorageFailure } from './database.ts';
import { Journal, type JournalState } from './journal.ts';
import { Ownership } from './ownership.ts';
import { newId, type Origin, type Problem, type SessionRecord } from './records.ts';
import {
  changeSession,
  listSessions,
  prune,
  readSession,
  type StoredSession,
  storedLog,
  takeSession,
} from './sessions.ts';

/** A tab that died twice of the same replay does not try it a third time. */
const ATTEMPTS = 2;

export interface OpenSession {
  /** `taken` while another tab writes it: it is shown, and nothing can be done in it here. */
  readonly journal: Journal;
  /** It was there before, and cannot be replayed. */
  readonly problem?: Problem | undefined;
}

export interface LibraryListener {
  onKeeping(failure: StorageFailure | undefined): void;
  /** Another tab has taken the session that is open. */
  onTaken(): void;
}

export class Library {
  readonly database = new Database();
  readonly #listener: LibraryListener;
  readonly #owner = newId();
  #ownership: Ownership | undefined;
  #open: Journal | undefined;

  constructor(listener: LibraryListener) {
    this.#listener = listener;
  }

  /** Newest first; none where storage fails, which is told. */
  async list(): Promise<SessionRecord[]> {
    try {
      return await listSessions(this.database);
    } catch (error) {
      this.#listener.onKeeping(error as StorageFailure);
      return [];
    }
  }

  /** Goes on with a session that is kept; undefined when it is not there. `take`: though another tab is in it. */
  async open(id: string, { take = false } = {}): Promise<OpenSession | undefined> {
    const ownership = await (take ? Ownership.takeOver(id) : Ownership.claim(id));
    let stored: StoredSession | undefined;
    try {
      stored = await (ownership ? takeSession(this.database, id, this.#owner) : readSession(this.database, id));
    } catch (error) {
      this.#listener.onKeeping(error as StorageFailure);
    }
    if (!stored) {
      ownership?.release();
      return undefined;
    }
    await this.#leave();
    const opened = this.#opened({ ...stored, record: { ...stored.record, owner: this.#owner } }, !ownership);
    this.#open = opened.journal;
    this.#own(ownership);
    return opened;
  }

  /** A session of its own from a place, or from what another one had come to. `keep`: found again though nothing was done in it. */
  async begin(from: {
    readonly origin: Origin;
    /** Where its world begins, or what it goes on with. */
    readonly place?: Place;
    readonly log?: SessionLog;
    readonly seed?: number;
    readonly variant?: number;
    readonly parts?: readonly string[];
    readonly reached?: SessionRecord['reached'];
    readonly keep?: boolean;
  }): Promise<OpenSession> {
    await this.#leave();
    const { origin, log, parts = [] } = from;
    const now = Date.now();
    const start = log?.start ?? from.place;
    if (!start) throw new Error('a session begins at a place, or goes on with a log');
    const variant = log ? log.variant : from.variant;
    const record: SessionRecord = {
      id: newId(),
      origin,
      seed: log?.seed ?? from.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!,
      ...(variant !== undefined && { variant }),
      start,
      createdAt: now,
      usedAt: now,
      until: log?.until ?? 0,
      length: log?.entries.length ?? 0,
      commands: 0,
      ...(log && commandsGiven(log.entries)),
      touched: log ? isTouched(log.entries) : false,
      lesson: log ? openLesson(log) : start.lesson,
      reached: from.reached ?? { [start.lesson]: start.step },
      parts,
      owner: this.#owner,
    };
    const journal = new Journal(this.database, record, log?.entries ?? [], this.#journalListener(record.id));
    this.#open = journal;
    this.#own(await Ownership.claim(record.id));
    if (from.keep) await patiently(journal.keep());
    return { journal };
  }

  /** Notes why a session cannot be gone on with: it stays among those kept, by that name. */
  async setAside({ journal }: OpenSession, problem: Problem): Promise<void> {
    journal.note({ problem, replaying: 0 });
    await patiently(changeSession(this.database, journal.record.id, { problem, replaying: 0 }));
  }

  /** Writes down what is known, lets the session go. */
  async #leave(): Promise<void> {
    if (this.#open) await patiently(this.#open.close());
    this.#open = undefined;
    this.#ownership?.release();
    this.#ownership = undefined;
  }

  #own(ownership: Ownership | undefined): void {
    this.#ownership = ownership;
    const journal = this.#open!;
    const onLost = () => {
      journal.take();
      this.#listener.onTaken();
    };
    ownership?.give({
      onLost,
      onAsked: async () => {
        const written = journal.close();
        // Nothing more is typed in this tab meanwhile.
        onLost();
        await written;
      },
    });
    if (ownership?.lost) journal.take();
  }

  #opened(stored: StoredSession, taken: boolean): OpenSession {
    const { record, entries } = stored;
    const journal = (readable: StoredSession['entries'], state: JournalState) =>
      new Journal(this.database, record, readable, this.#journalListener(record.id), { kept: true, state });
    try {
      storedLog(stored);
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      // What is left of it stays as it is.
      return { journal: journal([], taken ? 'taken' : 'closed'), problem: { kind: 'damaged', message: error.message } };
    }
    const died = !taken && (record.replaying ?? 0) >= ATTEMPTS;
    return {
      journal: journal(entries, taken ? 'taken' : 'open'),
      problem: died ? { kind: 'unfinished', message: 'the tab died while it was being replayed' } : undefined,
    };
  }

  #journalListener(id: string) {
    return {
      onKeeping: (failure: StorageFailure | undefined) => this.#listener.onKeeping(failure),
      onTaken: () => {
        if (this.#open?.record.id === id) this.#listener.onTaken();
      },
      onFirstKept: () => void prune(this.database).catch(() => undefined),
    };
  }
}

/** Which of the sessions a page of `lesson` goes on with: the one last used of those that have been there. */
export const sessionOf = (sessions: readonly SessionRecord[], lesson: string): SessionRecord | undefined =>
  sessions.find((session) => session.reached[lesson] !== undefined && !session.problem);

/** The session a reader could go on with instead of a fresh one. */
export const otherSession = (sessions: readonly SessionRecord[]): SessionRecord | undefined =>
  sessions.find(({ touched, problem }) => touched && !problem);
