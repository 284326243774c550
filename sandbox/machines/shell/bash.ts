/** The programs `bash` and `sh`: their options, where their commands come from, and their start-up files. */

import type { Task } from '../../sim/task.ts';
import { isErrno } from '../errno.ts';
import type { Process, Program } from '../process.ts';
import { builtinsOf } from './dialects/builtins.ts';
import { readFor } from './dialects/read.ts';
import { posixInvocationError } from './dialects/words.ts';
import { ExitJump, OutOfMemory, ShellError } from './errors.ts';
import { interact } from './interactive.ts';
import { readLine, runScript, runText, tell } from './interpreter.ts';
import { optionOfLetter, SET_OPTIONS } from './options.ts';
import { type Dialect, type Interpreter, Shell } from './shell.ts';

interface Invocation {
  command: string | undefined;
  interactive: boolean;
  login: boolean;
  fromStdin: boolean;
  noRc: boolean;
  noProfile: boolean;
  rcFile: string | undefined;
  options: string[];
  cleared: string[];
  shopt: string[];
  rest: string[];
}

const program =
  (dialect: Dialect, ash = false): Program =>
  (process, argv) =>
    run(process, argv, dialect, ash);

export const bash = program('bash');
export const sh = program('dash');
/** busybox's. */
export const ash = program('dash', true);

function* run(process: Process, argv: readonly string[], dialect: Dialect, ash: boolean): Task<number> {
  const shell = new Shell(process, argv[0] ?? dialect, dialect, ash, interpreterOf(dialect, ash));
  const invocation = parseArguments(argv, dialect);
  if (typeof invocation === 'string' && dialect !== 'bash') {
    yield* process.error(`${posixInvocationError(shell, invocation)}\n`);
    return 2;
  }
  if (typeof invocation === 'string') {
    yield* process.error(`${argv[0]}: ${invocation}: invalid option\n`);
    yield* process.error(
      `Usage:\t${argv[0]} [GNU long option] [option] ...\n\t${argv[0]} [GNU long option] [option] script-file ...\n`,
    );
    return 2;
  }
  if (invocation.rest[0] === '--version' || argv[1] === '--version') {
    yield* process.print(
      'GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\nCopyright (C) 2022 Free Software Foundation, Inc.\n',
    );
    return 0;
  }
  yield* initialize(shell, invocation);
  return yield* shell.guard(commands(shell, invocation));
}

function parseArguments(argv: readonly string[], dialect: Dialect = 'bash'): Invocation | string {
  const invocation: Invocation = {
    command: undefined,
    interactive: false,
    login: argv[0]?.startsWith('-') ?? false,
    fromStdin: false,
    noRc: false,
    noProfile: false,
    rcFile: undefined,
    options: [],
    cleared: [],
    shopt: [],
    rest: [],
  };
  const args = argv.slice(1);
  let wantsCommand = false;
  while (args[0] !== undefined && /^[-+]./.test(args[0])) {
    const arg = args.shift()!;
    if (arg === '--') break;
    if (arg.startsWith('--')) {
      if (dialect !== 'bash') return '--';
      if (arg === '--login') invocation.login = true;
      else if (arg === '--norc') invocation.noRc = true;
      else if (arg === '--noprofile') invocation.noProfile = true;
      else if (arg === '--posix') invocation.options.push('posix');
      else if (arg === '--rcfile' || arg === '--init-file') invocation.rcFile = args.shift();
      else if (arg === '--version') return { ...invocation, rest: ['--version'] };
      else if (arg !== '--noediting' && arg !== '--verbose') return arg;
      continue;
    }
    for (const letter of arg.slice(1)) {
      if (letter === 'c') wantsCommand = true;
      else if (letter === 'i') invocation.interactive = true;
      else if (letter === 'l') invocation.login = true;
      else if (letter === 's') invocation.fromStdin = true;
      else if (letter === 'o') {
        const name = args.shift() ?? '';
        if (!Object.hasOwn(SET_OPTIONS, name)) return name;
        (arg[0] === '-' ? invocation.options : invocation.cleared).push(name);
      } else if (letter === 'O') invocation.shopt.push(args.shift() ?? '');
      else {
        const name = optionOfLetter(letter);
        if (!name) return `-${letter}`;
        (arg[0] === '-' ? invocation.options : invocation.cleared).push(name);
      }
    }
  }
  if (args[0] === '-') args.shift();
  if (wantsCommand) {
    if (args.length === 0) return '-c: option requires an argument';
    invocation.command = args.shift();
  }
  invocation.rest = args;
  return invocation;
}

