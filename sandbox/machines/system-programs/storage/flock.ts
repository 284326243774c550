/** flock(1) of util-linux 2.38.1. */

import { firstOf, type Task, type Wait } from '../../../sim/task.ts';
import { Errno, type ErrnoCode, isErrno } from '../../errno.ts';
import { InodeFile } from '../../kernel/files.ts';
import type { LockMode } from '../../kernel/locks.ts';
import type { OpenFile, OpenFlags, Process } from '../../process.ts';
import { awaitChild, lookUp } from '../../programs/run.ts';
import { type Tool, tool } from '../../programs/tool.ts';
import { kernelProcess } from '../kernel-access.ts';

/** sysexits.h */
const EX = { USAGE: 64, DATAERR: 65, NOINPUT: 66, UNAVAILABLE: 69, OSERR: 71, CANTCREAT: 73 } as const;

export const flock = tool(
  'flock',
  {
    short: '+sexnoFw:uE:c:',
    long: {
      shared: 's',
      exclusive: 'x',
      unlock: 'u',
      nonblocking: 'n',
      nb: 'n',
      nonblock: 'n',
      timeout: 'w:',
      wait: 'w:',
      'conflict-exit-code': 'E:',
      close: 'o',
      'no-fork': 'F',
      verbose: 'verbose',
    },
    usage:
      'flock [options] <file>|<directory> <command> [<argument>...]\n flock [options] <file>|<directory> -c <command>\n flock [options] <file descriptor number>',
    usageStatus: EX.USAGE,
    version: 'flock from util-linux 2.38.1',
  },
  function* (self) {
    const { process } = self;
    const conflict = self.get('E');
    if (conflict !== undefined && !(/^\d+$/.test(conflict) && Number(conflict) <= 255)) {
      yield* self.complain('exit code out of range (expected 0 to 255)', EX.USAGE);
      return EX.USAGE;
    }
    const timeout = self.get('w');
    if (timeout !== undefined && !/^\d+(?:\.\d*)?$|^\.\d+$/.test(timeout)) {
      yield* self.complain(`invalid timeout value: '${timeout}'`, EX.USAGE);
      return EX.USAGE;
    }
    const [name, ...rest] = self.operands;
    if (name === undefined) return yield* self.usage('not enough arguments', EX.USAGE);
    let command = rest;
    if (rest[0] === '-c' || rest[0] === '--command') {
      if (rest.length !== 2) {
        yield* self.complain(`${rest[0]} requires exactly one command argument`, EX.USAGE);
        return EX.USAGE;
      }
      command = [process.env.get('SHELL') || '/bin/sh', '-c', rest[1]!];
    }
    if (command.length > 0) return yield* guarded(self, name, command);
    const file = /^\d+$/.test(name) ? process.files.get(Number(name)) : undefined;
    if (!/^\d+$/.test(name)) {
      yield* self.complain(`bad file descriptor: '${name}'`, EX.USAGE);
      return EX.USAGE;
    }
    if (!(file instanceof InodeFile)) {
      yield* self.complain(`${name}: Bad file descriptor`, EX.DATAERR);
      return EX.DATAERR;
    }
    const outcome = yield* take(self, file, name);
    return outcome === 'EBADF' ? yield* failed(self, name, outcome) : outcome;
  },
);

/** Opens the file, locks it, runs the command, which inherits the lock unless `-o`. */
function* guarded(self: Tool, name: string, command: readonly string[]): Task<number> {
  const { process } = self;
  let file = yield* openLockFile(self, name, { read: true });
  if (typeof file === 'number') return file;
  const fd = freeDescriptor(process);
  process.files.set(fd, file);
  try {
    let outcome = yield* take(self, file, name);
    if (outcome === 'EBADF') {
      // Over NFS an exclusive lock wants a file open for writing.
      process.files.delete(fd);
      file.release();
      file = yield* openLockFile(self, name, { read: true, write: true });
      if (typeof file === 'number') return file;
      process.files.set(fd, file);
      outcome = yield* take(self, file, name);
      if (outcome === 'EBADF') return yield* failed(self, name, outcome);
    }
    if (outcome !== 0) return outcome;
    if (self.has('verbose')) yield* self.print(`flock: executing ${command[0]}\n`);
    const files = new Map(process.files);
    if (self.has('o')) files.delete(fd);
    const path = yield* lookUp(process, command[0]!);
    try {
      if (path === undefined) throw new Errno('ENOENT');
      return yield* awaitChild(process, yield* process.spawn(path, command, { files }));
    } catch (error) {
      if (!isErrno(error)) throw error;
      if (error.code === 'EAGAIN' || error.code === 'ENOMEM') {
        yield* self.complain(`fork failed: ${error.message}`, EX.OSERR);
        return EX.OSERR;
      }
      yield* self.complain(`failed to execute ${command[0]}: ${error.message}`, EX.UNAVAILABLE);
      return EX.UNAVAILABLE;
    }
  } finally {
    if (process.files.delete(fd) && typeof file !== 'number') file.release();
  }
}

