/** echo and printf. */

import { escapes, printf as format } from '../../programs/format/printf.ts';
import { isUtf8 } from '../expand/locale.ts';
import { type Builtin, fail, invalidOption } from './types.ts';

export const echo: Builtin = function* (shell, argv) {
  let newline = true;
  let interpret = shell.dialect === 'dash' || shell.shopt.has('xpg_echo');
  let first = 1;
  while (first < argv.length && (shell.dialect === 'dash' ? /^-n$/ : /^-[neE]+$/).test(argv[first]!)) {
    for (const letter of argv[first]!.slice(1)) {
      if (letter === 'n') newline = false;
      else interpret = letter === 'e';
    }
    first++;
  }
  const text = argv.slice(first).join(' ');
  if (!interpret) {
    yield* shell.print(text + (newline ? '\n' : ''));
    return 0;
  }
  const [decoded, stopped] = escapes(text, isUtf8(shell), false);
  yield* shell.print(decoded + (newline && !stopped ? '\n' : ''));
  return 0;
};

export const printf: Builtin = function* (shell, argv) {
  const usage = 'printf [-v var] format [arguments]';
  let first = 1;
  let variable: string | undefined;
  if (argv[first] === '-v') {
    variable = argv[2];
    first = 3;
  }
  if (argv[first] === '--') first++;
  else if (argv[first]?.startsWith('-') && argv[first]!.length > 1 && first === 1) {
    return yield* invalidOption(shell, argv, argv[first]!.slice(0, 2), usage);
  }
  if (argv[first] === undefined) {
    yield* shell.write(2, `${shell.dialect === 'dash' ? shell.introduction() : ''}printf: usage: ${usage}\n`);
    return 2;
  }
  const result = format(argv[first]!, argv.slice(first + 1), shell.process.now(), isUtf8(shell));
  for (const [name, bytes] of result.counts) shell.variables.set(name, String(bytes));
  if (variable !== undefined) shell.variables.set(variable, result.text);
  else yield* shell.print(result.text);
  for (const error of result.errors) yield* fail(shell, argv, error);
  return result.errors.some((error) => !error.startsWith('warning: ')) ? 1 : 0;
};
