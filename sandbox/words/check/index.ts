/** What `lab check` and `lab prepare` say. One file a language. */

import type { Language } from '../index.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

export type CheckCommandWords = typeof en;
export const checkCommandWords: Readonly<Record<Language, CheckCommandWords>> = { en, ja };
