/** What the browser's database holds of sessions: one record a session, one a log entry, and the files of its programs. */

import type { DBSchema } from 'idb';
import type { Input, LogEntry, Place, ReplayProblemKind, SessionLog } from '../../../sandbox/channel/messages.ts';

/** Why a session cannot be gone on with as it is; beside what a replay may meet. */
export type ProblemKind =
  | ReplayProblemKind
  /** A record of it cannot be read. */
  | 'damaged'
  /** Its last replay never ended: the tab died of it. */
  | 'unfinished';

export interface Problem {
  readonly kind: ProblemKind;
  /** In English, for a bug report. */
  readonly message: string;
}

export type Origin =
  /** Begun on a lesson's page. */
  | 'begun'
  /** It came with a link, or in a file. */
  | 'link'
  | 'file'
  /** What another session had come to before something that could not be replayed. */
  | 'fork'
  /** It goes on from a moment of another session's past. */
  | 'branch';

export interface SessionRecord {
  readonly id: string;
  readonly origin: Origin;
  readonly seed: number;
  /** As a log has it. */
  readonly variant?: number;
  /** Where its world begins. */
  readonly start: Place;
  /** Real time (milliseconds since the epoch). */
  readonly createdAt: number;
  readonly usedAt: number;
  /** Virtual time, as far as it is known. */
  readonly until: number;
  /** Entries of its log. */
  readonly length: number;
  readonly commands: number;
  /** The last of them, as far as it is text. */
  readonly last?: string;
  /** A learner did something in it, beyond looking. */
  readonly touched: boolean;
  /** The lesson that was open last, and the step that is open in each lesson it has been in. */
  readonly lesson: string;
  readonly reached: Readonly<Record<string, string>>;
  /** The parts of the sandbox's code it has used, in order. */
  readonly parts: readonly string[];
  /** How its terminals were arranged on the page (terminal/arrangement.ts reads it): nothing of the world. */
  readonly screens?: unknown;
  /** Who may append: a tab's own word. Whoever reads another's here has lost the session. */
  readonly owner: string;
  /** So many replays of it have begun one after the other, and not ended. */
  readonly replaying?: number;
  readonly problem?: Problem;
}

/** An input that was sent to the sandbox and has not come back with its time yet. */
export type Pending = Input & { readonly at?: undefined; readonly hash?: undefined };
export type JournalEntry = LogEntry | Pending;

export interface Schema extends DBSchema {
  sessions: { key: string; value: SessionRecord };
  /** By session and position. */
  entries: { key: [session: string, index: number]; value: JournalEntry };
  /** The folder of the learner's own programs, by session. */
  files: { key: string; value: Readonly<Record<string, Uint8Array>> };
}

/** All entries of a session, or those from a position on. */
export const entriesOf = (session: string, from = 0): IDBKeyRange =>
  IDBKeyRange.bound([session, from], [session, Number.POSITIVE_INFINITY]);

/** A tab's own word, and a session's. */
export const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The log that the entries are: inputs without a time come after all others, one after the other. */
export function toLog({ seed, variant, start, until }: SessionRecord, entries: readonly JournalEntry[]): SessionLog {
  let last = until;
  const timed = entries.map((entry): LogEntry => {
    if (entry.at !== undefined) return entry;
    last += 1;
    return { ...entry, at: last };
  });
  return {
    version: 1,
    seed,
    ...(variant !== undefined && { variant }),
    start,
    entries: timed,
    until: Math.max(until, timed.at(-1)?.at ?? 0),
  };
}
