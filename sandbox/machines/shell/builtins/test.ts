/** `test` and `[`. */

import { evaluateTest, TestError } from '../../programs/files/test-expression.ts';
import { type Builtin, fail } from './types.ts';

export const test: Builtin = function* (shell, argv) {
  const args = argv.slice(1);
  if (argv[0] === '[') {
    if (args.pop() !== ']') return yield* fail(shell, argv, shell.dialect === 'dash' ? 'missing ]' : "missing `]'", 2);
  }
  const context = {
    process: shell.process,
    isSet: (name: string) => shell.parameter(name) !== undefined,
    optionSet: (name: string) => shell.option(name),
  };
  try {
    return (yield* evaluateTest(context, args)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    return yield* fail(shell, argv, error.message, 2);
  }
};
