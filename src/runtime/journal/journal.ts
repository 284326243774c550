/**
 * One session's write-ahead journal: every input is appended before it is sent to the sandbox, and written again with its
 * time when it comes back. An Enter is on its way to the disk before the sandbox hears of it.
 */

import {
  beforeLastCommand,
  commandsGiven,
  isTouched,
  mayBeCommand,
  staysWithoutCommand,
} from '../../../sandbox/channel/log.ts';
import type { Input, LogEntry, SessionLog } from '../../../sandbox/channel/messages.ts';
import { hasSlept, observe, rested } from './awake.ts';
import { Abandoned, type Database, patiently, type StorageFailure } from './database.ts';
import { hasLocks } from './ownership.ts';
import { entriesOf, type JournalEntry, type Pending, type SessionRecord, toLog } from './records.ts';

/** Typing is written in batches at most so far apart (milliseconds). */
const BATCH = 50;
/** What only moved time is written so often. */
const TIME_BATCH = 5_000;
/** A full or failing store is tried again after so long. */
const RETRY = 4_000;

/** A request's failure is its transaction's, which tells it. */
const told = () => undefined;

/** Another tab has the session now. */
class Taken extends Abandoned {}

/** `taken`: another tab writes it. `closed`: it was left, or cannot be read. */
export type JournalState = 'open' | 'taken' | 'closed';

export interface JournalListener {
  /** It is being written down (undefined), or cannot be, and why. */
  onKeeping(failure: StorageFailure | undefined): void;
  /** Another tab has it now; nothing more is written. */
  onTaken(): void;
  /** It has its place among the sessions that are kept. */
  onFirstKept(): void;
}

export class Journal {
  readonly #database: Database;
  readonly #listener: JournalListener;
  readonly #entries: JournalEntry[];
  #record: SessionRecord;
  /** How many entries have their time. */
  #confirmed: number;
  /** Positions not written yet as they are now. */
  readonly #unwritten = new Set<number>();
  #recordUnwritten = false;
  /** There is something worth a place among the sessions kept. */
  #wanted: boolean;
  #failure: StorageFailure | undefined;
  /** Its first transaction has been sent. */
  #kept: boolean;
  /** It was told of, once, that there is another session. */
  #told: boolean;
  #state: JournalState;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAt = 0;
  #last: Promise<void> = Promise.resolve();
  /** The connection on which the database is known to have it. */
  #connection: number;

