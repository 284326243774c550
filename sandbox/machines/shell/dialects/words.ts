/** What dash and busybox's ash say where bash says otherwise: tables from bash's words to dash's, and from dash's to ash's. */

import type { ParameterExpansionPart } from 'unbash';
import type { Task } from '../../../sim/task.ts';
import { SPECIAL_BUILTINS } from '../builtins/words.ts';
import { ShellError } from '../errors.ts';
import type { Shell } from '../shell.ts';

type Table = readonly (readonly [pattern: RegExp, words: string])[];

/** From bash's message to dash's (dash 0.5.12, error.c and each builtin). */
const DASH: Table = [
  [/^(.*?)`?([^`':]*)'?: not a valid identifier$/, '$1$2: bad variable name'],
  [/^(.*?)(\S+): numeric argument required$/, '$1Illegal number: $2'],
  [/^(kill: )(\S+): arguments must be process or job IDs$/, '$1Illegal number: $2'],
  [/^(umask: )(\S+): octal number out of range$/, '$1Illegal number: $2'],
  [/^(umask: )`(.)': invalid symbolic mode operator$/, '$1Illegal mode: $2'],
  [/^(.*?)(\S+): (?:cannot unset: )?readonly variable$/, '$1$2: is read only'],
  [/^(kill: )(?:SIG)?(.).*: invalid signal specification$/, '$1Illegal option -$2'],
  [/^(kill: )\(.*\) - (.*)$/, '$1$2\n'],
  [/^trap: (\S+): invalid signal specification$/, 'trap: $1: bad trap'],
  [/^(\w+: )-(.)\S*: invalid option$/, '$1Illegal option -$2'],
  [/^(set: )(\S+): invalid option name$/, '$1Illegal option -o $2'],
  [/^(alias|unalias): (.*): not found$/, '$1: $2 not found'],
  [/^(fg|bg): (?:no job control|current: no such job)$/, '$1: No current job'],
  [/^(\w+: )(%\S*): no such job$/, '$1No such job: $2'],
  [/^(printf: .*): invalid number$/, '$1: expected numeric value'],
  [/^(\w+): can only be used in a function$/, '$1: not in a function'],
  [/^(\S+): cannot overwrite existing file$/, 'cannot create $1: File exists'],
  [/^(exec: .*): cannot execute: (.*)$/, '$1: $2'],
  [/^((?:test|\[): )(.*): integer expression expected$/, '$1Illegal number: $2'],
];

/** From dash's message to busybox's (1.36, shell/ash.c). */
const ASH: Table = [
  [/^(.*?)Syntax error: (.*?) unexpected(.*)$/, '$1syntax error: unexpected $2$3'],
  [/^(.*?)Syntax error: Unterminated (.*)$/, '$1syntax error: unterminated $2'],
  [/^(.*?)Syntax error: Missing (.*)$/, '$1syntax error: missing $2'],
  [/^(.*?)Syntax error: Bad (.*)$/, '$1syntax error: bad $2'],
  [/^(.*?)Syntax error: (.*)$/, '$1syntax error: $2'],
  [/^Bad substitution$/, 'syntax error: bad substitution'],
  [/^\.: cannot open (.*): No such file$/, ".: can't open '$1': No such file or directory"],
  [/^cannot create (.*): Directory nonexistent$/, "can't create $1: nonexistent directory"],
  [/^cannot open (.*): No such file$/, "can't open $1: no such file"],
  [/^cannot (create|open) (.*)$/, "can't $1 $2"],
  [/^(ulimit): Illegal option -(.)$/, "$1: invalid option -- '$2'"],
  [/^(.*?)Illegal option (.*)$/, '$1illegal option $2'],
  [/^kill: illegal option -(.*)$/, "bad signal name '$1'"],
  [/^kill: Illegal number: (.*)$/, "invalid number '$1'"],
  [/^printf: (.*): expected numeric value$/, "invalid number '$1'"],
  [/^(umask: )Illegal (?:number|mode): (.*)$/, '$1illegal mode: $2'],
  [/^(\w+: )No such job: (.*)$/, '$1$2: no such job'],
  [/^(trap: .*): bad trap$/, '$1: invalid signal specification'],
  [/^(?:test|\[): Illegal number: (.*)$/, '$1: bad number'],
  [/^(?:test|\[): (.*)$/, '$1'],
];

/** Messages that stand alone, without the shell's name before them. */
const BARE = /^(trap: .*: bad trap|(un)?alias: .* not found|ulimit: invalid option .*)$/;
/** Statuses of failed builtins that are not 2. */
const DASH_STATUS: readonly (readonly [RegExp, number])[] = [
  [/^(trap|alias|unalias|hash|printf): |^kill: [A-Z][a-z ]*\n$/, 1],
];
const ASH_STATUS: readonly (readonly [RegExp, number])[] = [
  [
    /^(trap|alias|unalias|hash): |^invalid number|^bad signal|^can't kill|^ulimit: |^read: '|^set: illegal option -o/,
    1,
  ],
];

const translate = (table: Table, message: string): string => {
  const entry = table.find(([pattern]) => pattern.test(message));
  return entry ? message.replace(entry[0], entry[1]) : message;
};

function words(shell: Shell, message: string): string {
  const said = translate(DASH, message);
  return shell.ash ? translate(ASH, said) : said;
}

/** A message with what dash (`sh: 3: `) or ash (`sh: cd: line 3: `) puts before it. */
export function posixMessage(shell: Shell, message: string): string {
  const said = words(shell, message);
  if (BARE.test(said)) return said;
  const builtin = /^([a-z.]+|\[): /.exec(said)?.[1];
  const named = builtin !== undefined && NAMED.has(builtin) && !/^\w+: not found$/.test(said);
  const running = named ? '' : (shell.running.map((name) => `${name}: `).at(-1) ?? '');
  if (!shell.ash) {
    const line = shell.interactive ? shell.commandNumber - 1 : shell.line;
    return `${shell.name}: ${line}: ${running}${said}`;
  }
  const counted = shell.origin === 'script' || shell.sourceDepth > 0;
  const line = shell.interactive && shell.sourceDepth === 0 ? '' : `line ${counted ? shell.line : shell.line - 1}: `;
  if (named && !said.startsWith("read: '")) {
    return `${shell.name}: ${builtin}: ${line}${said.slice(builtin.length + 2)}`;
  }
  return `${shell.name}: ${running}${running !== '' || shell.origin === 'script' ? line : ''}${said}`;
}

const NAMED: ReadonlySet<string> = new Set(
  '. [ test alias bg break cd chdir command continue eval exec exit export fg getopts hash jobs kill let local printf pwd read readonly return set shift times trap type ulimit umask unalias unset wait'.split(
    ' ',
  ),
);

/** A builtin's failure: its status; an error of a special builtin ends a shell that is not interactive (POSIX, 2.8.1). */
export function* posixFailure(shell: Shell, argv: readonly string[], message: string, _status: number): Task<number> {
  const full = `${argv[0]}: ${message}`;
  const said = words(shell, full);
  const status = (shell.ash ? ASH_STATUS : DASH_STATUS).find(([pattern]) => pattern.test(said))?.[1] ?? 2;
  const special = SPECIAL_BUILTINS.has(argv[0]!) || argv[0] === 'local';
  if (special && status === 2) throw new ShellError(full, 'shell', 2);
  yield* shell.complain(full);
  return status;
}

/** `sh: 0: …`, before any line is read. */
export function posixInvocationError(shell: Shell, problem: string): string {
  const said = problem
    .replace(/^-c: option requires an argument$/, '-c requires an argument')
    .replace(/^--$/, 'Illegal option --')
    .replace(/^-(.)$/, 'Illegal option -$1');
  if (!shell.ash) return `${shell.process.argv[0]}: 0: ${said}`;
  const path = /^cannot open (.*): No such file$/.exec(said)?.[1];
  const told =
    path === undefined ? said.replace('Illegal', 'illegal') : `can't open '${path}': No such file or directory`;
  return `${shell.process.argv[0]}: ${told}`;
}

/** Expansions that only bash has. Throws dash's `Bad substitution`. */
export function refuseExpansion(shell: Shell, part: ParameterExpansionPart): void {
  const { operation } = part;
  const known = operation === undefined || operation.type === 'Default' || operation.type === 'Remove';
  const ashKnows = shell.ash && (operation?.type === 'Replace' || operation?.type === 'Slice');
  if (part.prefix === '!' || part.index || !(known || ashKnows)) throw new ShellError('Bad substitution', 'shell', 2);
}
