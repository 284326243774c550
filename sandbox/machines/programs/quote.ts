/** How GNU programs quote in messages (quotearg of gnulib): names for a shell, other arguments in the locale's marks. */

/** quoteaf(3): `'a b'`, whatever the locale; bytes that are no text as `$'\377'` in between. */
export const quoted = (name: string): string => {
  if (/[\x00-\x1f\x7f\udc80-\udcff]/.test(name)) return quotedInParts(name);
  return name.includes("'") && !/["$`\\]/.test(name) ? `"${name}"` : `'${name.replace(/'/g, "'\\''")}'`;
};

function quotedInParts(name: string): string {
  const parts = name.match(
    /(?:[\x00-\x1f\x7f]|(?<![\ud800-\udbff])[\udc80-\udcff])+|(?:[^\x00-\x1f\x7f\udc80-\udcff]|(?<=[\ud800-\udbff])[\udc00-\udfff])+/g,
  )!;
  const special = (part: string) => CONTROL[part[0]!] !== undefined || /^[^ -~\u0080-\ud7ff\ud800-\udbff]/.test(part);
  return parts
    .map((part, i) => {
      if (!special(part)) return `'${part.replace(/'/g, "'\\''")}'`;
      const escaped = part.replace(/[\s\S]/g, (c) => CONTROL[c] ?? octal(c.charCodeAt(0) & 0xff));
      return `${i === 0 ? "''" : ''}$'${escaped}'`;
    })
    .join('');
}

const octal = (code: number): string => `\\${code.toString(8).padStart(3, '0')}`;

/** quotef(3): quoted only where a shell would need it, or a colon made the message ambiguous. */
export const quotedIfNeeded = (name: string): string =>
  name === '' || /[\s'"$`\\;&|<>()*?[:=^!\x00-\x1f\x7f\udc80-\udcff]|^[~#]/.test(name) ? quoted(name) : name;

const CONTROL: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** Whether the characters of the locale are UTF-8. */
export const inUtf8 = (env: ReadonlyMap<string, string>): boolean =>
  /utf-?8/i.test(env.get('LC_ALL') || env.get('LC_CTYPE') || env.get('LANG') || 'C');

/** quote(3): ‘x’ where the locale's characters are UTF-8, else 'x'. */
export function quoteFor(env: ReadonlyMap<string, string>, text: string): string {
  const utf8 = inUtf8(env);
  const shown = text.replace(/[\\\x00-\x1f\x7f]/g, (c) =>
    c === '\\' ? '\\\\' : (CONTROL[c] ?? octal(c.charCodeAt(0))),
  );
  return utf8 ? `‘${shown}’` : `'${shown.replace(/'/g, "\\'")}'`;
}
