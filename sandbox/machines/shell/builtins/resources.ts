/** umask, ulimit, times. */

import { LIMITS as KERNEL_LIMITS } from '../../kernel/limits.ts';
import { type Builtin, fail, invalidOption } from './types.ts';

export const umask: Builtin = function* (shell, argv) {
  const symbolic = argv.includes('-S');
  const value = argv.slice(1).find((a) => !/^-[Sp]+$/.test(a));
  const { process } = shell;
  if (value === undefined) {
    const text = process.umask.toString(8).padStart(4, '0');
    yield* shell.print(`${symbolic ? symbolicMask(process.umask) : text}\n`);
    return 0;
  }
  if (/^[0-7]+$/.test(value)) {
    process.umask = Number.parseInt(value, 8) & 0o777;
    return 0;
  }
  if (/^\d+$/.test(value)) return yield* fail(shell, argv, `${value}: octal number out of range`);
  const changed = applySymbolic(~process.umask & 0o777, value);
  if (changed === undefined) return yield* fail(shell, argv, `\`${value[0]}': invalid symbolic mode operator`);
  process.umask = ~changed & 0o777;
  return 0;
};

const symbolicMask = (mask: number): string =>
  ['u', 'g', 'o']
    .map((who, i) => {
      const bits = (~mask >> (6 - 3 * i)) & 7;
      return `${who}=${bits & 4 ? 'r' : ''}${bits & 2 ? 'w' : ''}${bits & 1 ? 'x' : ''}`;
    })
    .join(',');

function applySymbolic(mode: number, text: string): number | undefined {
  let result = mode;
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause);
    if (!match) return undefined;
    const [, who, operator, permissions] = match as unknown as [string, string, string, string];
    const bits =
      (permissions.includes('r') ? 4 : 0) | (permissions.includes('w') ? 2 : 0) | (permissions.includes('x') ? 1 : 0);
    for (const [letter, shift] of [
      ['u', 6],
      ['g', 3],
      ['o', 0],
    ] as const) {
      if (who !== '' && !who.includes('a') && !who.includes(letter)) continue;
      if (operator === '=') result = (result & ~(7 << shift)) | (bits << shift);
      else if (operator === '+') result |= bits << shift;
      else result &= ~(bits << shift);
    }
  }
  return result;
}

const PROCESSES = KERNEL_LIMITS.processes;

/** Debian 12's limits for root. */
const LIMITS: readonly (readonly [letter: string, name: string, unit: string, value: string])[] = [
  ['R', 'real-time non-blocking time', '(microseconds, -R)', 'unlimited'],
  ['c', 'core file size', '(blocks, -c)', '0'],
  ['d', 'data seg size', '(kbytes, -d)', 'unlimited'],
  ['e', 'scheduling priority', '(-e)', '0'],
  ['f', 'file size', '(blocks, -f)', 'unlimited'],
  ['i', 'pending signals', '(-i)', String(PROCESSES)],
  ['l', 'max locked memory', '(kbytes, -l)', '496332'],
  ['m', 'max memory size', '(kbytes, -m)', 'unlimited'],
  ['n', 'open files', '(-n)', '1024'],
  ['p', 'pipe size', '(512 bytes, -p)', '8'],
  ['q', 'POSIX message queues', '(bytes, -q)', '819200'],
  ['r', 'real-time priority', '(-r)', '0'],
  ['s', 'stack size', '(kbytes, -s)', '8192'],
  ['t', 'cpu time', '(seconds, -t)', 'unlimited'],
  ['u', 'max user processes', '(-u)', String(PROCESSES)],
  ['v', 'virtual memory', '(kbytes, -v)', 'unlimited'],
  ['x', 'file locks', '(-x)', 'unlimited'],
];

export const ulimit: Builtin = function* (shell, argv) {
  const letters = argv
    .slice(1)
    .filter((a) => a.startsWith('-'))
    .join('')
    .replace(/[-SH]/g, '');
  const value = argv.slice(1).find((a) => !a.startsWith('-'));
  const limitOf = (letter: string, fallback: string) => shell.limits.get(letter) ?? fallback;
  if (letters.includes('a')) {
    for (const [letter, name, unit, fallback] of LIMITS) {
      yield* shell.print(
        `${name.padEnd(name.length + Math.max(0, 47 - name.length - unit.length))}${unit} ${limitOf(letter, fallback)}\n`,
      );
    }
    return 0;
  }
  const letter = letters === '' ? 'f' : letters[0]!;
  const limit = LIMITS.find(([l]) => l === letter);
  if (!limit) return yield* invalidOption(shell, argv, `-${letter}`, 'ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]');
  if (value === undefined) {
    yield* shell.print(`${limitOf(letter, limit[3])}\n`);
    return 0;
  }
  if (!/^(\d+|unlimited|hard|soft)$/.test(value)) return yield* fail(shell, argv, `${value}: invalid number`);
  shell.limits.set(letter, value);
  return 0;
};

export const times: Builtin = function* (shell) {
  yield* shell.print('0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n');
  return 0;
};
