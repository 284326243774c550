/** What the page shows of its session with the lab, and what it does besides. */

import type { Language, Picture, Progress } from '../../sandbox/channel/messages.ts';
import type { LessonDocument } from '../../sandbox/lesson/schema.ts';
import type { StorageFailure } from './journal/database.ts';
import type { SessionRecord } from './journal/records.ts';
import type { Openings } from './openings.ts';
import type { Boot, Where } from './sandbox.ts';
import type { Occupied, SetAside, WorldNote } from './session-notes.ts';
import { type Arrangement, arranged, frontOf } from './terminal/arrangement.ts';
import type { Health } from './watchdog.ts';

export interface SessionOptions {
  readonly lesson: string;
  readonly language: Language;
  readonly lessons: Promise<readonly LessonDocument[]>;
  /** The step that a fresh session begins at, where a course system says one. */
  readonly beginAt?: string | undefined;
  readonly boot: Boot;
  /** Other than a lesson page's. */
  readonly openings?: typeof Openings;
  /** What the page does besides showing state: screens and the text beside them. */
  readonly onOutput: (host: string, data: string) => void;
  /** Another world stands, or the same one again in another sandbox. */
  readonly onRestarted: (same: boolean) => void;
  readonly onProgress: (progress: Progress) => void;
  /** The log has grown by a command. */
  readonly onCommand: () => void;
  readonly onFailed: () => void;
  /** The session that the page is in now, by its id. */
  readonly onSession: (id: string) => void;
  /** The session is replayed in another sandbox: the screens stay as they are until `onReplayed`. */
  readonly onReplay: () => void;
  readonly onReplayed: () => void;
  /** The sandbox it was handed over to has died; it goes on in the first one. */
  readonly onHostLost: (error: Error) => void;
}

export type Phase = 'starting' | 'restoring' | 'running' | 'failed';

export class SessionState {
  phase = $state<Phase>('starting');
  error = $state('');
  /** It had stood when it failed. */
  stood = $state(false);
  hosts = $state<readonly string[]>([]);
  /** Which of its terminals are in view, and their names. */
  arrangement = $state.raw<Arrangement>(arranged(''));
  /** The terminal in front, by its name: its host's, or `master01:2`. */
  readonly front = $derived(frontOf(this.arrangement));
  /** Terminals that wrote something while they were not in view. */
  unread = $state<ReadonlySet<string>>(new Set());
  picture = $state.raw<Picture | undefined>();
  progress = $state.raw<Progress | undefined>();
  /** Commands given on this page, and worlds that stood on it: what the picture marks has changed since the last. */
  commands = $state(0);
  worlds = $state(0);
  now = $state(0);
  activity = $state('');
  speed = $state(1);
  /** A teacher's link had an end, and it has come: nothing more is taken down. */
  ended = $state(false);
  /** The present stands still while its past is looked at. */
  standing = $state(false);
  health = $state<Health>('well');
  where = $state<Where>('worker');
  /** A call that rebuilds the world is under way. */
  rebuilding = $state(false);
  /** How far a replay has come, once it takes long. */
  replaying = $state.raw<{ done: number; all: number } | undefined>();
  /** A part of the sandbox's code that cannot be loaded. */
  unloadable = $state('');
  /** Why the session is not written down. */
  unkept = $state.raw<StorageFailure | undefined>();
  /** Another tab writes the session. */
  watching = $state(false);
  /** The reader tried to do something in a session that is only watched. */
  refused = $state(0);
  world = $state.raw<WorldNote | undefined>();
  setAside = $state.raw<SetAside | undefined>();
  /** Why what a link or a file held is no session. */
  broken = $state('');
  occupied = $state.raw<Occupied | undefined>();
  /** The record of the session that is open. */
  record = $state.raw<SessionRecord | undefined>();
}
