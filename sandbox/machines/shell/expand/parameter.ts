/** Parameter expansion: `$x`, `${x:-…}`, `${x#…}`, `${x/…/…}`, `${x:1:2}`, `${!x}`, `${#x}`, `${x@Q}` and the rest. */

import type { ParameterExpansionPart, ParameterOperation, SimpleExpansionPart, Word } from 'unbash';
import type { Task } from '../../../sim/task.ts';
import { joinBytes } from '../../byte-text.ts';
import { refuseExpansion } from '../dialects/words.ts';
import { ShellError } from '../errors.ts';
import type { Shell } from '../shell.ts';
import { evaluateText } from './arithmetic-text.ts';
import type { Fields } from './fields.ts';
import { charactersOf, inLocale } from './locale.ts';
import { type Pattern, patternOf } from './pattern.ts';
import { transform } from './transform.ts';
import { expandPartsOf, expandPattern, expandString } from './word.ts';

/** What a parameter stands for: one value, or the list of `@` and `*`. */
export interface Parameter {
  readonly name: string;
  readonly values: string[] | undefined;
  readonly list: '@' | '*' | undefined;
}

export function* expandParameter(
  shell: Shell,
  part: SimpleExpansionPart | ParameterExpansionPart,
  fields: Fields,
  quoted: boolean,
): Task<void> {
  if (part.type === 'SimpleExpansion') {
    emit(shell, checked(shell, yield* lookUp(shell, part.text.slice(1), undefined)), fields, quoted);
    return;
  }
  if (part.operation?.type === 'Names' && shell.dialect === 'bash') {
    const names = shell.variables.names().filter((name) => name.startsWith(part.parameter));
    emit(shell, { name: part.parameter, values: names, list: part.operation.operator }, fields, quoted);
    return;
  }
  if (part.operation?.type === 'Unknown' && shell.dialect === 'bash')
    throw new ShellError(`${part.text}: bad substitution`);
  if (shell.dialect !== 'bash') refuseExpansion(shell, part);
  if (part.prefix === '#' && (part.index?.text === '@' || part.index?.text === '*')) {
    const count = String(shell.variables.count(part.parameter));
    if (quoted) fields.text(count, true);
    else fields.split(count);
    return;
  }
  const parameter = yield* target(shell, part);
  if (part.prefix === '#') {
    emitLength(shell, parameter, fields, quoted);
    return;
  }
  if (!part.operation) {
    emit(shell, checked(shell, parameter), fields, quoted);
    return;
  }
  if (part.operation.type === 'Default') yield* expandDefault(shell, parameter, part, part.operation, fields, quoted);
  else emit(shell, yield* operate(shell, checked(shell, parameter), part.operation), fields, quoted);
}

