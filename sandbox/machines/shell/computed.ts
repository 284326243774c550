/** Variables that are computed when read (RANDOM, SECONDS, FUNCNAME …), and those whose assignment means more: tables that all shells of a kind share. */

import type { Dialect, Shell } from './shell.ts';

export interface Computed {
  readonly scalars: ReadonlyMap<string, (shell: Shell) => string>;
  readonly arrays: ReadonlyMap<string, (shell: Shell) => readonly string[]>;
  /** Told of every assignment by name, e.g. so that SECONDS=0 restarts its count. */
  readonly assigned: ReadonlyMap<string, (shell: Shell, value: string) => void>;
}

const NOTHING: Computed = { scalars: new Map(), arrays: new Map(), assigned: new Map() };

const ASH: Computed = {
  scalars: new Map([
    ['RANDOM', (shell) => shell.nextRandom()],
    ['LINENO', (shell) => String(shell.origin === 'command' ? shell.line - 1 : shell.line)],
  ]),
  arrays: new Map(),
  assigned: new Map([['RANDOM', (shell, value) => shell.seedRandom(value)]]),
};

const BASH: Computed = {
  scalars: new Map([
    ['RANDOM', (shell) => shell.nextRandom()],
    ['SECONDS', (shell) => String(Math.floor((shell.process.now() - shell.startedAt) / 1000))],
    ['LINENO', (shell) => String(shell.line)],
    ['BASHPID', (shell) => String(shell.process.pid)],
    ['EPOCHSECONDS', (shell) => String(Math.floor(shell.process.now() / 1000))],
    ['EPOCHREALTIME', (shell) => (shell.process.now() / 1000).toFixed(6)],
    ['BASH_SUBSHELL', (shell) => String(shell.subshellDepth)],
  ]),
  arrays: new Map<string, (shell: Shell) => readonly string[]>([
    ['PIPESTATUS', (shell) => shell.pipeStatus.map(String)],
    ['FUNCNAME', (shell) => (shell.functionNames.length > 0 ? shell.frames.map((f) => f.name).reverse() : [])],
    ['BASH_LINENO', (shell) => shell.frames.map((f) => String(f.line)).reverse()],
    ['BASH_SOURCE', (shell) => shell.frames.map((f) => f.file).reverse()],
    ['GROUPS', (shell) => [String(shell.process.gid)]],
    ['DIRSTACK', (shell) => [shell.variables.get('PWD') ?? '', ...shell.directories]],
  ]),
  assigned: new Map([
    ['RANDOM', (shell, value) => shell.seedRandom(value)],
    [
      'SECONDS',
      (shell, value) => {
        const seconds = /^\s*-?\d+\s*$/.test(value) ? Number(value) : 0;
        shell.startedAt = shell.process.now() - seconds * 1000;
      },
    ],
  ]),
};

export function computedOf(dialect: Dialect, ash: boolean): Computed {
  if (dialect === 'bash') return BASH;
  return ash ? ASH : NOTHING;
}
