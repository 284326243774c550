/** break, continue, return, exit, eval, source, exec, trap. */

import { call, type Task } from '../../../sim/task.ts';
import { Errno, isErrno } from '../../errno.ts';
import type { Signal } from '../../process.ts';
import { resolve } from '../command.ts';
import { ExitJump, LoopJump, ReturnJump } from '../errors.ts';
import { singleQuotes } from '../expand/quote.ts';
import { runText, untilReturn } from '../interpreter.ts';
import { searchPath } from '../path.ts';
import { FRAME, type Shell } from '../shell.ts';
import { isSignal, SIGNALS, signalNamed } from '../signals.ts';
import { type Builtin, fail, invalidOption } from './types.ts';

function* number(shell: Shell, argv: readonly string[], fallback: number): Task<number> {
  const text = argv[1] === '--' ? argv[2] : argv[1];
  if (text === undefined) return fallback;
  if (/^\s*[-+]?\d+\s*$/.test(text)) return Number(text);
  yield* shell.complain(`${argv[0]}: ${text}: numeric argument required`);
  return Number.NaN;
}

const jump = (kind: 'break' | 'continue'): Builtin =>
  function* (shell, argv) {
    const levels = yield* number(shell, argv, 1);
    if (shell.loopDepth === 0) {
      if (shell.dialect === 'dash') return 0;
      yield* shell.complain(`${argv[0]}: only meaningful in a \`for', \`while', or \`until' loop`);
      return 0;
    }
    if (Number.isNaN(levels)) throw new ExitJump(128);
    if (levels < 1) {
      yield* shell.complain(`${argv[0]}: ${levels}: loop count out of range`);
      throw new LoopJump('break', shell.loopDepth);
    }
    shell.status = 0;
    throw new LoopJump(kind, Math.min(levels, shell.loopDepth));
  };

export const breakLoop = jump('break');
export const continueLoop = jump('continue');

export const returnFrom: Builtin = function* (shell, argv) {
  if (shell.functionNames.length === 0 && shell.sourceDepth === 0) {
    if (shell.dialect === 'dash') throw new ExitJump(Number(argv[1] ?? shell.status));
    return yield* fail(shell, argv, "can only `return' from a function or sourced script", 2);
  }
  const status = yield* number(shell, argv, shell.status);
  throw new ReturnJump(Number.isNaN(status) ? 2 : status & 255);
};

export const logout: Builtin = function* (shell, argv) {
  if (!shell.login) return yield* fail(shell, argv, "not login shell: use `exit'");
  return yield* exit(shell, argv, []);
};

/** Where the function or sourced file was called from: `LINE NAME FILE`, and without an argument only LINE and FILE. */
export const caller: Builtin = function* (shell, argv) {
  const level = argv[1];
  if (level !== undefined && !/^\d+$/.test(level)) {
    return yield* fail(shell, argv, `${level}: invalid number`, 2);
  }
  const at = shell.frames.length - 1 - Number(level ?? 0);
  const frame = shell.frames[at];
  if (!frame || shell.functionNames.length + shell.sourceDepth === 0) {
    if (level !== undefined || shell.frames.length === 0) return 1;
    yield* shell.print('0 NULL\n');
    return 0;
  }
  const outer = shell.frames[at - 1];
  if (level === undefined) yield* shell.print(`${frame.line} ${outer?.file ?? 'NULL'}\n`);
  else if (!outer) return 1;
  else yield* shell.print(`${frame.line} ${outer.name} ${outer.file}\n`);
  return 0;
};

export const exit: Builtin = function* (shell, argv) {
  if (shell.interactive && shell.subshellDepth === 0) {
    if (shell.dialect === 'bash') yield* shell.write(2, shell.login ? 'logout\n' : 'exit\n');
    const stopped = shell.jobs.list.some((j) => j.state === 'stopped');
    if (stopped && !shell.warnedOfJobs) {
      shell.warnedOfJobs = true;
      yield* shell.write(2, 'There are stopped jobs.\n');
      return 1;
    }
  }
  const status = yield* number(shell, argv, shell.status);
  if (argv.length > 2 && !Number.isNaN(status)) return yield* fail(shell, argv, 'too many arguments');
  throw new ExitJump(Number.isNaN(status) ? 2 : status & 255);
};

