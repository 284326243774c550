/** What is at a path, asked of a POSIX shell: the script that looks, and its answer read. Looking changes nothing there. */

export interface Seen {
  readonly type: 'file' | 'directory' | 'other';
  /** Of a directory; undefined where it may not be read. */
  readonly entries?: readonly string[] | undefined;
  /** Of a file: its beginning. */
  readonly text?: string | undefined;
}

/** More of a file than any checkpoint compares (bytes). */
const MOST = 262_144;

/** As one word of a POSIX shell. */
export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * Its first line is what is there; `none` only where the nearest directory above may be searched, else `hidden`. It must run in
 * dash, ash and bash, with the programs that the smallest images have.
 */
export const lookAt = (path: string): string => `p=${quoted(path)}
if [ -d "$p" ]; then
  if [ -r "$p" ]; then echo directory; ls -A "$p"; else echo closed directory; fi
elif [ -f "$p" ]; then
  if [ -r "$p" ]; then echo file; head -c ${MOST} "$p"; else echo closed file; fi
elif [ -e "$p" ]; then echo other
else
  d=$(dirname "$p")
  while [ ! -e "$d" ]; do d=$(dirname "$d"); done
  if [ ! -d "$d" ] || [ -x "$d" ]; then echo none; else echo hidden; fi
fi`;

/** undefined: nothing is there. `hidden`: it cannot be told. Throws on an answer that the script does not give. */
export function seenIn(stdout: string): Seen | 'hidden' | undefined {
  const end = stdout.indexOf('\n');
  const [first, rest] = [stdout.slice(0, end), stdout.slice(end + 1)];
  switch (first) {
    case 'directory':
      return { type: 'directory', entries: rest.split('\n').filter(Boolean) };
    case 'closed directory':
      return { type: 'directory' };
    case 'file':
      return { type: 'file', text: rest };
    case 'closed file':
      return { type: 'file' };
    case 'other':
      return { type: 'other' };
    case 'none':
      return undefined;
    case 'hidden':
      return 'hidden';
    default:
      throw new Error(`a shell that does not answer as one: ${JSON.stringify(stdout.slice(0, 80))}`);
  }
}
