/** What of a course is counted: the checkpoints and questions of each lesson's steps. */

export interface CourseShape {
  /** Part of the score from which on it is passed, 0 to 1. */
  readonly mastery: number;
  readonly lessons: readonly LessonShape[];
}

export interface LessonShape {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly StepShape[];
}

export interface StepShape {
  readonly id: string;
  /** A challenge: noted, but neither asked for nor in the score. */
  readonly optional: boolean;
  readonly items: readonly ItemShape[];
}

export interface ItemShape {
  readonly id: string;
  /** What it says of the world, or what it asks. */
  readonly says: string;
  /** Of a question: which choice is right. */
  readonly right?: number;
}

/** A checkpoint or question by a name of its own in the course. */
export const nameOf = (lesson: string, step: string, item: string): string => `${lesson}.${step}.${item}`;
