/** What lessons and their steps are called in the page's language. */

import type { Language } from '../../sandbox/channel/messages.ts';
import type { LessonDocument } from '../../sandbox/lesson/schema.ts';
import { plainText } from '../i18n/inline.ts';

export class Titles {
  readonly #lessons: () => readonly LessonDocument[];
  readonly #language: () => Language;

  constructor(lessons: () => readonly LessonDocument[], language: () => Language) {
    this.#lessons = lessons;
    this.#language = language;
  }

  lesson(id: string): string | undefined {
    return this.#find(id)?.texts[this.#language()].title;
  }

  /** Numbered from one, as the page numbers them. */
  step(lesson: string, id: string): { number: number; title: string } | undefined {
    const known = this.#find(lesson);
    const number = (known?.steps.findIndex((step) => step.id === id) ?? -1) + 1;
    const title = known?.texts[this.#language()].steps[id]?.title;
    return number > 0 && title ? { number, title: plainText(title) } : undefined;
  }

  #find(id: string): LessonDocument | undefined {
    return this.#lessons().find((lesson) => lesson.id === id);
  }
}
