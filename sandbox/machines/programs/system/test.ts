/** test(1) and [. */

import type { Program } from '../../process.ts';
import { evaluateTest, TestError } from '../files/test-expression.ts';

const testProgram = (bracket: boolean): Program =>
  function* (process, argv) {
    const name = bracket ? '[' : 'test';
    const args = argv.slice(1);
    if (bracket && args.pop() !== ']') {
      yield* process.error("[: missing ']'\n");
      return 2;
    }
    try {
      return (yield* evaluateTest({ process }, args)) ? 0 : 1;
    } catch (error) {
      if (!(error instanceof TestError)) throw error;
      const message = error.message
        .replace(/^(.*): integer expression expected$/, "invalid integer '$1'")
        .replace(/^(.*): (unary|binary) operator expected$/, "'$1': $2 operator expected");
      yield* process.error(`${name}: ${message}\n`);
      return 2;
    }
  };

export const test = testProgram(false);
export const bracket = testProgram(true);
