/** How many of everything there may be on a machine: tasks, open files, arguments (limits.conf(5), systemd.resource-control(5)). */

import type { Clock } from '../../sim/clock.ts';
import { Errno } from '../errno.ts';
import type { Limits, TaskGroup } from '../process.ts';

/**
 * threads-max of a machine. Linux makes one task for each 128 KiB of memory, 30,000 on the lab's machines; the lab's are scaled to
 * what a browser's tab can hold, and everything that derives from it with them.
 */
export const THREADS_MAX = 7_500;
/** `systemctl show -p DefaultTasksMax`: services and containers, whose scopes runc leaves at it. */
const DEFAULT_TASKS_MAX = 0.15;
/** user-.slice.d/10-defaults.conf */
const USER_TASKS_MAX = 0.33;

/** RLIMIT_NPROC is half of threads-max (fork_init of kernel/fork.c); the others are systemd's and the kernel's defaults. */
export const LIMITS: Limits = { openFiles: 1_024, processes: THREADS_MAX / 2, stack: 8 * 2 ** 20 };
/** systemd's DefaultLimitNOFILE=1024:524288. */
export const HARD_OPEN_FILES = 524_288;

/** A string with its NUL, and all of them with their pointers (execve(2), bprm_stack_limits of fs/exec.c). */
const MAX_ARG_STRLEN = 131_072;
const POINTER = 8;

/** One group of tasks: a slice, a service, a container. */
export class Tasks implements TaskGroup {
  readonly limit: number;
  readonly #above: readonly Tasks[];
  #count = 0;

  constructor(limit: number, ...above: readonly Tasks[]) {
    this.limit = limit;
    this.#above = above;
  }

  get count(): number {
    return this.#count;
  }

  /** Throws EAGAIN where a fork would be one too many, here or in a group above. */
  demand(): void {
    if (this.#count >= this.limit) throw new Errno('EAGAIN');
    for (const group of this.#above) group.demand();
  }

  enter(): void {
    this.#count++;
    for (const group of this.#above) group.enter();
  }

  leave(): void {
    this.#count--;
    for (const group of this.#above) group.leave();
  }
}

/** Tasks of all logins of a world together: what two machines full of shells have. The machines' own are never refused for it. */
const WORLD_TASKS = 4_900;

const worlds = new WeakMap<Clock, Tasks>();

function worldTasks(clock: Clock): Tasks {
  const tasks = worlds.get(clock) ?? new Tasks(WORLD_TASKS);
  worlds.set(clock, tasks);
  return tasks;
}

/** The groups of a machine that just came up. */
export class MachineTasks {
  readonly all: Tasks;
  /** user-0.slice: logins, and all that is started in them. */
  readonly user: Tasks;

  constructor(clock: Clock) {
    this.all = new Tasks(THREADS_MAX);
    this.user = new Tasks(Math.floor(THREADS_MAX * USER_TASKS_MAX), this.all, worldTasks(clock));
  }

  /** A service or a container. */
  unit(): Tasks {
    return new Tasks(THREADS_MAX * DEFAULT_TASKS_MAX, this.all);
  }
}

/** Throws E2BIG for arguments and environment that execve(2) does not take. */
export function demandArguments(
  path: string,
  argv: readonly string[],
  env: ReadonlyMap<string, string>,
  limits: Limits,
): void {
  let bytes = path.length + 1 + (argv.length + env.size) * POINTER;
  const most = Math.max(MAX_ARG_STRLEN, limits.stack / 4);
  const add = (length: number) => {
    if (length + 1 > MAX_ARG_STRLEN) throw new Errno('E2BIG');
    bytes += length + 1;
    if (bytes > most) throw new Errno('E2BIG');
  };
  for (const one of argv) add(size(one));
  for (const [name, value] of env) add(size(name) + 1 + size(value));
}

/** Bytes of UTF-8. */
function size(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // A pair of surrogates is two units and four bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}
