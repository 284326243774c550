/** cel-js's errors in cel-go's words (cel-go common/error.go, checker/errors.go, common/types/err.go). */

import { EvaluationError, ParseError, TypeError as TypeMismatch } from '@marcbachmann/cel-js';

/** What a function of the library, or a variable that is worked out when it is asked for, complains of. */
export class CelError extends Error {}

type CheckError = ParseError | TypeMismatch | EvaluationError;
type Node = NonNullable<CheckError['node']>;

/** Why an expression came to no value. */
export function evaluationProblem(error: unknown): string {
  if (error instanceof CelError) return error.message;
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

/** Why an expression cannot be compiled, with the place: `ERROR: <input>:1:5: …` and the line under it. `isFunction` tells names of functions. */
export function compilationProblem(error: unknown, expression: string, isFunction: (name: string) => boolean): string {
  if (error instanceof ParseError) {
    const [message, position] = syntaxProblem(error, expression);
    return located(expression, position, `Syntax error: ${message}`);
  }
  if (error instanceof TypeMismatch || error instanceof EvaluationError)
    return located(expression, positionOf(error, expression), typeProblem(error, isFunction));
  throw error;
}

function located(expression: string, position: number, message: string): string {
  const before = expression.slice(0, position);
  const start = before.lastIndexOf('\n') + 1;
  const [line = ''] = expression.slice(start).split('\n');
  const column = position - start;
  const number = before.split('\n').length;
  return `ERROR: <input>:${number}:${column + 1}: ${message}\n | ${line}\n | ${'.'.repeat(column)}^`;
}

/** What ANTLR expects where a value begins. */
const PRIMARY =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

const TOKENS: Readonly<Record<string, string>> = { RPAREN: "')'", RBRACKET: "']'", RBRACE: "'}'", COLON: "':'" };

function syntaxProblem({ code, summary, range }: ParseError, expression: string): readonly [string, number] {
  const position = range?.start ?? 0;
  const found = position >= expression.length ? '<EOF>' : tokenAt(expression, position);
  const expected = TOKENS[/^Expected (\w+)/.exec(summary)?.[1] ?? ''];
  switch (code) {
    case 'unexpected_token':
      return [`mismatched input '${found}' expecting ${PRIMARY}`, position];
    case 'expected_token':
      return [
        expected ? `mismatched input '${found}' expecting ${expected}` : `no viable alternative at input '${found}'`,
        position,
      ];
    case 'unexpected_character':
      return [`extraneous input '${found}' expecting <EOF>`, position];
    case 'unterminated_string':
      return [`token recognition error at: '${expression.slice(position)}'`, position];
    case 'reserved_identifier':
      return [`reserved identifier: ${found}`, position];
    default:
      return [summary.charAt(0).toLowerCase() + summary.slice(1), position];
  }
}

const tokenAt = (expression: string, position: number): string =>
  /^(?:\w+|[=!<>&|]{1,2}|[\s\S])/.exec(expression.slice(position))![0];

function typeProblem({ code, summary }: TypeMismatch | EvaluationError, isFunction: (name: string) => boolean): string {
  const name = /: (\S+)$/.exec(summary)?.[1] ?? '';
  const [, quoted = ''] = /'(.*)'/.exec(summary) ?? [];
  switch (code) {
    case 'unknown_variable':
      return `undeclared reference to '${name}' (in container '')`;
    case 'no_such_key':
      return `undefined field '${name}'`;
    case 'cannot_index_type':
      return `type '${celType(quoted)}' does not support field selection`;
    case 'no_such_overload':
      return overload(summary.replace(/^no such overload: /, ''));
    case 'no_matching_overload':
      return calledWith(quoted, isFunction);
    case 'invalid_logical_operand':
    case 'invalid_condition_type':
      return `expected type 'bool' but found '${celType(quoted)}'`;
    case 'invalid_comprehension_range':
      return `expression of type '${celType(/'([^']*)'/.exec(summary)?.[1] ?? '')}' cannot be range of a comprehension (must be list, map, or dynamic)`;
    default:
      return summary.charAt(0).toLowerCase() + summary.slice(1);
  }
}

/** `int + string`, `!int`. */
function overload(operands: string): string {
  const unary = /^([!-])(.+)$/.exec(operands);
  if (unary) return `found no matching overload for '${unary[1]}_' applied to '(${celType(unary[2]!)})'`;
  const [, left = '', operator = '', right = ''] = /^(.+?) (==|!=|<=|>=|[<>+*/%-]|in) (.+)$/.exec(operands) ?? [];
  const name = operator === 'in' ? '@in' : `_${operator}_`;
  return `found no matching overload for '${name}' applied to '(${celType(left)}, ${celType(right)})'`;
}

/** `startsWith(string)`, `int.startsWith(string)`: the receiver may be a type with parameters and dots in its name. */
function calledWith(call: string, isFunction: (name: string) => boolean): string {
  const [, before = '', name = '', types = ''] = /^(?:(.*)\.)?(\w+)\((.*)\)$/.exec(call) ?? [];
  if (!isFunction(name)) return `undeclared reference to '${name}' (in container '')`;
  return `found no matching overload for '${name}' applied to '${before && `${celType(before)}.`}(${celType(types)})'`;
}

/** cel-js's name of a type as cel-go's: `list<int>` is `list(int)`. */
export function celType(name: string): string {
  const plain = name.replace(/\bdyn<([^<>]*)>/g, '$1');
  if (plain === 'list') return 'list(dyn)';
  if (plain === 'map') return 'map(dyn, dyn)';
  return plain
    .replaceAll('<', '(')
    .replaceAll('>', ')')
    .replace(/\boptional\(/g, 'optional_type(')
    .replace(/^null$/, 'null_type');
}

/** Where cel-go says that a node is: a selection at its dot, a call at its bracket, an operator where it stands. */
function positionOf({ node, range }: TypeMismatch | EvaluationError, expression: string): number {
  const start = range?.start ?? 0;
  if (!node?.op) return start;
  const args = node.args as readonly unknown[];
  switch (node.op) {
    case '.':
    case '.?':
      return Math.max(expression.lastIndexOf('.', start - 1), 0);
    case 'call':
      return expression.indexOf('(', node.start);
    case 'rcall': {
      const { end } = args[1] as Node;
      const call = new RegExp(`\\.\\s*${String(args[0])}\\s*\\(`).exec(expression.slice(end));
      return call ? end + call.index + call[0].length - 1 : start;
    }
    case 'id':
    case 'value':
    case '!_':
    case '-_':
      return start;
    default: {
      const sign = node.op === '?:' ? '?' : node.op === '[]' ? '[' : node.op;
      const left = args[0] as Node | undefined;
      const at = left?.end === undefined ? -1 : expression.indexOf(sign, left.end);
      return at < 0 ? start : at;
    }
  }
}
