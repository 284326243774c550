/** cd, pwd, pushd, popd, dirs. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Shell } from '../shell.ts';
import { type Builtin, fail, invalidOption } from './types.ts';

export const cd: Builtin = function* (shell, argv) {
  let physical = shell.option('physical');
  const args = argv.slice(1);
  while (args[0] && /^-[LPe@]+$/.test(args[0])) {
    for (const letter of args.shift()!.slice(1)) physical = letter === 'P' ? true : letter === 'L' ? false : physical;
  }
  if (args[0] === '--') args.shift();
  else if (args[0] && /^-./.test(args[0]))
    return yield* invalidOption(shell, argv, args[0].slice(0, 2), 'cd [-L|[-P [-e]] [-@]] [dir]');
  if (args.length > 1) return yield* fail(shell, argv, 'too many arguments');
  let target = args[0];
  let announce = false;
  if (target === undefined) {
    target = shell.variables.get('HOME');
    if (target === undefined) return yield* fail(shell, argv, 'HOME not set');
  } else if (target === '-') {
    target = shell.variables.get('OLDPWD');
    if (target === undefined) return yield* fail(shell, argv, 'OLDPWD not set');
    announce = true;
  }
  if (target === '') return 0;
  const found = yield* changeDirectory(shell, target, physical);
  if (typeof found === 'string') {
    if (shell.dialect === 'dash')
      return yield* fail(shell, argv, `can't cd to ${target}${shell.ash ? `: ${found}` : ''}`, 2);
    return yield* fail(shell, argv, `${target}: ${found}`);
  }
  if (announce || found.viaCdPath) yield* shell.print(`${shell.variables.get('PWD')}\n`);
  return 0;
};

function* changeDirectory(shell: Shell, target: string, physical: boolean): Task<{ viaCdPath: boolean } | string> {
  const searched = !/^\.{0,2}(\/|$)/.test(target) ? (shell.variables.get('CDPATH') ?? '') : '';
  for (const base of searched === '' ? [] : searched.split(':')) {
    if (base !== '' && (yield* enter(shell, `${base}/${target}`, physical)) === undefined) return { viaCdPath: true };
  }
  const problem = yield* enter(shell, target, physical);
  return problem ?? { viaCdPath: false };
}

function* enter(shell: Shell, target: string, physical: boolean): Task<string | undefined> {
  const old = shell.variables.get('PWD') ?? shell.process.cwd;
  const logical = normalize(target.startsWith('/') ? target : `${old}/${target}`);
  try {
    const path = physical ? yield* shell.process.realpath(target) : logical;
    yield* shell.process.chdir(path);
    setDirectory(shell, old, path);
    return undefined;
  } catch (error) {
    if (!isErrno(error)) throw error;
    return error.message;
  }
}

function setDirectory(shell: Shell, old: string, path: string): void {
  shell.variables.set('OLDPWD', old);
  shell.variables.set('PWD', path);
  shell.variables.declare('PWD').exported = true;
  shell.variables.declare('OLDPWD').exported = true;
}

/** Takes out `.`, `..` and doubled slashes by name only. */
function normalize(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') out.pop();
    else out.push(part);
  }
  return `/${out.join('/')}`;
}

export const pwd: Builtin = function* (shell, argv) {
  const option = argv[1];
  if (option && /^-[^LP]/.test(option)) return yield* invalidOption(shell, argv, option.slice(0, 2), 'pwd [-LP]');
  const physical = option === '-P';
  const path = physical ? yield* shell.process.realpath('.') : (shell.variables.get('PWD') ?? shell.process.cwd);
  yield* shell.print(`${path}\n`);
  return 0;
};

const shorten = (shell: Shell, path: string): string => {
  const home = shell.variables.get('HOME');
  if (!home) return path;
  return path === home ? '~' : path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
};

function* show(shell: Shell): Task<number> {
  const stack = [shell.variables.get('PWD') ?? shell.process.cwd, ...shell.directories];
  yield* shell.print(`${stack.map((d) => shorten(shell, d)).join(' ')}\n`);
  return 0;
}

export const dirs: Builtin = function* (shell, argv) {
  if (argv.includes('-c')) {
    shell.directories = [];
    return 0;
  }
  const stack = [shell.variables.get('PWD') ?? shell.process.cwd, ...shell.directories];
  if (argv.includes('-v')) {
    yield* shell.print(stack.map((d, i) => `${String(i).padStart(2)}  ${shorten(shell, d)}\n`).join(''));
    return 0;
  }
  if (argv.includes('-p')) {
    yield* shell.print(stack.map((d) => `${shorten(shell, d)}\n`).join(''));
    return 0;
  }
  return yield* show(shell);
};

export const pushd: Builtin = function* (shell, argv) {
  const here = shell.variables.get('PWD') ?? shell.process.cwd;
  if (argv[1] === undefined) {
    const next = shell.directories.shift();
    if (next === undefined) return yield* fail(shell, argv, 'no other directory');
    shell.directories.unshift(here);
    yield* changeDirectory(shell, next, false);
    return yield* show(shell);
  }
  const found = yield* changeDirectory(shell, argv[1], false);
  if (typeof found === 'string') return yield* fail(shell, argv, `${argv[1]}: ${found}`);
  shell.directories.unshift(here);
  return yield* show(shell);
};

export const popd: Builtin = function* (shell, argv) {
  const next = shell.directories.shift();
  if (next === undefined) return yield* fail(shell, argv, 'directory stack empty');
  yield* changeDirectory(shell, next, false);
  return yield* show(shell);
};
