/** What can be done with a session: the Lab menu and its dialogs, loaded with them. One file a language. */

import type { Language } from '../index.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

export type SessionWords = typeof en;
export const sessionWords: Readonly<Record<Language, SessionWords>> = { en, ja };
