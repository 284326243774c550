/** What a lesson's page and the page that frames it in a course say to each other: both are the package's own. */

import type { Progress } from '../../sandbox/channel/messages.ts';
import type { Keeping } from './keeper.ts';
import type { Learner } from './system.ts';

export interface CourseLink {
  /** The lessons that count in this activity. */
  readonly lessons: readonly string[];
  /** Where the learner was in it, and the session of that browser. */
  readonly step: (lesson: string) => string | undefined;
  readonly session: () => string | undefined;
  readonly learner: () => Learner;
  readonly report: (progress: Progress, session: string) => void;
  readonly keeping: () => Keeping;
  /** One page at a time listens. */
  readonly follow: (listener: (keeping: Keeping) => void) => void;
}

declare global {
  interface Window {
    boundCourse?: CourseLink;
  }
}
