/** The site's words in every language, for what is built; a page's scripts take theirs from runtime/words.ts. */

import { isLanguage, LANGUAGES, type Language, names, pages, type Strings } from '../../sandbox/words/index.ts';

export * from './page.ts';
export { isLanguage, LANGUAGES as languages, type Language, names as languageNames, type Strings };

export const strings = (language: Language): Strings => pages[language];
