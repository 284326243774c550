/** What apt's commands have in common: the mirror, names as they are given, lists and sizes as they are printed. */

export const MIRROR = 'http://deb.debian.org/debian';
/** The exit status of what could not be done. */
export const FAILED = 100;

export const bare = (name: string): string => name.replace(/:amd64$/, '').replace(/=.*$/, '');

/** Two blanks in front, lines of at most 79 columns. */
export function wrap(names: readonly string[]): string {
  const lines: string[] = [];
  let line = ' ';
  for (const name of names) {
    if (line.length + 1 + name.length > 79) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${name}`;
  }
  lines.push(line);
  return `${lines.join('\n')}\n`;
}

/** Sizes as apt prints them: powers of ten; thousands with a comma for disk space. */
export function kb(bytes: number, comma = false): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 100_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  const kilobytes = Math.round(bytes / 1_000);
  if (kilobytes < 10_000)
    return `${comma && kilobytes >= 1_000 ? String(kilobytes).replace(/(\d)(\d{3})$/, '$1,$2') : kilobytes} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
