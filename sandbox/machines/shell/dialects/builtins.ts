/** The builtins of dash and ash: bash's where they do the same, their own where they differ. */

import type { Task } from '../../../sim/task.ts';
import { escapes } from '../../programs/format/printf.ts';
import { BUILTINS } from '../builtins/index.ts';
import { type Builtin, fail } from '../builtins/types.ts';
import { SPECIAL_BUILTINS } from '../builtins/words.ts';
import { ShellError } from '../errors.ts';
import { singleQuotes } from '../expand/quote.ts';
import { allInPath } from '../path.ts';
import type { Dialect, Shell } from '../shell.ts';
import { SIGNALS } from '../signals.ts';

type Table = Readonly<Record<string, Builtin>>;

const KEYWORDS: ReadonlySet<string> = new Set(
  '! { } case do done elif else esac fi for if in then until while'.split(' '),
);
const COMMON =
  '. : [ alias bg break cd command continue echo eval exec exit export false fg getopts hash jobs kill local printf pwd read readonly return set shift test times trap true type ulimit umask unalias unset wait'.split(
    ' ',
  );

export function builtinsOf(dialect: Dialect, ash: boolean): Table {
  if (dialect === 'bash') return BUILTINS;
  return ash ? ASH : DASH;
}

// Names

function* describe(shell: Shell, name: string): Task<string | undefined> {
  const aliased = shell.aliases.get(name);
  if (aliased !== undefined) return `${name} is an alias for ${aliased}`;
  if (KEYWORDS.has(name)) return `${name} is a shell keyword`;
  if (shell.functions.has(name)) return `${name} is a ${shell.ash ? '' : 'shell '}function`;
  if (Object.hasOwn(shell.builtins, name)) {
    return `${name} is a ${SPECIAL_BUILTINS.has(name) ? 'special ' : ''}shell builtin`;
  }
  const hashed = !shell.ash && shell.hashed.has(name) ? 'a tracked alias for ' : '';
  const path = yield* fileNamed(shell, name);
  return path && `${name} is ${hashed}${path}`;
}

function* fileNamed(shell: Shell, name: string): Task<string | undefined> {
  if (!name.includes('/')) return (yield* allInPath(shell, name, true))[0];
  try {
    yield* shell.process.stat(name);
    return name;
  } catch {
    return undefined;
  }
}

const type: Builtin = function* (shell, argv) {
  let status = 0;
  const terse = shell.ash && argv[1] === '-t';
  for (const name of argv.slice(terse ? 2 : 1)) {
    const text = yield* describe(shell, name);
    if (text === undefined) status = 127;
    if (terse) yield* shell.print(text ? `${name}\n` : '');
    else yield* shell.print(`${text ?? `${name}: not found`}\n`);
  }
  return status;
};

/** An error of a special builtin that `command` calls ends nothing (POSIX, `command`). */
function* unspecial(shell: Shell, argv: readonly string[], body: Task<number>): Task<number> {
  try {
    return yield* body;
  } catch (error) {
    const called = argv.slice(1).find((arg) => !arg.startsWith('-')) ?? '';
    const runsText = called === 'eval' || called === '.' || called === 'exec';
    if (!(error instanceof ShellError) || runsText || !SPECIAL_BUILTINS.has(called)) throw error;
    if (!error.told) yield* shell.complain(error.message);
    return error.status;
  }
}

const command: Builtin = function* (shell, argv, args) {
  const [, option, name] = argv;
  if (option !== '-v' && option !== '-V') return yield* unspecial(shell, argv, BUILTINS.command!(shell, argv, args));
  if (name === undefined) return 0;
  if (option === '-V') {
    const text = yield* describe(shell, name);
    yield* shell.print(`${text ?? `${name}: not found`}\n`);
    return text === undefined ? 127 : 0;
  }
  const aliased = shell.aliases.get(name);
  const known = KEYWORDS.has(name) || shell.functions.has(name) || Object.hasOwn(shell.builtins, name);
  const line =
    aliased !== undefined ? `alias ${name}=${singleQuotes(aliased)}` : known ? name : yield* fileNamed(shell, name);
  if (line === undefined) return 127;
  yield* shell.print(`${line}\n`);
  return 0;
};

