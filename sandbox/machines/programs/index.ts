/** The table of user programs: name → code, the rare ones loaded when first called. */

import type { ProgramEntry } from '../machine.ts';
import type { Program } from '../process.ts';
import { bash, sh } from '../shell/bash.ts';
import { cp, install, mv, rm } from './files/copy.ts';
import { dir, ls } from './files/ls.ts';
import { chgrp, chmod, chown, ln, mkdir, mkfifo, mktemp, rmdir, touch, truncate } from './files/manage.ts';
import { basename, dirname, pwd, readlink, realpath, which } from './files/names.ts';
import {
  bracket,
  clear,
  env,
  expr,
  ionice,
  kill,
  nice,
  nohup,
  printenv,
  reset,
  setsid,
  stdbuf,
  test,
  tput,
  xargs,
} from './system/environment.ts';
import { cal, date, sleep, timeout } from './system/time.ts';
import { cat } from './text/cat.ts';
import { column, cut, seq, tr } from './text/cut.ts';
import { echo, falsehood, printf, succeed, yes } from './text/echo.ts';
import { egrep, fgrep, grep } from './text/grep.ts';
import { head, tail } from './text/head-tail.ts';
import { expand, fold, nl, paste, rev, tac, tee, unexpand, uniq, wc } from './text/lines.ts';
import { comm, join, shuf, sort } from './text/sort.ts';

const AT_HAND: Readonly<Record<string, Program>> = {
  '[': bracket,
  basename,
  bash,
  cal,
  cat,
  chgrp,
  chmod,
  chown,
  clear,
  column,
  comm,
  cp,
  cut,
  date,
  dir,
  dirname,
  echo,
  egrep,
  env,
  expand,
  expr,
  false: falsehood,
  fgrep,
  fold,
  grep,
  head,
  install,
  ionice,
  join,
  kill,
  ln,
  ls,
  mkdir,
  mkfifo,
  mktemp,
  mv,
  nice,
  nl,
  nohup,
  paste,
  printenv,
  printf,
  pwd,
  readlink,
  realpath,
  reset,
  rev,
  rm,
  rmdir,
  seq,
  setsid,
  sh,
  shuf,
  sleep,
  sort,
  stdbuf,
  tac,
  tail,
  tee,
  test,
  timeout,
  touch,
  tput,
  tr,
  true: succeed,
  truncate,
  unexpand,
  uniq,
  wc,
  which,
  xargs,
  yes,
};

type Loader = () => Promise<Program>;

const dump =
  (
    name:
      | 'od'
      | 'hexdump'
      | 'xxd'
      | 'strings'
      | 'base64'
      | 'base32'
      | 'md5sum'
      | 'sha1sum'
      | 'sha256sum'
      | 'sha512sum'
      | 'cksum',
  ): Loader =>
  async () =>
    (await import('./text/dump.ts'))[name];
const misc =
  (name: 'file' | 'dd' | 'fallocate' | 'split' | 'cmp' | 'factor' | 'numfmt'): Loader =>
  async () =>
    (await import('./files/misc.ts'))[name];

const LOADED: Readonly<Record<string, Loader>> = {
  awk: async () => (await import('./awk/awk.ts')).awk,
  base32: dump('base32'),
  base64: dump('base64'),
  cksum: dump('cksum'),
  cmp: misc('cmp'),
  dd: misc('dd'),
  diff: async () => (await import('./text/diff.ts')).diff,
  du: async () => (await import('./files/du.ts')).du,
  factor: misc('factor'),
  fallocate: misc('fallocate'),
  file: misc('file'),
  find: async () => (await import('./files/find.ts')).find,
  hexdump: dump('hexdump'),
  hd: dump('hexdump'),
  less: async () => (await import('./editors/less.ts')).less,
  mawk: async () => (await import('./awk/awk.ts')).awk,
  md5sum: dump('md5sum'),
  more: async () => (await import('./editors/less.ts')).more,
  numfmt: misc('numfmt'),
  od: dump('od'),
  sed: async () => (await import('./text/sed.ts')).sed,
  sha1sum: dump('sha1sum'),
  sha256sum: dump('sha256sum'),
  sha512sum: dump('sha512sum'),
  split: misc('split'),
  stat: async () => (await import('./files/stat.ts')).stat,
  strings: dump('strings'),
  tree: async () => (await import('./files/du.ts')).tree,
  vi: async () => (await import('./editors/vi.ts')).vi,
  view: async () => (await import('./editors/vi.ts')).vi,
  vim: async () => (await import('./editors/vi.ts')).vi,
  watch: async () => (await import('./system/watch.ts')).watch,
  xxd: dump('xxd'),
};

export const PROGRAMS: ReadonlyMap<string, ProgramEntry> = new Map<string, ProgramEntry>([
  ...Object.entries(AT_HAND).map(([name, run]): [string, ProgramEntry] => [name, { run }]),
  ...Object.entries(LOADED).map(([name, load]): [string, ProgramEntry] => [name, { load }]),
]);
