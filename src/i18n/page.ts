/** What a page's scripts know of languages and addresses, without the words of any. */

import { isLanguage, type Language } from '../../sandbox/words/languages.ts';

/** The language of the page we are on. */
export const languageOfPage = (): Language => {
  const { lang } = document.documentElement;
  return isLanguage(lang) ? lang : 'en';
};

/** Where pages are, below the site's root. */
export const homePath = (language: Language): string => `${language}/`;
export const lessonPath = (language: Language, lesson: string): string => `${language}/lessons/${lesson}/`;
/** The page about the learner's own programs. */
export const programsPath = (language: Language): string => `${language}/your-programs/`;
/** The page for teachers: what a class did. */
export const teachPath = (language: Language): string => `${language}/teach/`;
/** A lesson's lab for a frame in another page (src/embed). */
export const embedPath = (language: Language): string => `${language}/embed/`;
