/** Go's regular expressions, which are nearly ECMAScript's (regexp/syntax). */

const compiled = new Map<string, RegExp | undefined>();

/** RE2's syntax as ECMAScript's: flags at the beginning, `\A` and `\z`, POSIX classes. */
export function regexp(pattern: string): RegExp | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  const [, flags = '', rest = ''] = /^(?:\(\?([ims]+)\))?([\s\S]*)$/.exec(pattern)!;
  const source = rest
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$')
    .replace(/\(\?P</g, '(?<')
    .replace(/\[:(alpha|digit|alnum|upper|lower|space|punct|word|xdigit):\]/g, (_, name: string) => POSIX[name]!);
  let made: RegExp | undefined;
  try {
    made = new RegExp(source, flags);
  } catch {
    made = undefined;
  }
  compiled.set(pattern, made);
  return made;
}

const POSIX: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: '0-9A-Za-z',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  punct: '!-\\/:-@\\[-`{-~',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};
