/** How far the reader has come, in localStorage: what the table of contents shows and what is open before the lab has answered. */

import type { Progress } from '../../sandbox/channel/messages.ts';

const key = (lesson: string) => `bound.progress.${lesson}`;
const last = 'bound.last';

/** Ids of the steps passed in this lesson. */
export function passedSteps(lesson: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key(lesson)) ?? '[]');
    return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberProgress(progress: Progress): void {
  const passed = progress.steps.filter((step) => step.passed).map((step) => step.id);
  try {
    localStorage.setItem(key(progress.lesson), JSON.stringify(passed));
    localStorage.setItem(last, progress.lesson);
  } catch {
    // Private windows may refuse; progress then lasts as long as the page.
  }
}

/** The lesson last worked in. */
export function lastLesson(): string | null {
  try {
    return localStorage.getItem(last);
  } catch {
    return null;
  }
}
