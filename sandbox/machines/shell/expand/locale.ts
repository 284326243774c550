/** Characters as the locale has them: code points where it is UTF-8, else bytes. */

import { splitBytes } from '../../byte-text.ts';
import type { Shell } from '../shell.ts';

/** locale(7): LC_ALL before LC_CTYPE before LANG. */
export function isUtf8(shell: Shell): boolean {
  const { variables } = shell;
  const name = variables.get('LC_ALL') || variables.get('LC_CTYPE') || variables.get('LANG') || '';
  return /utf-?8$/i.test(name);
}

/** The text with one character of the string, or one surrogate pair, for each character of the locale. */
export const inLocale = (shell: Shell, text: string): string =>
  /^[\x00-\x7f]*$/.test(text) || isUtf8(shell) ? text : splitBytes(text);

export const charactersOf = (shell: Shell, text: string): string[] => [...inLocale(shell, text)];
