/** What only the build writes into the pages. One file a language. */

import type { Language } from '../index.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

export type SiteWords = typeof en;
export const siteWords: Readonly<Record<Language, SiteWords>> = { en, ja };
