/** Finding programs along $PATH. */

import type { Task } from '../../sim/task.ts';
import { isErrno } from '../errno.ts';
import type { Shell } from './shell.ts';

/** The file a command name runs; a name with a slash is itself, whether it exists or not. */
export function* searchPath(shell: Shell, name: string): Task<string | undefined> {
  if (name.includes('/')) return name;
  if (name === '') return undefined;
  const hashed = shell.hashed.get(name);
  if (hashed) {
    hashed.hits++;
    return hashed.path;
  }
  const [path] = yield* allInPath(shell, name, true);
  if (path !== undefined) shell.hashed.set(name, { path, hits: 1 });
  return path;
}

/** All files of that name along $PATH that can be run; the first not runnable one if there is no other. */
export function* allInPath(shell: Shell, name: string, firstOnly = false): Task<string[]> {
  const found: string[] = [];
  let refused: string | undefined;
  for (const directory of (shell.variables.get('PATH') ?? '').split(':')) {
    const path = `${directory === '' ? '.' : directory.replace(/\/$/, '')}/${name}`;
    const kind = yield* executable(shell, path);
    if (kind === 'yes') {
      found.push(path);
      if (firstOnly) break;
    } else if (kind === 'refused') refused ??= path;
  }
  return found.length > 0 || refused === undefined ? found : [refused];
}

function* executable(shell: Shell, path: string): Task<'yes' | 'refused' | 'no'> {
  try {
    const stat = yield* shell.process.stat(path);
    if (stat.type !== 'file') return 'no';
    yield* shell.process.access(path, { execute: true });
    return 'yes';
  } catch (error) {
    if (!isErrno(error)) throw error;
    return error.code === 'EACCES' ? 'refused' : 'no';
  }
}
