/** What a lab in somebody else's page says: its frame (`frame`) and the script around it (`element`). One file a language. */

import type { Language } from '../languages.ts';
import * as en from './en.ts';
import * as ja from './ja.ts';

export type FrameWords = typeof en.frame;
export const frameWords: Readonly<Record<Language, FrameWords>> = { en: en.frame, ja: ja.frame };

export type ElementWords = typeof en.element;
export const elementWords: Readonly<Record<Language, ElementWords>> = { en: en.element, ja: ja.element };
