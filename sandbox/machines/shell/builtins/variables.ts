/** export, readonly, declare, local, unset, let. */

import type { Assignment, CommandNode, Word } from 'unbash';
import type { Task } from '../../../sim/task.ts';
import { assign } from '../assign.ts';
import { assignmentLine, describeVariable } from '../describe.ts';
import { ShellError } from '../errors.ts';
import { evaluateHere } from '../expand/arithmetic-text.ts';
import { expandWords } from '../expand/word.ts';
import { printFunction } from '../print-command.ts';
import type { Shell } from '../shell.ts';
import { ReadonlyError, type Variable } from '../variables.ts';
import { type Builtin, fail, invalidOption } from './types.ts';

const NAME = /^[A-Za-z_]\w*$/;

type Attribute = 'exported' | 'readonly' | 'integer' | 'lower' | 'upper' | 'nameref';

interface Declaration {
  readonly set: Set<Attribute>;
  readonly clear: Set<Attribute>;
  indexed: boolean;
  associative: boolean;
  local: boolean;
}

/** Each argument is an assignment as it was written, or words that expand to `name` or `name=value`. */
function* declareEach(
  shell: Shell,
  argv: readonly string[],
  args: readonly (Assignment | Word)[],
  declaration: Declaration,
): Task<number> {
  let status = 0;
  const one = function* (name: string, give: (() => Task<void>) | undefined, whole = name): Task<void> {
    if (!NAME.test(name)) {
      status = yield* fail(shell, argv, `\`${shell.dialect === 'bash' ? whole : name}': not a valid identifier`);
      return;
    }
    const variable = shell.variables.declare(name, declaration.local);
    if (variable.readonly && (give || declaration.clear.has('readonly'))) {
      if (shell.dialect === 'dash') yield* fail(shell, argv, `${name}: readonly variable`);
      else yield* shell.complain(`${name}: readonly variable`);
      status = 1;
      return;
    }
    prepareVariable(variable, declaration);
    try {
      if (give) yield* give();
    } catch (error) {
      if (!(error instanceof ReadonlyError)) throw error;
      yield* shell.complain(error.message);
      status = 1;
    }
    // What was given may have forked on the way.
    const given = shell.variables.declare(name, declaration.local);
    if (declaration.set.has('readonly')) given.readonly = true;
    if (declaration.set.has('exported')) given.exported = true;
  };
  for (const arg of args) {
    if (arg.type === 'Assignment') {
      yield* one(arg.name, () => assign(shell, arg));
      continue;
    }
    for (const text of yield* expandWords(shell, [arg])) {
      if (/^-./.test(text) || text === '--' || /^\+[a-zA-Z]/.test(text)) continue;
      const match = /^([^=+[]*)(\[[^\]]*\])?(\+?)=(.*)$/s.exec(text);
      if (!match) yield* one(text, undefined);
      else {
        const [, name, subscript, plus, value] = match as unknown as [
          string,
          string,
          string | undefined,
          string,
          string,
        ];
        yield* one(
          name,
          function* () {
            if (subscript) shell.variables.setElement(name, subscript.slice(1, -1), value, plus === '+');
            else shell.variables.set(name, value, plus === '+');
          },
          text,
        );
      }
    }
  }
  return status;
}

function prepareVariable(variable: Variable, declaration: Declaration): void {
  if (declaration.indexed && !variable.indexed) {
    variable.indexed = new Map(variable.scalar === undefined ? [] : [[0, variable.scalar]]);
    delete variable.scalar;
  }
  if (declaration.associative && !variable.associative) {
    variable.associative = new Map();
    delete variable.scalar;
  }
  for (const attribute of declaration.set) if (attribute !== 'readonly') variable[attribute] = true;
  for (const attribute of declaration.clear) delete variable[attribute];
}

const plainDeclaration = (...set: Attribute[]): Declaration => ({
  set: new Set(set),
  clear: new Set(),
  indexed: false,
  associative: false,
  local: false,
});

