/** What is said to teachers, on their page and by `lab grade`. One file a language. */

import type { Language } from '../index.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

export type TeachWords = typeof en;
export const teachWords: Readonly<Record<Language, TeachWords>> = { en, ja };