const hash: Builtin = function* (shell, argv, args) {
  if (argv.length > 1) return yield* BUILTINS.hash!(shell, argv, args);
  for (const { path } of shell.hashed.values()) yield* shell.print(`${path}\n`);
  return 0;
};

const unalias: Builtin = function* (shell, argv, args) {
  return argv.length === 1 ? 0 : yield* BUILTINS.unalias!(shell, argv, args);
};

// Control

/** Those that take a number complain of anything else, and end the shell. */
const counting = (name: 'break' | 'continue' | 'exit' | 'return'): Builtin =>
  function* (shell, argv, args) {
    if (argv[1] !== undefined && !/^\d+$/.test(argv[1]))
      return yield* fail(shell, argv, `${argv[1]}: numeric argument required`);
    return yield* BUILTINS[name]!(shell, argv, args);
  };

const shift: Builtin = function* (shell, argv, args) {
  if (shell.ash && Number(argv[1] ?? 1) > shell.positional.length) return 1;
  return yield* BUILTINS.shift!(shell, argv, args);
};

/** While it runs a text, messages name it. */
const running = (builtin: Builtin, named: (argv: readonly string[]) => string): Builtin =>
  function* (shell, argv, args) {
    shell.running.push(named(argv));
    const depth = shell.running.length - 1;
    // Not in a `finally`: an error that ends the shell is told with the name still before it.
    const status = yield* builtin(shell, argv, args);
    shell.running.length = depth;
    return status;
  };

const trap: Builtin = function* (shell, argv, args) {
  if (argv.length > 1) return yield* BUILTINS.trap!(shell, argv, args);
  for (const [signal, action] of shell.traps) {
    yield* shell.print(`trap -- ${singleQuotes(action)} ${signal.replace(/^SIG/, '')}\n`);
  }
  return 0;
};

const DASH_OPTIONS =
  'errexit noglob ignoreeof interactive monitor noexec stdin xtrace verbose vi emacs noclobber allexport notify nounset privileged nolog debug'.split(
    ' ',
  );
const ASH_OPTIONS =
  'errexit noglob ignoreeof monitor noexec xtrace verbose noclobber allexport notify nounset errtrace vi pipefail'.split(
    ' ',
  );

const set: Builtin = function* (shell, argv, args) {
  const options = shell.ash ? ASH_OPTIONS : DASH_OPTIONS;
  const at = argv.findIndex((arg) => /^[-+]\w*o$/.test(arg));
  const name = at > 0 ? argv[at + 1] : undefined;
  if (at > 0 && name === undefined) {
    if (!shell.ash) yield* shell.print('Current option settings\n');
    for (const each of options) yield* shell.print(`${each.padEnd(16)}${shell.option(each) ? 'on' : 'off'}\n`);
    return 0;
  }
  if (name !== undefined && !options.includes(name)) return yield* fail(shell, argv, `${name}: invalid option name`, 2);
  return yield* BUILTINS.set!(shell, argv, args);
};

// Words

const ashEcho: Builtin = function* (shell, argv) {
  let first = 1;
  let newline = true;
  let interpret = false;
  for (; /^-[neE]+$/.test(argv[first] ?? ''); first++) {
    for (const letter of argv[first]!.slice(1)) {
      if (letter === 'n') newline = false;
      else interpret = letter === 'e';
    }
  }
  const text = argv.slice(first).join(' ');
  const [decoded, stopped] = interpret ? escapes(text) : [text, false];
  yield* shell.print(decoded + (newline && !stopped ? '\n' : ''));
  return 0;
};

/** dash knows no `\\x` and no `\\e`. */
const dashEcho: Builtin = function* (shell, argv) {
  const newline = argv[1] !== '-n';
  const text = argv.slice(newline ? 1 : 2).join(' ');
  const [decoded, stopped] = escapes(text.replace(/\\([^abcfnrtv0-7])/g, (m, c) => (c === '\\' ? m : `\\\\${c}`)));
  yield* shell.print(decoded + (newline && !stopped ? '\n' : ''));
  return 0;
};

