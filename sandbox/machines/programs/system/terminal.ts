/** clear, reset, tput. */

import { own } from '../../../sim/own.ts';
import type { Program } from '../../process.ts';

export const clear: Program = function* (process) {
  yield* process.print('\x1b[H\x1b[2J\x1b[3J');
  return 0;
};

export const reset: Program = function* (process) {
  if (process.tty) process.tty.modes = { ...process.tty.modes, canonical: true, echo: true, signals: true };
  yield* process.print('\x1bc\x1b[!p\x1b[?3;4l\x1b[4l\x1b>');
  return 0;
};

const CAPABILITIES: Readonly<Record<string, string>> = {
  bold: '\x1b[1m',
  clear: '\x1b[H\x1b[2J\x1b[3J',
  sgr0: '\x1b(B\x1b[m',
  rev: '\x1b[7m',
  smul: '\x1b[4m',
  rmul: '\x1b[24m',
  dim: '\x1b[2m',
  el: '\x1b[K',
  ed: '\x1b[J',
  home: '\x1b[H',
  civis: '\x1b[?25l',
  cnorm: '\x1b[?12l\x1b[?25h',
  smcup: '\x1b[?1049h\x1b[22;0;0t',
  rmcup: '\x1b[?1049l\x1b[23;0;0t',
};

export const tput: Program = function* (process, argv) {
  const [name, ...args] = argv.slice(1);
  const tty = process.tty;
  if (name === 'cols') yield* process.print(`${tty?.columns ?? 80}\n`);
  else if (name === 'lines') yield* process.print(`${tty?.rows ?? 24}\n`);
  else if (name === 'colors') yield* process.print('256\n');
  else if (name === 'setaf' || name === 'setab') {
    const n = Number(args[0] ?? 0);
    yield* process.print(
      n < 8 ? `\x1b[${name === 'setaf' ? 3 : 4}${n}m` : `\x1b[${name === 'setaf' ? 38 : 48};5;${n}m`,
    );
  } else if (name === 'cup') yield* process.print(`\x1b[${Number(args[0]) + 1};${Number(args[1]) + 1}H`);
  else if (name !== undefined && own(CAPABILITIES, name) !== undefined) yield* process.print(own(CAPABILITIES, name)!);
  else {
    yield* process.error(
      name === undefined
        ? 'usage: tput [-V] [-S] [-T term] capname\n'
        : `tput: unknown terminfo capability '${name}'\n`,
    );
    return name === undefined ? 2 : 4;
  }
  return 0;
};
