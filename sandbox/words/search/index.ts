/** The search's words, by language: a file of its own, since the page loads them with the search. */

import type { Language } from '../index.ts';
import * as en from './en.ts';
import * as ja from './ja.ts';

export type SearchWords = typeof en.search;

export const searchWords: Readonly<Record<Language, SearchWords>> = { en: en.search, ja: ja.search };
