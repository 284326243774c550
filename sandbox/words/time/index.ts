/** What the strip of a session's time says, and the view of its past: loaded with them. One file a language. */

import type { Language } from '../index.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

export type TimeWords = typeof en;
export const timeWords: Readonly<Record<Language, TimeWords>> = { en, ja };
