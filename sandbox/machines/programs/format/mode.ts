/** File modes: `drwxr-xr-x`, and the symbolic changes of chmod. */

import type { FileType, Stat } from '../../process.ts';

const TYPE_LETTERS: Readonly<Record<FileType, string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  fifo: 'p',
  socket: 's',
  char: 'c',
  block: 'b',
};

export function modeString(stat: Pick<Stat, 'type' | 'mode'>): string {
  const { mode } = stat;
  const triple = (shift: number, special: number, letters: string) => {
    const bits = (mode >> shift) & 7;
    const x = mode & special ? (bits & 1 ? letters[0] : letters[1]) : bits & 1 ? 'x' : '-';
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${x}`;
  };
  return TYPE_LETTERS[stat.type] + triple(6, 0o4000, 'sS') + triple(3, 0o2000, 'sS') + triple(0, 0o1000, 'tT');
}

/** The mode that `spec` (octal or symbolic) makes of `mode`; undefined if it is not a mode. */
export function applyMode(spec: string, mode: number, directory: boolean, umask: number): number | undefined {
  if (/^[0-7]{1,5}$/.test(spec)) {
    const value = Number.parseInt(spec, 8);
    // GNU keeps a directory's set-id bits unless five digits name them.
    return directory && spec.length < 5 ? value | (mode & 0o6000) : value;
  }
  let result = mode;
  for (const clause of spec.split(',')) {
    const match = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/.exec(clause);
    if (!match) return undefined;
    const who = match[1]!;
    for (const [, operator, permissions] of match[2]!.matchAll(/([-+=])([rwxXst]*|[ugo])/g)) {
      result = applyClause(result, who, operator!, permissions!, directory, umask);
    }
  }
  return result;
}

function applyClause(
  mode: number,
  who: string,
  operator: string,
  permissions: string,
  directory: boolean,
  umask: number,
): number {
  const everyone = who === '' || who.includes('a');
  const classes = everyone ? 'ugo' : who;
  let bits = 0;
  let affected = 0;
  for (const [letter, shift, special] of [
    ['u', 6, 0o4000],
    ['g', 3, 0o2000],
    ['o', 0, 0],
  ] as const) {
    if (!classes.includes(letter)) continue;
    affected |= (7 << shift) | special;
    bits |= permissionBits(permissions, mode, directory) << shift;
    if (permissions.includes('s')) bits |= special;
  }
  if (everyone) affected |= 0o1000;
  if (permissions.includes('t') && everyone) bits |= 0o1000;
  if (who === '') bits &= ~umask | 0o7000;
  if (operator === '+') return mode | bits;
  if (operator === '-') return mode & ~bits;
  const kept = directory ? mode & 0o6000 & ~(permissions.includes('s') ? 0o6000 : 0) : 0;
  return (mode & ~(who === '' ? affected & ~umask : affected)) | bits | kept;
}

function permissionBits(permissions: string, mode: number, directory: boolean): number {
  if (permissions === 'u') return (mode >> 6) & 7;
  if (permissions === 'g') return (mode >> 3) & 7;
  if (permissions === 'o') return mode & 7;
  let bits = 0;
  if (permissions.includes('r')) bits |= 4;
  if (permissions.includes('w')) bits |= 2;
  if (permissions.includes('x') || (permissions.includes('X') && (directory || mode & 0o111))) bits |= 1;
  return bits;
}