function* target(shell: Shell, part: ParameterExpansionPart): Task<Parameter> {
  const index = part.index?.text;
  if (part.prefix === '!' && (index === '@' || index === '*')) {
    return { name: part.parameter, values: shell.variables.keys(part.parameter), list: index };
  }
  const direct = yield* lookUp(shell, part.parameter, part.index);
  if (part.prefix !== '!') return direct;
  const raw = shell.variables.raw(part.parameter);
  if (raw?.nameref) return { name: part.parameter, values: [raw.scalar ?? ''], list: undefined };
  const name = direct.values?.[0];
  if (name === undefined || name === '') throw new ShellError(`${part.parameter}: invalid indirect expansion`);
  const element = /^(\w+)\[(.+)\]$/s.exec(name);
  if (element) {
    const [, array, subscript] = element as unknown as [string, string, string];
    if (subscript === '@' || subscript === '*') {
      return { name: array, values: shell.variables.values(array), list: subscript };
    }
    return scalar(name, shell.variables.element(array, subscript));
  }
  if (!/^([A-Za-z_]\w*|\d+|[@*#?$!-])$/.test(name)) throw new ShellError(`${name}: invalid variable name`);
  return yield* lookUp(shell, name, undefined);
}

function* lookUp(shell: Shell, name: string, index: Word | undefined): Task<Parameter> {
  if (index) {
    if (index.text === '@' || index.text === '*') {
      return { name, values: shell.variables.values(name), list: index.text };
    }
    const subscript = yield* expandSubscript(shell, name, index);
    return scalar(`${name}[${subscript}]`, shell.variables.element(name, subscript));
  }
  if (name === '@' || name === '*') return { name, values: shell.positional, list: name };
  return scalar(name, shell.parameter(name));
}

/** A subscript: text for associative arrays, arithmetic for the others. */
export function* expandSubscript(shell: Shell, name: string, index: Word): Task<string> {
  if (shell.variables.lookup(name)?.associative) return yield* expandString(shell, index);
  return String(yield* evaluateText(shell, index.text));
}

const scalar = (name: string, value: string | undefined): Parameter => ({
  name,
  values: value === undefined ? undefined : [value],
  list: undefined,
});

/** `set -u`. */
function checked(shell: Shell, parameter: Parameter): Parameter {
  if (parameter.values === undefined && shell.option('nounset')) {
    const name = /^\d+$/.test(parameter.name) ? `$${parameter.name}` : parameter.name;
    throw new ShellError(
      `${shell.dialect === 'dash' ? parameter.name : name}: ${shell.dialect === 'dash' ? 'parameter not set' : 'unbound variable'}`,
      'shell',
      shell.dialect === 'dash' ? 2 : 1,
    );
  }
  return parameter;
}

function emit(shell: Shell, parameter: Parameter, fields: Fields, quoted: boolean): void {
  const values = parameter.values ?? [];
  if (!parameter.list) {
    if (quoted) fields.text(values[0] ?? '', true);
    else fields.split(values[0] ?? '');
    return;
  }
  if (quoted && parameter.list === '*') {
    fields.text(values.join(shell.ifs === '' ? '' : shell.ifs[0]), true);
    return;
  }
  if (!fields.splitting && parameter.list === '*') {
    fields.text(values.join(shell.ifs === '' ? '' : shell.ifs[0]), quoted);
    return;
  }
  values.forEach((value, i) => {
    if (i > 0) fields.end();
    if (quoted) fields.text(value, true);
    else fields.split(value);
  });
}

const lengthOf = (shell: Shell, text: string): number =>
  /^[\x00-\x7f]*$/.test(text) ? text.length : charactersOf(shell, text).length;

function emitLength(shell: Shell, parameter: Parameter, fields: Fields, quoted: boolean): void {
  const count = parameter.list
    ? (parameter.values ?? []).length
    : lengthOf(shell, checked(shell, parameter).values?.[0] ?? '');
  if (quoted) fields.text(String(count), true);
  else fields.split(String(count));
}

function* expandDefault(
  shell: Shell,
  parameter: Parameter,
  part: ParameterExpansionPart,
  operation: ParameterOperation & { type: 'Default' },
  fields: Fields,
  quoted: boolean,
): Task<void> {
  const colon = operation.operator.startsWith(':');
  const joined = parameter.values?.join(' ');
  const present = parameter.list
    ? (parameter.values?.length ?? 0) > 0 && !(colon && joined === '')
    : parameter.values !== undefined && !(colon && joined === '');
  const operator = operation.operator.at(-1)!;
  if (operator === '+') {
    if (present) yield* emitOperand(shell, operation.operand, fields, quoted);
    else if (quoted && !parameter.list) fields.text('', true);
    return;
  }
  if (present) {
    emit(shell, parameter, fields, quoted);
    return;
  }
  if (operator === '-') yield* emitOperand(shell, operation.operand, fields, quoted);
  else if (operator === '=') {
    const value = yield* expandString(shell, operation.operand);
    if (part.index)
      shell.variables.setElement(part.parameter, yield* expandSubscript(shell, part.parameter, part.index), value);
    else if (!/^[A-Za-z_]/.test(part.parameter)) throw new ShellError(`$${part.parameter}: cannot assign in this way`);
    else shell.variables.set(part.parameter, value);
    if (quoted) fields.text(value, true);
    else fields.split(value);
  } else {
    const text = yield* expandString(shell, operation.operand);
    const unset = shell.dialect === 'bash' ? 'parameter null or not set' : 'parameter not set or null';
    const fallback = colon ? unset : 'parameter not set';
    throw new ShellError(
      `${parameter.name}: ${text === '' ? fallback : text}`,
      'shell',
      shell.dialect === 'dash' ? 2 : 1,
    );
  }
}

/** The operand of `-` and `+`: as the word it is; unquoted, its own blanks split too. */
function* emitOperand(shell: Shell, operand: Word, fields: Fields, quoted: boolean): Task<void> {
  // Between quotes even an empty operand makes a field.
  if (quoted) fields.text('', true);
  if (quoted || !fields.splitting) {
    yield* expandPartsOf(shell, operand, fields, quoted, !quoted);
    return;
  }
  if (!operand.parts) {
    if (/[\\~]/.test(operand.text)) yield* expandPartsOf(shell, operand, fields, false, true);
    else fields.split(operand.text);
    return;
  }
  for (const part of operand.parts) {
    if (part.type === 'Literal') fields.split(part.value);
    else yield* expandPartsOf(shell, { ...operand, text: part.text, parts: [part] } as Word, fields, false, true);
  }
}

function* operate(shell: Shell, parameter: Parameter, operation: ParameterOperation): Task<Parameter> {
  const map = (fn: (value: string) => string): Parameter => ({
    ...parameter,
    values: parameter.values?.map((value) => joinBytes(fn(inLocale(shell, value)))),
  });
  const size = parameter.values?.reduce((sum, value) => sum + value.length, 0) ?? 0;
  if (size > 100) yield* shell.process.spend(Math.ceil(size / 50));
  switch (operation.type) {
    case 'Remove': {
      const pattern = patternOf(inLocale(shell, yield* expandPattern(shell, operation.operand)));
      const longest = operation.operator.length === 2;
      return map(
        operation.operator[0] === '#'
          ? (value) => removePrefix(value, pattern, longest)
          : (value) => removeSuffix(value, pattern, longest),
      );
    }
    case 'Replace': {
      const pattern = patternOf(inLocale(shell, yield* expandPattern(shell, operation.pattern)));
      const replacement = yield* expandString(shell, operation.replacement);
      if (operation.pattern.text === '' && /^\/+$/.test(operation.operator)) return parameter;
      return map((value) => replace(value, pattern, replacement, operation.operator));
    }
    case 'Slice':
      return yield* slice(shell, parameter, operation.offset, operation.length);
    case 'CaseModification': {
      const source = operation.operand ? yield* expandPattern(shell, operation.operand) : '';
      const pattern = patternOf(source === '' ? '?' : source);
      const change = (c: string) => (operation.operator[0] === '^' ? c.toUpperCase() : c.toLowerCase());
      const all = operation.operator.length === 2;
      return map((value) =>
        [...value].map((c, i) => ((all || i === 0) && pattern.matches(c) ? change(c) : c)).join(''),
      );
    }
    case 'Transform':
      return yield* transform(shell, parameter, operation.operand.text);
    default:
      return parameter;
  }
}

function removePrefix(value: string, pattern: Pattern, longest: boolean): string {
  const end = pattern.matchAt(value, 0, longest);
  return end < 0 ? value : value.slice(end);
}

function removeSuffix(value: string, pattern: Pattern, longest: boolean): string {
  const start = pattern.matchEnd(value, longest);
  return start < 0 ? value : value.slice(0, start);
}

function replace(value: string, pattern: Pattern, replacement: string, operator: string): string {
  if (operator === '/#') {
    const end = pattern.matchAt(value, 0, true);
    return end < 0 ? value : replacement + value.slice(end);
  }
  if (operator === '/%') {
    const start = pattern.matchEnd(value, true);
    return start < 0 ? value : value.slice(0, start) + replacement;
  }
  const begins = pattern.starts(value);
  let out = '';
  let at = 0;
  while (at < value.length) {
    const end = begins(at) ? pattern.matchAt(value, at, true) : -1;
    if (end <= at) {
      out += value[at++];
      continue;
    }
    out += replacement;
    at = end;
    if (operator === '/') break;
  }
  return out + value.slice(at);
}

function* slice(shell: Shell, parameter: Parameter, offset: Word, length: Word | undefined): Task<Parameter> {
  if (parameter.values === undefined) return parameter;
  const from = Number(yield* evaluateText(shell, offset.text));
  const count = length ? Number(yield* evaluateText(shell, length.text)) : undefined;
  if (parameter.list) {
    const positional = parameter.name === '@' || parameter.name === '*';
    const all = positional ? [shell.name, ...parameter.values] : parameter.values;
    const start = from < 0 ? all.length + from : from;
    if (start < 0) return { ...parameter, values: [] };
    if (count !== undefined && count < 0) throw new ShellError(`${length!.text}: substring expression < 0`);
    return { ...parameter, values: all.slice(start, count === undefined ? undefined : start + count) };
  }
  const chars = charactersOf(shell, parameter.values[0]!);
  const start = from < 0 ? chars.length + from : from;
  if (start < 0 || start > chars.length) return { ...parameter, values: [''] };
  const end = count === undefined ? chars.length : count < 0 ? chars.length + count : start + count;
  if (end < start) throw new ShellError(`${length!.text}: substring expression < 0`);
  return { ...parameter, values: [joinBytes(chars.slice(start, end).join(''))] };
}
