/** File names as GNU ls shows them on a terminal: quoted for the shell where they need it. */

export function quoteName(name: string): string {
  if (
    /^[\w@%+:,./=\-^\u0080-\uffff]+$/.test(name) ||
    (/^[\w@%+:,./=\-^~#{}[\]\u0080-\uffff]+$/.test(name) && !/^[~#]/.test(name) && !/[[\]]/.test(name))
  )
    return name;
  if (/[\x00-\x1f\x7f]/.test(name)) {
    return `'${name.replace(/[\x00-\x1f\x7f]+/g, (run) => `'$'${[...run].map(escaped).join('')}''`)}'`.replace(
      /''$/,
      '',
    );
  }
  if (name.includes("'")) return /["$`\\!]/.test(name) ? `'${name.replace(/'/g, "'\\''")}'` : `"${name}"`;
  return `'${name}'`;
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\x1b': '\\033' };

const escaped = (c: string): string => NAMED[c] ?? `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`;
