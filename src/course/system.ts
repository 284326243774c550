/** What is asked of a course system, whichever standard it speaks. */

import type { CountedItem, Result, Standing } from './standing.ts';

/** It cannot be found (`missing`) or does not take what it is given (`lost`); `message` says what it said. */
export class CourseGone extends Error {
  readonly kind: 'missing' | 'lost';

  constructor(kind: CourseGone['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Whom the course system knows the learner as. */
export interface Learner {
  readonly id?: string;
  readonly name?: string;
}

export interface Beginning {
  /** What was kept of an earlier visit, as `encode` wrote it; '' at the first. */
  readonly data: string;
  readonly learner: Learner;
  /** The course system's own bar for the score, where it says one (0 to 1). */
  readonly mastery?: number | undefined;
}

/** Everything that is told at once. */
export interface Report {
  readonly standing: Standing;
  readonly data: string;
  readonly result: Result;
  readonly items: readonly CountedItem[];
  /** Real time since the launch (milliseconds). */
  readonly elapsed: number;
}

export interface CourseSystem {
  /** Begins a visit, or goes on with it. Rejects with CourseGone. */
  begin(): Promise<Beginning>;
  /** Rejects with CourseGone when it is not known to be kept. */
  save(report: Report): Promise<void>;
  /** The page goes away: what cannot be done at once is not done. Throws nothing. */
  leave(report: Report): void;
}
