/** getopt_long(3): short and long options, permuted with operands, and its messages. */

import type { Task } from '../../sim/task.ts';
import type { Process } from '../process.ts';

export interface OptionSpec {
  /** As getopt: `ab:c::`; a leading `+` stops at the first operand. */
  readonly short: string;
  /** Long name → the short letter (or name) it stands for, with `:` for a value, `::` for an optional one. */
  readonly long?: Readonly<Record<string, string>>;
}

export interface Options {
  /** In the order given. */
  readonly list: readonly (readonly [name: string, value: string])[];
  readonly operands: string[];
  has(name: string): boolean;
  /** The last value given. */
  get(name: string): string | undefined;
  all(name: string): string[];
}

/** A wrong option: the message without the program's name. */
export class OptionError extends Error {}

export function parseOptions(args: readonly string[], spec: OptionSpec): Options {
  const list: [string, string][] = [];
  const operands: string[] = [];
  const inOrder = spec.short.startsWith('+');
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      for (const operand of args.slice(i + 1)) operands.push(operand);
      break;
    }
    if (arg.startsWith('--')) {
      i = takeLong(args, i, spec, list);
      continue;
    }
    if (arg.length > 1 && arg[0] === '-') {
      i = takeShort(args, i, spec, list);
      continue;
    }
    if (inOrder) {
      for (const operand of args.slice(i)) operands.push(operand);
      break;
    }
    operands.push(arg);
  }
  return {
    list,
    operands,
    has: (name) => list.some(([n]) => n === name),
    get: (name) => list.findLast(([n]) => n === name)?.[1],
    all: (name) => list.filter(([n]) => n === name).map(([, value]) => value),
  };
}

function takeShort(args: readonly string[], at: number, spec: OptionSpec, list: [string, string][]): number {
  const arg = args[at]!;
  for (let j = 1; j < arg.length; j++) {
    const letter = arg[j]!;
    const known = letter === ':' || letter === '+' ? -1 : spec.short.indexOf(letter);
    if (known < 0) throw new OptionError(`invalid option -- '${letter}'`);
    if (spec.short[known + 1] !== ':') {
      list.push([letter, '']);
      continue;
    }
    const rest = arg.slice(j + 1);
    if (spec.short[known + 2] === ':') list.push([letter, rest]);
    else if (rest !== '') list.push([letter, rest]);
    else {
      const value = args[at + 1];
      if (value === undefined) throw new OptionError(`option requires an argument -- '${letter}'`);
      list.push([letter, value]);
      return at + 1;
    }
    return at;
  }
  return at;
}

function takeLong(args: readonly string[], at: number, spec: OptionSpec, list: [string, string][]): number {
  const arg = args[at]!;
  const equals = arg.indexOf('=');
  const name = arg.slice(2, equals < 0 ? undefined : equals);
  const long = spec.long ?? {};
  const candidates = Object.hasOwn(long, name) ? [name] : Object.keys(long).filter((l) => l.startsWith(name));
  if (candidates.length === 0) throw new OptionError(`unrecognized option '${arg}'`);
  const meanings = new Set(candidates.map((c) => long[c]));
  if (meanings.size > 1) {
    throw new OptionError(
      `option '${arg}' is ambiguous; possibilities: ${candidates.map((c) => `'--${c}'`).join(' ')}`,
    );
  }
  const full = candidates[0]!;
  const meaning = long[full]!;
  const target = meaning.replace(/:+$/, '');
  if (meaning.endsWith('::')) {
    list.push([target, equals < 0 ? '' : arg.slice(equals + 1)]);
    return at;
  }
  if (!meaning.endsWith(':')) {
    if (equals >= 0) throw new OptionError(`option '--${full}' doesn't allow an argument`);
    list.push([target, '']);
    return at;
  }
  if (equals >= 0) {
    list.push([target, arg.slice(equals + 1)]);
    return at;
  }
  const value = args[at + 1];
  if (value === undefined) throw new OptionError(`option '--${full}' requires an argument`);
  list.push([target, value]);
  return at + 1;
}

/** Says what was wrong as coreutils do, with the `Try` line; the status to end with. */
export function* usageError(
  process: Process,
  name: string,
  message: string,
  status = 1,
  hint = `Try '${name} --help' for more information.`,
): Task<number> {
  yield* process.error(`${name}: ${message}\n${hint}\n`);
  return status;
}
