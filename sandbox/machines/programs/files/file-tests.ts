/** The file tests of `test`, `[` and `[[`. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Process, Stat } from '../../process.ts';

export const UNARY_FILE_TESTS: ReadonlySet<string> = new Set(
  ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'k', 'p', 'r', 's', 'u', 'w', 'x', 'G', 'L', 'N', 'O', 'S'].map(
    (c) => `-${c}`,
  ),
);

export function* fileTest(process: Process, operator: string, path: string): Task<boolean> {
  if (operator === '-r') return yield* may(process, path, { read: true });
  if (operator === '-w') return yield* may(process, path, { write: true });
  if (operator === '-x') return yield* may(process, path, { execute: true });
  const link = operator === '-h' || operator === '-L';
  const stat = yield* statOf(process, path, !link);
  if (!stat) return false;
  switch (operator) {
    case '-b':
      return stat.type === 'block';
    case '-c':
      return stat.type === 'char';
    case '-d':
      return stat.type === 'directory';
    case '-f':
      return stat.type === 'file';
    case '-g':
      return (stat.mode & 0o2000) !== 0;
    case '-h':
    case '-L':
      return stat.type === 'symlink';
    case '-k':
      return (stat.mode & 0o1000) !== 0;
    case '-p':
      return stat.type === 'fifo';
    case '-s':
      return stat.size > 0;
    case '-u':
      return (stat.mode & 0o4000) !== 0;
    case '-G':
      return stat.gid === process.gid;
    case '-N':
      return stat.mtime > stat.atime;
    case '-O':
      return stat.uid === process.uid;
    case '-S':
      return stat.type === 'socket';
    default:
      return true;
  }
}

export function* compareFiles(process: Process, left: string, operator: string, right: string): Task<boolean> {
  const a = yield* statOf(process, left, true);
  const b = yield* statOf(process, right, true);
  if (operator === '-ef') return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
  if (operator === '-nt') return a !== undefined && (b === undefined || a.mtime > b.mtime);
  return b !== undefined && (a === undefined || a.mtime < b.mtime);
}

function* may(
  process: Process,
  path: string,
  mode: { read?: boolean; write?: boolean; execute?: boolean },
): Task<boolean> {
  try {
    yield* process.access(path, mode);
    return true;
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
}

function* statOf(process: Process, path: string, follow: boolean): Task<Stat | undefined> {
  try {
    return yield* follow ? process.stat(path) : process.lstat(path);
  } catch (error) {
    if (isErrno(error)) return undefined;
    throw error;
  }
}
