/** `[[ … ]]`: pattern and regular-expression matching, file tests, arithmetic comparisons. */

import type { TestBinaryExpression, TestExpression } from 'unbash';
import type { Task } from '../../sim/task.ts';
import { compareFiles, fileTest, UNARY_FILE_TESTS } from '../programs/files/file-tests.ts';
import { compareIntegers } from '../programs/files/integer-tests.ts';
import { compileRegex } from '../programs/regex/regex.ts';
import { CommandError, ShellError } from './errors.ts';
import { evaluateHere } from './expand/arithmetic-text.ts';
import { byBytes } from './expand/glob.ts';
import { inLocale } from './expand/locale.ts';
import { patternOf } from './expand/pattern.ts';
import { expandPattern, expandRegex, expandString } from './expand/word.ts';
import type { Shell } from './shell.ts';
import { trace as traceLine } from './trace.ts';

export function* testExpression(shell: Shell, expression: TestExpression): Task<number> {
  return (yield* holds(shell, expression)) ? 0 : 1;
}

function* holds(shell: Shell, node: TestExpression): Task<boolean> {
  switch (node.type) {
    case 'TestGroup':
      return yield* holds(shell, node.expression);
    case 'TestNot':
      return (yield* holds(shell, node.operand)) !== (node.negations.length % 2 === 1);
    case 'TestLogical': {
      const all = node.operator === '&&';
      for (const operand of node.operands) if ((yield* holds(shell, operand)) !== all) return !all;
      return all;
    }
    case 'TestUnary':
      return yield* unary(shell, node.operator, yield* expandString(shell, node.operand));
    case 'TestBinary':
      return yield* binary(shell, node);
  }
}

function* trace(shell: Shell, text: string): Task<void> {
  yield* traceLine(shell, () => `[[ ${text} ]]`);
}

function* unary(shell: Shell, operator: string, operand: string): Task<boolean> {
  yield* trace(shell, `${operator} ${operand || "''"}`);
  switch (operator) {
    case '-n':
      return operand !== '';
    case '-z':
      return operand === '';
    case '-v': {
      const element = /^(\w+)\[(.*)\]$/s.exec(operand);
      if (!element) return shell.parameter(operand) !== undefined;
      if (element[2] === '@' || element[2] === '*') return shell.variables.values(element[1]!).length > 0;
      return shell.variables.element(element[1]!, element[2]!) !== undefined;
    }
    case '-R':
      return shell.variables.raw(operand)?.nameref ?? false;
    case '-o':
      return shell.option(operand);
    case '-t':
      return shell.process.files.get(Number(operand))?.tty !== undefined;
    default:
      if (UNARY_FILE_TESTS.has(operator)) return yield* fileTest(shell.process, operator, operand);
      throw new CommandError(`${operator}: unary operator expected`, 2);
  }
}

function* binary(shell: Shell, node: TestBinaryExpression): Task<boolean> {
  const left = yield* expandString(shell, node.left);
  const { operator } = node;
  const ignoreCase = shell.shopt.has('nocasematch');
  if (operator === '==' || operator === '=' || operator === '!=') {
    const pattern = yield* expandPattern(shell, node.right);
    yield* trace(shell, `${left || "''"} ${operator} ${pattern || "''"}`);
    return patternOf(inLocale(shell, pattern), { ignoreCase }).matches(inLocale(shell, left)) === (operator !== '!=');
  }
  if (operator === '=~') {
    const regex = yield* expandRegex(shell, node.right);
    yield* trace(shell, `${left || "''"} =~ ${regex || "''"}`);
    return matchRegex(shell, left, regex, ignoreCase);
  }
  const right = yield* expandString(shell, node.right);
  yield* trace(shell, `${left || "''"} ${operator} ${right || "''"}`);
  if (operator === '<' || operator === '>')
    return operator === '<' ? byBytes(left, right) < 0 : byBytes(left, right) > 0;
  if (operator === '-nt' || operator === '-ot' || operator === '-ef') {
    return yield* compareFiles(shell.process, left, operator, right);
  }
  return compareIntegers(arithmetic(shell, left), operator, arithmetic(shell, right));
}

function arithmetic(shell: Shell, text: string): bigint {
  try {
    return evaluateHere(shell, text);
  } catch (error) {
    if (!(error instanceof ShellError)) throw error;
    throw new CommandError(`[[: ${error.message}`);
  }
}

function matchRegex(shell: Shell, text: string, source: string, ignoreCase: boolean): boolean {
  let match: readonly (string | undefined)[] | undefined;
  try {
    match = compileRegex(source, { extended: true, ignoreCase }).exec(text)?.groups;
  } catch {
    throw new CommandError('', 2);
  }
  shell.variables.setArray(
    'BASH_REMATCH',
    (match ?? []).map((value) => ({ value: value ?? '' })),
  );
  return match !== undefined;
}