export const evaluate: Builtin = function* (shell, argv) {
  const text = argv.slice(argv[1] === '--' ? 2 : 1).join(' ');
  if (text.trim() === '') return 0;
  const { stack } = shell;
  yield* shell.enter(FRAME.eval);
  try {
    shell.evalDepth++;
    shell.traceDepth++;
    return yield* call(runText(shell, text, shell.line - 1));
  } finally {
    shell.evalDepth--;
    shell.traceDepth--;
    shell.stack = stack;
  }
};

export const source: Builtin = function* (shell, argv) {
  const path = argv[1];
  if (path === undefined) {
    yield* shell.complain(`${argv[0]}: filename argument required`);
    yield* shell.write(2, `${argv[0]}: usage: ${argv[0]} filename [arguments]\n`);
    return 2;
  }
  const text = yield* readSourced(shell, argv, path);
  if (typeof text === 'number') return text;
  const { positional, line, stack, evalDepth } = shell;
  shell.evalDepth = 0;
  yield* shell.enter(FRAME.source);
  if (argv.length > 2) shell.positional = argv.slice(2);
  shell.sourceDepth++;
  shell.traceDepth++;
  shell.frames.push({ name: 'source', file: path, line });
  try {
    yield* untilReturn(shell, function* () {
      yield* call(runText(shell, text));
    });
  } finally {
    shell.stack = stack;
    shell.evalDepth = evalDepth;
    shell.frames.pop();
    shell.sourceDepth--;
    shell.traceDepth--;
    shell.line = line;
    if (argv.length > 2) shell.positional = positional;
  }
  return shell.status;
};

function* readSourced(shell: Shell, argv: readonly string[], path: string): Task<string | number> {
  const inPath = (shell.variables.get('PATH') ?? '').split(':').map((d) => `${d}/${path}`);
  const candidates = path.includes('/') ? [path] : shell.dialect === 'bash' ? [...inPath, path] : inPath;
  for (const candidate of candidates) {
    try {
      const stat = yield* shell.process.stat(candidate);
      if (stat.type === 'directory') {
        if (candidate === candidates.at(-1)) return yield* fail(shell, argv, `${path}: is a directory`);
        continue;
      }
      return yield* shell.process.readText(candidate);
    } catch (error) {
      if (!isErrno(error)) throw error;
      if (candidate !== candidates.at(-1)) continue;
      if (shell.dialect === 'dash') {
        shell.running.pop();
        yield* shell.complain(path.includes('/') ? `.: cannot open ${path}: No such file` : `.: ${path}: not found`);
        throw new ExitJump(2);
      }
      yield* shell.complain(`${path}: ${error.message}`);
      return 1;
    }
  }
  return 1;
}

export const exec: Builtin = function* (shell, argv) {
  const args = argv.slice(1);
  let name: string | undefined;
  let clean = false;
  let login = false;
  while (args[0]?.startsWith('-')) {
    const option = args.shift()!;
    if (option === '--') break;
    if (option === '-a') name = args.shift();
    else if (option === '-c') clean = true;
    else if (option === '-l') login = true;
    else {
      return yield* invalidOption(
        shell,
        argv,
        option.slice(0, 2),
        'exec [-cl] [-a name] [command [argument ...]] [redirection ...]',
      );
    }
  }
  if (args.length === 0) return 0;
  const counted = shell.dialect === 'bash' && !clean && shell.subshellDepth === 0;
  if (counted) yield* shell.changeLevel(-1);
  const { env: whole } = shell;
  const env = clean ? new Map<string, string>() : whole;
  const as = { name: login ? `-${name ?? args[0]!}` : name, env };
  const found = yield* resolve(shell, args, true);
  if (found.kind !== 'program') {
    if (found.kind === 'builtin') {
      const path = yield* searchPath(shell, args[0]!);
      if (path !== undefined) return yield* replaceWith(shell, path, args, as);
    }
    yield* shell.complain(
      `exec: ${args[0]}: ${shell.dialect === 'dash' || !args[0]!.includes('/') ? 'not found' : 'cannot execute: No such file or directory'}`,
    );
    if (shell.interactive) return 127;
    throw new ExitJump(127);
  }
  return yield* replaceWith(shell, found.path, args, as);
};

