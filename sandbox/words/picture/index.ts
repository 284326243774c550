/** The picture's words, by language: a file of its own, since the page loads them with the picture. */

import type { Language } from '../index.ts';
import * as en from './en.ts';
import * as ja from './ja.ts';

export type PictureWords = typeof en.picture;

export const pictureWords: Readonly<Record<Language, PictureWords>> = { en: en.picture, ja: ja.picture };
