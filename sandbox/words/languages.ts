/** The languages there are, without their words. */

export const LANGUAGES = ['en', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a language calls itself. */
export const names: Readonly<Record<Language, string>> = { en: 'English', ja: '日本語' };

export const isLanguage = (text: string | undefined): text is Language =>
  LANGUAGES.some((language) => language === text);