const printf: Builtin = function* (shell, argv, args) {
  if (argv.length === 1) {
    const usage = shell.ash ? 'usage: printf FORMAT [ARGUMENT...]' : 'printf: usage: printf format [arg ...]';
    yield* shell.complain(usage);
    return 2;
  }
  const unknown = /%[-+ #0'\d.*]*[qn(]/.exec((argv[1] ?? '').replace(/%%/g, '  '));
  if (unknown) {
    const rest = argv[1]!.slice(unknown.index);
    yield* shell.complain(shell.ash ? `${rest}: invalid format` : `printf: ${unknown[0]}: invalid directive`);
    return shell.ash ? 1 : 2;
  }
  return yield* BUILTINS.printf!(shell, argv, args);
};

const BINARY = /^(=|!=|<|>|-(eq|ne|lt|le|gt|ge|nt|ot|ef|a|o))$/;

const test: Builtin = function* (shell, argv, args) {
  const words = argv.slice(1, argv[0] === '[' && argv.at(-1) === ']' ? -1 : undefined);
  const operator = words[1] ?? '';
  const unknown = words.length === 3 && !BINARY.test(operator) && !(shell.ash && operator === '==');
  if (unknown && words[0] !== '!' && words[0] !== '(') {
    yield* shell.complain(
      `${argv[0]}: ${shell.ash ? `${operator}: unknown operand` : `${words[0]}: unexpected operator`}`,
    );
    return 2;
  }
  return yield* BUILTINS.test!(shell, argv, args);
};

const read: Builtin = function* (shell, argv, args) {
  const known = shell.ash ? 'rspntud' : 'rp';
  let operands = 0;
  for (let i = 1; i < argv.length; i++) {
    const letters = /^-(.+)$/.exec(argv[i]!)?.[1];
    if (letters === undefined || operands > 0) {
      operands++;
      continue;
    }
    const bad = [...letters].find(
      (letter, at) => !known.includes(letter) && (at === 0 || !/[pntud]/.test(letters[0]!)),
    );
    if (bad) return yield* fail(shell, argv, `-${bad}: invalid option`);
    if (/[pntud]$/.test(letters)) i++;
  }
  if (operands === 0 && !shell.ash) return yield* fail(shell, argv, 'arg count');
  const wrong = argv.slice(-Math.max(operands, 1)).find((name) => operands > 0 && !/^[A-Za-z_]\w*$/.test(name));
  if (wrong !== undefined) return yield* fail(shell, argv, `${shell.ash ? `'${wrong}'` : wrong}: bad variable name`);
  return yield* BUILTINS.read!(shell, argv, args);
};

const getopts: Builtin = function* (shell, argv, args) {
  const [, spec, name] = argv;
  if (spec === undefined || name === undefined) {
    return yield* fail(
      shell,
      argv,
      shell.ash ? 'usage: getopts optstring var [arg]' : 'Usage: getopts optstring var [arg...]',
    );
  }
  if (spec.startsWith(':')) return yield* BUILTINS.getopts!(shell, argv, args);
  const status = yield* BUILTINS.getopts!(shell, [argv[0]!, `:${spec}`, ...argv.slice(2)], args);
  const letter = shell.variables.get('OPTARG');
  const found = shell.variables.get(name);
  if (status !== 0 || (found !== '?' && found !== ':')) return status;
  yield* shell.write(2, found === '?' ? `Illegal option -${letter}\n` : `No arg for -${letter} option\n`);
  shell.variables.set(name, '?');
  shell.variables.unset('OPTARG');
  return 0;
};

const cd: Builtin = function* (shell, argv, args) {
  if (argv[1] === '-' && shell.variables.get('OLDPWD') === undefined) {
    yield* shell.print(`${shell.variables.get('PWD') ?? ''}\n`);
    return 0;
  }
  return yield* BUILTINS.cd!(shell, argv, args);
};

// Jobs

/** Signals that have no name here are numbers. */
const signalName = (number: number): string =>
  SIGNALS[number]?.replace(/^SIG/, '').replace('POLL', 'IO') ?? `${number}`;

const kill: Builtin = function* (shell, argv, args) {
  if (argv[1] === '-l' && argv.length === 2) {
    const last = shell.ash ? 31 : 64;
    const lines = Array.from({ length: last + 1 }, (_, i) => i);
    for (const n of shell.ash ? lines.slice(1) : lines) {
      const name = n === 0 ? '0' : signalName(n);
      yield* shell.print(shell.ash ? `${String(n).padStart(2)}) ${name}\n` : `${name}\n`);
    }
    return 0;
  }
  if (argv.length === 1) {
    const usage = 'kill: Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]';
    yield* shell.complain(shell.ash ? 'you need to specify whom to kill' : usage);
    return shell.ash ? 1 : 2;
  }
  if (argv[1] === '-l') return yield* BUILTINS.kill!(shell, argv, args);
  const option = argv[1]!;
  const spec = option === '-s' ? argv[2] : /^-[A-Z]/i.test(option) ? option.slice(1) : undefined;
  if (spec !== undefined && !/^\d+$/.test(spec) && !SIGNALS.includes(`SIG${spec.replace(/^SIG/i, '').toUpperCase()}`)) {
    yield* shell.complain(shell.ash ? `bad signal name '${spec}'` : `kill: Illegal option -${spec[0]}`);
    return shell.ash ? 1 : 2;
  }
  const pid = argv.at(-1)!;
  if (shell.ash && /^\d+$/.test(pid) && !shell.process.machine.processes.has(Number(pid))) {
    yield* shell.complain(`can't kill pid ${pid}: No such process`);
    return 1;
  }
  if (!/^%/.test(pid) && !/^-?\d+$/.test(pid)) {
    yield* shell.complain(shell.ash ? `invalid number '${pid}'` : `kill: Illegal number: ${pid}`);
    return shell.ash ? 1 : 2;
  }
  return yield* BUILTINS.kill!(shell, argv, args);
};

const wait: Builtin = function* (shell, argv, args) {
  let status = 0;
  for (const spec of argv.slice(1)) {
    if (spec.startsWith('%') && !shell.jobs.find(spec)) return yield* fail(shell, argv, `${spec}: no such job`);
    const pid = Number(spec);
    if (!spec.startsWith('%') && !shell.jobs.byPid(pid) && !shell.finished.has(pid)) status = 127;
    else status = yield* BUILTINS.wait!(shell, [argv[0]!, spec], args);
  }
  return argv.length > 1 ? status : yield* BUILTINS.wait!(shell, argv, args);
};

const help: Builtin = function* (shell) {
  let text = '';
  let line = '';
  for (const name of [...Object.keys(ASH), '[['].sort()) {
    line += ` ${name}`;
    if (line.length <= 60) continue;
    text += `\t${line.trimStart()}\n`;
    line = '';
  }
  yield* shell.print(`Built-in commands:\n------------------\n${text}\t${line.trimStart()}\n`);
  return 0;
};

const history: Builtin = function* (shell) {
  for (const [i, line] of shell.history.entries()) yield* shell.print(`${String(i).padStart(4)} ${line}\n`);
  return 0;
};

const OWN: Table = {
  break: counting('break'),
  cd,
  chdir: cd,
  command,
  continue: counting('continue'),
  eval: running(late('eval'), () => 'eval'),
  '.': running(late('.'), (argv) => argv[1] ?? '.'),
  exit: counting('exit'),
  getopts,
  hash,
  kill,
  printf,
  read,
  return: counting('return'),
  set,
  shift,
  test,
  '[': test,
  trap,
  type,
  unalias,
  wait,
};

/** A builtin that is looked up when it runs: the tables are made of modules that import each other. */
function late(name: string): Builtin {
  return (shell, argv, args) => BUILTINS[name]!(shell, argv, args);
}

const common: Table = Object.fromEntries(COMMON.map((name) => [name, OWN[name] ?? late(name)]));
const DASH: Table = { ...common, chdir: cd, echo: dashEcho };
const ASH: Table = {
  ...common,
  chdir: cd,
  echo: ashEcho,
  help,
  history,
  let: late('let'),
  source: OWN['.']!,
};