function freeDescriptor(process: Process): number {
  for (let fd = 3; ; fd++) if (!process.files.has(fd)) return fd;
}

function* openLockFile(self: Tool, name: string, flags: OpenFlags): Task<InodeFile | number> {
  const { process } = self;
  const open = function* (how: OpenFlags): Task<OpenFile> {
    return yield* process.open(name, how, 0o666);
  };
  try {
    let file: OpenFile;
    try {
      file = yield* open({ ...flags, create: true });
    } catch (error) {
      if (!isErrno(error, 'EISDIR')) throw error;
      file = yield* open({ read: true });
    }
    if (file instanceof InodeFile) return file;
    file.release();
    return yield* failed(self, name, 'EINVAL');
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* self.complain(`cannot open lock file ${name}: ${error.message}`);
    if (isErrno(error, 'ENOMEM', 'EMFILE', 'ENFILE')) return EX.OSERR;
    return isErrno(error, 'EROFS', 'ENOSPC') ? EX.CANTCREAT : EX.NOINPUT;
  }
}

/** 0, the exit status of a conflict, or EBADF where another way to open may help. */
function* take(self: Tool, file: InodeFile, name: string): Task<number | 'EBADF'> {
  const { process } = self;
  if (self.has('u')) {
    file.unlock();
    return 0;
  }
  const mode: LockMode =
    self.options.list.findLast(([option]) => 'sxe'.includes(option))?.[0] === 's' ? 'shared' : 'exclusive';
  const timeout = self.get('w');
  const before = process.now();
  try {
    const waits = !self.has('n') && Number(timeout ?? 1) > 0;
    const got = yield* within(
      process,
      timeout === undefined || !waits ? undefined : Number(timeout) * 1_000,
      file.lock(mode, waits, kernelProcess(process)),
    );
    if (!got) {
      if (self.has('verbose')) yield* process.error('flock: timeout while waiting to get lock\n');
      return Number(self.get('E') ?? 1);
    }
  } catch (error) {
    if (isErrno(error, 'EAGAIN')) {
      if (self.has('verbose')) {
        const timed = timeout !== undefined && !self.has('n');
        yield* process.error(`flock: ${timed ? 'timeout while waiting to get lock' : 'failed to get lock'}\n`);
      }
      return Number(self.get('E') ?? 1);
    }
    if (isErrno(error, 'EBADF')) return 'EBADF';
    if (isErrno(error)) return yield* failed(self, name, error.code);
    throw error;
  }
  if (self.has('verbose')) {
    const seconds = ((process.now() - before) / 1_000 + 0.000002).toFixed(6);
    yield* self.print(`flock: getting lock took ${seconds} seconds\n`);
  }
  return 0;
}

function* failed(self: Tool, name: string, code: ErrnoCode): Task<number> {
  const status = code === 'ENOLCK' || code === 'ENOMEM' ? EX.OSERR : EX.DATAERR;
  yield* self.complain(`${name}: ${new Errno(code).message}`, status);
  return status;
}

/** Runs a task for at most so long; false if the time was up first. */
function* within(process: Process, ms: number | undefined, task: Task<void>): Task<boolean> {
  if (ms === undefined) {
    yield* task;
    return true;
  }
  const { clock } = process.machine;
  const end = clock.now + ms;
  const timer: Wait = (resume) => {
    const one = clock.at(end, resume);
    return () => one.cancel();
  };
  let step = task.next();
  try {
    while (!step.done) {
      const { index, value } = (yield* firstOf(step.value, timer)) as { index: number; value?: unknown };
      if (index === 1) return false;
      step = task.next(value);
    }
    return true;
  } finally {
    if (!step.done) task.return();
  }
}