interface Replacement {
  /** argv[0], if not the command's own name. */
  readonly name: string | undefined;
  readonly env: ReadonlyMap<string, string>;
}

function* replaceWith(shell: Shell, file: string, args: readonly string[], { name, env }: Replacement): Task<number> {
  const argv = name === undefined ? args : [name, ...args.slice(1)];
  try {
    return yield* shell.process.exec(file, argv, { files: shell.filesWith(), env });
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (shell.dialect === 'bash') yield* shell.complain(`${args[0]}: ${error.message}`);
    yield* shell.complain(`exec: ${args[0]}: cannot execute: ${error.message}`);
    const status = error.code === 'ENOENT' ? 127 : 126;
    if (shell.interactive) return status;
    throw new ExitJump(status);
  }
}

export const trap: Builtin = function* (shell, argv) {
  const args = argv.slice(1);
  if (args[0] === '-l') {
    yield* shell.print(signalTable());
    return 0;
  }
  if (args.length === 0 || args[0] === '-p') {
    const wanted = args.slice(1).map((s) => signalNamed(s) ?? s);
    for (const [signal, action] of shell.traps) {
      if (wanted.length === 0 || wanted.includes(signal)) {
        yield* shell.print(`trap -- ${singleQuotes(action)} ${signal}\n`);
      }
    }
    return 0;
  }
  if (args[0] === '--') args.shift();
  else if (/^-[a-zA-Z]/.test(args[0]!))
    return yield* invalidOption(shell, argv, args[0]!.slice(0, 2), 'trap [-lp] [[arg] signal_spec ...]');
  const resetOnly = args.length === 1 || /^\d+$/.test(args[0]!);
  const action = resetOnly ? '-' : args.shift()!;
  let status = 0;
  for (const spec of args) {
    const signal = signalNamed(spec);
    if (!signal) {
      status = yield* fail(shell, argv, `${spec}: invalid signal specification`);
      continue;
    }
    setTrap(shell, signal, action);
  }
  return status;
};

function setTrap(shell: Shell, signal: string, action: string): void {
  if (action === '-') shell.traps.delete(signal);
  else shell.traps.set(signal, action);
  if (!isSignal(signal) || signal === 'SIGKILL' || signal === 'SIGSTOP') return;
  const name: Signal = signal;
  if (action === '-') shell.resetSignal(name);
  else if (action === '') shell.process.trap(name, 'ignore');
  else {
    shell.process.trap(name, () => {
      shell.pendingSignals.push(name);
      if (shell.waiting) throw new Errno('EINTR');
    });
  }
}

/** `trap -l` and `kill -l`. */
export function signalTable(): string {
  const names = SIGNALS.slice(1);
  for (let i = 34; i <= 64; i++)
    names[i - 1] = i === 34 ? 'SIGRTMIN' : i === 64 ? 'SIGRTMAX' : i < 50 ? `SIGRTMIN+${i - 34}` : `SIGRTMAX-${64 - i}`;
  const cells = names.flatMap((name, i) => (name ? [`${String(i + 1).padStart(2)}) ${name}`] : []));
  let out = '';
  cells.forEach((cell, i) => {
    out += (i + 1) % 5 === 0 || i === cells.length - 1 ? `${cell}\n` : `${cell}\t${''}`;
  });
  return out;
}
