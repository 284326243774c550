/** su(1) and sudo(8): another user's shell, or one command as another user. */

import type { Task } from '../../../sim/task.ts';
import { Errno, isErrno } from '../../errno.ts';
import { SIGNAL_NUMBERS } from '../../kernel/signals.ts';
import type { ExitStatus, Process, Program } from '../../process.ts';
import { type Account, accounts } from './accounts.ts';

export const su: Program = function* (process, argv) {
  const args = argv.slice(1);
  let login = false;
  let command: string | undefined;
  let shell: string | undefined;
  const operands: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '-' || arg === '-l' || arg === '--login') login = true;
    else if (arg === '-c') command = args[++i];
    else if (arg === '-s') shell = args[++i];
    else operands.push(arg);
  }
  const [name = 'root', ...rest] = operands;
  const account = (yield* accounts(process)).find((one) => one.name === name);
  if (!account) {
    yield* process.error(
      `su: user ${name} does not exist or the user entry does not contain all the required fields\n`,
    );
    return 1;
  }
  // Root may; for others no account has a password to give.
  if (process.uid !== 0) {
    yield* process.error('su: Authentication failure\n');
    return 1;
  }
  const path = shell ?? account.shell;
  const base = path.split('/').pop()!;
  if (base === 'nologin') {
    yield* process.print('This account is currently not available.\n');
    return 1;
  }
  const argv0 = [login ? `-${base}` : base, ...(command === undefined ? [] : ['-c', command]), ...rest];
  return yield* runAs(process, account, path, argv0, login, 'su');
};

export const sudo: Program = function* (process, argv) {
  const args = argv.slice(1);
  let user = 'root';
  let interactive = false;
  while (args[0]?.startsWith('-')) {
    const option = args.shift()!;
    if (option === '-u') user = args.shift() ?? 'root';
    else if (option === '-i' || option === '-s') interactive = true;
    else if (option === '--') break;
    else if (!['-n', '-E', '-H', '-S', '-k'].includes(option)) {
      yield* process.error(`sudo: invalid option -- '${option.slice(1)}'\nusage: sudo -h | -K | -k | -V\n`);
      return 1;
    }
  }
  const account = (yield* accounts(process)).find((one) => one.name === user);
  if (!account) {
    yield* process.error(`sudo: unknown user ${user}\nsudo: error initializing audit plugin sudoers_audit\n`);
    return 1;
  }
  if (process.uid !== 0) {
    yield* process.error(
      'sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper\nsudo: a password is required\n',
    );
    return 1;
  }
  if (interactive && args.length === 0)
    return yield* runAs(process, account, account.shell, [`-${account.shell.split('/').pop()}`], true, 'sudo');
  const [name] = args;
  if (name === undefined) {
    yield* process.error('usage: sudo -h | -K | -k | -V\n');
    return 1;
  }
  const path = yield* findInPath(process, name);
  if (!path) {
    yield* process.error(`sudo: ${name}: command not found\n`);
    return 1;
  }
  return yield* runAs(process, account, path, args, false, 'sudo');
};

function* runAs(
  process: Process,
  account: Account,
  path: string,
  argv: readonly string[],
  login: boolean,
  me: 'su' | 'sudo',
): Task<number> {
  const env = new Map(process.env);
  env.set('HOME', account.home);
  env.set('SHELL', account.shell);
  if (account.uid !== 0 || login) env.set('USER', account.name).set('LOGNAME', account.name);
  try {
    const { uid, gid } = account;
    const child = yield* process.spawn(path, argv, {
      env,
      uid,
      gid,
      ...(login && (yield* isDirectory(process, account.home)) && { cwd: account.home }),
    });
    return statusCode(yield* process.wait(child.pid));
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (error.code === 'EAGAIN' || error.code === 'ENOMEM') {
      const words = { su: 'cannot create child process', sudo: 'unable to fork' }[me];
      yield* process.error(`${me}: ${words}: ${error.message}\n`);
      return 1;
    }
    yield* process.error(`${me}: failed to execute ${path}: ${error.message}\n`);
    return error.code === 'ENOENT' ? 127 : 126;
  }
}

function* isDirectory(process: Process, path: string): Task<boolean> {
  try {
    return (yield* process.stat(path)).type === 'directory';
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}

export const statusCode = (status: ExitStatus | { readonly stopped: string }): number =>
  'code' in status ? status.code : 'signal' in status ? 128 + SIGNAL_NUMBERS[status.signal] : 1;

export function* findInPath(process: Process, name: string): Task<string | undefined> {
  const candidates = name.includes('/')
    ? [name]
    : (process.env.get('PATH') ?? '/usr/bin:/bin').split(':').map((directory) => `${directory || '.'}/${name}`);
  for (const path of candidates) {
    try {
      yield* process.access(path, { execute: true });
      if ((yield* process.stat(path)).type === 'file') return path;
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
  }
  return undefined;
}
