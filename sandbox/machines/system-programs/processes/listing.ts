/** What ps, top, pgrep and their kin know of each process, for the caller's pid namespace. */

import type { Task } from '../../../sim/task.ts';
import type { KernelProcess } from '../../kernel/process.ts';
import { STATE_LETTERS } from '../../kernel/procfs.ts';
import type { Process } from '../../process.ts';
import { kernelProcess, machineOf } from '../kernel-access.ts';
import { userName } from '../users/accounts.ts';

export interface ProcessInfo {
  readonly pid: number;
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly uid: number;
  readonly user: string;
  /** `pts/0`, `?`. */
  readonly tty: string;
  /** `Ss+` */
  readonly state: string;
  /** Milliseconds. */
  readonly cpu: number;
  readonly startedAt: number;
  readonly command: string;
  readonly args: string;
  /** Kilobytes. */
  readonly vsz: number;
  readonly rss: number;
  readonly niceness: number;
}

/** In pid order. The machine's namespace shows its containers' processes by their pids there. */
export function* listProcesses(process: Process): Task<ProcessInfo[]> {
  const own = kernelProcess(process);
  const kernel = machineOf(process).kernel;
  const onHost = own.pids === kernel.pids;
  const all: readonly (readonly [number, KernelProcess])[] = onHost ? [...kernel.processes] : [...own.pids.processes];
  const names = new Map<number, string>();
  const found: ProcessInfo[] = [];
  for (const [pid, one] of [...all].sort(([a], [b]) => a - b)) {
    if (!names.has(one.uid)) names.set(one.uid, yield* userName(process, one.uid));
    found.push(portray(pid, one, names.get(one.uid)!, onHost));
  }
  return found;
}

function portray(pid: number, one: KernelProcess, user: string, onHost: boolean): ProcessInfo {
  const number = (process: KernelProcess | undefined, fallback: number) =>
    process ? (onHost ? process.hostPid : process.pid) : fallback;
  const leader = one.pids.processes.get(one.session);
  const front = one.controlling?.foreground === one.group;
  const letter = STATE_LETTERS[one.state];
  return {
    pid,
    ppid: onHost ? (one.parent?.hostPid ?? 0) : one.ppid,
    pgid: number(one.pids.processes.get(one.group), one.group),
    sid: number(leader, one.session),
    uid: one.uid,
    user,
    tty: one.controlling?.name ?? '?',
    state: `${letter}${one.niceness > 0 ? 'N' : one.niceness < 0 ? '<' : ''}${one.session === one.pid ? 's' : ''}${front ? '+' : ''}`,
    cpu: one.cpuTime / 1_000,
    startedAt: one.startedAt,
    niceness: one.niceness,
    command: one.command,
    args: one.status ? `[${one.command}] <defunct>` : one.argv.join(' ') || one.command,
    vsz: 4_000 + ((one.command.length * 977) % 9_000),
    rss: 2_000 + ((one.command.length * 389) % 4_000),
  };
}
