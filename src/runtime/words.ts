/** The words of the page's language, and of no other: each is a file of its own, which the page's head asks for (build/preload.ts). */

import type { Strings } from '../../sandbox/words/index.ts';
import type { Language } from '../../sandbox/words/languages.ts';
import { languageOfPage } from '../i18n/page.ts';

const words: Readonly<Record<Language, () => Promise<{ readonly page: Strings }>>> = {
  en: () => import('../../sandbox/words/en.ts'),
  ja: () => import('../../sandbox/words/ja.ts'),
};

export const language = languageOfPage();

export const { page: t } = await words[language]();
