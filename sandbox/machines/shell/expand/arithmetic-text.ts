/** Arithmetic as it stands in a script: expansions first, as between double quotes, then the expression. */

import type { Task } from '../../../sim/task.ts';
import { arithmeticFailure, posixArithmetic } from '../dialects/arithmetic.ts';
import type { Shell } from '../shell.ts';
import { quotedPartsOf } from '../syntax.ts';
import { ArithmeticError, evaluate } from './arithmetic.ts';
import { expandQuotedParts } from './word.ts';

export function* evaluateText(shell: Shell, source: string): Task<bigint> {
  const text = /[$`\\"']/.test(source) ? yield* expandQuotedParts(shell, quotedPartsOf(source)) : source;
  return evaluateHere(shell, text);
}

/** The value of an expression without expansions in it. */
export function evaluateHere(shell: Shell, text: string): bigint {
  try {
    const expression = shell.dialect === 'bash' ? text : posixArithmetic(shell, text);
    return evaluate(expression, shell.arithmetic);
  } catch (error) {
    if (error instanceof ArithmeticError) throw arithmeticFailure(shell, error, text);
    throw error;
  }
}
