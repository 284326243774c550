/** What is put into a world, and the log of it: the whole of a session. Everything here is plain data. */

import type { SaveRequest } from './files.ts';

/** `lesson/step`, e.g. `persistent-volume/create`. */
export interface Place {
  readonly lesson: string;
  readonly step: string;
}

/**
 * An input of the session's log, at its virtual time (milliseconds since the epoch). Where a command ends, `hash` is the
 * world's just before it: a replay that comes to another one is told so. `host` names a terminal: each host has one of
 * its own name, others are opened by `terminal` (`master01:2`). `inside` is noted of keys: whether they went to what an earlier
 * line had begun (a program that reads the terminal or is signalled, a document in the shell). Older logs do not tell.
 */
export type LogEntry = { readonly at: number; readonly hash?: number; readonly inside?: boolean } & Input;

export type Input =
  | { readonly type: 'keys'; readonly host: string; readonly data: string }
  | { readonly type: 'resize'; readonly host: string; readonly columns: number; readonly rows: number }
  /** Another terminal on a host, by the name it shall have. */
  | { readonly type: 'terminal'; readonly host: string; readonly terminal: string }
  /** An opened terminal's window is closed: what runs in it is hung up. */
  | { readonly type: 'close'; readonly host: string }
  /** What runs in a terminal is brought to its end, until the login shell's prompt is there. */
  | { readonly type: 'interrupt'; readonly host: string }
  | { readonly type: 'open'; readonly place: Place }
  | { readonly type: 'solve'; readonly place: Place }
  | { readonly type: 'answer'; readonly place: Place; readonly question: string; readonly choice: number }
  /** A command line of `lab script`, in the host's shell without a terminal. */
  | { readonly type: 'run'; readonly host: string; readonly command: string }
  /** A file written by the page's editor, with root's rights on that machine. */
  | ({ readonly type: 'save'; readonly host: string } & SaveRequest)
  /** A machine's power button: on boots it, off pulls the plug. */
  | { readonly type: 'power'; readonly host: string; readonly on: boolean }
  /** The checkpoints of a step, evaluated by `lab script`: commands among them leave their traces. */
  | { readonly type: 'check'; readonly place: Place }
  /** A request to the API server that came from outside the world, from whoever embeds the lab. */
  | ({ readonly type: 'request' } & OutsideRequest);

/** As api/http.ts has requests. */
export interface OutsideRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Who lived a session, as far as somebody said: a name that the learner typed, or the id that a course system gives. */
export interface Learner {
  readonly name?: string;
  readonly id?: string;
}

/** A whole session: what is saved, shared in a link, sent with a bug report. */
export interface SessionLog {
  readonly version: 1;
  readonly seed: number;
  /** Which variant of the lessons it is in (lesson/vary.ts); in none, as they are written. */
  readonly variant?: number;
  readonly start: Place;
  readonly entries: readonly LogEntry[];
  /** Where virtual time stood when saved. */
  readonly until: number;
  /** Only of a file that a learner saved; older ones do not tell. */
  readonly learner?: Learner;
}