export const exportVariables: Builtin = function* (shell, argv, args) {
  const options = argv.slice(1).filter((a) => /^-./.test(a));
  for (const option of options) {
    if (option !== '--' && /[^fnp]/.test(option.slice(1))) {
      const letter = /[^fnp]/.exec(option.slice(1))![0];
      return yield* invalidOption(shell, argv, `-${letter}`, 'export [-fn] [name[=value] ...] or export -p');
    }
  }
  if (argv.length === 1 || (argv.length === 2 && argv[1] === '-p')) return yield* list(shell, 'exported', 'export');
  if (options.some((o) => o.includes('f'))) {
    return yield* exportFunctions(shell, argv, !options.some((o) => o.includes('n')));
  }
  const declaration = plainDeclaration();
  (options.some((o) => o.includes('n')) ? declaration.clear : declaration.set).add('exported');
  return yield* declareEach(shell, argv, args, declaration);
};

function* exportFunctions(shell: Shell, argv: readonly string[], exported: boolean): Task<number> {
  const names = argv.slice(1).filter((arg) => !/^-./.test(arg));
  if (names.length === 0) {
    for (const name of [...shell.functions.keys()].sort()) {
      if (shell.functions.get(name)!.exported) yield* shell.print(`${functionText(shell, name)}declare -fx ${name}\n`);
    }
    return 0;
  }
  let status = 0;
  for (const name of names) {
    const definition = shell.functions.get(name);
    if (definition) definition.exported = exported;
    else status = yield* fail(shell, argv, `${name}: not a function`);
  }
  return status;
}

function* list(shell: Shell, attribute: Attribute, word: string): Task<number> {
  for (const name of shell.variables.names()) {
    const variable = shell.variables.raw(name);
    if (!variable?.[attribute]) continue;
    const line = describeVariable(name, variable);
    yield* shell.print(
      `${shell.dialect === 'dash' ? line.replace(/^declare -\S+/, word).replace(/="(.*)"$/s, "='$1'") : line}\n`,
    );
  }
  return 0;
}

export const readonlyVariables: Builtin = function* (shell, argv, args) {
  if (argv.length === 1 || (argv.length === 2 && argv[1] === '-p')) return yield* list(shell, 'readonly', 'readonly');
  const bad = argv.slice(1).find((arg) => /^-./.test(arg) && arg !== '--' && /[^aAfp]/.test(arg.slice(1)));
  if (bad) {
    const letter = /[^aAfp]/.exec(bad.slice(1))![0];
    return yield* invalidOption(shell, argv, `-${letter}`, 'readonly [-aAf] [name[=value] ...] or readonly -p');
  }
  const declaration = plainDeclaration('readonly');
  declaration.indexed = argv.includes('-a');
  declaration.associative = argv.includes('-A');
  return yield* declareEach(shell, argv, args, declaration);
};

const LETTERS: Readonly<Record<string, Attribute>> = {
  x: 'exported',
  r: 'readonly',
  i: 'integer',
  l: 'lower',
  u: 'upper',
  n: 'nameref',
};

const DECLARE_USAGE = 'declare [-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]';

export const declare: Builtin = function* (shell, argv, args) {
  const declaration = { ...plainDeclaration(), local: shell.functionNames.length > 0 };
  const flags = new Set<string>();
  for (const arg of argv.slice(1)) {
    if (!/^[-+][a-zA-Z]/.test(arg)) continue;
    for (const letter of arg.slice(1)) {
      const attribute = LETTERS[letter];
      if (attribute) (arg[0] === '-' ? declaration.set : declaration.clear).add(attribute);
      else if (letter === 'a') declaration.indexed = arg[0] === '-';
      else if (letter === 'A') declaration.associative = arg[0] === '-';
      else if (letter === 'g') declaration.local = false;
      else if ('pfFIt'.includes(letter)) flags.add(letter);
      else
        return yield* invalidOption(
          shell,
          argv,
          arg.slice(0, 2),
          argv[0] === 'declare' ? DECLARE_USAGE : DECLARE_USAGE.replace(/declare/g, argv[0]!),
        );
    }
  }
  const names = argv.slice(1).filter((a) => !/^[-+][a-zA-Z]/.test(a));
  if (flags.has('f') || flags.has('F')) return yield* listFunctions(shell, names, flags.has('F'));
  if (flags.has('p')) return yield* listDeclared(shell, argv, names, declaration.set);
  if (names.length === 0) return yield* listAll(shell, declaration);
  return yield* declareEach(shell, argv, args, declaration);
};

