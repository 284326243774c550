/** What a lesson says of the course system it was opened by: loaded in packages for course systems alone. One file a language. */

import type { Language } from '../index.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

export type CourseWords = typeof en;
export const courseWords: Readonly<Record<Language, CourseWords>> = { en, ja };
