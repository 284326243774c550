/** The page's own words by language. */

import type { Language } from '../../sandbox/channel/messages.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

/** English is written first; every other language has the same shape. */
export type Strings = typeof en;

export const languages: readonly Language[] = ['en', 'ja'];

export const languageNames: Readonly<Record<Language, string>> = { en: 'English', ja: '日本語' };

const byLanguage: Readonly<Record<Language, Strings>> = { en, ja };

export const strings = (language: Language): Strings => byLanguage[language];

export const isLanguage = (text: string | undefined): text is Language =>
  languages.some((language) => language === text);

/** Where pages are, below the site's root. */
export const homePath = (language: Language): string => `${language}/`;
export const lessonPath = (language: Language, lesson: string): string => `${language}/lessons/${lesson}/`;
/** The page about the learner's own programs. */
export const programsPath = (language: Language): string => `${language}/your-programs/`;