function* listFunctions(shell: Shell, names: readonly string[], onlyNames: boolean): Task<number> {
  let status = 0;
  for (const name of names.length > 0 ? names : [...shell.functions.keys()].sort()) {
    const definition = shell.functions.get(name);
    if (!definition) {
      status = 1;
      continue;
    }
    const flags = definition.exported ? '-fx' : '-f';
    if (onlyNames) yield* shell.print(names.length > 0 ? `${name}\n` : `declare ${flags} ${name}\n`);
    else {
      yield* shell.print(functionText(shell, name));
      if (names.length === 0 && definition.exported) yield* shell.print(`declare -fx ${name}\n`);
    }
  }
  return status;
}

/** A function as `declare -f` and `type` print it. */
export function functionText(shell: Shell, name: string): string {
  const { body, source } = shell.functions.get(name)!;
  return `${printFunction(name, body as CommandNode, source.text)}\n`;
}

function* listDeclared(
  shell: Shell,
  argv: readonly string[],
  names: readonly string[],
  only: ReadonlySet<Attribute>,
): Task<number> {
  if (names.length === 0) {
    for (const name of shell.variables.names()) {
      const variable = shell.variables.raw(name);
      if (variable && [...only].every((a) => variable[a])) yield* shell.print(`${describeVariable(name, variable)}\n`);
    }
    return 0;
  }
  let status = 0;
  for (const name of names) {
    const variable = shell.variables.raw(name);
    if (variable) yield* shell.print(`${describeVariable(name, variable)}\n`);
    else status = yield* fail(shell, argv, `${name}: not found`);
  }
  return status;
}

function* listAll(shell: Shell, declaration: Declaration): Task<number> {
  const filtered = declaration.set.size > 0 || declaration.indexed || declaration.associative;
  for (const name of shell.variables.names()) {
    const variable = shell.variables.raw(name);
    if (!variable) continue;
    if (!filtered) {
      if (variable.scalar !== undefined || variable.indexed || variable.associative) {
        yield* shell.print(`${assignmentLine(name, variable)}\n`);
      }
      continue;
    }
    if (declaration.indexed && !variable.indexed) continue;
    if (declaration.associative && !variable.associative) continue;
    if ([...declaration.set].every((a) => variable[a])) yield* shell.print(`${describeVariable(name, variable)}\n`);
  }
  return 0;
}

export const local: Builtin = function* (shell, argv, args) {
  if (shell.functionNames.length === 0) return yield* fail(shell, argv, 'can only be used in a function');
  if (argv.length === 1) {
    for (const name of shell.variables.localNames()) {
      const variable = shell.variables.raw(name);
      if (variable) yield* shell.print(`${assignmentLine(name, variable)}\n`);
    }
    return 0;
  }
  return yield* declare(shell, argv, args);
};

export const unset: Builtin = function* (shell, argv) {
  let status = 0;
  let kind: 'either' | 'variable' | 'function' = 'either';
  for (const arg of argv.slice(1)) {
    if (arg === '-v') kind = 'variable';
    else if (arg === '-f') kind = 'function';
    else if (arg === '-n') kind = 'variable';
    else if (arg === '--') continue;
    else if (/^-./.test(arg))
      return yield* invalidOption(shell, argv, arg.slice(0, 2), 'unset [-f] [-v] [-n] [name ...]');
    else {
      const element = /^(\w+)\[(.*)\]$/s.exec(arg);
      try {
        if (kind === 'function') shell.functions.delete(arg);
        else if (element) shell.variables.unsetElement(element[1]!, element[2]!);
        else if (!NAME.test(arg) && kind === 'either' && shell.dialect === 'bash') shell.functions.delete(arg);
        else if (!NAME.test(arg)) status = yield* fail(shell, argv, `\`${arg}': not a valid identifier`);
        else if (kind === 'either' && !shell.variables.has(arg)) shell.functions.delete(arg);
        else shell.variables.unset(arg);
      } catch (error) {
        if (!(error instanceof ReadonlyError)) throw error;
        status = yield* fail(shell, argv, `${arg}: cannot unset: readonly variable`);
      }
    }
  }
  return status;
};

export const letEvaluate: Builtin = function* (shell, argv) {
  if (argv.length === 1) return yield* fail(shell, argv, 'expression expected');
  let value = 0n;
  for (const expression of argv.slice(1)) {
    try {
      value = evaluateHere(shell, expression);
    } catch (error) {
      if (!(error instanceof ShellError)) throw error;
      return yield* fail(shell, argv, error.message);
    }
  }
  return value === 0n ? 1 : 0;
};