function* initialize(shell: Shell, invocation: Invocation): Task<void> {
  const { process, variables } = shell;
  shell.rootPid = process.pid;
  for (const [name, value] of process.env) {
    if (shell.dialect === 'bash' && name.startsWith('BASH_FUNC_')) importFunction(shell, name, value);
    if (!/^[A-Za-z_]\w*$/.test(name)) continue;
    variables.set(name, value);
    variables.declare(name).exported = true;
  }
  shell.users = yield* readUsers(process);
  const fallback = (name: string, value: string, exported = false) => {
    if (variables.get(name) === undefined) {
      variables.set(name, value);
      if (exported) variables.declare(name).exported = true;
    }
  };
  fallback('PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
  variables.set('PWD', process.cwd);
  variables.declare('PWD').exported = true;
  variables.set('IFS', ' \t\n');
  fallback('PS4', '+ ');
  fallback('OPTIND', '1');
  variables.declare('PPID').readonly = false;
  variables.set('PPID', String(process.ppid));
  if (shell.dialect === 'bash') {
    yield* shell.changeLevel(1);
    variables.declare('SHLVL').exported = true;
    variables.declare('OLDPWD').exported = true;
    fallback('TERM', 'dumb');
    fallback('HOSTNAME', shell.hostname);
    fallback('BASH', '/usr/bin/bash');
    variables.set('BASH_VERSION', '5.2.15(1)-release');
    variables.set('BASHOPTS', [...shell.shopt].sort().join(':'));
    fallback('HOSTTYPE', 'x86_64');
    fallback('MACHTYPE', 'x86_64-pc-linux-gnu');
    fallback('OSTYPE', 'linux-gnu');
    variables.set('UID', String(process.uid));
    variables.set('EUID', String(process.uid));
    variables.setArray(
      'BASH_VERSINFO',
      ['5', '2', '15', '1', 'release', 'x86_64-pc-linux-gnu'].map((value) => ({ value })),
    );
    for (const name of ['UID', 'EUID', 'BASH_VERSINFO', 'PPID']) variables.declare(name).readonly = true;
    for (const name of ['UID', 'EUID', 'PPID']) variables.declare(name).integer = true;
  }
  for (const name of invocation.options) shell.options.add(name);
  for (const name of invocation.cleared) shell.options.delete(name);
  for (const name of invocation.shopt) shell.shopt.add(name);
  shell.login = invocation.login;
}

/** A function that a bash before this one exported (variables.c, initialize_shell_variables). */
function importFunction(shell: Shell, variable: string, value: string): void {
  const name = /^BASH_FUNC_(.+)%%$/.exec(variable)?.[1];
  if (name === undefined || !value.startsWith('() {')) return;
  const text = `${name} ${value}`;
  const { script, problem } = readFor(shell, text);
  const node = script.commands[0]?.command;
  if (problem || script.commands.length !== 1 || node?.type !== 'Function') return;
  const file = 'environment';
  shell.functions.set(name, { node, body: node.body, source: { text, offset: 0 }, file, exported: true });
}

const interpreterOf = (dialect: Dialect, ash: boolean): Interpreter => ({
  builtins: builtinsOf(dialect, ash),
  runText,
  runScript,
});

function* readUsers(process: Process): Task<{ name: string; uid: number; home: string }[]> {
  try {
    const text = yield* process.readText('/etc/passwd');
    return text.split('\n').flatMap((line) => {
      const [name, , uid, , , home] = line.split(':');
      return name && home !== undefined ? [{ name, uid: Number(uid), home }] : [];
    });
  } catch (error) {
    if (isErrno(error)) return [];
    throw error;
  }
}

function* commands(shell: Shell, invocation: Invocation): Task<number> {
  const { process } = shell;
  const script = invocation.command === undefined && !invocation.fromStdin ? invocation.rest[0] : undefined;
  const terminal = process.stdin.tty !== undefined && process.stderr.tty !== undefined;
  shell.interactive = invocation.interactive || (invocation.command === undefined && script === undefined && terminal);
  if (invocation.command !== undefined) {
    shell.origin = 'command';
    if (invocation.rest.length > 0) shell.name = invocation.rest[0]!;
    shell.positional = invocation.rest.slice(1);
  } else if (script !== undefined) {
    shell.origin = 'script';
    shell.name = script;
    shell.frames = [{ name: 'main', file: script, line: 0 }];
    shell.positional = invocation.rest.slice(1);
  } else shell.positional = invocation.rest;
  yield* startFiles(shell, invocation);
  if (invocation.command !== undefined) return yield* runText(shell, invocation.command, 0, true);
  if (script !== undefined) return yield* runFile(shell, script);
  if (shell.interactive) return yield* interact(shell);
  return yield* runInput(shell);
}

/** Commands from a pipe or file: read line by line, so that they may read what follows them. */
function* runInput(shell: Shell): Task<number> {
  let text = '';
  let line = 0;
  let begun = 0;
  for (;;) {
    const next = yield* readLine(shell);
    if (next !== undefined) {
      text += `${next}\n`;
      line++;
      if (readFor(shell, text).incomplete) continue;
    }
    if (text !== '') yield* runText(shell, text, begun);
    begun = line;
    text = '';
    if (next === undefined) return shell.status;
  }
}

/** A shell of its own for a host (`lab script`): set up, but told what to run by `runCommandLine`. */
export function* openShell(process: Process, name = 'bash'): Task<Shell> {
  const shell = new Shell(process, name, 'bash', false, interpreterOf('bash', false));
  shell.origin = 'command';
  yield* initialize(shell, { ...(parseArguments([name]) as Invocation), login: true });
  return shell;
}

/** Runs a text in that shell and says its status; `exited` if it called `exit`. */
export function* runCommandLine(shell: Shell, text: string): Task<{ status: number; exited: boolean }> {
  try {
    return { status: yield* runText(shell, text), exited: false };
  } catch (error) {
    if (error instanceof ExitJump) {
      shell.status = error.status;
      yield* shell.runExitTrap();
      return { status: shell.status, exited: true };
    }
    if (error instanceof OutOfMemory) {
      yield* shell.complain(error.message);
      return { status: 2, exited: true };
    }
    if (!(error instanceof ShellError)) throw error;
    yield* tell(shell, error);
    shell.status = error.ends === 'shell' && error.status === 1 ? 127 : error.status;
    return { status: shell.status, exited: false };
  }
}

/** bash(1), INVOCATION. */
function* startFiles(shell: Shell, invocation: Invocation): Task<void> {
  const home = shell.variables.get('HOME') ?? '';
  if (shell.interactive) setInteractive(shell);
  if (invocation.login && !invocation.noProfile) {
    yield* sourceIfThere(shell, '/etc/profile');
    const personal = shell.dialect === 'bash' ? ['.bash_profile', '.bash_login', '.profile'] : ['.profile'];
    for (const name of personal) if (yield* sourceIfThere(shell, `${home}/${name}`)) break;
    return;
  }
  if (shell.dialect === 'dash') {
    const env = shell.variables.get('ENV');
    if (shell.interactive && env) yield* sourceIfThere(shell, env);
    return;
  }
  if (shell.interactive && !invocation.noRc) {
    if (invocation.rcFile === undefined) yield* sourceIfThere(shell, '/etc/bash.bashrc');
    yield* sourceIfThere(shell, invocation.rcFile ?? `${home}/.bashrc`);
  } else if (!shell.interactive) {
    const env = shell.variables.get('BASH_ENV');
    if (env) yield* sourceIfThere(shell, env);
  }
}

function setInteractive(shell: Shell): void {
  const { variables } = shell;
  const bashPrompt = '\\s-\\v\\$ ';
  const posixPrompt = `${shell.ash ? '\\w ' : ''}${shell.process.uid === 0 ? '#' : '$'} `;
  const fallback = shell.dialect === 'bash' ? bashPrompt : posixPrompt;
  if (variables.get('PS1') === undefined) variables.set('PS1', fallback);
  if (variables.get('PS2') === undefined) variables.set('PS2', '> ');
  shell.options.add('monitor');
  if (shell.dialect === 'bash') {
    for (const name of ['histexpand', 'history', 'emacs']) shell.options.add(name);
    shell.shopt.add('expand_aliases');
    if (variables.get('HISTFILE') === undefined)
      variables.set('HISTFILE', `${variables.get('HOME') ?? ''}/.bash_history`);
    if (variables.get('HISTSIZE') === undefined) variables.set('HISTSIZE', '500');
    if (variables.get('HISTFILESIZE') === undefined) variables.set('HISTFILESIZE', '500');
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const)
    shell.resetSignal(signal);
}

function* sourceIfThere(shell: Shell, path: string): Task<boolean> {
  let text: string;
  try {
    text = yield* shell.process.readText(path);
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
  shell.sourceDepth++;
  shell.frames.push({ name: 'source', file: path, line: shell.line });
  try {
    yield* runText(shell, text);
  } finally {
    shell.frames.pop();
    shell.sourceDepth--;
  }
  return true;
}

function* runFile(shell: Shell, path: string): Task<number> {
  let text: string;
  try {
    const stat = yield* shell.process.stat(path);
    if (stat.type === 'directory') {
      yield* shell.process.error(`${path}: ${path}: Is a directory\n`);
      throw new ExitJump(126);
    }
    text = yield* shell.process.readText(path);
  } catch (error) {
    if (!isErrno(error)) throw error;
    const bashName = shell.process.argv[0] ?? shell.dialect;
    const words =
      shell.dialect === 'dash'
        ? posixInvocationError(shell, `cannot open ${path}: No such file`)
        : `${bashName}: ${path}: ${error.message}`;
    yield* shell.process.error(`${words}\n`);
    throw new ExitJump(error.code === 'ENOENT' ? (shell.dialect === 'dash' ? 2 : 127) : 126);
  }
  if (/^[^\n]*\0/.test(text)) {
    yield* shell.process.error(`${path}: ${path}: cannot execute binary file\n`);
    throw new ExitJump(126);
  }
  return yield* runText(shell, text);
}
