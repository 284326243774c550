/** The table of user programs: name → code, the rare ones loaded when first called. */

import type { ProgramEntry } from '../machine.ts';
import type { Program } from '../process.ts';
import { bash, sh } from '../shell/bash.ts';
import { cat } from './text/cat.ts';
import { echo, falsehood, printf, succeed, yes } from './text/echo.ts';

const AT_HAND: Readonly<Record<string, Program>> = {
  bash,
  cat,
  echo,
  false: falsehood,
  printf,
  sh,
  true: succeed,
  yes,
};

export const PROGRAMS: ReadonlyMap<string, ProgramEntry> = new Map<string, ProgramEntry>([
  ...Object.entries(AT_HAND).map(([name, run]): [string, ProgramEntry] => [name, { run }]),
]);
