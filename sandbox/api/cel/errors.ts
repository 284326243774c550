/** cel-js's errors at run time in cel-go's words (cel-go common/types/err.go). */

import { EvaluationError } from '@marcbachmann/cel-js';

/** What a function of the library, or a variable that is worked out when it is asked for, complains of. */
export class CelError extends Error {}

/** Why an expression came to no value. */
export function evaluationProblem(error: unknown): string {
  if (error instanceof CelError) return error.message;
  // A string longer than there can be, or calls deeper than there can be: what upstream's limits end before.
  if (error instanceof RangeError) return 'operation cancelled: actual cost limit exceeded';
  if (!(error instanceof EvaluationError)) throw error;
  const { code, summary } = error;
  const own = AT_RUN_TIME[code];
  if (own !== undefined) return own;
  const index = /index (-?\d+)/.exec(summary)?.[1];
  if (code === 'index_out_of_bounds' && index !== undefined) return `index out of bounds: ${index}`;
  return summary.charAt(0).toLowerCase() + summary.slice(1);
}

const AT_RUN_TIME: Readonly<Record<string, string>> = {
  no_such_overload: 'no such overload',
  no_matching_overload: 'no such overload',
  invalid_logical_operand: 'no such overload',
  invalid_condition_type: 'no such overload',
  invalid_comparison_type: 'no such overload',
  invalid_comprehension_range: 'no such overload',
  int_conversion_error: "type conversion error from 'string' to 'int'",
  uint_conversion_error: "type conversion error from 'string' to 'uint'",
  double_conversion_error: "type conversion error from 'string' to 'double'",
  bool_conversion_error: "type conversion error from 'string' to 'bool'",
  modulo_by_zero: 'modulus by zero',
  numeric_overflow: 'integer overflow',
  optional_value_missing: 'optional.none() dereference',
};
