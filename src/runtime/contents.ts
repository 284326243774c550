/** Fills the table of contents with the reader's progress. */

import { lessonPath } from '../i18n/page.ts';
import { lastLesson, passedSteps } from './progress.ts';
import { pageUrl } from './site.ts';
import { language, t } from './words.ts';

const { site } = t;

for (const item of document.querySelectorAll<HTMLElement>('[data-lesson]')) {
  const steps = item.dataset.steps!.split(' ');
  const passed = passedSteps(item.dataset.lesson!);
  const all = steps.length;
  const done = steps.filter((step) => passed.includes(step)).length;
  const place = item.querySelector('[data-progress]');
  if (!place || done === 0) continue;
  place.textContent = done === all ? site.done : site.stepsDone(done, all);
  item.classList.toggle('done', done === all);
}

const last = lastLesson();
const begin = document.querySelector<HTMLAnchorElement>('[data-begin]');
if (begin && last && document.querySelector(`[data-lesson="${CSS.escape(last)}"]`)) {
  begin.href = pageUrl(lessonPath(language, last));
  begin.textContent = site.resume;
}
