/** Quoting text so that the shell reads it back: as `printf %q`, `${x@Q}`, `declare -p`, `set -x` and `alias` print it. */

import { hasRawBytes, joinBytes, rawByte } from '../../byte-text.ts';

const isUnprintable = (text: string): boolean => /[\x00-\x1f\x7f]/.test(text) || hasRawBytes(text);

/** `printf %q`: backslashes, or `$'…'` where control characters stand. */
export function quoteBackslash(text: string): string {
  if (text === '') return "''";
  if (isUnprintable(text)) return quoteAnsiC(text);
  return text
    .replace(/[^\w@%+:./=\-\u0080-\uffff]/g, '\\$&')
    .replace(/^[~#]/, '\\$&')
    .replace(/^\\\\([~#])/, '\\$1');
}

/** `'…'`, or `$'…'` where control characters stand. */
export function quoteSingle(text: string): string {
  if (isUnprintable(text)) return quoteAnsiC(text);
  return singleQuotes(text);
}

export const singleQuotes = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`;

/** Characters that mean something to the shell, wherever or where they stand (lib/sh/shquote.c, sh_contains_shell_metas). */
const SHELL_META = /[ \t\n'"\\|&;()<>!{}*[\]?^$`]|^#|^~|[=:]~/;

/** As `set -x` and `trap -p` show a word: bare if nothing needs quoting. */
export function quoteForTrace(text: string): string {
  if (text === '') return "''";
  if (SHELL_META.test(text)) return singleQuotes(text);
  return isUnprintable(text) ? quoteAnsiC(text) : text;
}

/** As `declare -p` and `set` print values. */
export function quoteDouble(text: string): string {
  if (isUnprintable(text)) return quoteAnsiC(text);
  return `"${text.replace(/["\\$`]/g, '\\$&')}"`;
}

const NAMED: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\x1b': '\\E',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  "'": "\\'",
};

function quoteAnsiC(text: string): string {
  const body = text.replace(
    /[\x00-\x1f\x7f\\'\udc80-\udcff]/gu,
    (c) => NAMED[c] ?? `\\${(c.charCodeAt(0) & 255).toString(8).padStart(3, '0')}`,
  );
  return `$'${body}'`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
};

/** The escapes of `$'…'`, also used by `${x@E}`: bytes and, in UTF-8, characters. A NUL ends the text. */
export function decodeAnsiC(text: string, utf8: boolean): string {
  const decoded = text.replace(
    /\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c(\\\\|.)|(.))/gs,
    (whole, hex, short, long, octal, control, other) => {
      if (hex) return rawByte(Number.parseInt(hex, 16));
      if (short || long) return unicode(Number.parseInt(short ?? long, 16), utf8);
      if (octal) return rawByte(Number.parseInt(octal, 8) & 255);
      if (control) return control === '?' ? '\x7f' : String.fromCharCode(control.charCodeAt(0) & 31);
      return ESCAPES[other] ?? whole;
    },
  );
  const end = decoded.indexOf('\0');
  return joinBytes(end < 0 ? decoded : decoded.slice(0, end));
}

/** The character of `\u` and `\U`, or, where the locale has none, the escape itself (lib/sh/unicode.c, u32cconv). */
export function unicode(code: number, utf8: boolean): string {
  if (code < 0x80) return String.fromCharCode(code);
  if (!utf8) return code > 0xffff ? `\\U${hexadecimal(code, 8)}` : `\\u${hexadecimal(code, 4)}`;
  if (code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)) return String.fromCodePoint(code);
  return String.fromCodePoint(0xfffd);
}

const hexadecimal = (code: number, digits: number): string => code.toString(16).toUpperCase().padStart(digits, '0');
