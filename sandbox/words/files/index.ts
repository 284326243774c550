/** The words of the file tree and the editor, a file a language as all words; apart, because they are loaded with them. */

import type { Language } from '../index.ts';
import { files as en, type FilesWords } from './en.ts';
import { files as ja } from './ja.ts';

export type { FilesWords };

export const filesWords: Readonly<Record<Language, FilesWords>> = { en, ja };
