/** The table of user programs: name → code; what the first prompt does not need is loaded when it is first called. */

import { part } from '../../sim/parts.ts';
import type { ProgramEntry } from '../machine.ts';
import type { Program } from '../process.ts';
import { bash, sh } from '../shell/bash.ts';
import { ls } from './files/ls.ts';
import { cat } from './text/cat.ts';
import { echo, falsehood, printf, succeed, yes } from './text/echo.ts';

const AT_HAND: Readonly<Record<string, Program>> = {
  bash,
  cat,
  echo,
  false: falsehood,
  ls,
  printf,
  sh,
  true: succeed,
  yes,
};

/** Entries that load one module and take a program of it; names that differ from the export's are given as pairs. */
function from<M extends object>(
  load: () => Promise<M>,
  names: readonly (keyof M & string)[],
  others: Readonly<Record<string, keyof M & string>> = {},
): [string, ProgramEntry][] {
  const pairs = [...names.map((name) => [name, name] as const), ...Object.entries(others)];
  const module = part(`program/${names[0]}`, load);
  return pairs.map(([name, key]) => [name, { load: async () => (await module())[key] as Program }]);
}

export const PROGRAMS: ReadonlyMap<string, ProgramEntry> = new Map<string, ProgramEntry>([
  ...Object.entries(AT_HAND).map(([name, run]): [string, ProgramEntry] => [name, { run }]),
  ...from(() => import('./awk/awk.ts'), ['awk'], { mawk: 'awk' }),
  ...from(() => import('./editors/less.ts'), ['less', 'more']),
  ...from(() => import('./editors/vi.ts'), ['vi'], { view: 'vi', vim: 'vi' }),
  ...from(() => import('./files/copy.ts'), ['cp', 'install', 'mv', 'rm']),
  ...from(() => import('./files/du.ts'), ['du', 'tree']),
  ...from(() => import('./files/find.ts'), ['find']),
  ...from(() => import('./files/gzip.ts'), ['gunzip', 'gzip', 'zcat']),
  ...from(() => import('./files/ls.ts'), ['dir']),
  ...from(
    () => import('./files/manage.ts'),
    ['chgrp', 'chmod', 'chown', 'ln', 'mkdir', 'mkfifo', 'mktemp', 'rmdir', 'touch', 'truncate'],
  ),
  ...from(() => import('./files/misc.ts'), ['cmp', 'dd', 'factor', 'fallocate', 'file', 'numfmt', 'split']),
  ...from(() => import('./files/names.ts'), ['basename', 'dirname', 'pwd', 'readlink', 'realpath', 'which']),
  ...from(() => import('./files/stat.ts'), ['stat']),
  ...from(() => import('./files/tar.ts'), ['tar']),
  ...from(
    () => import('./system/environment.ts'),
    [
      'clear',
      'env',
      'expr',
      'ionice',
      'kill',
      'nice',
      'nohup',
      'printenv',
      'reset',
      'setsid',
      'stdbuf',
      'test',
      'tput',
      'xargs',
    ],
    { '[': 'bracket' },
  ),
  ...from(() => import('./system/time.ts'), ['cal', 'date', 'sleep', 'timeout']),
  ...from(() => import('./system/watch.ts'), ['watch']),
  ...from(() => import('./text/cut.ts'), ['column', 'cut', 'seq', 'tr']),
  ...from(() => import('./text/diff.ts'), ['diff']),
  ...from(
    () => import('./text/dump.ts'),
    ['base32', 'base64', 'cksum', 'hexdump', 'md5sum', 'od', 'sha1sum', 'sha256sum', 'sha512sum', 'strings', 'xxd'],
    { hd: 'hexdump' },
  ),
  ...from(() => import('./text/grep.ts'), ['egrep', 'fgrep', 'grep']),
  ...from(() => import('./text/head-tail.ts'), ['head', 'tail']),
  ...from(
    () => import('./text/lines.ts'),
    ['expand', 'fold', 'nl', 'paste', 'rev', 'tac', 'tee', 'unexpand', 'uniq', 'wc'],
  ),
  ...from(() => import('./text/sed.ts'), ['sed']),
  ...from(() => import('./text/sort.ts'), ['comm', 'join', 'shuf', 'sort']),
]);
