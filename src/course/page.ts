/** A lesson's page in a course: begins where the course system says, tells it what was passed, and says how that is kept. */

import type { Progress } from '../../sandbox/channel/messages.ts';
import { courseWords } from '../../sandbox/words/course/index.ts';
import { languageOfPage } from '../i18n/page.ts';
import { addStyle } from '../runtime/late-style.ts';
import { fileUrl } from '../runtime/site.ts';
import css from './course.css?inline';
import type { Keeping } from './keeper.ts';
import type { CourseLink } from './link.ts';
import type { Learner } from './system.ts';

const t = courseWords[languageOfPage()];

export class CoursePage {
  readonly #link: CourseLink | undefined;
  readonly #lesson: string;
  readonly #line: HTMLElement;
  #session: string | undefined;
  /** It was set up by solutions, though the learner had come so far elsewhere. */
  #setUp = false;

  constructor(link: CourseLink | undefined, lesson: string) {
    this.#link = link;
    this.#lesson = lesson;
    addStyle(css);
    this.#line = document.createElement('p');
    this.#line.className = 'course-line';
    this.#line.setAttribute('role', 'status');
    link?.follow(() => this.#tell());
    this.#keepInside();
  }

  /** The session that this learner worked in last, where this browser has it. */
  get session(): string | undefined {
    return this.#link?.session();
  }

  /** The step they were at; undefined at a lesson's beginning. */
  get step(): string | undefined {
    return this.#link?.step(this.#lesson);
  }

  get learner(): Learner {
    return this.#link?.learner() ?? {};
  }

  /** The session that the page is in now. */
  entered(session: string): void {
    this.#setUp = this.step !== undefined && this.session !== session && this.#session === undefined;
    this.#session = session;
    this.#tell();
  }

  progressed(progress: Progress): void {
    if (this.#session && this.#counts) this.#link?.report(progress, this.#session);
  }

  get #counts(): boolean {
    return this.#link?.lessons.includes(this.#lesson) ?? false;
  }

  #tell(): void {
    const keeping: Keeping = this.#link?.keeping() ?? 'missing';
    const told = [
      keeping === 'kept' ? '' : t[keeping],
      this.#link && !this.#counts ? t.elsewhere : '',
      this.#setUp ? t.setUp : '',
    ];
    this.#line.dataset.keeping = keeping;
    this.#line.textContent = told.filter(Boolean).join(' ');
    // The lab is there by then; its own parts stay as they are beside it.
    if (!this.#line.isConnected) document.querySelector('#lab .sheet-body')?.append(this.#line);
  }

  /** Lessons that are no part of this activity are not led to. */
  #keepInside(): void {
    const { lessons } = this.#link ?? {};
    if (!lessons) return;
    for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href]')) {
      if (!link.href.startsWith(fileUrl('')) || link.hasAttribute('data-language-switch')) continue;
      const lesson = /\/lessons\/([^/]+)\//.exec(link.pathname)?.[1];
      const inside = lesson === undefined ? lessons.length > 1 : lessons.includes(lesson);
      if (!inside) link.replaceWith(...link.childNodes);
    }
  }
}

/** The package's own page around this one; none where the lesson was opened by itself. */
function linkAround(): CourseLink | undefined {
  try {
    return parent.boundCourse;
  } catch {
    return undefined;
  }
}

const { lessonPage } = document.querySelector<HTMLElement>('[data-lesson-page]')!.dataset;
export const course = new CoursePage(linkAround(), lessonPage!);
