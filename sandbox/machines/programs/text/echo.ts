/** echo, printf, yes, true, false, seq as programs. */

import type { Program } from '../../process.ts';
import { encode } from '../bytes.ts';
import { escapes, printf as format } from '../format/printf.ts';
import { usageError } from '../getopt.ts';

export const echo: Program = function* (process, argv) {
  let newline = true;
  let interpret = false;
  let first = 1;
  while (first < argv.length && /^-[neE]+$/.test(argv[first]!)) {
    for (const letter of argv[first]!.slice(1)) {
      if (letter === 'n') newline = false;
      else interpret = letter === 'e';
    }
    first++;
  }
  const text = argv.slice(first).join(' ');
  const [out, stopped] = interpret ? escapes(text) : [text, false];
  yield* process.print(out + (newline && !stopped ? '\n' : ''));
  return 0;
};

export const printf: Program = function* (process, argv) {
  const args = argv[1] === '--' ? argv.slice(2) : argv.slice(1);
  if (args[0] === undefined) return yield* usageError(process, 'printf', 'missing operand');
  const result = format(args[0], args.slice(1), process.now());
  yield* process.print(result.text);
  for (const error of result.errors) {
    yield* process.error(`printf: ${error.replace(/^(.*): invalid number$/, "'$1': expected a numeric value")}\n`);
  }
  return result.errors.length > 0 ? 1 : 0;
};

export const yes: Program = function* (process, argv) {
  const line = `${argv.length > 1 ? argv.slice(1).join(' ') : 'y'}\n`;
  // As the real one: a buffer full of lines, written over and over.
  const block = encode(line.repeat(Math.max(1, Math.floor(8192 / line.length))));
  for (;;) {
    yield* process.spend(10 + block.length / 200);
    yield* process.stdout.write(block);
  }
};

export const succeed: Program = function* () {
  return 0;
};

export const falsehood: Program = function* () {
  return 1;
};
