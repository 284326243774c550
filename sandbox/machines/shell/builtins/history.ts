/** history, fc, and the completion builtins. */

import { byBytes } from '../expand/glob.ts';
import type { Builtin } from './types.ts';
import { fail } from './types.ts';
import { KEYWORDS } from './words.ts';

export const history: Builtin = function* (shell, argv) {
  const args = argv.slice(1);
  const first = args[0];
  if (first === '-c') {
    shell.history.length = 0;
    return 0;
  }
  if (first === '-w' || first === '-a') {
    const path = args[1] ?? shell.variables.get('HISTFILE');
    if (path) yield* shell.process.writeFile(path, shell.history.map((l) => `${l}\n`).join(''), { mode: 0o600 });
    return 0;
  }
  if (first === '-r' || first === '-n') return 0;
  if (first === '-d') {
    const at = Number(args[1]);
    if (!Number.isInteger(at) || at < 1 || at > shell.history.length) {
      return yield* fail(shell, argv, `${args[1] ?? ''}: history position out of range`);
    }
    shell.history.splice(at - 1, 1);
    return 0;
  }
  if (first === '-s') {
    shell.history.push(args.slice(1).join(' '));
    return 0;
  }
  if (first !== undefined && !/^\d+$/.test(first)) {
    return yield* fail(shell, argv, `${first}: numeric argument required`);
  }
  const count = first === undefined ? shell.history.length : Math.min(Number(first), shell.history.length);
  const start = shell.history.length - count;
  for (let i = start; i < shell.history.length; i++) {
    yield* shell.print(`${String(i + 1).padStart(5)}  ${shell.history[i]}\n`);
  }
  return 0;
};

export const fc: Builtin = function* (shell, argv) {
  if (!argv.includes('-l')) return yield* fail(shell, argv, 'no command found');
  const recent = shell.history.slice(-16);
  const base = shell.history.length - recent.length;
  for (const [i, line] of recent.entries()) yield* shell.print(`${base + i + 1}\t ${line}\n`);
  return 0;
};

/** Programmable completion is built in here (readline/completion.ts): specifications are accepted and not needed. */
export const complete: Builtin = function* () {
  return 0;
};

export const compopt: Builtin = function* () {
  return 0;
};

export const compgen: Builtin = function* (shell, argv) {
  const words: string[] = [];
  let prefix = '';
  for (let i = 1; i < argv.length; i++) {
    const arg = argv[i]!;
    if (arg === '-W') words.push(...(argv[++i] ?? '').split(/\s+/).filter((w) => w !== ''));
    else if (arg === '-b') words.push(...Object.keys(shell.builtins));
    else if (arg === '-k') words.push(...KEYWORDS);
    else if (arg === '-a') words.push(...shell.aliases.keys());
    else if (arg === '-v') words.push(...shell.variables.names());
    else if (arg === '-A') {
      if (argv[++i] === 'function') words.push(...shell.functions.keys());
    } else if (!arg.startsWith('-')) prefix = arg;
  }
  const found = words.filter((w) => w.startsWith(prefix));
  if (!argv.includes('-W')) found.sort(byBytes);
  for (const word of found) yield* shell.print(`${word}\n`);
  return found.length > 0 ? 0 : 1;
};
