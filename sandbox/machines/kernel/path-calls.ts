/** The system calls of a process that only name a path: what its view of the files answers. */

import type { Task } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import type { MountEntry, Stat, StatFs } from '../process.ts';
import type { PathView } from './paths.ts';
import { EXECUTE, READ, WRITE } from './permissions.ts';

export abstract class PathCalls {
  abstract readonly view: PathView;
  abstract readonly umask: number;
  abstract readonly uid: number;

  lstat(path: string): Task<Stat> {
    return this.view.stat(path, false);
  }
  *access(path: string, mode: { read?: boolean; write?: boolean; execute?: boolean }): Task<void> {
    yield* this.view.access(path, (mode.read ? READ : 0) | (mode.write ? WRITE : 0) | (mode.execute ? EXECUTE : 0));
  }
  readdir(path: string): Task<string[]> {
    return this.view.readdir(path);
  }
  *mkdir(path: string, mode = 0o777): Task<void> {
    yield* this.view.create(path, { type: 'directory', mode: mode & ~this.umask });
  }
  rmdir(path: string): Task<void> {
    return this.view.remove(path, 'directory');
  }
  unlink(path: string): Task<void> {
    return this.view.remove(path, 'file');
  }
  rename(from: string, to: string): Task<void> {
    return this.view.rename(from, to);
  }
  link(target: string, path: string): Task<void> {
    return this.view.link(target, path);
  }
  *symlink(target: string, path: string): Task<void> {
    yield* this.view.create(path, { type: 'symlink', mode: 0o777, target });
  }
  readlink(path: string): Task<string> {
    return this.view.readlink(path);
  }
  realpath(path: string): Task<string> {
    return this.view.realpath(path);
  }
  chmod(path: string, mode: number): Task<void> {
    return this.view.chmod(path, mode);
  }
  chown(path: string, uid: number | undefined, gid: number | undefined, options?: { follow?: boolean }): Task<void> {
    return this.view.chown(path, uid, gid, options?.follow ?? true);
  }
  utimes(
    path: string,
    atime: number | undefined,
    mtime: number | undefined,
    options?: { follow?: boolean },
  ): Task<void> {
    return this.view.utimes(path, atime, mtime, options?.follow ?? true);
  }
  truncate(path: string, length: number): Task<void> {
    return this.view.truncate(path, length);
  }
  *mkfifo(path: string, mode = 0o666): Task<void> {
    yield* this.view.create(path, { type: 'fifo', mode: mode & ~this.umask });
  }
  *mknod(path: string, type: 'char' | 'block', rdev: readonly [number, number], mode = 0o666): Task<void> {
    if (this.uid !== 0) throw new Errno('EPERM');
    yield* this.view.create(path, { type, mode: mode & ~this.umask, rdev });
  }
  statfs(path: string): Task<StatFs> {
    return this.view.statfs(path);
  }
  chdir(path: string): Task<void> {
    return this.view.chdir(path);
  }
  anchor(path: string): Task<() => void> {
    return this.view.anchor(path);
  }

  mounts(): readonly MountEntry[] {
    return this.view.namespace.entries(this.view.root);
  }
}
