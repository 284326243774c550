/** An expression read and checked against what is declared, its errors as cel-go shows them (cel-go common/errors.go, parser/errors.go). */

import { Environment, type ParseError } from '@marcbachmann/cel-js';
import { type CheckError, type Checked, check, type Variables } from './checker.ts';
import { costOf, type SizeAt } from './cost.ts';
import { type Expression, expressionOf, MacroError } from './expression.ts';
import type { CelType } from './type.ts';

export interface Compiled {
  /** Whole, with the place of each under its line; undefined when there are none. */
  readonly issues?: string;
  readonly type: CelType;
  readonly variables: ReadonlySet<string>;
  /** The most that it may cost. */
  maxCost(sizeAt: SizeAt): number;
}

let parser: Environment | undefined;

const UNREAD: CelType = { kind: 'error', name: '!error!', params: [] };

export function compile(text: string, variables: Variables): Compiled {
  let expression: Expression;
  try {
    parser ??= new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true });
    expression = expressionOf(parser.parse(text).ast);
  } catch (error) {
    const wrong = error instanceof MacroError ? { at: error.at, text: error.message } : undefined;
    const issues = shown(text, [wrong ?? syntaxError(text, error as ParseError)]);
    return { issues, type: UNREAD, variables: new Set(), maxCost: () => 0 };
  }
  const checked: Checked = check(expression, variables);
  return {
    ...(checked.errors.length > 0 && { issues: shown(text, checked.errors) }),
    type: checked.typeOf(expression),
    variables: checked.variables,
    maxCost: (sizeAt) => costOf(expression, checked, sizeAt).max,
  };
}

const OPERANDS =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

/** ANTLR's words where an operand is missing; cel-js's own for what else is amiss. */
function syntaxError(text: string, { code, summary, range, node, message }: ParseError): CheckError {
  const at = range?.start ?? node?.pos ?? 0;
  if (code === 'invalid_macro_argument') return { at, text: 'argument must be a simple name' };
  if (code !== 'unexpected_token') return { at, text: `Syntax error: ${summary ?? message.split('\n')[0]}` };
  const token = at >= text.length ? '<EOF>' : text.slice(at, range?.end ?? at + 1);
  return { at, text: `Syntax error: mismatched input '${token}' expecting ${OPERANDS}` };
}

const shown = (text: string, errors: readonly CheckError[]): string =>
  errors.map((error) => display(text, error)).join('\n');

/** ToDisplayString: the line, and an arrow below the column. */
function display(source: string, { at, text }: CheckError): string {
  const before = source.slice(0, at).split('\n');
  const column = before.at(-1)!.length;
  const line = source.split('\n')[before.length - 1]!.replaceAll('\t', ' ');
  return `ERROR: <input>:${before.length}:${column + 1}: ${text}\n | ${line}\n | ${'.'.repeat(column)}^`;
}
