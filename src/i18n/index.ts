/** The site's words in every language, for what is built; a page's scripts take theirs from runtime/words.ts. */

import { hostWords } from '../../sandbox/words/host/index.ts';
import { isLanguage, type Language, names, pages, type Strings } from '../../sandbox/words/index.ts';
import { sessionWords } from '../../sandbox/words/session/index.ts';
import { siteWords } from '../../sandbox/words/site/index.ts';
import { teachWords } from '../../sandbox/words/teach/index.ts';
import { siteContent } from '../build/site-content.ts';

export * from './page.ts';
export { isLanguage, type Language, names as languageNames, type Strings };

/** The languages of the site that is built: those in which there is a lesson. */
export const { languages } = siteContent();

/** Also those that a page's scripts load later, or never. */
export function strings(language: Language) {
  const page = pages[language];
  const built = siteWords[language];
  return {
    ...page,
    site: { ...page.site, ...built.site },
    lesson: { ...page.lesson, ...built.lesson, outline: { ...page.lesson.outline, ...built.lesson.outline } },
    lab: { ...page.lab, ...built.lab },
    assignment: built.assignment,
    report: sessionWords[language].report,
    programs: hostWords[language].programs,
    teach: teachWords[language],
  };
}
