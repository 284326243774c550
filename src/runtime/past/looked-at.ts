/** The session whose past is looked at, as its page has it. */

import type { Language, SessionLog } from '../../../sandbox/channel/messages.ts';
import type { LessonDocument } from '../../../sandbox/lesson/schema.ts';
import type { Sandbox } from '../sandbox.ts';

export interface LookedAt {
  readonly log: SessionLog;
  readonly parts: readonly string[];
  readonly language: Language;
  readonly lessons: readonly LessonDocument[];
  /** The present's. */
  readonly sandbox: Sandbox;
}
