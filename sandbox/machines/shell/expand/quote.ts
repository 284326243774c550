/** Quoting text so that the shell reads it back: as `printf %q`, `${x@Q}`, `declare -p`, `set -x` and `alias` print it. */

const SAFE = /^[\w@%+:,./-]+$/;

/** `printf %q`: backslashes, or `$'…'` where control characters stand. */
export function quoteBackslash(text: string): string {
  if (text === '') return "''";
  if (/[\x00-\x1f\x7f]/.test(text)) return quoteAnsiC(text);
  return text
    .replace(/[^\w@%+:./=\-\u0080-\uffff]/g, '\\$&')
    .replace(/^[~#]/, '\\$&')
    .replace(/^\\\\([~#])/, '\\$1');
}

/** `'…'`, or `$'…'` where control characters stand. */
export function quoteSingle(text: string): string {
  if (/[\x00-\x08\x0b-\x1f\x7f\n\t]/.test(text)) return quoteAnsiC(text);
  return singleQuotes(text);
}

export const singleQuotes = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`;

/** As `set -x` and `trap -p` show a word: bare if nothing needs quoting. */
export function quoteForTrace(text: string): string {
  if (text === '') return "''";
  if (/[\x00-\x1f\x7f]/.test(text)) return quoteAnsiC(text);
  return SAFE.test(text) || /^[\w@%+:,./=\-^\u0080-\uffff]+$/.test(text) ? text : singleQuotes(text);
}

/** As `declare -p` and `set` print values. */
export function quoteDouble(text: string): string {
  if (/[\x00-\x1f\x7f]/.test(text)) return quoteAnsiC(text);
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
    /[\x00-\x1f\x7f\\']/g,
    (c) => NAMED[c] ?? `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`,
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

/** The escapes of `$'…'`, also used by `${x@E}`. */
export function decodeAnsiC(text: string): string {
  return text.replace(
    /\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c(.)|(.))/gs,
    (whole, hex, short, long, octal, control, other) => {
      if (hex || short || long) return String.fromCodePoint(Number.parseInt(hex ?? short ?? long, 16));
      if (octal) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
      if (control) return String.fromCharCode(control.toUpperCase().charCodeAt(0) ^ 64);
      return ESCAPES[other] ?? whole;
    },
  );
}
