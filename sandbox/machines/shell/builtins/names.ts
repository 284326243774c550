/** type, command, builtin, hash, alias, unalias, enable, help. */

import { own } from '../../../sim/own.ts';
import type { Task } from '../../../sim/task.ts';
import { callBuiltin, resolve, runPreparedNow } from '../command.ts';
import { singleQuotes } from '../expand/quote.ts';
import { allInPath, searchPath } from '../path.ts';
import type { Shell } from '../shell.ts';
import { HELP } from './help-texts.ts';
import { type Builtin, fail, invalidOption } from './types.ts';
import { functionText } from './variables.ts';
import { KEYWORDS } from './words.ts';

export const type: Builtin = function* (shell, argv) {
  const flags = new Set<string>();
  const names: string[] = [];
  for (const arg of argv.slice(1)) {
    if (names.length === 0 && /^-./.test(arg) && arg !== '--') {
      for (const letter of arg.slice(1)) {
        if (!'afptP'.includes(letter))
          return yield* invalidOption(shell, argv, `-${letter}`, 'type [-afptP] name [name ...]');
        flags.add(letter);
      }
    } else if (arg !== '--') names.push(arg);
  }
  let status = 0;
  for (const name of names) {
    if (yield* describeName(shell, name, flags)) continue;
    status = 1;
    if (flags.has('t') || flags.has('p') || flags.has('P')) continue;
    if (shell.dialect === 'dash') yield* shell.print(`${name}: not found\n`);
    else yield* shell.complain(`type: ${name}: not found`);
  }
  return status;
};

function* describeName(shell: Shell, name: string, flags: ReadonlySet<string>): Task<boolean> {
  const all = flags.has('a');
  const found: [kind: string, text: string][] = [];
  if (!flags.has('P')) {
    const aliased = shell.aliases.get(name);
    if (aliased !== undefined) found.push(['alias', `${name} is aliased to \`${aliased}'`]);
    if (KEYWORDS.has(name)) found.push(['keyword', `${name} is a shell keyword`]);
    if (shell.functions.has(name) && !flags.has('f')) {
      found.push(['function', `${name} is a function\n${functionText(shell, name).replace(/\n$/, '')}`]);
    }
    if (Object.hasOwn(shell.builtins, name)) found.push(['builtin', `${name} is a shell builtin`]);
  }
  if (found.length === 0 || all) {
    const hashed = shell.hashed.get(name);
    if (hashed && !all)
      found.push(['file', flags.has('p') || flags.has('P') ? hashed.path : `${name} is hashed (${hashed.path})`]);
    else {
      const paths = name.includes('/')
        ? (yield* isFile(shell, name))
          ? [name]
          : []
        : yield* allInPath(shell, name, !all);
      for (const path of paths) found.push(['file', flags.has('p') || flags.has('P') ? path : `${name} is ${path}`]);
    }
  }
  for (const [kind, text] of all ? found : found.slice(0, 1)) {
    if (flags.has('t')) yield* shell.print(`${kind}\n`);
    else if ((flags.has('p') || flags.has('P')) && kind !== 'file') continue;
    else yield* shell.print(`${text}\n`);
  }
  return found.length > 0;
}

function* isFile(shell: Shell, path: string): Task<boolean> {
  try {
    yield* shell.process.stat(path);
    return true;
  } catch {
    return false;
  }
}

export const command: Builtin = function* (shell, argv) {
  const args = argv.slice(1);
  let verbose: string | undefined;
  while (args[0] && /^-[pvV]+$/.test(args[0])) {
    const option = args.shift()!;
    verbose = option.includes('V') ? 'V' : option.includes('v') ? 'v' : verbose;
  }
  if (args[0] === '--') args.shift();
  else if (args[0] && /^-./.test(args[0])) {
    return yield* invalidOption(shell, argv, args[0].slice(0, 2), 'command [-pVv] command [arg ...]');
  }
  if (args.length === 0) return 0;
  if (!verbose) {
    const prepared = yield* resolve(shell, args, true);
    yield* runPreparedNow(shell, prepared);
    return shell.status;
  }
  let status = 1;
  for (const name of args) {
    if (verbose === 'V') {
      if (yield* describeName(shell, name, new Set())) status = 0;
      else yield* shell.complain(`command: ${name}: not found`);
      continue;
    }
    const line = yield* terse(shell, name);
    if (line !== undefined) {
      status = 0;
      yield* shell.print(`${line}\n`);
    } else if (shell.dialect === 'dash') status = 127;
  }
  return status;
};

