/** Names of users and groups, from /etc/passwd and /etc/group. */

import type { Task } from '../../sim/task.ts';
import { isErrno } from '../errno.ts';
import type { Process } from '../process.ts';

export interface Names {
  readonly users: ReadonlyMap<number, string>;
  readonly groups: ReadonlyMap<number, string>;
}

export function* readNames(process: Process): Task<Names> {
  return { users: yield* idsOf(process, '/etc/passwd'), groups: yield* idsOf(process, '/etc/group') };
}

function* idsOf(process: Process, path: string): Task<Map<number, string>> {
  const names = new Map<number, string>();
  try {
    for (const line of (yield* process.readText(path)).split('\n')) {
      const [name, , id] = line.split(':');
      if (name && id !== undefined && !names.has(Number(id))) names.set(Number(id), name);
    }
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
  return names;
}

export const idOf = (names: ReadonlyMap<number, string>, spec: string): number | undefined => {
  for (const [id, name] of names) if (name === spec) return id;
  return /^\d+$/.test(spec) ? Number(spec) : undefined;
};
