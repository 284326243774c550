/** Shows on the course's map how far the reader has come, where they are, and the way on from there. */

import { fillProgress, lastLesson, passedSteps } from './progress.ts';
import { t } from './words.ts';

const { site, lesson: words } = t;

fillProgress(document, site);

const lessons = [...document.querySelectorAll<HTMLElement>('.course [data-lesson]')];
const stepsOf = (lesson: HTMLElement) => [...lesson.querySelectorAll<HTMLElement>('[data-map-step]')];

for (const lesson of lessons) {
  const passed = passedSteps(lesson.dataset.lesson!);
  for (const step of stepsOf(lesson)) {
    if (!passed.includes(step.dataset.mapStep!)) continue;
    step.dataset.passed = '';
    step.querySelector('[data-map-state]')!.textContent = `(${words.passed})`;
  }
}

/** The first step that is not done, in the lesson that the reader was in last or in those after it. */
function whereOf(last: string): HTMLElement | undefined {
  const from = lessons.findIndex((lesson) => lesson.dataset.lesson === last);
  if (from < 0) return undefined;
  return lessons
    .slice(from)
    .flatMap(stepsOf)
    .find((step) => !('passed' in step.dataset) && !('optional' in step.dataset));
}

const last = lastLesson();
const here = last === undefined ? undefined : whereOf(last);
if (here) {
  const link = here.querySelector('a')!;
  const title = here.querySelector('[data-title]')!.textContent!;
  const lesson = here.closest<HTMLElement>('[data-lesson]')!;
  here.dataset.current = '';
  link.setAttribute('aria-current', 'step');
  const line = lesson.querySelector<HTMLElement>('[data-here]')!;
  line.hidden = false;
  const way = line.querySelector<HTMLAnchorElement>('[data-here-link]')!;
  way.href = link.href;
  way.textContent = title;
  const begin = document.querySelector<HTMLAnchorElement>('[data-begin]');
  if (begin) {
    begin.href = link.href;
    begin.textContent = `${site.resume}: ${title}`;
  }
}