function* terse(shell: Shell, name: string): Task<string | undefined> {
  const aliased = shell.aliases.get(name);
  if (aliased !== undefined) return `alias ${name}=${singleQuotes(aliased)}`;
  if (KEYWORDS.has(name) || shell.functions.has(name) || Object.hasOwn(shell.builtins, name)) return name;
  const path = yield* searchPath(shell, name);
  if (path === undefined || (name.includes('/') && !(yield* isFile(shell, path)))) return undefined;
  return path;
}

export const builtin: Builtin = function* (shell, argv) {
  const name = argv[1];
  if (name === undefined) return 0;
  const run = own(shell.builtins, name);
  if (!run) return yield* fail(shell, argv, `${name}: not a shell builtin`);
  yield* callBuiltin(shell, run, argv.slice(1));
  return shell.status;
};

export const hash: Builtin = function* (shell, argv) {
  const args = argv.slice(1);
  if (args[0] === '-r') {
    shell.hashed.clear();
    return 0;
  }
  if (args[0] === '-d') {
    for (const name of args.slice(1)) shell.hashed.delete(name);
    return 0;
  }
  if (args[0] === '-t') {
    for (const name of args.slice(1)) {
      const entry = shell.hashed.get(name);
      if (!entry) return yield* fail(shell, argv, `${name}: not found`);
      yield* shell.print(`${entry.path}\n`);
    }
    return 0;
  }
  if (args.length === 0) {
    if (shell.hashed.size === 0) {
      yield* shell.print('hash: hash table empty\n');
      return 0;
    }
    yield* shell.print('hits\tcommand\n');
    for (const { path, hits } of shell.hashed.values()) yield* shell.print(`${String(hits).padStart(4)}\t${path}\n`);
    return 0;
  }
  let status = 0;
  for (const name of args) {
    shell.hashed.delete(name);
    // What is not looked for in PATH is not remembered, and nothing is said of it (bash: builtins/hash.def).
    if (name.includes('/') || shell.functions.has(name) || Object.hasOwn(shell.builtins, name)) continue;
    if ((yield* searchPath(shell, name)) === undefined) status = yield* fail(shell, argv, `${name}: not found`);
    else shell.hashed.get(name)!.hits = 0;
  }
  return status;
};

export const alias: Builtin = function* (shell, argv) {
  const prefix = shell.dialect === 'dash' ? '' : 'alias ';
  const show = (name: string, value: string) => shell.print(`${prefix}${name}=${singleQuotes(value)}\n`);
  const args = argv.slice(1).filter((a) => a !== '-p' && a !== '--');
  if (args.length === 0) {
    for (const [name, value] of [...shell.aliases].sort()) yield* show(name, value);
    return 0;
  }
  let status = 0;
  for (const arg of args) {
    const at = arg.indexOf('=');
    if (at > 0) shell.aliases.set(arg.slice(0, at), arg.slice(at + 1));
    else {
      const value = shell.aliases.get(arg);
      if (value !== undefined) yield* show(arg, value);
      else status = yield* fail(shell, argv, `${arg}: not found`);
    }
  }
  return status;
};

export const unalias: Builtin = function* (shell, argv) {
  if (argv[1] === '-a') {
    shell.aliases.clear();
    return 0;
  }
  if (argv.length === 1) {
    yield* shell.write(2, 'unalias: usage: unalias [-a] name [name ...]\n');
    return 2;
  }
  let status = 0;
  for (const name of argv.slice(1)) {
    if (!shell.aliases.delete(name)) status = yield* fail(shell, argv, `${name}: not found`);
  }
  return status;
};

export const enable: Builtin = function* (shell, argv) {
  const name = argv.slice(1).find((a) => !a.startsWith('-'));
  if (name !== undefined) {
    return Object.hasOwn(shell.builtins, name) ? 0 : yield* fail(shell, argv, `${name}: not a shell builtin`);
  }
  for (const each of Object.keys(shell.builtins).sort()) yield* shell.print(`enable ${each}\n`);
  return 0;
};

export const help: Builtin = function* (shell, argv) {
  const names = argv.slice(1).filter((a) => !a.startsWith('-'));
  if (names.length === 0) {
    yield* shell.print(
      "GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\nThese shell commands are defined internally.  Type `help' to see this list.\nType `help name' to find out more about the function `name'.\n\n",
    );
    yield* shell.print(
      Object.values(HELP)
        .map(([usage]) => ` ${usage}\n`)
        .join(''),
    );
    return 0;
  }
  for (const name of names) {
    const entry = own(HELP, name);
    if (!entry) {
      return yield* fail(
        shell,
        argv,
        `no help topics match \`${name}'.  Try \`help help' or \`man -k ${name}' or \`info ${name}'.`,
      );
    }
    yield* shell.print(`${name}: ${entry[0]}\n    ${entry[1]}\n`);
  }
  return 0;
};
