/** The page that a course system opens: holds the line to it while lessons come and go in its frame. */

import { isLanguage } from '../../sandbox/words/languages.ts';
import { homePath, lessonPath } from '../i18n/page.ts';
import { writePreference } from '../runtime/preferences.ts';
import { fileUrl } from '../runtime/site.ts';
import type { CourseFormat } from './formats.ts';
import { Keeper, type Keeping } from './keeper.ts';
import type { CourseLink } from './link.ts';
import { Scorm } from './scorm.ts';
import type { CourseShape } from './shape.ts';
import { stepsDone } from './standing.ts';
import type { CourseSystem } from './system.ts';

const page = document.documentElement;
const language = isLanguage(page.lang) ? page.lang : 'en';
const shape: CourseShape = JSON.parse(document.getElementById('shape')!.textContent!);
const frame = document.querySelector('iframe')!;

const systems: Readonly<Record<CourseFormat, () => Promise<CourseSystem>>> = {
  scorm12: async () => new Scorm(window, (await import('./scorm12.ts')).scorm12),
  scorm2004: async () => new Scorm(window, (await import('./scorm2004.ts')).scorm2004),
  cmi5: async () => new (await import('./cmi5.ts')).Cmi5(),
};

let listener: (keeping: Keeping) => void = () => {};
const keeper = new Keeper({
  shape,
  system: await systems[page.dataset.format as CourseFormat](),
  now: () => performance.now(),
  later: (call, ms) => setTimeout(call, ms),
  onKeeping: (keeping) => {
    try {
      listener(keeping);
    } catch {
      // Its page has gone, and the next one asks.
    }
  },
});
const link: CourseLink = {
  lessons: shape.lessons.map(({ id }) => id),
  step: (lesson) => (keeper.standing.at?.lesson === lesson ? keeper.standing.at.step : undefined),
  session: () => keeper.standing.session,
  learner: () => keeper.learner,
  report: (progress, session) => keeper.report(structuredClone(progress), session),
  keeping: () => keeper.keeping,
  follow: (next) => {
    listener = next;
  },
};
window.boundCourse = link;

window.addEventListener('pagehide', () => keeper.leave());
window.addEventListener('pageshow', ({ persisted }) => persisted && keeper.comeBack());
addEventListener('online', () => keeper.tryAgain());

await keeper.begin();

// The browser may be another learner's too: its pages show what this one has done.
for (const { id } of shape.lessons) {
  const done = stepsDone(shape, keeper.standing, id);
  writePreference(`progress.${id}`, done.length > 0 ? JSON.stringify(done) : undefined);
}
const lesson = keeper.standing.at?.lesson ?? (shape.lessons.length === 1 ? shape.lessons[0]!.id : undefined);
writePreference('last', lesson);
frame.src = fileUrl(`${lesson ? lessonPath(language, lesson) : homePath(language)}index.html`);
