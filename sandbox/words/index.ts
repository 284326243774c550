/** What is said in each language. Another one is a file beside this one, its line in each table of words, and its `.mdx` files in `content/`. */

import * as en from './en.ts';
import * as ja from './ja.ts';
import type { Language } from './languages.ts';

export { isLanguage, LANGUAGES, type Language, names } from './languages.ts';

/** The page's words: all languages have the shape of the English ones. */
export type Strings = typeof en.page;
export const pages: Readonly<Record<Language, Strings>> = { en: en.page, ja: ja.page };

/** The engine's own words, used where an author gave no reason: what was wanted, and what was seen. */
export interface CheckWords {
  noSuchObject(kind: string, name: string, others: readonly string[]): string;
  differs(kind: string, name: string, differences: readonly Difference[]): string;
  readonly notYet: string;
}
export const checks: Readonly<Record<Language, CheckWords>> = { en: en.checks, ja: ja.checks };

/** Where an object is not as it should be. */
export interface Difference {
  /** `spec.capacity.storage`. */
  readonly path: string;
  readonly wanted: unknown;
  /** undefined: the field is not there. */
  readonly seen: unknown;
}
