/** How far the reader has come, remembered: what the table of contents shows and what is open before the lab has answered. */

import type { Progress } from '../../sandbox/channel/messages.ts';
import type { Strings } from '../i18n/index.ts';
import { readPreference, writePreference } from './preferences.ts';

const name = (lesson: string) => `progress.${lesson}`;
const last = 'last';

/** Ids of the steps passed in this lesson. */
export function passedSteps(lesson: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(readPreference(name(lesson)) ?? '[]');
    return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberProgress(progress: Progress): void {
  const passed = progress.steps.filter((step) => step.passed).map((step) => step.id);
  writePreference(name(progress.lesson), JSON.stringify(passed));
  writePreference(last, progress.lesson);
}

/** Below `root`, what is done of each lesson, in words. */
export function fillProgress(root: ParentNode, site: Strings['site']): void {
  for (const item of root.querySelectorAll<HTMLElement>('[data-lesson]')) {
    const place = item.querySelector('[data-progress]');
    const passed = passedSteps(item.dataset.lesson!);
    const steps = item.dataset.steps!.split(' ');
    const done = steps.filter((step) => passed.includes(step)).length;
    if (!place || done === 0) continue;
    place.textContent = done === steps.length ? site.done : site.stepsDone(done, steps.length);
    item.classList.toggle('done', done === steps.length);
  }
}

/** The lesson last worked in. */
export const lastLesson = (): string | undefined => readPreference(last);
