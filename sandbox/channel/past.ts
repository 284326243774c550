/** What page and sandbox say of a session's past. A sandbox that looks back is another one than the present session's; only `happened` is asked of that. */

import type { LessonDocument } from '../lesson/schema.ts';
import type { Language } from '../words/index.ts';
import type { SessionLog } from './inputs.ts';
import type { Picture } from './messages.ts';

export interface PastFunctions {
  /** Looks back at this log from now on; worlds made of a log that it goes on with are kept. */
  recall(options: PastOptions): Promise<void>;
  /**
   * The session as it was at a moment: it stands still there, and whatever looks at this sandbox sees it. Undefined when another
   * moment was asked for meanwhile; rejects when the log does not lead there.
   */
  moment(at: number): Promise<Moment | undefined>;
  /** What a terminal had been told to show until then. */
  screen(terminal: string): Promise<readonly ScreenPart[]>;
  /** All objects, by kind, namespace and name. */
  objects(): Promise<readonly ObjectRef[]>;
  /** One of them as `kubectl get -o yaml` prints it; undefined where there is none. */
  object(ref: ObjectRef): Promise<string | undefined>;
  /** What happened in the cluster since a revision (0: as far back as is known). */
  happened(since: number): Promise<Happenings>;
}

export interface PastOptions {
  readonly log: SessionLog;
  readonly language: Language;
  readonly lessons: readonly LessonDocument[];
  /** The parts of the sandbox's code that the log needs. */
  readonly parts: readonly string[];
}

export interface Moment {
  readonly now: number;
  readonly picture: Picture;
  readonly terminals: readonly string[];
  /** Of those: where the shell waited for a command line. */
  readonly prompts: readonly string[];
  /** This version of the lab came to another state on the way than the session had. */
  readonly diverged: boolean;
}

/** What was written, or the size that the terminal had from then on. */
export type ScreenPart = string | { readonly columns: number; readonly rows: number };

export interface ObjectRef {
  /** By plural name, of a custom resource with its group. */
  readonly resource: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Happenings {
  /** The first moment of the session that anybody saw. */
  readonly began: number;
  /** To ask from the next time. */
  readonly revision: number;
  /** Oldest first. */
  readonly list: readonly Happening[];
}

/** A change of the cluster worth finding again. */
export interface Happening {
  /** To the second: it had happened by then. */
  readonly at: number;
  readonly kind: string;
  readonly name: string;
  /** The field's own word: `Running`, `Bound`, `FailedMount`; 'deleted'. */
  readonly what: string;
  readonly tone: 'well' | 'waits' | 'bad' | 'gone';
}
