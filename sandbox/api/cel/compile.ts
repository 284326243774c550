/** An expression read and checked against what is declared, its errors as cel-go shows them (cel-go common/errors.go, parser/errors.go). */

import { Environment, type ParseError } from '@marcbachmann/cel-js';
import { balanceLogic } from './balance.ts';
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

/** defaultExpressionSizeCodePointLimit. */
const LONGEST = 100_000;

const unread = (issues: string): Compiled => ({ issues, type: UNREAD, variables: new Set(), maxCost: () => 0 });

interface Options {
  /** Items of one literal may be of several types (without cel.HomogeneousAggregateLiterals). */
  readonly mixed?: boolean;
}

export function compile(text: string, variables: Variables, { mixed = false }: Options = {}): Compiled {
  let expression: Expression;
  const size = text.length > LONGEST ? [...text].length : 0;
  if (size > LONGEST)
    return unread(nowhere(`expression code point size exceeds limit: size: ${size}, limit ${LONGEST}`));
  try {
    parser ??= new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true });
    const { ast } = parser.parse(text);
    balanceLogic(ast);
    expression = expressionOf(ast);
  } catch (error) {
    const wrong = error instanceof MacroError ? { at: error.at, text: error.message } : undefined;
    const issues = tooDeep(error) ?? shown(text, [wrong ?? syntaxError(text, error as ParseError)]);
    return unread(issues);
  }
  const checked: Checked = check(expression, variables, mixed);
  return {
    ...(checked.errors.length > 0 && { issues: shown(text, checked.errors) }),
    type: checked.typeOf(expression),
    variables: checked.variables,
    maxCost: (sizeAt) => costOf(expression, checked, sizeAt).max,
  };
}

/** What is wrong with it as a whole (common.NoLocation). */
const nowhere = (text: string): string => `ERROR: <input>:-1:0: ${text}`;

/** Nested deeper than the parser, or what goes down its tree, can follow: without a place (cel-go parser/parser.go, recursionError). */
function tooDeep(error: unknown): string | undefined {
  const deep = error instanceof RangeError || /maxDepth/.test((error as ParseError).summary ?? '');
  return deep ? nowhere('expression recursion limit exceeded: 250') : undefined;
}

/** What ANTLR expects where a value begins. */
const PRIMARY =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

const TOKENS: Readonly<Record<string, string>> = { RPAREN: "')'", RBRACKET: "']'", RBRACE: "'}'", COLON: "':'" };

function syntaxError(expression: string, error: ParseError): CheckError {
  if (error.code === 'invalid_macro_argument')
    return { at: error.range?.start ?? error.node?.pos ?? 0, text: 'argument must be a simple name' };
  const [text, at] = syntaxProblem(expression, error);
  return { at, text: `Syntax error: ${text}` };
}

function syntaxProblem(expression: string, { code, summary, range }: ParseError): readonly [string, number] {
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

const shown = (text: string, errors: readonly CheckError[]): string =>
  errors.map((error) => display(text, error)).join('\n');

/** ToDisplayString: the line, and an arrow below the column. */
function display(source: string, { at, text }: CheckError): string {
  const before = source.slice(0, at).split('\n');
  const column = before.at(-1)!.length;
  const line = source.split('\n')[before.length - 1]!.replaceAll('\t', ' ');
  return `ERROR: <input>:${before.length}:${column + 1}: ${text}\n | ${line}\n | ${'.'.repeat(column)}^`;
}
