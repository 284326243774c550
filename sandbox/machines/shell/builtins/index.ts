/** The table of builtins. */

import { breakLoop, caller, continueLoop, evaluate, exec, exit, logout, returnFrom, source, trap } from './control.ts';
import { cd, dirs, popd, pushd, pwd } from './directories.ts';
import { compgen, complete, compopt, fc, history } from './history.ts';
import { mapfile, read } from './input.ts';
import { bg, disown, fg, jobs, kill, suspend, wait } from './jobs.ts';
import { alias, builtin, command, enable, hash, help, type, unalias } from './names.ts';
import { echo, printf } from './output.ts';
import { times, ulimit, umask } from './resources.ts';
import { getopts, set, shift, shopt } from './settings.ts';
import { test } from './test.ts';
import type { Builtin } from './types.ts';
import { declare, exportVariables, letEvaluate, local, readonlyVariables, unset } from './variables.ts';

const succeed: Builtin = function* () {
  return 0;
};

const falsehood: Builtin = function* () {
  return 1;
};

export const BUILTINS: Readonly<Record<string, Builtin>> = {
  ':': succeed,
  '.': source,
  '[': test,
  alias,
  bg,
  break: breakLoop,
  builtin,
  caller,
  cd,
  command,
  compgen,
  complete,
  compopt,
  continue: continueLoop,
  declare,
  dirs,
  disown,
  echo,
  enable,
  eval: evaluate,
  exec,
  exit,
  export: exportVariables,
  false: falsehood,
  fc,
  fg,
  getopts,
  hash,
  help,
  history,
  jobs,
  kill,
  let: letEvaluate,
  local,
  logout,
  mapfile,
  popd,
  printf,
  pushd,
  pwd,
  read,
  readarray: mapfile,
  readonly: readonlyVariables,
  return: returnFrom,
  set,
  shift,
  shopt,
  source,
  suspend,
  test,
  times,
  trap,
  true: succeed,
  type,
  typeset: declare,
  ulimit,
  umask,
  unalias,
  unset,
  wait,
};
