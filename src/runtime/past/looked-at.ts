/** The session whose past is looked at, as its page has it. */

import type { Language } from '../../../sandbox/channel/messages.ts';
import type { LessonDocument } from '../../../sandbox/lesson/schema.ts';
import type { OpenSession } from '../journal/library.ts';
import type { Sandbox } from '../sandbox.ts';

export interface LookedAt {
  readonly journal: OpenSession['journal'];
  readonly language: Language;
  readonly lessons: readonly LessonDocument[];
  /** The present's. */
  readonly sandbox: Sandbox;
}
