/** Where the lab runs, why not elsewhere, and the learner’s own programs: loaded with them. One file a language. */

import type { Language } from '../index.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

export type HostWords = typeof en;
export const hostWords: Readonly<Record<Language, HostWords>> = { en, ja };
