/** /etc/passwd and /etc/group. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Process } from '../../process.ts';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

function* rows(process: Process, path: string): Task<string[][]> {
  try {
    return (yield* process.readText(path))
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(':'));
  } catch (error) {
    if (isErrno(error)) return [];
    throw error;
  }
}

export function* accounts(process: Process): Task<Account[]> {
  return (yield* rows(process, '/etc/passwd')).map(([name, , uid, gid, , home, shell]) => ({
    name: name!,
    uid: Number(uid),
    gid: Number(gid),
    home: home ?? '/',
    shell: shell || '/bin/sh',
  }));
}

export function* groups(process: Process): Task<Group[]> {
  return (yield* rows(process, '/etc/group')).map(([name, , gid, members]) => ({
    name: name!,
    gid: Number(gid),
    members: (members ?? '').split(',').filter(Boolean),
  }));
}

export function* userName(process: Process, uid: number): Task<string> {
  return (yield* accounts(process)).find((one) => one.uid === uid)?.name ?? String(uid);
}
