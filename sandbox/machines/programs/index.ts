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
  ...from(() => import('./files/cmp.ts'), ['cmp']),
  ...from(() => import('./files/dd.ts'), ['dd']),
  ...from(() => import('./files/misc.ts'), ['fallocate', 'file']),
  ...from(() => import('./files/split.ts'), ['split']),
  ...from(() => import('./text/numbers.ts'), ['factor', 'numfmt']),
  ...from(() => import('./files/names.ts'), ['basename', 'dirname', 'pwd', 'readlink', 'realpath', 'which']),
  ...from(() => import('./files/stat.ts'), ['stat']),
  ...from(() => import('./files/tar.ts'), ['tar']),
  ...from(() => import('./system/environment.ts'), ['env', 'ionice', 'nohup', 'printenv', 'setsid', 'stdbuf']),
  ...from(() => import('./system/expr.ts'), ['expr']),
  ...from(() => import('./system/kill.ts'), ['kill']),
  ...from(() => import('./system/terminal.ts'), ['clear', 'reset', 'tput']),
  ...from(() => import('./system/test.ts'), ['test'], { '[': 'bracket' }),
  ...from(() => import('./system/xargs.ts'), ['xargs']),
  ...from(() => import('./system/nice.ts'), ['nice']),
  ...from(() => import('./system/locale.ts'), ['locale']),
  ...from(() => import('./system/cal.ts'), ['cal']),
  ...from(() => import('./system/time.ts'), ['date', 'sleep', 'timeout']),
  ...from(() => import('./system/watch.ts'), ['watch']),
  ...from(() => import('./text/base.ts'), ['base32', 'base64']),
  ...from(
    () => import('./text/checksum.ts'),
    ['cksum', 'md5sum', 'sha1sum', 'sha224sum', 'sha256sum', 'sha384sum', 'sha512sum'],
    { sum: 'sumProgram' },
  ),
  ...from(() => import('./text/column.ts'), ['column']),
  ...from(() => import('./text/cut.ts'), ['cut']),
  ...from(() => import('./text/diff.ts'), ['diff']),
  ...from(() => import('./text/grep.ts'), ['egrep', 'fgrep', 'grep']),
  ...from(() => import('./text/head-tail.ts'), ['head', 'tail']),
  ...from(() => import('./text/hexdump.ts'), ['hexdump', 'xxd'], { hd: 'hexdump' }),
  ...from(() => import('./text/join.ts'), ['comm', 'join']),
  ...from(() => import('./text/lines.ts'), ['fold', 'nl', 'rev', 'tac', 'tee']),
  ...from(() => import('./text/od.ts'), ['od', 'strings']),
  ...from(() => import('./text/paste.ts'), ['paste']),
  ...from(() => import('./text/sed.ts'), ['sed']),
  ...from(() => import('./text/seq.ts'), ['seq']),
  ...from(() => import('./text/shuf.ts'), ['shuf']),
  ...from(() => import('./text/sort.ts'), ['sort']),
  ...from(() => import('./text/tabs.ts'), ['expand', 'unexpand']),
  ...from(() => import('./text/tr.ts'), ['tr']),
  ...from(() => import('./text/uniq.ts'), ['uniq']),
  ...from(() => import('./text/wc.ts'), ['wc']),
]);
