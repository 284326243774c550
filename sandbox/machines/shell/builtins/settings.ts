/** set, shopt, shift, getopts. */

import type { Task } from '../../../sim/task.ts';
import { assignmentLine } from '../describe.ts';
import { optionOfLetter, SET_OPTIONS, SHOPT_OPTIONS } from '../options.ts';
import type { Shell } from '../shell.ts';
import { type Builtin, fail, invalidOption } from './types.ts';
import { functionText } from './variables.ts';

const SET_USAGE = 'set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]';

export const set: Builtin = function* (shell, argv) {
  if (argv.length === 1) return yield* listVariables(shell);
  const args = argv.slice(1);
  while (args.length > 0) {
    const arg = args[0]!;
    if (arg === '--') {
      shell.positional = args.slice(1);
      return 0;
    }
    if (arg === '-') {
      shell.options.delete('xtrace');
      shell.options.delete('verbose');
      if (args.length > 1) shell.positional = args.slice(1);
      return 0;
    }
    if (!/^[-+]./.test(arg)) {
      shell.positional = [...args];
      return 0;
    }
    args.shift();
    const on = arg[0] === '-';
    for (const letter of arg.slice(1)) {
      if (letter === 'o') {
        const name = args[0];
        if (name === undefined || /^[-+]/.test(name)) {
          yield* listOptions(shell, on);
          continue;
        }
        args.shift();
        if (!Object.hasOwn(SET_OPTIONS, name)) return yield* fail(shell, argv, `${name}: invalid option name`, 2);
        change(shell, name, on);
        continue;
      }
      const name = optionOfLetter(letter);
      if (!name) return yield* invalidOption(shell, argv, `${arg[0]}${letter}`, SET_USAGE);
      change(shell, name, on);
    }
  }
  return 0;
};

function change(shell: Shell, name: string, on: boolean): void {
  if (on) shell.options.add(name);
  else shell.options.delete(name);
}

function* listOptions(shell: Shell, table: boolean): Task<void> {
  for (const name of Object.keys(SET_OPTIONS)) {
    const on = shell.option(name);
    yield* shell.print(table ? `${name.padEnd(15)}\t${on ? 'on' : 'off'}\n` : `set ${on ? '-' : '+'}o ${name}\n`);
  }
}

function* listVariables(shell: Shell): Task<number> {
  for (const name of shell.variables.names()) {
    const variable = shell.variables.raw(name);
    if (variable && (variable.scalar !== undefined || variable.indexed || variable.associative)) {
      yield* shell.print(`${assignmentLine(name, variable)}\n`);
    }
  }
  for (const name of [...shell.functions.keys()].sort()) yield* shell.print(functionText(shell, name));
  return 0;
}

export const shopt: Builtin = function* (shell, argv) {
  const flags = new Set<string>();
  const names: string[] = [];
  for (const arg of argv.slice(1)) {
    if (/^-./.test(arg)) for (const letter of arg.slice(1)) flags.add(letter);
    else names.push(arg);
  }
  const bad = [...flags].find((flag) => !'pqsuo'.includes(flag));
  if (bad) return yield* invalidOption(shell, argv, `-${bad}`, 'shopt [-pqsu] [-o] [optname ...]');
  const ofSet = flags.has('o');
  const known: readonly string[] = ofSet ? Object.keys(SET_OPTIONS) : SHOPT_OPTIONS;
  const on = (name: string) => (ofSet ? shell.option(name) : shell.shopt.has(name));
  let status = 0;
  for (const name of names) {
    if (!known.includes(name)) {
      status = yield* fail(shell, argv, `${name}: invalid ${ofSet ? '' : 'shell '}option name`);
      continue;
    }
    if (flags.has('s') || flags.has('u')) {
      if (ofSet) change(shell, name, flags.has('s'));
      else if (flags.has('s')) shell.shopt.add(name);
      else shell.shopt.delete(name);
      continue;
    }
    if (!on(name)) status = 1;
    if (!flags.has('q')) yield* shell.print(line(name, on(name), flags.has('p'), ofSet));
  }
  if (names.length > 0) return status;
  for (const name of known) {
    if (flags.has('s') && !on(name)) continue;
    if (flags.has('u') && on(name)) continue;
    yield* shell.print(line(name, on(name), flags.has('p'), ofSet));
  }
  return 0;
};

function line(name: string, on: boolean, reusable: boolean, ofSet: boolean): string {
  if (!reusable) return `${name.padEnd(15)}\t${on ? 'on' : 'off'}\n`;
  return ofSet ? `set ${on ? '-' : '+'}o ${name}\n` : `shopt -${on ? 's' : 'u'} ${name}\n`;
}

export const shift: Builtin = function* (shell, argv) {
  const text = argv[1] ?? '1';
  if (!/^-?\d+$/.test(text)) return yield* fail(shell, argv, `${text}: numeric argument required`);
  const count = Number(text);
  if (count < 0) return yield* fail(shell, argv, `${text}: shift count out of range`);
  if (count > shell.positional.length) {
    if (shell.dialect === 'dash') return yield* fail(shell, argv, "can't shift that many", 2);
    return 1;
  }
  shell.positional = shell.positional.slice(count);
  return 0;
};

export const getopts: Builtin = function* (shell, argv) {
  const [, spec, name] = argv;
  if (spec === undefined || name === undefined) {
    yield* shell.write(2, 'getopts: usage: getopts optstring name [arg ...]\n');
    return 2;
  }
  const { variables } = shell;
  const args = argv.length > 3 ? argv.slice(3) : shell.positional;
  let index = Number(variables.get('OPTIND') ?? '1') || 1;
  let offset = shell.getoptsOffset;
  if (index !== shell.getoptsIndex) offset = 1;
  const silent = spec.startsWith(':');
  const finish = (value: string, status: number): number => {
    variables.set(name, value);
    variables.set('OPTIND', String(index));
    shell.getoptsIndex = index;
    shell.getoptsOffset = offset;
    return status;
  };
  const current = args[index - 1];
  variables.unset('OPTARG');
  if (current === undefined || !/^-./.test(current)) return finish('?', 1);
  if (current === '--') {
    index++;
    return finish('?', 1);
  }
  const letter = current[offset]!;
  const known = spec.indexOf(letter, silent ? 1 : 0);
  const last = offset + 1 >= current.length;
  if (known < 0 || letter === ':') {
    if (last) {
      index++;
      offset = 1;
    } else offset++;
    if (silent) variables.set('OPTARG', letter);
    else yield* shell.write(2, `${shell.name}: illegal option -- ${letter}\n`);
    return finish('?', 0);
  }
  if (spec[known + 1] !== ':') {
    if (last) {
      index++;
      offset = 1;
    } else offset++;
    return finish(letter, 0);
  }
  const value = last ? args[index] : current.slice(offset + 1);
  index += last ? 2 : 1;
  offset = 1;
  if (value === undefined) {
    index = args.length + 1;
    if (silent) {
      variables.set('OPTARG', letter);
      return finish(':', 0);
    }
    yield* shell.write(2, `${shell.name}: option requires an argument -- ${letter}\n`);
    return finish('?', 0);
  }
  variables.set('OPTARG', value);
  return finish(letter, 0);
};