  /** `kept`: the database has it as it is given here. */
  constructor(
    database: Database,
    record: SessionRecord,
    entries: readonly JournalEntry[],
    listener: JournalListener,
    { kept = false, state = 'open' as JournalState } = {},
  ) {
    this.#database = database;
    this.#record = record;
    this.#entries = [...entries];
    this.#listener = listener;
    this.#kept = this.#told = kept;
    this.#connection = database.connection;
    // It has just been taken, or made.
    rested();
    this.#state = state;
    this.#wanted = kept || record.touched;
    const pending = this.#entries.findIndex(({ at }) => at === undefined);
    this.#confirmed = pending < 0 ? this.#entries.length : pending;
    if (!kept) for (const index of this.#entries.keys()) this.#unwritten.add(index);
  }

  get record(): SessionRecord {
    return this.#record;
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** Inputs that have not come back from the sandbox. */
  get pending(): number {
    return this.#entries.length - this.#confirmed;
  }

  log(): SessionLog {
    return toLog(this.#record, this.#entries);
  }

  /** Before the input is sent. */
  append(input: Input): void {
    observe();
    this.#unwritten.add(this.#entries.push(input as JournalEntry) - 1);
    const ends = mayBeCommand(input);
    this.#change({
      usedAt: Date.now(),
      ...(ends && commandsGiven(this.#entries)),
      touched: this.#record.touched || isTouched([input]),
    });
    if (this.#record.touched) this.#wanted = true;
    if (ends) void this.flush();
    else this.#later(BATCH);
  }

  /** What the sandbox logged, in the order in which it was sent. */
  confirm(entries: readonly LogEntry[], until: number): void {
    for (const entry of entries) {
      this.#entries[this.#confirmed] = entry;
      this.#unwritten.add(this.#confirmed++);
    }
    // Only now it is told whether a line was a program's.
    if (entries.some((entry) => entry.inside && mayBeCommand(entry))) this.#change(commandsGiven(this.#entries));
    this.reach(until);
    if (entries.length > 0) this.#later(BATCH);
  }

  /** What was replayed has its times now. */
  settle({ entries, until }: SessionLog): void {
    const pending = entries.slice(this.#confirmed, this.#entries.length);
    this.confirm(pending, until);
  }

  /** Virtual time has gone on. */
  reach(until: number): void {
    if (until <= this.#record.until) return;
    this.#change({ until });
    this.#later(TIME_BATCH);
  }

  /** Something else that is to be kept of the session. */
  note(
    changes: Partial<
      Pick<SessionRecord, 'lesson' | 'reached' | 'parts' | 'replaying' | 'problem' | 'usedAt' | 'screens'>
    >,
  ): void {
    this.#change(changes);
    this.#later(BATCH);
  }

  /** It is to be found again, though nothing was done in it yet. On the disk when it resolves, where that can be. */
  keep(): Promise<void> {
    this.#wanted = true;
    this.#recordUnwritten = true;
    return this.flush();
  }

  /**
   * Forgets all from the last command on; what was there a moment before it was typed remains. False if there is none.
   * On the disk when it resolves, where that can be.
   */
  async dropLastCommand(): Promise<boolean> {
    const count = beforeLastCommand(this.#entries);
    if (count === this.#entries.length) return false;
    const first = this.#entries[count]!;
    const rest = this.#entries.slice(count).filter(staysWithoutCommand);
    this.#entries.length = count;
    this.#confirmed = Math.min(this.#confirmed, count);
    for (const index of this.#unwritten) if (index >= count) this.#unwritten.delete(index);
    const until = first.at === undefined ? this.#record.until : first.at - 1;
    this.#change({ until, ...commandsGiven(this.#entries), usedAt: Date.now() });
    // Pages turned and questions answered since are no part of it: they come again.
    for (const { at: _, hash: __, ...input } of rest) this.#unwritten.add(this.#entries.push(input as Pending) - 1);
    await patiently(this.#write({ strict: true, from: count }));
    return true;
  }

  /** Writes what is not written, now. */
  flush(): Promise<void> {
    return this.#write({ strict: true });
  }

  /** Another tab writes it now. */
  take(): void {
    this.#state = 'taken';
  }

  get taken(): boolean {
    return this.#state === 'taken';
  }

  /** Nothing more is written after this. */
  async close(): Promise<void> {
    const last = this.flush();
    if (this.#state === 'open') this.#state = 'closed';
    await last;
  }

  #change(changes: Partial<SessionRecord>): void {
    this.#record = { ...this.#record, ...changes };
    this.#recordUnwritten = true;
  }

  #later(ms: number): void {
    if (!this.#wanted || this.#state !== 'open') return;
    const at = performance.now() + (this.#failure ? Math.max(ms, RETRY) : ms);
    if (this.#timer !== undefined && this.#timerAt <= at) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => void this.#write({ strict: false }), at - performance.now());
  }

  /** One transaction: what has come since the last one was sent. `from`: positions from there on are forgotten. */
  #write({ strict, from }: { readonly strict: boolean; readonly from?: number }): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#wanted || this.#state !== 'open') return Promise.resolve();
    if (this.#unwritten.size === 0 && !this.#recordUnwritten && from === undefined) return this.#last;
    const indices = [...this.#unwritten];
    this.#unwritten.clear();
    this.#recordUnwritten = false;
    this.#last = this.#transaction(indices, strict, from).then(
      () => this.#written(),
      (error: unknown) => this.#unwrittenAgain(indices, error),
    );
    return this.#last;
  }

  /**
   * Everything is sent at once, the commit too, and survives the page from then on: answers would wait behind the keys of a fast
   * typist. Only a tab that may have slept, and lost the session meanwhile, or whose connection was cut, asks first.
   */
  #transaction(indices: readonly number[], strict: boolean, from: number | undefined): Promise<void> {
    const all = [...this.#entries];
    const record = { ...this.#record, length: all.length };
    const { id, owner } = record;
    // Where there are no locks, nobody but the record knows who writes it.
    const asks = this.#kept && (hasSlept() || !hasLocks());
    return this.#database.write(['sessions', 'entries'], strict, async (transaction) => {
      const sessions = transaction.objectStore('sessions');
      const store = transaction.objectStore('entries');
      const { connection } = this.#database;
      let whole = !this.#kept;
      if (asks || connection !== this.#connection) {
        const [kept, count] = await Promise.all([sessions.get(id), store.count(entriesOf(id))]);
        if (kept && kept.owner !== owner) throw new Taken();
        // Cleared by the browser, or by the reader.
        whole ||= !kept || count < kept.length;
        this.#connection = connection;
        rested();
      }
      this.#kept = true;
      if (from !== undefined) void store.delete(entriesOf(id, from)).catch(told);
      const positions = whole ? all.keys() : indices;
      for (const index of positions) if (index < all.length) void store.put(all[index]!, [id, index]).catch(told);
      void sessions.put(record).catch(told);
    });
  }

  #written(): void {
    if (!this.#told) this.#listener.onFirstKept();
    this.#told = true;
    this.#tell(undefined);
  }

  #unwrittenAgain(indices: readonly number[], error: unknown): void {
    if (error instanceof Taken) {
      this.take();
      this.#listener.onTaken();
      return;
    }
    for (const index of indices) if (index < this.#entries.length) this.#unwritten.add(index);
    this.#recordUnwritten = true;
    this.#connection = -1;
    this.#tell(error as StorageFailure);
    this.#later(RETRY);
  }

  #tell(failure: StorageFailure | undefined): void {
    if (failure?.kind === this.#failure?.kind) return;
    this.#failure = failure;
    this.#listener.onKeeping(failure);
  }
}
