/** The page's own words by language, and where its pages are. */

import { isLanguage, LANGUAGES, type Language, names, pages, type Strings } from '../../sandbox/words/index.ts';

export { isLanguage, LANGUAGES as languages, type Language, names as languageNames, type Strings };

export const strings = (language: Language): Strings => pages[language];

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
